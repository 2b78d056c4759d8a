"""What goes wrong in a folder: others who can read or write it, old backups, full disks, two servers, sudden ends."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from protocol import wire
from protocol.wire import ErrorCode, Route
from server.errors import OverQuota, StorageError
from server.storage import AccountRow, SqliteFolder, backup_folder
from server.storage.engine import open_engine, transaction
from tests.server.client import Client
from tests.server.conftest import CONTACTS, Team, found_team
from tests.server.test_push import refuses
from tests.server.test_serving import run
from tests.support.server import running_server

pytestmark = pytest.mark.hostile
modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights on files")


def open_to_others(folder: Path) -> list[str]:
    paths = [folder, *folder.rglob("*")]
    return [path.name for path in paths if path.name != "lock" and stat.S_IMODE(path.stat().st_mode) & 0o077]


@modes
def test_nothing_is_open_to_others(tmp_path: Path) -> None:
    """Whatever the umask: databases, write-ahead logs, backups."""
    before = os.umask(0)
    try:
        with running_server(tmp_path) as server:
            team = found_team(server.origin)
            team.start_log()
            assert run("backup", "--data", str(server.data), "--to", str(tmp_path / "copy")).returncode == 0
            assert open_to_others(server.data) == []
            assert open_to_others(tmp_path / "copy") == []
            team.close()
    finally:
        os.umask(before)


@modes
def test_files_of_a_restore_are_taken_from_others(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        team = found_team(server.origin)
        server.stop()
        for path in server.data.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        server.start()
        team.ann.heads(team.world)
        assert open_to_others(server.data) == []
        team.close()


@modes
def test_a_folder_that_others_can_write(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StorageError, match="others can write"):
        SqliteFolder(folder)
    assert list(folder.iterdir()) == []


@modes
def test_a_link_in_place_of_a_database(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "server.db").symlink_to(victim)
    with pytest.raises(OSError):
        SqliteFolder(folder)
    assert victim.read_bytes() == b""


def test_a_backup_wakes_no_session(tmp_path: Path) -> None:
    """A thief's session was ended after the backup. In the server that is restored it is no session either."""
    with running_server(tmp_path / "first") as server:
        team = found_team(server.origin)
        stolen = team.ann.token
        copy = tmp_path / "second" / "data"
        assert run("backup", "--data", str(server.data), "--to", str(copy)).returncode == 0
        team.ann.ask("POST", Route.LOGOUT, wire.Done, wire.Done())
        team.close()
    raw = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    with closing(sqlite3.connect(copy / "server.db")) as connection:
        assert connection.execute("SELECT count(*) FROM accounts").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    assert stolen not in raw
    with running_server(tmp_path / "second") as server:
        ann = Client(server.origin, team.ann.handle)
        ann.token = stolen
        with refuses(401, ErrorCode.UNAUTHENTICATED):
            ann.heads(team.world)
        ann.log_in()
        assert ann.heads(team.world).roster_hash == team.world.state.head
        ann.close()


def test_a_new_account_is_nobody_in_an_older_workspace(tmp_path: Path) -> None:
    """Only the accounts came back from a backup: who signs up next does not get the number of one that was lost."""
    with running_server(tmp_path) as server:
        before = tmp_path / "before"
        early = Client(server.origin, "early@example.org")
        early.sign_up()
        backup_folder(server.data, before)
        team = found_team(server.origin)
        server.stop()
        for name in ("server.db-wal", "server.db-shm"):
            (server.data / name).unlink(missing_ok=True)
        (before / "server.db").replace(server.data / "server.db")
        server.start()
        mallory = team.client("mallory")
        with refuses(404, ErrorCode.NOT_FOUND):
            mallory.heads(team.world)
        with refuses(401, ErrorCode.LOGIN_REFUSED):
            team.ann.log_in()
        early.close()
        team.close()


