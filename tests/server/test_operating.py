"""The operator's commands and the journal that they leave, with a real server beside them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from protocol import wire
from protocol import wire_security as security
from protocol.ids import NO_HASH
from protocol.wire import Route
from protocol.wire_security import JournalEntry, journal_hash
from server.acts import check_acts
from server.errors import JournalBroken, StorageError
from server.storage import SqliteFolder, open_database, restoring
from server.storage.folder import READY, RESTORING
from server.storage.migrate import Kind, newest
from server.storage.restoring import restore_folder
from tests.server.conftest import CONTACTS, Team, found_team
from tests.server.old_database import make_old_database
from tests.server.test_second_factor_wire import log_in_with, set_up
from tests.support.postgres import RunningPostgres
from tests.support.server import ROOT, RunningServer, running_server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "s", "--door-rate", "100000") as running:
        yield running


@pytest.fixture
def people(own: RunningServer) -> Iterator[Team]:
    made = found_team(own.origin)
    yield made
    made.close()


def operate(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "server", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def journal(team: Team) -> list[JournalEntry]:
    """As an admin's client reads it, checked."""
    page = team.ann.ask("GET", team.ann.path(Route.JOURNAL, team.world) + "?from=1", security.JournalPage)
    check_acts(team.world.workspace, page.entries)
    assert page.head_position == len(page.entries)
    assert page.head == page.entries[-1].hash
    return page.entries


def actions(team: Team) -> list[str]:
    return [one.action for one in journal(team)]


def test_the_servers_runs_are_in_it(own: RunningServer, people: Team) -> None:
    first = journal(people)
    assert [(one.actor, one.action) for one in first] == [("server", "serve")]
    assert "version " in first[0].detail and "20480 MiB" in first[0].detail
    own.restart()
    people.ann.log_in()
    assert actions(people) == ["serve", "stop", "serve"]
    own.kill()
    own.start()
    people.ann.log_in()
    assert actions(people) == ["serve", "stop", "serve", "serve"]


def test_every_command_is_in_it(own: RunningServer, people: Team, tmp_path: Path) -> None:
    operate("status", "--data", own.data, "--json")
    operate("backup", "--data", own.data, "--to", tmp_path / "backup")
    operate("journal", "--data", own.data, "--note", "moved to the new disk")
    operate("account", "--data", own.data, "--handle", people.ann.handle, "--end-sessions")
    people.ann.log_in()
    found = journal(people)
    assert [one.action for one in found] == ["serve", "status", "backup", "note", "end-sessions"]
    assert found[2].detail == "copied to backup"
    assert found[3].detail == "moved to the new disk"
    assert people.world.ann.id.hex() in found[4].detail
    assert len({one.actor for one in found[1:]}) == 1


