"""Handles: what may be one, and when two are the same."""

from __future__ import annotations

import hashlib
import unicodedata

from protocol.limits import MAX_HANDLE
from server.errors import Malformed


def handle_key(handle: str) -> str:
    """The form under which a handle is unique: NFKC, case folded. Raises Malformed for what cannot be a handle."""
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", handle).casefold())
    if not key or max(len(handle.encode()), len(key.encode())) > MAX_HANDLE:
        raise Malformed(f"a handle has 1 to {MAX_HANDLE} bytes")
    if not key.isprintable() or any(character.isspace() for character in handle + key):
        raise Malformed("a handle has printable characters only, and no white space")
    return key


def handle_hash(handle: str) -> bytes:
    """Stands for a handle where it must not be kept: SHA-256 of its key."""
    return hashlib.sha256(b"tacit server handle\0" + handle_key(handle).encode()).digest()


def attempt_key(handle: str, address: str) -> bytes:
    """Stands for a handle and an address together, in the table of refused logins."""
    return hashlib.sha256(handle_hash(handle) + address.encode()).digest()
