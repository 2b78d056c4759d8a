"""The second story of the demonstration, played once with little data by a small team."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.demo.generated import write_data
from tools.demo.office_list import handle_of, read_people, wanted_of
from tools.demo.team_story import OWNER, TeamOutcome, TeamStory

DEALS = 80
AGENTS = 9  # the first six of whom are the managers too: nine desks and the owner's
REAL_DATA = ROOT.parent / "shared" / "data" / "crm-sales-opportunities"


def small_data(folder: Path) -> Path:
    """The generated files with fewer agents, the last three of whom report to managers of their offices."""
    data = write_data(folder, deals=DEALS)
    for name in ("sales_teams.csv", "sales_pipeline.csv"):
        with (data / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        if name == "sales_teams.csv":
            agents = [row["sales_agent"] for row in rows][:AGENTS]
            rows = rows[:AGENTS]
        for number, row in enumerate(rows if name == "sales_pipeline.csv" else []):
            row["sales_agent"] = agents[number % AGENTS]
        with (data / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return data


class Played:
    def __init__(self, folder: Path) -> None:
        self.data = small_data(folder / "data")
        self.said: list[str] = []
        self.story = TeamStory(folder, self.data, self.said.append, attackers=2)
        self.outcome: TeamOutcome = self.story.play()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield Played(tmp_path_factory.mktemp("team"))


@pytest.mark.slow
@pytest.mark.hostile
class TestPlayed:
    def test_every_desk_has_the_figures_of_the_files(self, played: Played) -> None:
        wanted = wanted_of(played.data, played.story.people)
        found = {handle: (row["deals"], row["won_amount"]) for handle, row in played.outcome.desks.items()}
        everything = wanted.pop("")
        assert found.pop(OWNER) == (everything.deals, everything.won_amount)
        assert found == {handle: (one.deals, one.won_amount) for handle, one in wanted.items()}
        assert everything.deals == DEALS > max(one.deals for one in wanted.values())
        assert played.outcome.differences == []
        assert played.outcome.holds

    def test_an_agent_holds_the_key_of_his_own_log_alone(self, played: Played) -> None:
        for person in played.story.people:
            why = played.outcome.desks[person.handle]["why"]
            assert isinstance(why, list)
            own = [reason for reason in why if "own" in reason]
            if not person.leads:
                assert [reason.partition(":")[0] for reason in own] == ["1"]
                assert "one's own: as Sales rep" in own[0]
            assert (
                sum(int(str(reason).partition(":")[0]) for reason in why)
                == played.outcome.desks[person.handle]["logs"]
            )

    def test_no_agent_opens_a_colleagues_deal_and_a_manager_does(self, played: Played) -> None:
        assert len(played.outcome.attacks) == 2
        for attack in played.outcome.attacks:
            assert attack.own_opened > 0
            assert attack.others_opened == 0 < attack.others_stored
        (control,) = played.outcome.controls
        assert 0 < control.others_opened < control.others_stored

    def test_all_of_it_is_json(self, played: Played) -> None:
        printed = json.loads(json.dumps(asdict(played.outcome)))
        assert set(printed["desks"]) == {OWNER, *(person.handle for person in played.story.people)}
        assert all({"deals", "won_amount", "logs"} <= set(row) for row in printed["desks"].values())
        assert all(seconds >= 0 for seconds in printed["seconds"].values())


def test_handles_are_made_of_names() -> None:
    assert handle_of("Mei-Mei Johns") == "mei-mei.johns"
    assert handle_of("Renée  O'Hara") == "renee.o.hara"


@pytest.mark.skipif(not REAL_DATA.is_dir(), reason="the real sales data is not beside the repository")
def test_the_figures_of_the_real_files() -> None:
    people = read_people(REAL_DATA)
    wanted = wanted_of(REAL_DATA, people)
    assert len(people) == 41
    assert {person.name: wanted[person.handle].won_amount for person in people if person.leads} == {
        "Melvin Marxen": 2_251_930,
        "Summer Sewald": 1_964_750,
        "Rocco Neubert": 1_960_545,
        "Celia Rouche": 1_603_897,
        "Cara Losch": 1_130_049,
        "Dustin Brinkmann": 1_094_363,
    }
    assert wanted[""].won_amount == 10_005_534
