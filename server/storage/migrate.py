"""Numbered forward migrations of both kinds of database, run when one is opened.

A file that a newer server has written is refused. Before a file that holds something is changed, a copy of it is put
beside it (`<name>.before-<revision>`).
"""

from __future__ import annotations

import enum
import os
import sqlite3
import threading
import time
from contextlib import closing
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from protocol.ids import WorkspaceId
from server.errors import NewerData
from server.storage.acts import ActsTx
from server.storage.engine import transaction

_one_at_a_time = threading.Lock()  # Alembic's context is a global of the process


class Kind(enum.Enum):
    """Which of the two databases; the value is its folder of migrations."""

    ACCOUNTS = "accounts"
    WORKSPACE = "workspace"


def _config(kind: Kind) -> Config:
    config = Config()
    config.set_main_option("path_separator", "os")
    folder = Path(__file__).parent / "migrations" / kind.value
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@cache
def _scripts(kind: Kind) -> tuple[str, frozenset[str]]:
    directory = ScriptDirectory.from_config(_config(kind))
    head = directory.get_current_head()
    assert head is not None
    return head, frozenset(script.revision for script in directory.walk_revisions())


def newest(kind: Kind) -> str:
    """The revision that this server writes."""
    return _scripts(kind)[0]


def known_revisions(kind: Kind) -> frozenset[str]:
    """All revisions that this server can read, or bring to the newest."""
    return _scripts(kind)[1]


def revision(engine: sa.Engine) -> str | None:
    """The revision of a database, None for an empty one."""
    with transaction(engine, write=False) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: sa.Engine, kind: Kind, path: Path, workspace: WorkspaceId = b"") -> None:
    """Bring a database to this server's revision; that of a workspace notes it in its journal. Raises NewerData where
    it is beyond it."""
    head, known = _scripts(kind)
    present = revision(engine)
    if present == head:
        return
    if present is not None:
        if present not in known:
            raise NewerData(f"{path.name} was written by a newer server (revision {present})")
        copy_database(path, path.with_name(f"{path.name}.before-{head}"))
    with transaction(engine, write=True) as connection:
        upgrade(connection, kind)
        if present is not None and kind is Kind.WORKSPACE:
            note_migration(connection, workspace, present)


def note_migration(connection: sa.Connection, workspace: WorkspaceId, before: str) -> None:
    """A line in the journal of a workspace that was just upgraded, in the same transaction."""
    detail = f"format {before} to {newest(Kind.WORKSPACE)}"
    ActsTx(connection).append_act(workspace, int(time.time()), "server", "migrate", detail)


def upgrade(connection: sa.Connection, kind: Kind) -> None:
    """Run what is missing up to the newest revision, in the caller's transaction."""
    with _one_at_a_time:
        config = _config(kind)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, made while the source is in use (SQLite's backup interface)."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(partial)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE").close()
    partial.replace(target)
