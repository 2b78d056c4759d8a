"""Canonical forms of what is signed and bound: addresses of servers, login handles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.keys import canonical_handle, canonical_origin
from vault.keys.errors import AddressUnusable, HandleUnusable


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("crm.example.org", "https://crm.example.org"),
        (" HTTPS://CRM.Example.org/ ", "https://crm.example.org"),
        ("https://crm.example.org:443", "https://crm.example.org"),
        ("crm.example.org:8443", "https://crm.example.org:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_addresses(typed: str, expected: str) -> None:
    assert canonical_origin(typed) == expected
    assert canonical_origin(expected) == expected


@pytest.mark.A15
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "http://crm.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "ftp://crm.example.org",
        "javascript://crm",
        "https://ann@crm.example.org",
        "https://ann:pw@crm.example.org",
        "https://crm.example.org/path",
        "https://crm.example.org?x",
        "https://crm.example.org#x",
        "https://crm.example.org:99999",
        "https://crm.example.org:x",
        "https://crm example.org",
        "https://crm.example.org\n.evil",
        "https://-x.example",
        "https://a..b",
        "https://" + "a" * 70 + ".example",
        "https://" + "a." * 150 + "example",
    ],
)
def test_anything_else_is_no_address(typed: str) -> None:
    with pytest.raises(AddressUnusable):
        canonical_origin(typed)


@given(st.text(max_size=60))
def test_a_canonical_address_is_its_own_canonical_form(text: str) -> None:
    try:
        origin = canonical_origin(text)
    except AddressUnusable:
        return
    assert canonical_origin(origin) == origin
    assert origin.isascii()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Ann", "ann"),
        (" ann@Example.ORG\n", "ann@example.org"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("ﬁn", "fin"),
    ],
)
def test_handles(typed: str, expected: str) -> None:
    assert canonical_handle(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "  ", "a b", "a\u00a0b", "a\0b", "a\u202eb", "x" * 129, "ж" * 65, "a\ud800"]
)
def test_anything_else_is_no_handle(typed: str) -> None:
    with pytest.raises(HandleUnusable):
        canonical_handle(typed)


@given(st.text(max_size=40))
def test_a_canonical_handle_is_its_own_canonical_form(text: str) -> None:
    try:
        handle = canonical_handle(text)
    except HandleUnusable:
        return
    assert canonical_handle(handle) == handle
    assert len(handle.encode()) <= 128
