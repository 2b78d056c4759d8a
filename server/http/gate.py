"""What is turned away before anything of it is looked at: browsers, other hosts' names, lengths said twice.

No page of the web talks to this server. A browser names the page that asks in `Origin` or `Sec-Fetch-Site`; a page
that has its own name point to this machine (DNS rebinding) is known by the `Host` it asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from server.errors import Forbidden, Malformed

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OF_NO_PAGE = frozenset({"none"})  # typed by a person into the address line


def host_names(origins: Iterable[str]) -> frozenset[str]:
    """The names that a server on loopback may be asked for: loopback's own, and those of its origins."""
    return LOOPBACK | {urlsplit(origin).hostname or "" for origin in origins}


def check_gate(headers: Headers, hosts: frozenset[str]) -> None:
    """`hosts` are the only ones that may be asked for; empty for any. Raises Forbidden, Malformed."""
    if "content-length" in headers and "transfer-encoding" in headers:
        raise Malformed("a body's length is said once")
    if "origin" in headers or headers.get("sec-fetch-site", "none") not in OF_NO_PAGE:
        raise Forbidden("not for pages of the web")
    if hosts and _host(headers.get("host", "")) not in hosts:
        raise Forbidden("no such host here")


def _host(text: str) -> str:
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""