def test_numbers_of_accounts_cannot_be_guessed(tmp_path: Path) -> None:
    storage = SqliteFolder(tmp_path)
    with storage.write_accounts() as tx:
        made = [tx.add_account(n, AccountRow(0, n, bytes(32), 1, b"x"), 0, None) for n in "abcdefgh"]
    assert len(set(made)) == 8
    assert max(made) > 1 << 50
    storage.close()


def test_a_full_disk(tmp_path: Path) -> None:
    """Refused as such, and what is there stays readable; when there is room again, writing goes on."""
    engine = open_engine(tmp_path / "small.db")
    pages = 40

    @sa.event.listens_for(engine, "checkout")
    def _limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    with transaction(engine, write=True) as tx:
        tx.exec_driver_sql("CREATE TABLE t (x BLOB)")
    with pytest.raises(OverQuota, match="disk is full"), transaction(engine, write=True) as tx:
        tx.exec_driver_sql("INSERT INTO t VALUES (zeroblob(1000000))")
    with transaction(engine, write=False) as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 0
    pages = 4_000
    with transaction(engine, write=True) as tx:
        tx.exec_driver_sql("INSERT INTO t VALUES (zeroblob(1000000))")
    engine.dispose()


def push_until_gone(team: Team, taken: list[int], busy: threading.Event) -> None:
    """One commit after the other, until the server is gone; the positions that were acknowledged."""
    client = Client(team.origin, team.ann.handle)
    client.token = team.ann.token
    writer = team.start_log()
    try:
        while True:
            commit = writer.make(team.world.ann.device)
            taken.append(client.push(team.world, commit).placements[0].position)
            writer.took(commit)
            if len(taken) == 5:
                busy.set()
    except requests.RequestException:
        pass  # stopped
    finally:
        busy.set()
        client.close()


def test_a_stop_in_the_middle_of_appending(tmp_path: Path) -> None:
    """SIGTERM: what is under way is answered, the end is clean, and what was acknowledged is there."""
    with running_server(tmp_path) as server:
        team = found_team(server.origin)
        taken: list[int] = []
        busy = threading.Event()
        pusher = threading.Thread(target=push_until_gone, args=(team, taken, busy))
        pusher.start()
        assert busy.wait(60)
        assert server.stop() == 0
        pusher.join(60)
        assert server.errors() == ""
        assert not list(server.data.rglob("*-wal"))
        server.start()
        held = team.ann.log(team.world, CONTACTS).head_position
        assert held in (taken[-1], taken[-1] + 1)
        team.close()


def test_a_copy_while_others_write(tmp_path: Path) -> None:
    """Each copied log is a beginning of the real one, whole and in order."""
    with running_server(tmp_path) as server:
        team = found_team(server.origin)
        taken: list[int] = []
        busy = threading.Event()
        pusher = threading.Thread(target=push_until_gone, args=(team, taken, busy))
        pusher.start()
        assert busy.wait(60)
        for number in range(3):
            backup_folder(server.data, tmp_path / f"copy{number}")
        server.stop()
        pusher.join(60)
        for number in range(3):
            path = tmp_path / f"copy{number}" / "workspaces" / f"{team.world.workspace.hex()}.db"
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                places = [
                    row[0] for row in connection.execute("SELECT position FROM commits ORDER BY position")
                ]
                assert places == list(range(1, len(places) + 1))
                assert connection.execute("SELECT position FROM logs").fetchone() == (len(places),)
        team.close()


def test_a_journal_that_cannot_be_written(tmp_path: Path) -> None:
    """Its disk is full: entries are lost, requests are not."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with running_server(tmp_path) as server:
        server.stop()
        server.journal.unlink()
        server.journal.symlink_to("/dev/full")
        server.start()
        client = Client(server.origin, "ann@example.org")
        client.sign_up()
        client.log_in()
        assert client.ask("GET", Route.ACCOUNT, wire.Account).handle == client.handle
        client.close()
        assert "journal cannot be written" in server.errors()
        server.stop()
        server.journal.unlink()
