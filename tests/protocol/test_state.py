"""The pictures that a fold makes: the past by position, sets by member and by group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import Access, Compartment, Level, Permission, Reach, Role
from protocol.state import CHUNK, ByGroup, Past
from tests.protocol.world import seeded


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_the_past_has_every_position(length: int) -> None:
    hashes = [seeded("hash", n) for n in range(length)]
    past = Past()
    for each in hashes:
        past = past.grown(each)
    assert len(past) == length
    assert [past.at(n) for n in range(1, length + 1)] == hashes
    assert past.at(0) is past.at(-1) is past.at(length + 1) is None


def test_the_past_of_one_state_is_not_changed_by_another() -> None:
    first = Past().grown(b"a")
    one, other = first.grown(b"b"), first.grown(b"c")
    assert (first.at(2), one.at(2), other.at(2)) == (None, b"b", b"c")


SETS = st.frozensets(st.integers(0, 3), max_size=2)


@given(
    st.lists(st.tuples(st.sampled_from([b"g", b"h"]), st.sampled_from([b"m", b"n", b"o"]), SETS), max_size=12)
)
def test_by_group_and_by_member_say_the_same(changes: list[tuple[bytes, bytes, frozenset[int]]]) -> None:
    plain: dict[tuple[bytes, bytes], frozenset[int]] = {}
    kept: ByGroup[int] = ByGroup()
    for group, member, values in changes:
        kept = kept.replaced(group, {member: values})
        plain.pop((member, group), None)
        if values:
            plain[member, group] = values
    assert dict(kept) == plain
    for group in (b"g", b"h"):
        assert kept.of_group(group) == {m: v for (m, g), v in plain.items() if g == group}
    for member in (b"m", b"n", b"o"):
        assert kept.of_member(member) == {g: v for (m, g), v in plain.items() if m == member}
    assert len(kept) == len(plain)


def test_a_role_has_its_best_levels() -> None:
    accesses = (
        Access(Compartment.SALES, Level.WRITE, Reach.OWN),
        Access(Compartment.SALES, Level.READ, Reach.GROUP),
        Access(Compartment.MARGINS, Level.READ, Reach.OWN),
    )
    role = Role(seeded("role", size=16), accesses, Permission(0))
    assert role.best[Compartment.SALES] == (Level.WRITE, Level.READ)
    assert role.best[Compartment.MARGINS] == (Level.READ, Level.NONE)
    assert role.best[Compartment.CONTACTS] == (Level.NONE, Level.NONE)
    assert role == Role(role.id, accesses, Permission(0))
