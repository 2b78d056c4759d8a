"""Commands of the operator about what a server holds. Each is noted in the journal of every workspace it touches.

The line is written before the act: an act that is cut off leaves a line too many, and never one too few. Where it
cannot be written, nothing is done.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from protocol.ids import WorkspaceId
from protocol.wire_security import JournalEntry
from server.accounts.handles import handle_key
from server.acts import check_acts, every_act, note_every, note_one, operator
from server.errors import JournalBroken, ServerError
from server.serving.place import add_place, place_of
from server.serving.status import database_status, folder_status, print_status
from server.storage import (
    FolderBeside,
    SqliteFolder,
    Storage,
    backup_folder,
    finish_restore,
    open_database,
    restore_folder,
)
from server.storage.folder import workspaces_in

Subparsers: TypeAlias = (
    "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse gives it no public name
)


def add_commands(commands: Subparsers) -> None:
    """status, backup, restore, migrate, journal, account."""
    status = _place_command(commands, "status", _status, "what the server holds, while it runs or not")
    status.add_argument("--json", action="store_true")
    backup = commands.add_parser("backup", help="a consistent copy of a folder, while it is served or not")
    backup.add_argument("--data", type=Path, required=True)
    backup.add_argument(
        "--to", type=Path, required=True, help="an empty folder, or one that is not there yet"
    )
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup in place; no server may run")
    restore.add_argument("--data", type=Path, required=True)
    restore.add_argument(
        "--from",
        type=Path,
        dest="source",
        help="the backup; left out to finish a restore that was broken off",
    )
    restore.add_argument(
        "--workspace", default="", metavar="ID", help="this one alone: the beginning of its id"
    )
    restore.set_defaults(run=_restore)
    _place_command(commands, "migrate", _migrate, "bring all to this version; no server may run")
    journal = _place_command(commands, "journal", _journal, "print and check the operator-access journal")
    journal.add_argument(
        "--workspace", default="", metavar="ID", help="this one alone: the beginning of its id"
    )
    journal.add_argument("--json", action="store_true")
    journal.add_argument("--note", default="", metavar="TEXT", help="add a line of your own first")
    account = _place_command(commands, "account", _account, "help somebody who cannot log in")
    account.add_argument("--handle", required=True)
    act = account.add_mutually_exclusive_group(required=True)
    act.add_argument("--end-sessions", action="store_true", help="sign out every computer")
    act.add_argument(
        "--drop-second-factor", action="store_true", help="for who lost both the app and the recovery codes"
    )


def _place_command(
    commands: Subparsers, name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words)
    add_place(parser)
    parser.set_defaults(run=run)
    return parser


def _now() -> int:
    return int(time.time())


def _beside(place: Path | str) -> Storage:
    return FolderBeside(place) if isinstance(place, Path) else open_database(place)


def _status(options: argparse.Namespace) -> int:
    place = place_of(options)
    with closing(_beside(place)) as storage:
        note_every(storage, _now(), operator(), "status", "numbers of entries, logs and commits were read")
    status = folder_status(place) if isinstance(place, Path) else database_status(open_database(place))
    return print_status(status, as_json=options.json)


def _backup(options: argparse.Namespace) -> int:
    target: Path = options.to
    if target.exists() and any(target.iterdir()):
        raise ServerError("the folder for the backup is not empty")
    with closing(FolderBeside(options.data)) as storage:
        note_every(storage, _now(), operator(), "backup", f"copied to {target.name}")
    count = backup_folder(options.data, target)
    sys.stdout.write(f"accounts and {count} workspaces copied\n")
    return 0


def _restore(options: argparse.Namespace) -> int:
    folder: Path = options.data
    if options.source is None:
        replaced = finish_restore(folder)
        if replaced is None:
            raise ServerError("which backup? --from")
        sys.stdout.write(f"finished; what was there is in {replaced.name}\n")
        return 0
    only = _one_of(options.workspace, workspaces_in(options.source)) if options.workspace else None
    done = restore_folder(folder, options.source, only, operator())
    what = f"workspace {only.hex()[:8]}" if only is not None else f"accounts and {done.workspaces} workspaces"
    sys.stdout.write(f"{what} restored; what was there is in {done.replaced.name}\n")
    for workspace in done.without_journal:
        sys.stdout.write(
            f"{workspace.hex()[:8]}: its journal could not be carried over; its admins will be told of it\n"
        )
    return 0


def _migrate(options: argparse.Namespace) -> int:
    place = place_of(options)
    if isinstance(place, Path) and not place.is_dir():
        raise ServerError("no such folder")
    storage = SqliteFolder(place) if isinstance(place, Path) else open_database(place)
    with closing(storage):
        workspaces = storage.workspace_ids()
        for workspace in workspaces:
            storage.open_workspace(workspace).close()
    sys.stdout.write(f"accounts and {len(workspaces)} workspaces are of this version\n")
    return 0


def _journal(options: argparse.Namespace) -> int:
    with closing(_beside(place_of(options))) as storage:
        every = storage.workspace_ids()
        chosen = [_one_of(options.workspace, every)] if options.workspace else every
        if options.note:
            for workspace in chosen:
                note_one(storage, workspace, _now(), operator(), "note", options.note)
        found = {workspace: _acts_of(storage, workspace) for workspace in chosen}
    broken = {workspace: words for workspace, acts in found.items() if (words := _break_of(workspace, acts))}
    if options.json:
        _print_json(found, broken)
    else:
        _print_lines(found, broken)
    return 1 if broken else 0


def _acts_of(storage: Storage, workspace: WorkspaceId) -> list[JournalEntry]:
    with closing(storage.open_workspace(workspace)) as store, store.read() as tx:
        return every_act(tx)


def _break_of(workspace: WorkspaceId, acts: list[JournalEntry]) -> str:
    try:
        check_acts(workspace, acts)
    except JournalBroken as broken:
        return str(broken)
    return ""


def _print_json(found: dict[WorkspaceId, list[JournalEntry]], broken: dict[WorkspaceId, str]) -> None:
    listed = [
        {
            "workspace": workspace.hex(),
            "holds": workspace not in broken,
            "lines": [
                {
                    "seq": act.seq,
                    "time": act.time,
                    "actor": act.actor,
                    "action": act.action,
                    "detail": act.detail,
                    "hash": act.hash.hex(),
                }
                for act in acts
            ],
        }
        for workspace, acts in found.items()
    ]
    sys.stdout.write(json.dumps(listed, indent=2) + "\n")


def _print_lines(found: dict[WorkspaceId, list[JournalEntry]], broken: dict[WorkspaceId, str]) -> None:
    for workspace, acts in found.items():
        state = broken.get(workspace, f"{len(acts)} lines, the chain holds")
        sys.stdout.write(f"workspace {workspace.hex()[:8]}: {state}\n")
        for act in acts:
            at = datetime.fromtimestamp(act.time, UTC).strftime("%Y-%m-%d %H:%M:%S")
            words = f"  {act.seq:>6}  {at}  {act.actor:<10}  {act.action}"
            sys.stdout.write(f"{words}  {act.detail}".rstrip() + "\n")


def _account(options: argparse.Namespace) -> int:
    with closing(_beside(place_of(options))) as storage:
        with storage.read_accounts() as tx:
            row = tx.account_by_handle(handle_key(options.handle))
            workspaces = [] if row is None else tx.workspaces_of(row.id)
        if row is None:
            raise ServerError("no such account")
        action = "end-sessions" if options.end_sessions else "drop-second-factor"
        for workspace in workspaces:
            with closing(storage.open_workspace(workspace)) as store, store.read() as of:
                member = of.member_links().get(row.id)
            if member is not None:
                note_one(storage, workspace, _now(), operator(), action, f"member {member.hex()}")
        with storage.write_accounts() as tx:
            if options.drop_second_factor:
                tx.drop_second_factor(row.id)
            ended = tx.end_other_sessions(row.id, b"")
    sys.stdout.write(f"done; {len(ended)} sessions ended\n")
    return 0


def _one_of(prefix: str, every: list[WorkspaceId]) -> WorkspaceId:
    """The workspace whose id begins so. Raises ServerError for none, and for several."""
    found = [each for each in every if each.hex().startswith(prefix.lower())]
    if len(found) != 1:
        raise ServerError(f"{len(found)} workspaces begin with {prefix[:64]!r}: give more of the id")
    return found[0]
