"""Login handles, in the one form that is signed, bound and compared."""

from __future__ import annotations

import unicodedata

from protocol.limits import MAX_HANDLE
from vault.keys.errors import HandleUnusable

_ROUNDS = 3  # folding and normalising once more can change a few rare letters again


def canonical_handle(text: str) -> str:
    """Trimmed, NFKC, case folded; at most 128 bytes, no spaces and nothing unprintable. Raises
    HandleUnusable."""
    handle = text
    for _ in range(_ROUNDS):
        handle = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", handle.strip()).casefold())
    try:
        size = len(handle.encode("utf-8"))
    except UnicodeEncodeError:
        size = 0
    if not 1 <= size <= MAX_HANDLE or not handle.isprintable() or any(c.isspace() for c in handle):
        raise HandleUnusable("empty, too long, or with spaces")
    return handle
