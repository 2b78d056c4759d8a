"""The address of a server, in the one form that is signed, stored and compared.

`https://host` or `https://host:port`: lower case, no path, no user, no default port. Plain http is taken for
this computer only (a server that the application itself embeds).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from vault.keys.errors import AddressUnusable

MAX_ORIGIN = 255
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": 443, "http": 80}


def canonical_origin(text: str) -> str:
    """Read what somebody typed or pasted; https is assumed where no scheme stands. Raises AddressUnusable."""
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
        raise AddressUnusable("not an address") from None
    if not text.isprintable() or parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise AddressUnusable("not the address of a server")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise AddressUnusable("an address has no path, query or user")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise AddressUnusable("http is for this computer only")
    origin = f"{parts.scheme}://{host}"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        origin += f":{port}"
    if len(origin) > MAX_ORIGIN:
        raise AddressUnusable("too long")
    return origin