def test_it_is_printed_and_checked(own: RunningServer, people: Team) -> None:
    assert "1 lines, the chain holds" in operate("journal", "--data", own.data)
    listed = json.loads(operate("journal", "--data", own.data, "--json"))
    assert [(one["holds"], len(one["lines"])) for one in listed] == [(True, 1)]
    own.stop()
    path = own.data / "workspaces" / f"{people.world.workspace.hex()}.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE operator_journal SET detail = 'nothing' WHERE seq = 1")
    done = subprocess.run(
        [sys.executable, "-m", "server", "journal", "--data", str(own.data)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "does not hold from line 1" in done.stdout


def test_a_line_that_cannot_be_written_stops_the_act(
    own: RunningServer, people: Team, tmp_path: Path
) -> None:
    own.stop()
    path = own.data / "workspaces" / f"{people.world.workspace.hex()}.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "CREATE TRIGGER full BEFORE INSERT ON operator_journal BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    target = tmp_path / "backup"
    operate_fails = subprocess.run(
        [sys.executable, "-m", "server", "backup", "--data", str(own.data), "--to", str(target)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert operate_fails.returncode == 1
    assert not target.exists()


def test_restore_puts_the_backup_in_place_and_the_journal_goes_on(
    own: RunningServer, people: Team, tmp_path: Path
) -> None:
    writer = people.start_log()
    backup = tmp_path / "backup-1"
    operate("backup", "--data", own.data, "--to", backup)
    before = len(people.ann.pull_all(people.world))
    commits = writer.chain_of(people.world.ann.device, 2)
    people.ann.push(people.world, *commits)
    operate("status", "--data", own.data)
    seen = journal(people)
    assert "another server uses this folder" in operate(
        "restore", "--data", own.data, "--from", backup, code=1
    )
    own.stop()
    told = operate("restore", "--data", own.data, "--from", backup)
    assert "accounts and 1 workspaces restored" in told
    own.start()
    people.ann.log_in()
    assert len(people.ann.pull_all(people.world)) == before
    now = journal(people)
    assert now[: len(seen)] == seen  # what was shown is still there
    assert [one.action for one in now[len(seen) :]] == ["stop", "restore", "serve"]
    assert "from backup-1" in now[-2].detail
    replaced = list(own.data.glob("replaced-*"))
    assert len(replaced) == 1
    assert (replaced[0] / "server.db").is_file()
    assert not (own.data / RESTORING).exists()
    assert CONTACTS.encode() in {head.log for head in people.ann.heads(people.world).logs}


def test_restore_of_one_workspace_leaves_the_others(own: RunningServer, people: Team, tmp_path: Path) -> None:
    other = found_team(own.origin)
    backup = tmp_path / "backup"
    operate("backup", "--data", own.data, "--to", backup)
    people.start_log()
    other.start_log()
    own.stop()
    operate("restore", "--data", own.data, "--from", backup, "--workspace", people.world.workspace.hex()[:12])
    own.start()
    people.ann.content("GET", Route.ACCOUNT)  # sessions go on: the accounts were left alone
    assert people.ann.heads(people.world).logs == []
    assert len(other.ann.heads(other.world).logs) == 1
    assert "restore" not in actions(other)
    other.close()


def test_a_backup_that_is_damaged_changes_nothing(own: RunningServer, people: Team, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    operate("backup", "--data", own.data, "--to", backup)
    own.stop()
    path = backup / "workspaces" / f"{people.world.workspace.hex()}.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(len(data) - 4096))
    before = {p.name: p.read_bytes() for p in own.data.rglob("*.db")}
    operate("restore", "--data", own.data, "--from", backup, code=1)
    operate("restore", "--data", own.data, "--from", tmp_path / "nowhere", code=1)
    operate("restore", "--data", own.data, code=1)
    assert {p.name: p.read_bytes() for p in own.data.rglob("*.db")} == before


@pytest.mark.slow
def test_a_restore_that_is_cut_off_is_finished_by_the_next(
    own: RunningServer, people: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "backup"
    operate("backup", "--data", own.data, "--to", backup)
    people.start_log()
    own.stop()
    for steps in range(1, 6):
        folder = tmp_path / f"copy-{steps}"
        shutil.copytree(own.data, folder)
        _cut_off_after(steps, folder, backup, monkeypatch)
        if not (folder / RESTORING / READY).exists():
            continue  # it was through
        with pytest.raises(StorageError, match="broken off"):
            SqliteFolder(folder)
        with pytest.raises(StorageError, match="broken off"):
            restore_folder(folder, backup, None, "operator")
        operate("restore", "--data", folder)
        storage = SqliteFolder(folder)
        assert storage.workspace_ids() == [people.world.workspace]
        with closing(storage.open_workspace(people.world.workspace)) as store, store.read() as tx:
            assert tx.logs() == []
        storage.close()


def _cut_off_after(steps: int, folder: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise in the middle of the moves."""
    left = steps
    true = Path.replace

    class CutOff(Exception):
        pass

    def replace(self: Path, target: Path) -> Path:
        nonlocal left
        if (folder / RESTORING / READY).exists():
            left -= 1
            if left < 0:
                raise CutOff
        return true(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        try:
            restoring.restore_folder(folder, backup, None, "operator")
        except CutOff:
            return


def test_an_old_backup_is_brought_forward(own: RunningServer, people: Team, tmp_path: Path) -> None:
    """Of the first version, which had no journal: its journal is the one that is there now."""
    own.stop()
    backup = tmp_path / "old"
    (backup / "workspaces").mkdir(parents=True)
    make_old_database(backup / "server.db", Kind.ACCOUNTS, "0001")
    make_old_database(backup / "workspaces" / f"{people.world.workspace.hex()}.db", Kind.WORKSPACE, "0001")
    operate("restore", "--data", own.data, "--from", backup)
    listed = json.loads(operate("journal", "--data", own.data, "--json"))
    assert [line["action"] for line in listed[0]["lines"]][-1] == "restore"
    assert listed[0]["holds"]


def test_a_migration_is_in_the_journal(tmp_path: Path) -> None:
    workspace = bytes(range(32))
    folder = tmp_path / "data"
    (folder / "workspaces").mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    make_old_database(folder / "workspaces" / f"{workspace.hex()}.db", Kind.WORKSPACE, "0001")
    storage = SqliteFolder(folder)
    with closing(storage.open_workspace(workspace)) as store, store.read() as tx:
        acts = tx.acts_from(1, 10)
    storage.close()
    assert [(one.action, one.detail) for one in acts] == [
        ("migrate", f"format 0001 to {newest(Kind.WORKSPACE)}")
    ]
    check_acts(workspace, acts)


@pytest.mark.hostile
@pytest.mark.parametrize("lie", ["change", "cut", "swap", "drop", "foreign"])
def test_a_chain_that_was_touched_does_not_hold(lie: str) -> None:
    workspace = bytes(32)
    acts: list[JournalEntry] = []
    for n in range(1, 5):
        previous = acts[-1].hash if acts else NO_HASH
        digest = journal_hash(workspace, n, previous, 100 + n, "root", "status", "")
        acts.append(JournalEntry(n, 100 + n, "root", "status", "", previous, digest))
    check_acts(workspace, acts)
    if lie == "change":
        acts[1] = JournalEntry(2, 102, "root", "backup", "", acts[1].previous, acts[1].hash)
    elif lie == "cut":
        acts = acts[1:]
    elif lie == "swap":
        acts[1], acts[2] = acts[2], acts[1]
    elif lie == "drop":
        del acts[2]
    else:
        workspace = bytes(31) + b"\x01"
    with pytest.raises(JournalBroken):
        check_acts(workspace, acts)


def test_who_has_lost_the_phone_is_helped(own: RunningServer, people: Team) -> None:
    set_up(people.ann)
    operate("account", "--data", own.data, "--handle", people.ann.handle.upper(), "--drop-second-factor")
    log_in_with(people.ann, "")
    assert journal(people)[-1].action == "drop-second-factor"
    operate("account", "--data", own.data, "--handle", "nobody", "--end-sessions", code=1)
    assert people.ann.ask("GET", Route.ACCOUNT, wire.Account).handle == people.ann.handle


def test_commands_on_a_database(postgres: RunningPostgres, tmp_path: Path) -> None:
    url = tmp_path / "url"
    url.touch(0o600)
    url.write_text(postgres.database())
    storage = open_database(url.read_text())
    storage.create_workspace(bytes(range(32)))
    storage.close()
    operate("status", "--database-url-file", url)
    operate("journal", "--database-url-file", url, "--note", "came back from a dump")
    listed = json.loads(operate("journal", "--database-url-file", url, "--json"))
    assert [line["action"] for line in listed[0]["lines"]] == ["status", "note"]
    assert listed[0]["holds"]
