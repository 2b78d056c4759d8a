"""What must not be there: plain words in what the server has, and openings for somebody who was removed.

`open_everything` is the attack of a former member together with the operator: every log key in her vault, every
wrap in the server's folder tried with her private key, every carried key followed, and every body tried with
every key found. What was written before she left opens (that shows that the attack works); what came later must not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from protocol.codec import decode
from protocol.commit import Header, Kind, parse_header
from protocol.errors import ProtocolError
from protocol.ids import LogId
from protocol.limits import MAX_OPENED
from protocol.operations import RotateBody
from tools.canaries import Found, files_below, search
from vault.keys import EncryptionKey, OpenFailed, body_context, open_body, unwrap


@dataclass(frozen=True, slots=True)
class Stolen:
    """What a former member brings: her private key and every log key that her vault ever held."""

    encryption: EncryptionKey
    keys: frozenset[tuple[LogId, bytes]]


@dataclass(frozen=True, slots=True)
class StoredBody:
    serial: int
    header: Header
    body: bytes


@dataclass(frozen=True, slots=True)
class Openings:
    """How many bodies opened, up to a place in the server's order and behind it."""

    before: int
    after: int


def newest_serial(database: Path) -> int:
    """The server's newest place in its order, for saying what came before a removal and what after."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT coalesce(max(serial), 0) FROM commits").fetchone()[0])


def stored_bodies(database: Path) -> list[StoredBody]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT serial, header, body FROM commits JOIN bodies USING (serial) ORDER BY serial"
        ).fetchall()
    return [
        StoredBody(int(serial), parse_header(bytes(header)), bytes(body)) for serial, header, body in rows
    ]


def stored_wraps(database: Path) -> list[tuple[LogId, int, bytes]]:
    """(log, generation, sealed) of all rows, whoever they are for."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT log, generation, sealed FROM wraps").fetchall()
    return [(LogId.decode(bytes(log)), int(generation), bytes(sealed)) for log, generation, sealed in rows]


def open_everything(stolen: Stolen, database: Path, removed_at: int) -> Openings:
    """Try everything with everything; `removed_at` is the serial after which nothing may open."""
    opened = opened_serials(stolen, database)
    late = sum(serial > removed_at for serial in opened)
    return Openings(len(opened) - late, late)


def opened_serials(stolen: Stolen, database: Path) -> set[int]:
    """The serials of all bodies that open, whatever is tried with whatever."""
    bodies = stored_bodies(database)
    keys = set(stolen.keys)
    workspace = bodies[0].header.workspace
    for log, generation, sealed in stored_wraps(database):
        try:
            keys.add((log, unwrap(stolen.encryption, workspace, log, generation, sealed)))
        except OpenFailed:
            continue
    opened: set[int] = set()
    fresh = set(keys)
    while fresh:
        found: set[tuple[LogId, bytes]] = set()
        for stored in bodies:
            if stored.serial in opened:
                continue
            plain = _open_with(stored, (key for log, key in fresh if log == stored.header.log_id))
            if plain is None:
                continue
            opened.add(stored.serial)
            if stored.header.kind is Kind.ROTATE:
                found |= _carried(stored.header, plain)
        fresh = found - keys
        keys |= found
    return opened


def _open_with(stored: StoredBody, keys: Iterable[bytes]) -> bytes | None:
    header = stored.header
    context = body_context(header.workspace, header.log_id, header.generation)
    for key in keys:
        try:
            return open_body(key, context, header.associated_data(), stored.body)
        except OpenFailed:
            continue
    return None


def _carried(header: Header, plain: bytes) -> set[tuple[LogId, bytes]]:
    try:
        body = decode(plain, RotateBody, MAX_OPENED)
    except ProtocolError:
        return set()
    return {(header.log_id, body.key)} if body.key else set()


def leaks(canaries: list[str | bytes], folders: Iterable[Path]) -> list[Found]:
    """Every canary in every file (and file name) below the folders, in every plain form."""
    return [found for folder in folders for found in search(canaries, files_below(folder))]
