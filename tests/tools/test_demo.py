"""The demonstration, played once with little data, and its own instruments tried out on what it left behind."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tools.demo.desks import DeskProcess
from tools.demo.evidence import leaks, newest_serial, open_everything, stored_bodies
from tools.demo.generated import write_data
from tools.demo.rob import steal
from tools.demo.story import FIGURES, Outcome, Story

DEALS = 60
pytestmark = [pytest.mark.slow, pytest.mark.hostile]


class Played:
    """The story's folder after it ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = write_data(folder / "data", deals=DEALS)
        self.said: list[str] = []
        self.story = Story(folder, self.data, self.said.append)
        self.outcome: Outcome = self.story.play()

    @property
    def database(self) -> Path:
        return next((self.folder / "server" / "workspaces").glob("*.db"))

    def desk(self, handle: str) -> DeskProcess:
        return {one.handle: one for one in self.story.people}[handle]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.data / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield Played(tmp_path_factory.mktemp("demo"))


def test_figures_are_those_of_the_files(played: Played) -> None:
    deals = played.rows("sales_pipeline.csv")
    won = [row for row in deals if row["deal_stage"] == "Won"]
    wanted = {
        "deals": DEALS,
        "companies": len(played.rows("accounts.csv")),
        "won": len(won),
        "won_amount": sum(int(row["close_value"]) for row in won),
    }
    for handle in ("ann", "ben", "dee"):
        assert played.outcome.desks[handle] == wanted


def test_cy_has_the_figures_of_his_group_alone(played: Played) -> None:
    offices = {row["sales_agent"]: row["regional_office"] for row in played.rows("sales_teams.csv")}
    deals = [row for row in played.rows("sales_pipeline.csv") if offices[row["sales_agent"]] == "Central"]
    won = [row for row in deals if row["deal_stage"] == "Won"]
    by_company: dict[str, Counter[str]] = {}
    for row in played.rows("sales_pipeline.csv"):
        if row["account"]:
            by_company.setdefault(row["account"], Counter())[offices[row["sales_agent"]]] += 1
    figures = played.outcome.desks["cy"]
    assert figures["deals"] == len(deals) < DEALS
    assert (figures["won"], figures["won_amount"]) == (len(won), sum(int(row["close_value"]) for row in won))
    assert 0 < figures["companies"] < len(played.rows("accounts.csv"))


def test_the_server_has_nothing_to_read(played: Played) -> None:
    assert played.outcome.canaries_found == 0
    assert played.outcome.canaries_looked_for > 50
    assert played.outcome.found == []


def test_the_attack_opens_what_was_before_and_nothing_later(played: Played) -> None:
    assert played.outcome.opened_before_removal > 0
    assert played.outcome.written_after_removal > 0
    assert played.outcome.opened_after_removal == 0


def test_the_attack_would_open_later_things_with_the_keys_of_a_member(played: Played) -> None:
    """The same attack with Ann's keys opens what came later: so nothing else kept Dee out."""
    ann = played.desk("ann")
    (stolen,) = steal(ann.profile, ann.key_file, ann.password)
    everything = len(stored_bodies(played.database))
    assert open_everything(stolen, played.database, 0).after == everything
    assert open_everything(stolen, played.database, newest_serial(played.database)).before == everything


@pytest.mark.parametrize("place", ["server/journal.log", "traffic/planted.bin", "server/workspaces/planted"])
def test_a_planted_canary_is_found(played: Played, place: str) -> None:
    company = played.rows("accounts.csv")[0]["account"]
    target = played.folder / place
    before = target.read_bytes() if target.exists() else None
    folders = (played.folder / "server", played.folder / "traffic")
    try:
        target.write_bytes((before or b"") + b"..." + company.encode() + b"...")
        found = leaks([company], folders)
        assert [one.canary for one in found] == [company]
    finally:
        target.unlink() if before is None else target.write_bytes(before)
    assert leaks([company], folders) == []


def test_the_wiretap_saw_the_conversation(played: Played) -> None:
    seen = b"".join(path.read_bytes() for path in (played.folder / "traffic").iterdir())
    assert b"/v1/workspaces/" in seen
    assert len(seen) > 100_000


def test_every_step_is_timed_and_all_of_it_is_json(played: Played) -> None:
    printed = json.loads(json.dumps(asdict(played.outcome)))
    assert set(printed["desks"]) == {"ann", "ben", "cy", "dee"}
    assert all(set(row) == set(FIGURES) for row in printed["desks"].values())
    assert len(printed["seconds"]) >= 12
    assert all(seconds >= 0 for seconds in printed["seconds"].values())
    assert len(played.said) >= len(printed["seconds"])
