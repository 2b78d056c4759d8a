"""Login handles, for people: `protocol.naming` with an error in words."""

from __future__ import annotations

from protocol import naming
from protocol.errors import FormatError
from vault.keys.errors import HandleUnusable


def canonical_handle(text: str) -> str:
    """The one form of a handle. Raises HandleUnusable."""
    try:
        return naming.canonical_handle(text)
    except FormatError as error:
        raise HandleUnusable(str(error)) from None
