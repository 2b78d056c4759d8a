"""Run as the former member, on her own computer: prints what her keys and a copy of the server's folder open.

`python -m tools.demo.rob PROFILE KEYFILE DATABASE SERIAL`, with her password in TACIT_PASSWORD; prints two numbers,
opened of what was stored up to SERIAL and of what was stored behind it.
"""

from __future__ import annotations
