"""The second story: a real sales team, a group for each regional office, agents who read their own deals alone.

Ann, the owner, makes the offices' groups, a role "Team lead" whose reach in deals is his own, and the policy by which
managers read the own records of those below them. She invites everybody, with the tree of reports, and imports: each
deal goes into its agent's own log before he has joined. Then everybody joins on a computer of his own and counts
what he sees. At last agents and the operator try everything on the own logs of colleagues.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from app.desk.embedded import EmbeddedServer
from tools.demo.desks import CommandFailed, DeskProcess, Json
from tools.demo.office_list import LEAD, Person, read_people, wanted_of, write_list

Say = Callable[[str], None]
T = TypeVar("T")
OWNER = "ann"
AT_ONCE = 2
"""Processes at a time: each takes 256 MiB and about two processor seconds to derive its keys."""


@dataclass
class Attack:
    """What one desk's keys and the whole server folder open: of its own log, and of those of others."""

    handle: str
    own_opened: int
    others_opened: int
    others_stored: int


@dataclass
class TeamOutcome:
    """What the story prints. `desks`: handle -> deals, won_amount, logs (whose keys it holds) and the reasons."""

    desks: dict[str, dict[str, object]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    attacks: list[Attack] = field(default_factory=list)
    controls: list[Attack] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    seconds_in_all: float = 0.0

    @property
    def colleagues_deals_opened(self) -> int:
        return sum(attack.others_opened for attack in self.attacks)

    @property
    def holds(self) -> bool:
        """Figures are those of the files, and the attack that works for a manager opens nothing for an agent."""
        works = all(one.own_opened > 0 for one in self.attacks) and all(
            one.others_opened > 0 for one in self.controls
        )
        return not self.differences and works and self.colleagues_deals_opened == 0


class TeamStory:
    """Plays in `folder` (emptied by the caller). Raises CommandFailed where a step does not work."""

    def __init__(self, folder: Path, data: Path, say: Say, *, attackers: int = 3) -> None:
        """`attackers`: how many agents, of different offices where there are, try the own logs of the others."""
        self._folder = folder
        self._data = data
        self._say = say
        self._attackers = attackers
        self.people = read_people(data)
        self.offices = list(dict.fromkeys(person.office for person in self.people))
        handles = [OWNER, *(person.handle for person in self.people)]
        self.desks = {handle: DeskProcess(folder / "desks", handle) for handle in handles}
        self._server_folder = folder / "server"
        self._server = EmbeddedServer(self._server_folder)
        self._members: dict[str, str] = {}
        self.outcome = TeamOutcome()

    @property
    def owner(self) -> DeskProcess:
        return self.desks[OWNER]

    def play(self) -> TeamOutcome:
        """All of it, once."""
        began = time.monotonic()
        try:
            with self._step("start the server"):
                origin = self._server.start()
            self._found(origin)
            links = self._invite()
            with self._step("Ann imports everything"):
                self.owner.run("import", str(self._data))
            with self._step(f"{len(links)} people join"):
                self._at_once([partial(self._join, one, links[one.name]) for one in self.people])
            with self._step("Ann's Tacit confirms them and hands out keys"):
                self.owner.run("sync")
            self._count()
            with self._step("agents and the operator try the logs of colleagues"):
                self._attack()
        finally:
            self._server.stop()
        self.outcome.seconds_in_all = round(time.monotonic() - began, 1)
        return self.outcome

    def _found(self, origin: str) -> None:
        ann = self.owner
        first, *others = self.offices
        with self._step("Ann makes a workspace with a group for each office and one catalogue"):
            ann.run(
                *("init", "--server", origin, "--handle", OWNER, "--name", "Ann Achterberg"),
                *("--workspace", "Meridian Sales", "--group", first),
            )
            for office in others:
                ann.run("team", "group-create", office)
                ann.run("team", "catalogue-of", office, first, "--yes")
        with self._step("Ann defines the role of a team lead and lets managers read their reports' deals"):
            ann.run(
                *("team", "role-define", LEAD, "--yes", "--access", "catalogue=read"),
                *("--access", "contacts=write", "--access", "sales=write:own"),
                *("--access", "documents=write:own", "--may", "delete", "--may", "restore", "--may", "merge"),
            )
            ann.run("team", "managers-read", "on", "--yes")

    def _invite(self) -> dict[str, str]:
        file = write_list(self.people, self._folder / "team.csv")
        with self._step(f"Ann invites {len(self.people)} people"):
            rows = cast("list[Json]", self.owner.run("team", "invite-list", str(file))["invited"])
        self._members = {str(row["name"]): str(row["member"]) for row in rows}
        return {str(row["name"]): str(row["link"]) for row in rows}

    def _join(self, person: Person, link: str) -> None:
        self.desks[person.handle].run("join", link, "--handle", person.handle, "--name", person.name)

    def _count(self) -> None:
        with self._step("everybody synchronises and counts"):
            answers = self._at_once([partial(desk.run, "status", "--sync") for desk in self.desks.values()])
        wanted = wanted_of(self._data, self.people)
        for handle, status in zip(self.desks, answers, strict=True):
            keys = cast("list[Json]", status["keys_held"])
            reasons = [f"{one['logs']}: {one['reason']}" for one in keys]
            row = {name: cast(int, status[name]) for name in ("deals", "won_amount", "logs")}
            self.outcome.desks[handle] = {**row, "why": reasons}
            due = wanted["" if handle == OWNER else handle]
            if (row["deals"], row["won_amount"]) != (due.deals, due.won_amount):
                self.outcome.differences.append(
                    f"{handle} sees {row['deals']} deals and {row['won_amount']} won; "
                    f"the files have {due.deals} and {due.won_amount}"
                )
            if status["conflicts"] or status["stopped_logs"] or status["pending"]:
                self.outcome.differences.append(
                    f"{handle}: {status['conflicts']} conflicts, {status['pending']} waiting, {status['stopped_logs']}"
                )
            self._say(f"{handle}: {row}")

    def _attack(self) -> None:
        copy = self._folder / "stolen"
        shutil.copytree(self._server_folder, copy)
        database = next((copy / "workspaces").glob("*.db"))
        agents = [person for person in self.people if not person.leads]
        first_of = list({one.office: one for one in reversed(agents)}.values())[::-1]
        chosen = (first_of + [one for one in agents if one not in first_of])[: self._attackers]
        leads = [person for person in self.people if person.leads][:1]
        everyone = chosen + leads
        found = self._at_once([partial(self._snoop, one, database) for one in everyone])
        self.outcome.attacks = found[: len(chosen)]
        self.outcome.controls = found[len(chosen) :]

    def _snoop(self, person: Person, database: Path) -> Attack:
        desk = self.desks[person.handle]
        command = [
            sys.executable,
            "-m",
            "tools.demo.snoop",
            str(desk.profile),
            str(desk.key_file),
            str(database),
        ]
        done = subprocess.run(  # our own program
            command,
            capture_output=True,
            env={"TACIT_PASSWORD": desk.password},
            check=False,
            timeout=600,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise CommandFailed(f"the attack itself failed: {done.stderr.decode(errors='replace')}")
        counted = json.loads(done.stdout)
        opened, stored = counted["opened"], counted["stored"]
        me = self._members[person.name]
        return Attack(
            person.handle,
            opened.get(me, 0),
            sum(number for owner, number in opened.items() if owner != me),
            sum(number for owner, number in stored.items() if owner != me),
        )

    def _at_once(self, jobs: Sequence[Callable[[], T]]) -> list[T]:
        """All of them, a few at a time; their answers in order."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda job: job(), jobs))

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.outcome.seconds[name] = round(time.monotonic() - began, 2)
        self._say(f"{name}: {self.outcome.seconds[name]:.2f} s")
