"""Removing a member from a group of many records, and from one of few, in one run: real desks, a real server.

Each workspace has fifty members on desks with keys of their own; five of them are removed one after the other, and
each time somebody else comes in their place. Measured is what the remover waits for, and what follows until a
colleague reads what was written after it, under the new key.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.crm.draft import Draft
from app.desk import (
    AcceptInvitation,
    Desk,
    EmbeddedServer,
    MakeWorkspace,
    Place,
    accept_invitation,
    make_workspace,
    read_invitation,
)
from protocol.ids import GroupId, LogId
from tools.bench.big_team import Say
from tools.bench.figures import Figure, figure
from vault.profile import MemoryKeychain
from vault.store import Changes, Query, RecordKey

MANY, FEW = 100_000, 1_000
MEMBERS = 50
BATCH = 1_000
SYNC_SECONDS = 1_800.0
PASSWORD = "bench only 7 ostrich quarry"


@dataclass
class Times:
    """Seconds, one for each run."""

    preview: list[float] = field(default_factory=list)
    removal: list[float] = field(default_factory=list)
    rotated: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)

    @property
    def whole(self) -> list[float]:
        """From the agreement to the first record under the new key, at a colleague's desk."""
        return [sum(parts) for parts in zip(self.removal, self.rotated, self.read, strict=True)]


def removal(folder: Path, runs: int, say: Say, many: int = MANY, members: int = MEMBERS) -> list[Figure]:
    """Both sizes in turn, run by run, so that what else the machine does falls on both alike."""
    teams = {size: Team(folder / str(size), size, members, say) for size in (FEW, many)}
    times = {size: Times() for size in teams}
    try:
        for run in range(runs + 1):
            for size, team in teams.items():
                measured = (
                    times[size] if run else Times()
                )  # the first goes uncounted: caches, and pages of files
                team.remove_one(measured, run)
                if run:
                    say(
                        f"{size:,} records: removed in {measured.removal[-1]:.3f} s, "
                        f"new keys in {measured.rotated[-1]:.3f} s, read in {measured.read[-1]:.3f} s"
                    )
    finally:
        for team in teams.values():
            team.close()
    return _figures(times[FEW], times[many], many, members)


def _figures(few: Times, large: Times, many: int, members: int) -> list[Figure]:
    found: list[Figure] = []
    parts: list[tuple[str, Callable[[Times], list[float]]]] = [
        ("the preview in sentences and counts", lambda one: one.preview),
        ("the removal, until the server has it", lambda one: one.removal),
        ("new keys and the first records under them, until the server has them", lambda one: one.rotated),
        ("until a colleague has read them", lambda one: one.read),
        ("from the agreement to the colleague, in all", lambda one: one.whole),
    ]
    for name, part in parts:
        for size, times in ((many, large), (FEW, few)):
            spent = [seconds * 1000 for seconds in part(times)]
            found.append(figure(f"{name}: {members} members, {size:,} records", "ms", spent))
    pairs = zip(large.whole, few.whole, strict=True)
    ratio = [one / other for one, other in pairs]
    return [*found, figure(f"a removal at {many:,} records against {FEW:,}", "ratio", ratio)]


class Team:
    """One group with `records` deals and `members` people; Ann removes, Ben reads."""

    def __init__(self, folder: Path, records: int, members: int, say: Say) -> None:
        self._folder = folder
        self._keychain = MemoryKeychain()
        self._server = EmbeddedServer(folder / "server")
        self._server.start()
        wanted = MakeWorkspace(self._server.origin, "ann", PASSWORD, "Bench", "Ann", first_group="Sales")
        self.ann = make_workspace(wanted, Place(self._keychain, folder / "ann")).desk
        self.group: GroupId = self.ann.team().groups[0].id
        self._role = next(role.id for role in self.ann.team().roles if role.name == "Manager")
        self.ann.stop_sync()
        self._fill(records)
        self.ann.sync_once()
        self._people = 0
        self.others: list[Desk] = []
        self.ben = self._join()
        for _ in range(members - 2):
            self.others.append(self._join())
        say(f"{records:,} deals, {members} members")
        self.ann.sync_once()
        self.ben.sync_now(SYNC_SECONDS)
        if self.ben.records.count(Query("deal")) < records:
            raise RuntimeError("the colleague does not have all records")

    def _fill(self, records: int) -> None:
        chance, writer = random.Random(1), self.ann.writer(self.group)  # noqa: S311 - amounts
        for start in range(0, records, BATCH):
            writer.write(
                [
                    Draft(
                        "deal",
                        f"d{number}",
                        {"name": f"Deal {number}", "amount": chance.randrange(10**9)},
                        record=f"deal:{secrets.token_hex(16)}",
                    )
                    for number in range(start, min(records, start + BATCH))
                ]
            )

    def _join(self) -> Desk:
        """Invited, joined, confirmed; stays closed apart from Ben."""
        self._people += 1
        handle = f"member{self._people}"
        link = self.ann.actions.invite(handle, [(self.group, self._role)]).link
        asked = AcceptInvitation(read_invitation(link), handle, PASSWORD, handle)
        desk = accept_invitation(asked, Place(self._keychain, self._folder / handle)).desk
        self.ann.sync_once()
        if self._people > 1:
            desk.stop_sync()
        return desk

    def remove_one(self, times: Times, run: int) -> None:
        """Remove somebody, write under the new keys, wait for Ben; then fill the place again."""
        gone = self.others.pop(0)
        began = time.perf_counter()
        self.ann.actions.preview_remove(gone.me)
        times.preview.append(time.perf_counter() - began)
        began = time.perf_counter()
        self.ann.actions.remove(gone.me)
        times.removal.append(time.perf_counter() - began)
        began = time.perf_counter()
        keys = self._write(run)
        arrived = threading.Event()
        stop = self.ben.on_change(_setter(keys[0], arrived))
        self.ann.sync_once()
        times.rotated.append(time.perf_counter() - began)
        began = time.perf_counter()
        if self.ben.records.get(keys[0]) is None and not arrived.wait(60):
            raise RuntimeError("what was written after the removal did not arrive")
        times.read.append(time.perf_counter() - began)
        stop()
        gone.lock()
        self.others.append(self._join())

    def _write(self, run: int) -> list[RecordKey]:
        """One record in each part of the group that is written every day, so that each gets its new key."""
        ann, keys = self.ann, []
        with ann.editor.action() as action:
            for type_name in ("deal", "company"):
                home: LogId = ann.home_for(type_name, self.group)
                keys.append(action.create(type_name, home, {"name": f"After removal {run}"}))
        return keys

    def close(self) -> None:
        for desk in (self.ann, self.ben, *self.others):
            desk.lock()
        self._server.stop()


def _setter(key: RecordKey, arrived: threading.Event) -> Callable[[Changes], None]:
    def hear(changes: Changes) -> None:
        if key in changes.records:
            arrived.set()

    return hear
