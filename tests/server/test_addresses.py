"""By what rates are counted, and which origins are the same."""

from __future__ import annotations

import pytest

from server.http.context import counted_address
from server.origins import BadOrigin, derived, is_loopback, normal


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_counted_addresses(address: str, counted: str) -> None:
    assert counted_address(address) == counted


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://CRM.example.org/", "https://crm.example.org"),
        ("https://crm.example.org:443", "https://crm.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("crm.example.org", "https://crm.example.org"),
    ],
)
def test_origins(given: str, meant: str) -> None:
    assert normal(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        "",
        "http://crm.example.org",
        "ftp://a",
        "https://a/b",
        "https://a?b",
        "https://u@a",
        "https://a:x",
        "https://",
    ],
)
def test_no_origins(given: str) -> None:
    with pytest.raises(BadOrigin):
        normal(given)


def test_derived_origins() -> None:
    assert derived("127.0.0.1", 80, None) == {"http://127.0.0.1", "http://localhost", "http://[::1]"}
    assert derived("0.0.0.0", 8443, None) == set()


def test_loopback() -> None:
    assert is_loopback("localhost")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("example.org")
