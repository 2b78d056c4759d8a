"""A diagnostics bundle: one text that a person reads whole before handing it to anybody.

What is in it: versions, the state of synchronising, codes of errors, positions of logs, rough sizes, timings, the last
lines of the technical journal. What is not: records, names, notes, files, keys, passwords, handles, the server's
address, whole ids. Ids are cut to four characters, so that two logs can be told apart and nobody be recognised
elsewhere. Nothing is sent anywhere by Tacit.
"""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.crm.schema import SCHEMA
from app.desk.technical_journal import error_words
from protocol.ids import LogId
from protocol.limits import VERSION
from protocol.state import MemberStatus
from vault.admit import read_progress
from vault.store import Query

if TYPE_CHECKING:
    from app.desk.desk import Desk

PACKAGES = (
    "tacit",
    "cryptography",
    "sqlcipher3-wheels",
    "sqlcipher3",
    "msgspec",
    "PySide6-Essentials",
    "requests",
)
MOST_LOGS = 400
MOST_ERRORS = 100
PROMISE = (
    "Nothing of your records is in this text: no names, notes, amounts or files, no keys and passwords, no handles and "
    "no address of the server. Read it before you hand it to anybody. Tacit sends it nowhere."
)
_SETTING = re.compile(r"[a-z0-9 .x-]{1,40}")

Section = tuple[str, list[str]]


def diagnostics(desk: Desk, settings: Mapping[str, str] | None = None) -> str:
    """The whole text (takes a moment). `settings`: stable names and values of settings that are not content; what is
    no short plain word is left out."""
    sections: list[Section] = [
        ("Versions", list(_versions())),
        ("Settings", list(_settings(settings or {}))),
        ("Synchronising", list(_sync(desk))),
        ("Workspace", list(_workspace(desk))),
        ("Vault", list(_vault(desk))),
        ("Logs", list(_logs(desk))),
        ("Alarms", list(_alarms(desk))),
        ("Timings", list(_timings(desk))),
        ("Technical journal", desk.journal.lines()),
    ]
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    parts = [f"Tacit diagnostics, {made}", PROMISE]
    for title, lines in sections:
        parts.append("\n".join([f"== {title}", *(lines or ["nothing"])]))
    return "\n\n".join(parts) + "\n"


def roughly(number: int) -> str:
    """The order of magnitude: how many records there are is the workspace's own."""
    if number < 10:
        return "under 10"
    least = 10 ** (len(str(number)) - 1)
    return f"{least:,} to {10 * least - 1:,}"


def cut(identifier: bytes) -> str:
    """Enough of an id to tell two apart in this text."""
    return identifier.hex()[:4]


