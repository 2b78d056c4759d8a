"""The process that is killed: one desk that imports, pushes or pulls, and says what it has acknowledged.

    python -m tests.crash.victim PROFILE KEYFILE PASSWORD-IN-ENV MODE ROUND

It writes a line to standard output for everything that a user would have been told is saved, after it was saved.
The cost of deriving keys is lowered here, in the test's own program: production code has no way to do that.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from app.crm.draft import Draft
from app.crm.importing import OnMatch, open_table, profile_columns, run_import, suggest
from app.desk import Desk, unlock
from app.desk.writer import DeskWriter
from protocol.limits import VERSION
from vault.profile import FileKeychain
from vault.store import Query

ROWS = 1_500
EDITS = 40


class TellingWriter:
    """Writes as the desk does, and acknowledges each batch when it is on the disk."""

    def __init__(self, inner: DeskWriter) -> None:
        self.find = inner.find
        self._inner = inner

    def write(self, batch: Sequence[Draft]) -> None:
        self._inner.write(batch)
        for draft in batch:
            say(f"saved {draft.fields['name']}")


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


def cheap_keys() -> None:
    derive = importlib.import_module("vault.keys.derive")
    cheap = MappingProxyType({VERSION: derive.Cost(memory=64, passes=1, lanes=1)})
    vars(derive)["COSTS"] = cheap


def import_rows(desk: Desk, round_: str, folder: Path) -> None:
    path = folder / f"rows-{round_}.csv"
    lines = [f"R{round_}-{n},Company {round_}-{n},retail" for n in range(ROWS)]
    path.write_text("external id,name,sector\n" + "\n".join(lines) + "\n", "utf-8")
    table = open_table(path)
    plan = replace(suggest(profile_columns(table), "company").plan(), on_match=OnMatch.CREATE)
    say("ready")
    run_import(table, plan, TellingWriter(desk.writer(desk.team().groups[0].id)), batch=50)


def edit(desk: Desk, round_: str, count: int) -> None:
    """Edits as a person makes them, one action each."""
    group = desk.team().groups[0].id
    for number in range(count):
        name = f"Edit {round_}-{number}"
        with desk.editor.action() as action:
            action.create("company", desk.home_for("company", group), {"name": name})
        say(f"saved {name}")


def main(arguments: list[str]) -> None:
    profile, key_file, mode, round_ = arguments
    cheap_keys()
    desk = unlock(Path(profile), os.environ["TACIT_PASSWORD"], FileKeychain(Path(key_file)))
    if mode == "import":
        import_rows(desk, round_, Path(profile).parent)
    elif mode == "push":
        edit(desk, round_, EDITS)
        say("ready")
        desk.sync_now(60)
    else:
        say("ready")
        desk.sync_now(60)
        say(f"pulled {desk.records.count(Query('company'))}")
    say("end")
    sys.stdin.read()  # stay until killed: the parent decides when


if __name__ == "__main__":
    main(sys.argv[1:])
