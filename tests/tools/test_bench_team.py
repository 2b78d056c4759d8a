"""The benchmarks of a large team and of a removal, with little: that they measure what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.state import MemberStatus
from tests.support.real_desks import Office
from tools.bench.big_team import make_team, name_all, take
from tools.bench.removal import removal


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_a_large_team_is_verified_by_a_real_desk_and_has_names(office: Office) -> None:
    ann = office.found()
    ann.stop_sync()
    team = make_team(ann, members=12, groups=4)
    take(ann, team, page=7)
    assert ann.vault.roster.head == team.state.head
    name_all(ann, team)
    shown = ann.team()
    assert len(shown.members) == 12 and len(shown.groups) == 4
    assert all(one.status is MemberStatus.ACTIVE for one in shown.members)
    assert all(len(one.memberships) == 3 for one in shown.members if not one.is_me)
    assert {one.manager_name for one in shown.members if not one.is_me} >= {"Ann Achterberg"}
    assert not any(one.name.startswith("Member ") for one in shown.members)


@pytest.mark.slow
def test_the_removal_is_measured_to_its_end(tmp_path: Path, fast_kdf: None) -> None:
    said: list[str] = []
    found = removal(tmp_path, 1, said.append, many=1_500, members=4)
    by_unit = {figure.unit for figure in found}
    assert by_unit == {"ms", "ratio"}
    assert all(min(figure.values) >= 0 and figure.runs == 1 for figure in found)
    assert sum("removed in" in line for line in said) == 2
