"""Thousands of random teams: a server and a desk come to the same state, access is what its rules say a second time,
and keys hold: no commit is valid under a key that a non-reader has, and readers can open what they should.

`python3 -m tests.protocol.rosters` plays the ten thousand in one go and prints the figures.
"""

from __future__ import annotations

import pytest

from tests.protocol.rosters.play import run

PART = 1_000


def test_a_hundred_random_rosters() -> None:
    made = run(100, 1)
    assert made.raced > 50
    assert made.refused > 100
    assert made.commits > 100
    assert made.attacks > 100


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_random_rosters(part: int) -> None:
    made = run(PART, PART * (part + 1))
    print(made.line())
    assert made.rosters == PART
