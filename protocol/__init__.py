"""What clients and server both obey: formats, roster fold, access rules, wire bodies, error codes.

Pure: no I/O, no clock, no randomness, no secrets. The byte-exact text is `protocol/SPEC.md`.
"""

from protocol.ids import Compartment

__all__ = ["Compartment"]
