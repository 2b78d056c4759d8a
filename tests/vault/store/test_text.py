"""Folding of text, and digits of telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.store.text import fold_text, is_phone, phone_query, phone_tokens
from vault.store.words import match_expression, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Ann   Lee ", "ann lee"),
        ("Änne Østergård", "anne ostergard"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("İstanbul", "istanbul"),
        ("李", "李"),
    ],
)
def test_fold_text(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize("text", ["+49 89 123456", "(555) 123-4567", "0170/1234567", "12345"])
def test_is_phone(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "1234", "Room 12345", "a@b.example", "12345x"])
def test_is_no_phone(text: str) -> None:
    assert not is_phone(text)


def test_phone_tokens() -> None:
    assert {"498912345678", "8912345678", "2345678", "345678", "5678"} <= set(
        phone_tokens("+49 (0)89 12345678")
    )
    assert phone_tokens("0049 89 12345678") == phone_tokens("+498912345678")
    assert phone_query("0049 (89) 12") == "498912"
    assert phone_query("089 12") == "8912"
    assert phone_query("12") == phone_query("12 Main St") == ""


@given(st.text())
def test_expression_has_only_quoted_words(text: str) -> None:
    expression = match_expression(text)
    assert expression == "" or expression.count('"') % 2 == 0
    assert all('"' not in word for word in words_of(text))
