"""A canary is found in every form and at every place, and only where it is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools.canaries import files_below, forms, search

CANARIES = ("Meridian Sales", "Ünïcode Näme", "Hello", "abcdef", bytes(range(32)))
NOISE = random.Random(11).randbytes(4_096)


@pytest.mark.parametrize("canary", CANARIES, ids=repr)
def test_every_form_is_found_at_every_alignment(canary: str | bytes) -> None:
    for form, needle in forms(canary).items():
        for before in range(9):
            for behind in range(6):
                data = NOISE[:before] + needle + NOISE[:behind]
                assert form in {found.form for found in search([canary], [("there", data)])}


def test_every_canary_is_found_among_many() -> None:
    canaries = [f"canary number {number:04}" for number in range(300)]
    data = NOISE.join(canary.encode() for canary in canaries)
    assert {found.canary for found in search(canaries, [("there", data)])} == set(canaries)


def test_nothing_is_found_where_nothing_is() -> None:
    assert list(search(CANARIES, [("there", NOISE), ("empty", b""), ("short", b"abc")])) == []


def test_names_of_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "Meridian Sales.db").write_bytes(b"")
    (found,) = search(["Meridian Sales"], files_below(tmp_path))
    assert found.place.startswith("name of")


def test_what_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="five bytes"):
        list(search(["abcd"], []))
