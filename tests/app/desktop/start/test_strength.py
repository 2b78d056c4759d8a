"""How strong a password is."""

from __future__ import annotations

import pytest

from app.desktop.pages.start.strength import strength_of


@pytest.mark.parametrize("password", ["password", "12345678", "meridian", "Ann2026"])
def test_what_a_guesser_tries_first_is_weak(password: str) -> None:
    assert not strength_of(password, ["Meridian", "Ann"]).enough


def test_a_few_words_are_strong_and_long_texts_cost_nothing() -> None:
    assert strength_of("ostrich quarry lantern 7").score == 4
    assert strength_of("".join(chr(97 + n * n % 26) for n in range(900))).enough


def test_nothing_typed_says_nothing() -> None:
    assert strength_of("").score is None
