"""The address of a server, for people: `protocol.naming` with an error in words."""

from __future__ import annotations

from protocol import naming
from protocol.errors import FormatError
from vault.keys.errors import AddressUnusable


def canonical_origin(text: str) -> str:
    """Read what somebody typed or pasted. Raises AddressUnusable."""
    try:
        return naming.canonical_origin(text)
    except FormatError as error:
        raise AddressUnusable(str(error)) from None
