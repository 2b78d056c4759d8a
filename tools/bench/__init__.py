"""Benchmarks as commands: `python3 dev.py bench [case …] [--deals N] [--runs N] [--json]`.

Figures are medians of at least five runs, on real parts: a server process, SQLCipher, the derivation of keys at
its real cost. What is compared with something is compared within one run, as a ratio.
"""
