"""A backup takes the place of what a folder holds, with the server stopped; cut off anywhere, it is finished later.

    1 the backup's files are checked, and copied into `DIR/restoring`; sessions are left out
    2 each workspace's journal goes on: the lines since the backup are carried over, and one for this act is added
    3 `restoring/ready` is written: from here on the restore is finished, by this run or by the next
    4 file by file, what was there is moved to `DIR/replaced-<time>`, and the new one to its place

A server does not start between 3 and the end of 4.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from protocol.ids import WorkspaceId
from protocol.wire_security import JournalEntry
from server.errors import StorageError
from server.storage.acts import ActsTx
from server.storage.engine import open_engine, transaction
from server.storage.folder import READY, RESTORING, workspaces_in
from server.storage.lock import lock_folder
from server.storage.migrate import Kind, copy_database, known_revisions, migrate, revision

ACCOUNTS = "server.db"
SIDES = ("", "-wal", "-shm")
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, where the former files are, and the workspaces whose journal could not be carried over."""

    workspaces: int
    replaced: Path
    without_journal: tuple[WorkspaceId, ...] = ()


def finish_restore(folder: Path) -> Path | None:
    """Finish a restore that was broken off; where the former files are, or None where there was none.

    Raises FolderBusy."""
    if not (folder / RESTORING / READY).exists():
        return None
    with _locked(folder):
        return _finish(folder)


def restore_folder(folder: Path, backup: Path, only: WorkspaceId | None, actor: str) -> Restored:
    """Put a backup in place, all of it, or one workspace alone. The journal's line names `actor`.

    Raises StorageError for what is no backup or is damaged, FolderBusy while a server runs; then nothing has changed.
    """
    wanted = _checked(backup, only)
    with _locked(folder):
        if (folder / RESTORING / READY).exists():
            raise StorageError("an earlier restore was broken off: run `restore` without --from to finish it")
        staging = folder / RESTORING
        shutil.rmtree(staging, ignore_errors=True)
        (staging / "workspaces").mkdir(parents=True, mode=0o700)
        lost = []
        for workspace in wanted:
            name = f"workspaces/{workspace.hex()}.db"
            copy_database(backup / name, staging / name)
            if not _carry_journal(folder / name, staging / name, workspace, actor, backup.name):
                lost.append(workspace)
        if only is None:
            copy_database(backup / ACCOUNTS, staging / ACCOUNTS)
            _without_sessions(staging / ACCOUNTS)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        away = [] if only is not None else [f"workspaces/{each.hex()}.db" for each in workspaces_in(folder)]
        _say_ready(staging, f"replaced-{stamp}", away)
        return Restored(len(wanted), _finish(folder), tuple(lost))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_folder(folder):
        yield


def _checked(backup: Path, only: WorkspaceId | None) -> list[WorkspaceId]:
    """The workspaces to restore. Every file that is wanted opens, is whole, and of a version that is known."""
    every = workspaces_in(backup)
    if not (backup / ACCOUNTS).is_file():
        raise StorageError("no backup there")
    if only is not None and only not in every:
        raise StorageError("the backup has no such workspace")
    wanted = every if only is None else [only]
    if only is None:
        _check_file(backup / ACCOUNTS, Kind.ACCOUNTS)
    for workspace in wanted:
        _check_file(backup / "workspaces" / f"{workspace.hex()}.db", Kind.WORKSPACE)
    return wanted


def _check_file(path: Path, kind: Kind) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            present = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        raise StorageError(f"{path.name} in the backup cannot be read") from None
    if found != "ok" or present is None:
        raise StorageError(f"{path.name} in the backup is damaged")
    if present[0] not in known_revisions(kind):
        raise StorageError(f"{path.name} in the backup is of a newer server")


def _carry_journal(present: Path, staged: Path, workspace: WorkspaceId, actor: str, name: str) -> bool:
    """False where what was there cannot be read, or is not the journal that the backup begins with."""
    engine = open_engine(staged)
    try:
        migrate(engine, Kind.WORKSPACE, staged, workspace)
        now = _acts(present)
        with transaction(engine, write=True) as connection:
            tx = ActsTx(connection)
            before = _every(tx)
            carried = now is not None and now[: len(before)] == before
            for act in (now or [])[len(before) :] if carried else ():
                tx.add_act(act)
            detail = f"from {name}: {_serial(connection)} changes, {_present_serial(present)} were there"
            if not carried and present.exists():
                detail += "; the journal since then is lost"
            tx.append_act(workspace, int(time.time()), actor, "restore", detail)
    finally:
        _close(engine, staged)
    return carried or not present.exists()


def _acts(path: Path) -> list[JournalEntry] | None:
    """The journal of the file that is there; None where there is none that can be read."""
    if not path.is_file():
        return None
    engine = open_engine(path)
    try:
        if revision(engine) not in known_revisions(Kind.WORKSPACE):
            return None
        with transaction(engine, write=False) as connection:
            return _every(ActsTx(connection))
    except sa.exc.SQLAlchemyError:
        return None  # damaged, as the reason for a restore may be; or of a version without a journal
    finally:
        engine.dispose()


def _every(tx: ActsTx) -> list[JournalEntry]:
    found: list[JournalEntry] = []
    while page := tx.acts_from(found[-1].seq + 1 if found else 0, PAGE):
        found += page
    return found


def _serial(connection: sa.Connection) -> object:
    return connection.exec_driver_sql("SELECT serial FROM usage").scalar_one()


def _present_serial(path: Path) -> object:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT serial FROM usage").fetchone()
    except sqlite3.Error:
        return "an unknown number"
    return "an unknown number" if found is None else found[0]


def _close(engine: sa.Engine, path: Path) -> None:
    """With all of it in the one file: the log beside it would not be moved."""
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").close()


def _without_sessions(path: Path) -> None:
    engine = open_engine(path)
    try:
        migrate(engine, Kind.ACCOUNTS, path)
        with transaction(engine, write=True) as connection:
            for table in ("sessions", "challenges", "attempts"):
                connection.exec_driver_sql(f"DELETE FROM {table}")  # one of these three names
    finally:
        _close(engine, path)


def _say_ready(staging: Path, replaced: str, away: list[str]) -> None:
    for spare in staging.rglob("*.before-*"):
        spare.unlink()
    staged = [ACCOUNTS] if (staging / ACCOUNTS).exists() else []
    staged += [f"workspaces/{path.name}" for path in sorted((staging / "workspaces").glob("*.db"))]
    text = json.dumps({"replaced": replaced, "put": staged, "away": sorted(set(away) - set(staged))})
    partial = staging / (READY + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(staging / READY)


def _finish(folder: Path) -> Path:
    staging = folder / RESTORING
    plan = json.loads((staging / READY).read_text(encoding="utf-8"))
    replaced = folder / str(plan["replaced"])
    (replaced / "workspaces").mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "workspaces").mkdir(mode=0o700, exist_ok=True)
    for name in plan["away"]:
        _move_away(folder, name, replaced)
    for name in plan["put"]:
        if (staging / name).exists():
            _move_away(folder, name, replaced)
            (staging / name).replace(folder / name)
    shutil.rmtree(staging)
    return replaced


def _move_away(folder: Path, name: str, replaced: Path) -> None:
    for side in SIDES:
        present = folder / (name + side)
        if present.exists():
            present.replace(replaced / (name + side))


__all__ = ["Restored", "finish_restore", "restore_folder"]