def _versions() -> Iterator[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    yield f"format {VERSION}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield f"SQLite {sqlite3.sqlite_version}"
    yield f"system {platform.system()} {platform.release()} {platform.machine()}"
    yield f"packaged {'yes' if getattr(sys, 'frozen', False) else 'no'}"


def _settings(settings: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(settings.items()):
        if _SETTING.fullmatch(name) and _SETTING.fullmatch(value):
            yield f"{name} {value}"


def _sync(desk: Desk) -> Iterator[str]:
    state = desk.sync_state
    yield f"phase {state.phase.value}"
    if state.error is not None:
        yield f"error {error_words(state.error)}"
    last = desk.last_contact
    yield f"last complete round {_ago(time.time() - last)}" if last else "last complete round never"
    yield f"waiting to be sent {desk.pending()}"
    for reason, times in sorted(Counter(reason for _, reason in desk.vault.exchange.blocked()).items()):
        yield f"logs that cannot be sent to: {times} ({reason})"
    yield f"server {_server_kind(desk.profile.server)}"


def _server_kind(address: str) -> str:
    parts = urlsplit(address)
    where = "on this computer" if parts.hostname in ("localhost", "127.0.0.1", "::1") else "elsewhere"
    return f"{'https' if parts.scheme == 'https' else 'http'}, {where}"


def _workspace(desk: Desk) -> Iterator[str]:
    roster = desk.vault.roster
    yield f"roster position {roster.position} head {cut(roster.head)}"
    yield f"format version {roster.format_version}"
    statuses = Counter(member.status for member in roster.members.values())
    yield "members " + ", ".join(
        f"{one.value} {roughly(statuses[one])}" for one in MemberStatus if statuses[one]
    )
    yield f"groups {roughly(len(roster.groups))}, roles {roughly(len(roster.roles))}"
    yield f"devices {roughly(len(roster.devices))}, invitations {roughly(len(roster.invitations))}"
    mine = roster.members.get(desk.me)
    if mine is not None:
        yield f"standing {mine.standing.name.lower()}, status {mine.status.value}, devices {len(mine.devices)}"
    yield f"this device revoked {'yes' if desk.vault.is_revoked else 'no'}"
    policies = roster.policies
    yield (
        f"policies managers-read-reports {int(policies.managers_read_reports)}, support-allowed "
        f"{int(policies.support_allowed)}, second-factor {policies.second_factor}"
    )


def _vault(desk: Desk) -> Iterator[str]:
    database = desk.profile.database
    yield f"file {database.stat().st_size // 1024:,} KiB"
    yield f"free on the disk {roughly(shutil.disk_usage(database.parent).free >> 20)} MiB"
    yield f"from a backup {'yes' if desk.vault.exchange.restored else 'no'}"
    for kind in SCHEMA.types:
        yield f"{kind.name} {roughly(desk.records.count(Query(kind.name)))}"
    yield f"conflicts {desk.history.conflict_count()}"


def _logs(desk: Desk) -> Iterator[str]:
    """Positions only; which log is which can be told inside this text, and nowhere else."""
    exchange = desk.vault.exchange.desk
    with desk.vault.store.read() as tx:
        known = exchange.logs.known_logs(tx)
        aside = Counter((one.log, one.aside) for one in exchange.logs.commits_aside(tx))
        for log in known[:MOST_LOGS]:
            state, progress = exchange.logs.log_state(tx, log), read_progress(tx, exchange.logs, log)
            keys = len(exchange.logs.keys(tx, log))
            words = (
                f"{_log_name(log)} position {state.position} opened {progress.opened} folded {progress.folded}"
                f" generation {state.generation} rotated-at {state.rotated_at} keys {keys} head {cut(state.chain)}"
            )
            if progress.stopped:
                words += f" STOPPED {progress.stopped}"
            reasons = [
                f"{reason} {times}" for (where, reason), times in sorted(aside.items()) if where == log
            ]
            yield f"{words} aside: {', '.join(reasons)}" if reasons else words
    if len(known) > MOST_LOGS:
        yield f"and {len(known) - MOST_LOGS} more"


def _log_name(log: LogId) -> str:
    owner = f" own {cut(log.owner)}" if log.is_own else ""
    return f"{log.compartment.name.lower()} {cut(log.group)}{owner}"


def _alarms(desk: Desk) -> Iterator[str]:
    for alarm in desk.alarms.all()[:MOST_ERRORS]:
        where = f" {_log_name(alarm.log)}" if alarm.log is not None else ""
        seen = "open" if alarm.is_open else "seen"
        yield f"{alarm.kind} {alarm.rule}{where} times {alarm.count} last {_ago(time.time() - alarm.last)} {seen}"


def _timings(desk: Desk) -> Iterator[str]:
    def lists() -> None:
        for name in ("person", "deal"):
            desk.records.window(Query(name), 0, 50)

    jobs: Sequence[tuple[str, Callable[[], object]]] = (
        ("first page of people and deals", lists),
        ("search", lambda: desk.search.search("a", (), 20)),
        ("team", desk.team),
        ("stopped logs", desk.vault.exchange.stopped),
    )
    for name, job in jobs:
        began = time.perf_counter()
        job()
        yield f"{name} {(time.perf_counter() - began) * 1000:.1f} ms"


def _ago(seconds: float) -> str:
    for size, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= size:
            return f"{int(seconds // size)} {word} ago"
    return f"{max(0, int(seconds))} seconds ago"


__all__ = ["PROMISE", "cut", "diagnostics", "roughly"]
