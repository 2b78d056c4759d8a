"""The one form of a server's address and of a login handle: what is signed, stored and compared, on both sides.

Origin: `https://host` or `https://host:port`, lower case, IDNA, no path, no user, no default port; plain http is for
this computer only. Handle: NFKC, case folded, printable, no white space, 1 to 128 bytes of UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from protocol.errors import FormatError
from protocol.limits import MAX_HANDLE

MAX_ORIGIN = 255
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": 443, "http": 80}


def canonical_origin(text: str) -> str:
    """Read what somebody typed or pasted; https is assumed where no scheme stands. Raises FormatError ("origin")."""
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.netloc.rpartition("@")[2]
        host = host if port is None and not host.endswith(":") else host.rpartition(":")[0]
        host = host.encode("idna").decode("ascii").lower() if not host.startswith("[") else host.lower()
    except (ValueError, UnicodeError):
        raise FormatError("not an address", "origin") from None
    if not text.isprintable() or parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise FormatError("not the address of a server", "origin")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise FormatError("an address has no path, query or user", "origin")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise FormatError("http is for this computer only", "origin")
    origin = f"{parts.scheme}://{host}"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        origin += f":{port}"
    if len(origin) > MAX_ORIGIN:
        raise FormatError("the address is too long", "origin")
    return origin


def canonical_handle(text: str) -> str:
    """Trimmed, NFKC, case folded. Raises FormatError ("handle")."""
    handle = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    try:
        size = len(handle.encode("utf-8"))
    except UnicodeEncodeError:
        size = 0
    if not 1 <= size <= MAX_HANDLE or not handle.isprintable() or any(c.isspace() for c in handle):
        raise FormatError("a handle is not empty, not too long, and has no spaces", "handle")
    return handle
