"""What is PostgreSQL's own: the URL, names of schemas, revisions, news, and errors that say nothing of the password."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from protocol.ids import WorkspaceId
from server.errors import NewerData, StorageError
from server.storage import SessionRow, Storage, account_tables, open_database, workspace_tables
from server.storage.interface import Usage
from tests.server.test_serving import run
from tests.server.test_storage import ID, account
from tests.support.postgres import RunningPostgres

pytest.importorskip("psycopg", reason="needs psycopg, of the extra `postgres`")
from server.storage.postgres.place import parse_place  # where there is psycopg only
from server.storage.postgres.schemas import ACCOUNTS, schema_of, workspace_of

SECRET = "not/to@be:seen"


@pytest.fixture
def url(postgres: RunningPostgres) -> str:
    return postgres.database()


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(parse_place(url))
    yield made
    made.dispose()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tacit",
        "mysql://tacit@localhost/tacit",
        "postgresql+asyncpg://localhost/tacit",
        "postgresql://localhost",
        f"postgresql://tacit:{SECRET}@db.example.org:port/tacit",
    ],
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(StorageError) as refused:
        parse_place(text)
    assert "seen" not in str(refused.value)


@pytest.mark.parametrize("local", ["localhost", "127.0.0.1", "[::1]", ""])
def test_on_this_machine_without_tls(local: str) -> None:
    assert "sslmode" not in parse_place(f"postgresql://tacit:word@{local}/tacit").query


def test_beyond_this_machine_the_certificate_is_checked() -> None:
    query = parse_place("postgres://tacit:word@db.example.org/tacit").query
    assert (query["sslmode"], query["sslrootcert"]) == ("verify-full", "system")
    own = parse_place("postgres://tacit@db.example.org/tacit?sslmode=verify-ca&sslrootcert=/etc/ca.pem").query
    assert (own["sslmode"], own["sslrootcert"]) == ("verify-ca", "/etc/ca.pem")
    assert "sslmode" in parse_place("postgres://tacit@localhost,db.example.org/tacit?host=a.org").query


def test_options_of_the_operator_are_kept() -> None:
    options = parse_place("postgresql://localhost/tacit?options=-c%20work_mem%3D8MB").query["options"]
    assert "lock_timeout" in options
    assert "work_mem=8MB" in options


def test_names_of_schemas() -> None:
    assert len(schema_of(ID)) == 54
    assert workspace_of(schema_of(ID)) == ID
    for name in ("tacit", "public", "w_", "w_aaaa", "w_" + ID.hex(), schema_of(ID).upper(), "w_" + "1" * 52):
        assert workspace_of(name) is None


def test_an_unreachable_database_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.touch(0o600)
    file.write_text(f"postgresql://tacit:{SECRET}@127.0.0.1:1/tacit?connect_timeout=1", encoding="utf-8")
    refused = run("serve", "--database-url-file", str(file), "--listen", "127.0.0.1:0")
    assert refused.returncode == 1
    assert refused.stderr.startswith("tacit server: the database")
    assert "seen" not in refused.stdout + refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")
@pytest.mark.hostile
def test_a_url_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://localhost/tacit", encoding="utf-8")
    file.chmod(0o644)
    refused = run("serve", "--database-url-file", str(file))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "others can read" in refused.stderr


def test_somewhere_everything_must_be_kept() -> None:
    refused = run("serve")
    assert refused.returncode == 1
    assert "TACIT_DATABASE_URL" in refused.stderr


def test_a_folder_or_a_database(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_DATABASE_URL", url)
    assert run("status").returncode == 0
    assert "which of the two" in run("status", "--data", str(tmp_path)).stderr


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit"])
def test_a_database_that_forgets_is_refused(postgres: RunningPostgres, url: str, setting: str) -> None:
    if setting == "synchronous_commit":
        with pytest.raises(StorageError, match="could lose"):
            open_database(url + ("&" if "?" in url else "?") + "options=-c%20synchronous_commit%3Doff")
        return
    with postgres.setting("fsync", "off"), pytest.raises(StorageError, match="could lose"):
        open_database(url)


def test_newer_data_is_refused(url: str, engine: sa.Engine) -> None:
    with closing(open_database(url)) as storage:
        storage.create_workspace(ID).close()
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {schema_of(ID)}.alembic_version SET version_num = '9999'")
        with pytest.raises(NewerData):
            storage.open_workspace(ID)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {ACCOUNTS}.alembic_version SET version_num = '9999'")
    with pytest.raises(NewerData):
        open_database(url)


def test_migrations_make_what_the_tables_say(url: str, engine: sa.Engine) -> None:
    with closing(open_database(url)) as storage:
        storage.create_workspace(ID).close()
    for schema, metadata in ((ACCOUNTS, account_tables.metadata), (schema_of(ID), workspace_tables.metadata)):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET search_path TO {schema}")
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []


def test_several_make_one_workspace_at_once(url: str) -> None:
    """Each on a storage of its own, as processes are."""
    storages = [open_database(url) for _ in range(4)]
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def make(storage: Storage) -> None:
        try:
            barrier.wait(60)
            storage.create_workspace(ID)
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=make, args=(storage,)) for storage in storages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert storages[0].workspace_ids() == [ID]
    for storage in storages:
        storage.close()


def test_writers_of_two_processes_take_turns(url: str) -> None:
    storages = [open_database(url) for _ in range(2)]
    stores = [storage.create_workspace(ID) for storage in storages]

    def add(index: int) -> None:
        for _ in range(50):
            with stores[index].write() as tx:
                usage = tx.usage()
                tx.set_usage(Usage(usage.serial + 1, usage.stored + 1))

    threads = [threading.Thread(target=add, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert stores[0].newest() == stores[1].newest() == Usage(100, 100)
    for storage in storages:
        storage.close()


class Heard:
    """Keeps what it is told, for whoever waits."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self._changed = threading.Condition()

    def _tell(self, what: object) -> None:
        with self._changed:
            self.told.append(what)
            self._changed.notify_all()

    def workspace_moved(self, workspace: WorkspaceId) -> None:
        self._tell(workspace)

    def session_ended(self, session: bytes) -> None:
        self._tell(session)

    def missed(self) -> None:
        self._tell("missed")

    def wait_for(self, *told: object) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= len(told), 60)
        assert self.told == list(told)


