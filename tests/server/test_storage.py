"""The contract of a storage: what every one of them promises. Another kind joins by one more line in KINDS."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy.exc
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from protocol.roster import Entry
from protocol.wire import Wrap
from server.errors import FolderBusy, NewerData, NotFound, StorageError
from server.storage import (
    AccountRow,
    ChallengeRow,
    CommitRow,
    LogRow,
    RosterRow,
    SessionRow,
    SqliteFolder,
    Storage,
    WorkspaceStore,
    WorkspaceTx,
    WrapRow,
    account_tables,
    backup_folder,
    open_database,
    workspace_tables,
)
from server.storage.engine import open_engine
from server.storage.interface import DeviceRow, Usage
from server.storage.migrate import Kind, newest
from tests.support.postgres import RunningPostgres


def sqlite(request: pytest.FixtureRequest) -> Storage:
    folder: Path = request.getfixturevalue("tmp_path")
    return SqliteFolder(folder / "data")


def postgres(request: pytest.FixtureRequest) -> Storage:
    running: RunningPostgres = request.getfixturevalue("postgres")
    return open_database(running.database())


KINDS: dict[str, Callable[[pytest.FixtureRequest], Storage]] = {"sqlite": sqlite, "postgres": postgres}
ID = bytes(range(32))
LOG, OTHER = b"\x02" + bytes(32), b"\x03" + bytes(32)


@pytest.fixture(params=sorted(KINDS))
def storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    opened = KINDS[request.param](request)
    yield opened
    opened.close()


@pytest.fixture
def workspace(storage: Storage) -> Iterator[WorkspaceStore]:
    made = storage.create_workspace(ID)
    yield made
    made.close()


def account(handle: str = "Ann") -> AccountRow:
    return AccountRow(0, handle, bytes(32), 1, b"sealed")


def commit(serial: int, log: int, position: int, size: int = 10, author: bytes = b"a" * 16) -> CommitRow:
    return CommitRow(
        serial, log, position, author, position, b"h%31d" % serial, b"c%31d" % serial, b"head", b"s" * 64,
        os.urandom(size),
    )  # fmt: skip


def fill(tx: WorkspaceTx, count: int, size: int = 10) -> tuple[int, int]:
    """Commits with odd serials in one log, even ones in the other."""
    logs = tx.add_log(LOG), tx.add_log(OTHER)
    for serial in range(1, count + 1):
        tx.add_commit(commit(serial, logs[(serial + 1) % 2], (serial + 1) // 2, size))
    return logs


def test_accounts(storage: Storage) -> None:
    with storage.write_accounts() as tx:
        number = tx.add_account("ann", account(), 5, b"i" * 32)
        assert tx.account_by_handle("ann") == tx.account(number) == AccountRow(number, *_rest(account()))
    with storage.read_accounts() as tx:
        assert tx.account(number) is not None
        assert tx.account_by_handle("ben") is None
        assert tx.accounts_of_invitation(b"i" * 32) == 1
        assert tx.counts()["accounts"] == 1


def _rest(row: AccountRow) -> tuple[str, bytes, int, bytes]:
    return row.handle, row.login_key, row.bundle_version, row.bundle


def test_the_bundle_moves_from_the_expected_version(storage: Storage) -> None:
    with storage.write_accounts() as tx:
        number = tx.add_account("ann", account(), 5, None)
        assert not tx.replace_bundle(number, 2, 3, b"no")
        assert tx.replace_bundle(number, 1, 2, b"yes")
        tx.set_login_key(number, b"k" * 32)
        found = tx.account(number)
    assert found == AccountRow(number, "Ann", b"k" * 32, 2, b"yes")


def test_challenges_are_taken_once_and_dropped_late(storage: Storage) -> None:
    row = ChallengeRow(b"h" * 32, 100)
    with storage.write_accounts() as tx:
        tx.add_challenge(b"c" * 32, row)
        assert tx.take_challenge(b"c" * 32) == row
        assert tx.take_challenge(b"c" * 32) is None
        tx.add_challenge(b"d" * 32, row)
        tx.drop_expired(101)
        assert tx.take_challenge(b"d" * 32) is None


def test_attempts(storage: Storage) -> None:
    with storage.write_accounts() as tx:
        for at in (10, 20, 30):
            tx.add_attempt(b"w" * 32, at)
        assert tx.attempts_since(b"w" * 32, 20) == 2
        assert tx.attempts_since(b"x" * 32, 0) == 0


def test_sessions(storage: Storage) -> None:
    with storage.write_accounts() as tx:
        ann, ben = (tx.add_account(name, account(name), 5, None) for name in ("ann", "ben"))
        rows = [SessionRow(bytes([n]) * 16, ann, n, 1_000, n, "desk") for n in (1, 2, 3)]
        for row in rows:
            tx.add_session(b"t" + row.id * 2, row)
        assert tx.session(b"t" + rows[1].id * 2) == rows[1]
        assert tx.sessions(ann) == rows
        assert tx.sessions(ben) == []
        tx.seen_session(rows[0].id, 77)
        assert tx.sessions(ann)[0].last_seen == 77
        assert not tx.end_session(ben, rows[0].id)
        assert tx.end_session(ann, rows[0].id)
        assert tx.end_other_sessions(ann, rows[1].id) == [rows[2].id]
        assert tx.sessions(ann) == [rows[1]]


def test_memberships(storage: Storage) -> None:
    with storage.write_accounts() as tx:
        ann = tx.add_account("ann", account(), 5, None)
        tx.link(ann, ID)
        tx.link(ann, ID)
        assert tx.workspaces_of(ann) == [ID]


def test_a_transaction_that_fails_leaves_nothing(storage: Storage, workspace: WorkspaceStore) -> None:
    with pytest.raises(ZeroDivisionError), storage.write_accounts() as tx:
        tx.add_account("ann", account(), 5, None)
        raise ZeroDivisionError
    with storage.read_accounts() as tx:
        assert tx.account_by_handle("ann") is None
    with pytest.raises(ZeroDivisionError), workspace.write() as change:
        fill(change, 3)
        raise ZeroDivisionError
    with workspace.read() as view:
        assert view.logs() == []


def test_a_reader_sees_one_state(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        logs = fill(tx, 2)
    with workspace.read() as before:
        assert len(before.commits_from(logs[0], 1, 10, 1_000)) == 1
        with workspace.write() as tx:
            tx.add_commit(commit(3, logs[0], 2))
        assert len(before.commits_from(logs[0], 1, 10, 1_000)) == 1
    with workspace.read() as after:
        assert len(after.commits_from(logs[0], 1, 10, 1_000)) == 2


def test_one_writer_at_a_time(workspace: WorkspaceStore) -> None:
    barrier = threading.Barrier(4)

    def add(_: int) -> None:
        barrier.wait()
        for _each in range(25):
            with workspace.write() as tx:
                usage = tx.usage()
                tx.set_usage(Usage(usage.serial + 1, usage.stored + 10))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    with workspace.read() as tx:
        assert tx.usage() == Usage(100, 1_000)


def test_roster_and_links(workspace: WorkspaceStore) -> None:
    rows = [RosterRow(n * 3, n, bytes([n]) * 32, Entry(b"b" * n, b"s" * 64)) for n in range(1, 6)]
    with workspace.write() as tx:
        for row in rows:
            tx.add_entry(row)
        tx.set_link(7, b"m" * 16)
        tx.set_link(7, b"n" * 16)
    with workspace.read() as tx:
        assert list(tx.roster()) == rows
        assert tx.roster_page(2, 2, 1_000) == rows[2:4]
        assert tx.roster_since(3, 12, 10, 1_000) == (rows[1:4], True)
        assert tx.roster_since(0, 99, 2, 1_000) == (rows[:2], False)
        assert tx.member_links() == {7: b"n" * 16}


def test_log_rows(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        key = tx.add_log(LOG)
        row = LogRow(key, LOG, 4, b"c" * 32, 2, 3, 5)
        tx.update_log(row)
        tx.set_device(key, DeviceRow(b"d" * 16, 1, b"h" * 32))
        tx.set_device(key, DeviceRow(b"d" * 16, 2, b"i" * 32))
        tx.add_key_hash(key, 1, b"k" * 32)
    with workspace.read() as tx:
        assert tx.logs() == [row]
        assert tx.devices(key) == [DeviceRow(b"d" * 16, 2, b"i" * 32)]
        assert tx.key_hashes(key) == {1: b"k" * 32}


def test_pages_of_commits(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        first, second = fill(tx, 10, size=100)
    with workspace.read() as tx:
        rows, complete = tx.commits_since(2, 9, [first], 10, 10_000)
        assert [row.serial for row in rows] == [3, 5, 7, 9]
        assert complete
        rows, complete = tx.commits_since(0, 10, [first, second], 3, 10_000)
        assert ([row.serial for row in rows], complete) == ([1, 2, 3], False)
        rows, complete = tx.commits_since(0, 10, [first, second], 10, 1)
        assert ([row.serial for row in rows], complete) == ([1], False)
        assert tx.commits_since(0, 10, [], 10, 1) == ([], True)
        assert [row.position for row in tx.commits_from(second, 3, 2, 10_000)] == [3, 4]
        assert len(tx.headers_from(second, 2, 99)) == 4
        assert tx.commit_of(first, b"a" * 16, 2) == (2, b"h%31d" % 3, b"c%31d" % 3)
        assert tx.commit_of(first, b"b" * 16, 2) is None
        assert tx.chain_at(second, 5) == b"c%31d" % 10
        assert tx.chain_at(second, 6) is None


@pytest.mark.parametrize("twice", ["place", "counter"])
def test_no_two_commits_in_one_place(workspace: WorkspaceStore, twice: str) -> None:
    with workspace.write() as tx:
        first, _ = fill(tx, 1)
    author = b"b" * 16 if twice == "place" else b"a" * 16
    with pytest.raises(sqlalchemy.exc.IntegrityError), workspace.write() as tx:
        tx.add_commit(commit(9, first, 1, author=author))


def test_wraps(workspace: WorkspaceStore) -> None:
    wrap = Wrap(LOG, 1, b"r" * 32, b"sealed")
    with workspace.write() as tx:
        assert tx.add_wrap(WrapRow(5, wrap), b"x" * 16)
        assert not tx.add_wrap(WrapRow(6, wrap), b"x" * 16)
        assert tx.add_wrap(WrapRow(6, wrap), b"y" * 16)
    with workspace.read() as tx:
        assert tx.wraps_since(0, 9, b"r" * 32, 10, 9_999) == ([WrapRow(5, wrap), WrapRow(6, wrap)], True)
        assert tx.wraps_since(5, 9, b"r" * 32, 10, 9_999) == ([WrapRow(6, wrap)], True)
        assert tx.wraps_since(0, 9, b"q" * 32, 10, 9_999) == ([], True)
        assert tx.recipients(LOG, 1) == [b"r" * 32]
        assert tx.recipients(LOG, 2) == []


def test_chunks(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        tx.add_chunk(LOG, b"f" * 16, 2, b"d" * 32, b"data")
    with workspace.read() as tx:
        assert tx.chunk(LOG, b"f" * 16, 2) == b"data"
        assert tx.chunk_hash(LOG, b"f" * 16, 2) == b"d" * 32
        assert tx.chunk(OTHER, b"f" * 16, 2) is None
        assert tx.chunk_indexes(LOG, b"f" * 16) == [2]


def test_workspaces_are_apart(storage: Storage, workspace: WorkspaceStore) -> None:
    other = storage.create_workspace(bytes(32))
    with other.write() as tx:
        fill(tx, 2)
    with workspace.read() as tx:
        assert tx.logs() == []
    other.close()
    assert storage.workspace_ids() == sorted([ID, bytes(32)])
    with pytest.raises(NotFound):
        storage.open_workspace(b"\xff" * 32)


def test_the_newest_usage(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        tx.set_usage(Usage(3, 40))
        assert tx.usage() == Usage(3, 40)
    assert workspace.newest() == Usage(3, 40)


def test_large_pages_are_taken_as_far_as_they_fit(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        first, _ = fill(tx, 60, size=1 << 16)
    with workspace.read() as tx:
        assert len(tx.commits_from(first, 1, 1_000, 1 << 20)) == 15
        assert len(tx.commits_from(first, 1, 1_000, 1 << 30)) == 30
        assert len(tx.headers_from(first, 1, 1_000)) == 30


def test_numbers_beyond_32_bits(workspace: WorkspaceStore) -> None:
    with workspace.write() as tx:
        key = tx.add_log(LOG)
        tx.add_commit(commit(1 << 40, key, 1))
        tx.set_link(1 << 61, b"m" * 16)
        tx.set_usage(Usage(1 << 40, 1 << 50))
    with workspace.read() as tx:
        assert [row.serial for row in tx.commits_since(1 << 39, 1 << 41, [key], 9, 9_999)[0]] == [1 << 40]
        assert tx.member_links() == {1 << 61: b"m" * 16}


# the folder of SQLite files


def test_one_process_a_folder(tmp_path: Path) -> None:
    first = SqliteFolder(tmp_path)
    with pytest.raises(FolderBusy):
        SqliteFolder(tmp_path)
    first.close()
    SqliteFolder(tmp_path).close()


def test_newer_data_is_refused(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path)
    folder.create_workspace(ID).close()
    folder.close()
    for path in (tmp_path / "workspaces" / f"{ID.hex()}.db", tmp_path / "server.db"):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerData):
        SqliteFolder(tmp_path)
    with closing(sqlite3.connect(tmp_path / "server.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (newest(Kind.ACCOUNTS),))
    folder = SqliteFolder(tmp_path)
    with pytest.raises(NewerData):
        folder.open_workspace(ID)
    folder.close()


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path)
    folder.create_workspace(ID).close()
    folder.close()
    for path, metadata in (
        (tmp_path / "server.db", account_tables.metadata),
        (tmp_path / "workspaces" / f"{ID.hex()}.db", workspace_tables.metadata),
    ):
        engine = open_engine(path)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()


def test_files_are_the_users_alone(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path / "data")
    folder.create_workspace(ID).close()
    folder.close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    for path in (tmp_path / "data").rglob("*.db"):
        assert path.stat().st_mode & 0o077 == 0


def test_backup_while_it_is_written(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path / "data")
    workspace = folder.create_workspace(ID)
    with workspace.write() as tx:
        fill(tx, 3)
    with workspace.write() as tx:
        tx.set_usage(Usage(99, 99))
        assert backup_folder(tmp_path / "data", tmp_path / "copy") == 1
    workspace.close()
    folder.close()
    with pytest.raises(StorageError):
        backup_folder(tmp_path / "data", tmp_path / "copy")
    copy = SqliteFolder(tmp_path / "copy")
    restored = copy.open_workspace(ID)
    with restored.read() as tx:
        assert len(tx.logs()) == 2
        assert tx.usage().serial == 0  # of before the transaction that was under way
    restored.close()
    copy.close()
