"""The order of events: Ann makes a workspace and imports; Ben, Cy and Dee join; Dee is removed; the evidence is taken.

Every desk is a profile and processes of its own; the server is the real one, in its own process, behind a wiretap
that writes down every byte.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from app.desk.embedded import EmbeddedServer
from tools.demo.desks import CommandFailed, DeskProcess, Json
from tools.demo.evidence import leaks, newest_serial, stored_bodies
from tools.wiretap import Wiretap

Say = Callable[[str], None]

FIGURES = ("deals", "companies", "won", "won_amount")


@dataclass
class Outcome:
    """What the demonstration prints. `desks`: handle -> figures; `seconds`: step -> seconds."""

    desks: dict[str, dict[str, int]] = field(default_factory=dict)
    canaries_found: int = 0
    canaries_looked_for: int = 0
    bytes_searched: int = 0
    opened_after_removal: int = 0
    opened_before_removal: int = 0
    written_after_removal: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)


class Story:
    """Plays in `folder` (emptied by the caller). Raises CommandFailed where a step does not work."""

    def __init__(self, folder: Path, data: Path, say: Say) -> None:
        self._folder = folder
        self._data = data
        self._say = say
        self.outcome = Outcome()
        self._ann, self._ben, self._cy, self._dee = (
            DeskProcess(folder / "desks", handle) for handle in ("ann", "ben", "cy", "dee")
        )
        self._tap = Wiretap(folder / "traffic")
        self._server_folder = folder / "server"
        self._server = EmbeddedServer(self._server_folder, origins=(self._tap.origin,))

    @property
    def people(self) -> tuple[DeskProcess, ...]:
        return self._ann, self._ben, self._cy, self._dee

    def play(self) -> Outcome:
        """All of it, once."""
        try:
            with self._step("start the server"):
                origin = self._server.start()
                self._tap.connect_to(int(origin.rpartition(":")[2]))
            self._open_and_import()
            group = self._invite_all()
            self._read_figures()
            self._remove_dee(group)
            self._search()
        finally:
            self._server.stop()
            self._tap.close()
        return self.outcome

    def _open_and_import(self) -> None:
        with self._step("Ann makes a workspace"):
            self._ann.run(
                "init",
                "--server",
                self._tap.origin,
                "--handle",
                "ann",
                "--name",
                "Ann Achterberg",
                "--workspace",
                "Meridian Sales",
                "--kit",
                str(self._ann.kit),
            )
        with self._step("Ann imports everything"):
            self._ann.run("import", str(self._data), "--make-groups")

    def _invite_all(self) -> str:
        groups = [str(entry["name"]) for entry in _rows(self._ann.run("team", "groups"), "groups")]
        only = sorted(groups)[0]
        plans = (
            (self._ben, "Ben Brouwer", [f"{name}=Manager" for name in groups]),
            (self._cy, "Cy Castellanos", [f"{only}=Read only"]),
            (self._dee, "Dee Duarte", [f"{name}=Manager" for name in groups]),
        )
        for desk, name, grants in plans:
            with self._step(f"{name.split()[0]} joins by link"):
                words = [word for grant in grants for word in ("--grant", grant)]
                link = str(self._ann.run("team", "invite", "--name", name, *words)["link"])
                desk.run("join", link, "--handle", desk.handle, "--name", name, "--kit", str(desk.kit))
                self._ann.run("sync")
                desk.run("sync", "--until-member", "60")
        self._say(f"Cy is in one group only: {only}")
        return only

    def _read_figures(self) -> None:
        self._ann.run("sync")
        for desk in (self._ann, self._ben, self._cy, self._dee):
            with self._step(f"{desk.handle} synchronises and counts"):
                desk.run("sync")
                status = desk.run("status")
            figures = {name: int(cast(int, status[name])) for name in FIGURES}
            self.outcome.desks[desk.handle] = figures
            self._say(f"{desk.handle}: {figures}")

    def _remove_dee(self, group: str) -> None:
        dee = next(
            row for row in _rows(self._ann.run("team", "list"), "members") if row["name"] == "Dee Duarte"
        )
        database = self._database()
        with self._step("Ann removes Dee"):
            self._ann.run("team", "remove", str(dee["id"]), "--yes")
        removed_at = newest_serial(database)
        with self._step("Ann and Ben go on writing"):
            for index in range(5):
                self._ann.run(
                    "add",
                    "deal",
                    "--group",
                    group,
                    "--set",
                    f"name=After {secrets.token_hex(4)} {index}",
                    "--set",
                    "amount=1000",
                    "--no-sync",
                )
            self._ann.run("sync")
            self._ben.run("sync")
            self._ben.run("add", "company", "--group", group, "--set", f"name=Later {secrets.token_hex(4)}")
        with self._step("Dee and the operator try everything"):
            copy = self._folder / "stolen"
            shutil.copytree(self._server_folder, copy)
            self._rob(copy / database.relative_to(self._server_folder), removed_at)

    def _rob(self, database: Path, removed_at: int) -> None:
        command = [
            sys.executable,
            "-m",
            "tools.demo.rob",
            str(self._dee.profile),
            str(self._dee.key_file),
            str(database),
            str(removed_at),
        ]
        environment = {"TACIT_PASSWORD": self._dee.password}
        done = subprocess.run(  # our own program
            command, capture_output=True, env=environment, check=False, timeout=600, stdin=subprocess.DEVNULL
        )
        if done.returncode != 0:
            raise CommandFailed(f"the attack itself failed: {done.stderr.decode(errors='replace')}")
        before, after = (int(word) for word in done.stdout.split())
        if before == 0:
            raise CommandFailed("the attack opened nothing at all, so it proves nothing")
        late = sum(stored.serial > removed_at for stored in stored_bodies(database))
        if late == 0:
            raise CommandFailed("nothing was written after the removal, so the attack proves nothing")
        self.outcome.written_after_removal = late
        self.outcome.opened_before_removal = before
        self.outcome.opened_after_removal = after

    def _search(self) -> None:
        with self._step("search server, journal and traffic"):
            canaries = self._canaries()
            folders = (self._server_folder, self._folder / "traffic")
            found = leaks(canaries, folders)
            self.outcome.canaries_looked_for = len(canaries)
            self.outcome.bytes_searched = sum(
                path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()
            )
            self.outcome.canaries_found = len(found)
            self.outcome.found = [f"{each.canary} as {each.form} in {each.place}" for each in found[:20]]

    def _canaries(self) -> list[str | bytes]:
        """Names of people, groups, roles, companies, products, agents and deals; passwords; Secret Keys."""
        texts: set[str] = {"Meridian Sales", "Ann Achterberg", "Ben Brouwer", "Cy Castellanos", "Dee Duarte"}
        for row in _rows(self._ann.run("team", "roles"), "roles"):
            texts.add(str(row["name"]))
        for row in _rows(self._ann.run("team", "groups"), "groups"):
            texts.add(str(row["name"]))
        for kind, most in (("company", 90), ("product", 10), ("deal", 60)):
            for row in _rows(self._ann.run("list", kind, "--limit", str(most)), "records"):
                texts.add(str(row["name"]))
                if row.get("owner"):
                    texts.add(str(row["owner"]))
        secrets_of_desks: list[str | bytes] = []
        for desk in (self._ann, self._ben, self._cy, self._dee):
            secrets_of_desks += [desk.password, desk.key_file.read_text("ascii").strip()]
        return [text for text in sorted(texts) if len(text.encode()) >= 5] + secrets_of_desks

    def _database(self) -> Path:
        return next((self._server_folder / "workspaces").glob("*.db"))

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.outcome.seconds[name] = round(time.monotonic() - began, 2)
        self._say(f"{name}: {self.outcome.seconds[name]:.2f} s")


def _rows(answer: Json, name: str) -> list[Json]:
    return cast("list[Json]", answer[name])