def test_news_of_the_others_only(url: str, engine: sa.Engine) -> None:
    first, second = open_database(url), open_database(url)
    heard = Heard()
    first.listen(heard)
    heard.wait_for("missed")
    with first.create_workspace(ID).write() as tx:
        tx.set_usage(Usage(1, 1))  # by itself: not told
    with second.open_workspace(ID).write() as tx:
        tx.set_usage(Usage(1, 2))  # no new serial: nothing to wake anybody for
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_notify('tacit', 'who knows what')")
    with pytest.raises(ZeroDivisionError), second.open_workspace(ID).write() as tx:
        tx.set_usage(Usage(9, 9))
        raise ZeroDivisionError
    with second.open_workspace(ID).write() as tx:
        tx.set_usage(Usage(2, 2))
    heard.wait_for("missed", ID)
    with second.write_accounts() as accounts:
        number = accounts.add_account("ann", account(), 5, None)
        for each in (1, 2, 3):
            row = SessionRow(bytes([each]) * 16, number, 1, 1_000, 1, "desk")
            accounts.add_session(bytes([each]) * 32, row)
        accounts.end_session(number, b"\x01" * 16)
        accounts.end_other_sessions(number, b"\x03" * 16)
    heard.wait_for("missed", ID, b"\x01" * 16, b"\x02" * 16)
    with engine.begin() as connection:  # and after the line was cut
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    heard.wait_for("missed", ID, b"\x01" * 16, b"\x02" * 16, "missed")
    first.close()
    second.close()
