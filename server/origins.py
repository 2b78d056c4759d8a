"""Origins: for which server a login may have been signed.

A login names the origin that the client connected to, so that a signature given to an impostor opens nothing here.
What a request says in its Host header is the impostor's to choose, so it is not asked: origins are configured, or
follow from what the operator gave (the address to listen on, the names in the certificate).
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

from cryptography import x509

from protocol.errors import FormatError
from protocol.naming import canonical_origin
from server.errors import ServerError

DEFAULT_PORTS = {"https": 443, "http": 80}


class BadOrigin(ServerError):
    """An origin that is not `scheme://host[:port]`."""


def normal(origin: str) -> str:
    """The form in which clients sign it. Raises BadOrigin."""
    try:
        return canonical_origin(origin)
    except FormatError as error:
        raise BadOrigin(f"an origin is https://host or https://host:port ({error})") from None


def origin_of(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    tail = "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{shown.lower()}{tail}"


def certificate_names(certificate: Path) -> list[str]:
    """The DNS names and addresses of a PEM certificate (the first in the file); no wildcards."""
    loaded = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    try:
        names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    found = [name for name in names.get_values_for_type(x509.DNSName) if "*" not in name]
    return found + [str(address) for address in names.get_values_for_type(x509.IPAddress)]


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def derived(host: str, port: int, certificate: Path | None) -> frozenset[str]:
    """The origins of a server that was not told any."""
    scheme = "http" if certificate is None else "https"
    names = [] if certificate is None else certificate_names(certificate)
    if host not in ("", "0.0.0.0", "::"):
        names.append(host)
    if is_loopback(host):
        names += ["localhost", "127.0.0.1", "::1"]
    return frozenset(origin_of(scheme, name, port) for name in names)
