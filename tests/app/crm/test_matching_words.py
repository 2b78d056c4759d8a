"""Mails, telephones, names, misspellings, formulas: the small functions that comparing is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.emails import email_key, is_email, split_named
from app.crm.escaping import escape_cell, unescape_cell
from app.crm.importing.known import COUNTRIES, SECTORS, corrected
from app.crm.naming import display_name, name_key, person_key
from app.crm.phones import is_phone, phone_key


def test_emails() -> None:
    assert split_named('"Ash, Ann" <ann@ash.example>') == ("Ash, Ann", "ann@ash.example")
    assert email_key("Ann <ANN@Ash.example>") == email_key("mailto:ann@ash.example") == "ann@ash.example"
    assert not any(map(is_email, ("ann", "ann@", "@ash", "a b@c.d", "a@b@c", "x" * 400 + "@y.z")))


@pytest.mark.parametrize("text", ["+43 1 234 56 78", "0043/1/2345678", "(01) 234-56-78", "01 2345678"])
def test_phones_that_are_the_same(text: str) -> None:
    assert phone_key(text, "AT") == "+4312345678"


def test_phones() -> None:
    assert phone_key("905-555-1234") == "9055551234"
    assert phone_key("905-555-1234", "US") == "+19055551234"
    assert phone_key("+1 905 555 1234 ext. 12") == "+19055551234x12"
    assert phone_key("no number") == phone_key("12") == phone_key("1" * 1000) == ""
    assert is_phone("+43 (1) 234-56") and not is_phone("1.234,56") and not is_phone("hello")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTXPro", "GTX Pro"),
        ("ACME Corp.", "Acme Corporation"),
        ("Gekko & Co", "GEKKO"),
        ("Łódź", "lodz"),
        ("Weiß", "WEISS"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names() -> None:
    assert name_key("Co") == "co"  # a legal form alone is a name
    assert name_key("–") == ""
    assert name_key("株式会社") != ""
    assert person_key("Ash, Ann") == person_key("ann  ASH")
    assert display_name({"given": "Ann", "family": "Ash"}) == "Ann Ash"
    assert display_name({"emails/a": {"value": "ann@ash.example"}}) == "ann@ash.example"
    assert display_name({"name": 5}) == ""


def test_misspellings() -> None:
    assert corrected("technolgy", SECTORS) == "technology"
    assert corrected("Technolgy", SECTORS) == "Technology"
    assert corrected("Philipines", COUNTRIES) == "Philippines"
    for right in (
        "technology",
        "Retail",
        "COMPUTER_SOFTWARE",
        "beekeeping",
        "",
        "Korea",
        "Niger",
        "Iran",
        "Austria",
    ):
        assert corrected(right, SECTORS + COUNTRIES) == right


@given(st.text(alphabet="='+-@\t\r\n'a, \uff1d", max_size=12))
def test_escaping_goes_back_and_never_starts_a_formula(text: str) -> None:
    escaped = escape_cell(text)
    assert unescape_cell(escaped) == text
    assert escaped[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
