"""The roster as lines of the audit trail, and its verification from the first entry on.

A desk trusts what it has judged and kept; an audit does not take its word for it. `verify_roster` judges every entry
again, signature by signature, in the state before it, and compares the end with the head that the desk works with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.desk.audit_line import AuditKind, AuditLine, Basis
from app.desk.audit_words import Named, RosterStory
from protocol.errors import ProtocolError
from protocol.history import RosterHistory
from protocol.ids import MemberId, WorkspaceId
from protocol.roster import Entry
from protocol.roster_parse import parse_entry

Step = Callable[[int], None]
"""Hears how many entries are done; may raise to stop."""

STEP = 200
ODD_CLOCK = 600
"""A claimed time that lies so many seconds before the entry before it, or after now, is remarked on."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`entries` were judged; `head` is the hash of the last good one. `problem` is "" where all of it holds."""

    entries: int
    total: int
    head: bytes
    problem: str = ""

    @property
    def holds(self) -> bool:
        return not self.problem and self.entries == self.total


def roster_lines(
    entries: Sequence[Entry], named: Named, now: int, step: Step = lambda done: None
) -> list[AuditLine]:
    """A line for each entry, in the order of the chain."""
    story = RosterStory(named)
    names: dict[MemberId, str] = {}
    lines: list[AuditLine] = []
    newest = 0
    for position, entry in enumerate(entries, 1):
        try:
            body = parse_entry(entry)
            told = story.tell(body)
        except (ProtocolError, KeyError):  # what lies on the disk was changed: verifying says where
            lines.append(_unreadable(position, newest))
            continue
        doubt = _doubt(body.time, newest, now)
        newest = max(newest, min(body.time, now))
        who = "Somebody"
        if told.author is not None:
            who = names.get(told.author) or names.setdefault(told.author, named("member", told.author))
        lines.append(
            AuditLine(
                "roster",
                position,
                body.time,
                newest,
                told.kind,
                Basis.SIGNED,
                who,
                told.words,
                told.author,
                told.about,
                doubt,
            )
        )
        if position % STEP == 0:
            step(position)
    return lines


def _unreadable(position: int, newest: int) -> AuditLine:
    return AuditLine(
        "roster", position, newest, newest, AuditKind.PEOPLE, Basis.HERE, "Somebody", "left what cannot be read here",
        doubt="This entry is not as it was signed.",
    )  # fmt: skip


def _doubt(claimed: int, newest: int, now: int) -> str:
    if claimed > now + ODD_CLOCK:
        return "The clock of its author was ahead."
    if claimed < newest - ODD_CLOCK:
        return "The clock of its author was behind: it came after the entry before it."
    return ""


class RosterVerifier:
    """Judges a roster from the genesis on, and goes on where it was when more entries have come."""

    def __init__(self, workspace: WorkspaceId) -> None:
        self._workspace = workspace
        self._history = RosterHistory(workspace=workspace)
        self._lock = threading.Lock()

    def verify(
        self, entries: Sequence[Entry], head: tuple[int, bytes], step: Step = lambda done: None
    ) -> Verified:
        """Slow the first time; `head` is the position and hash that `entries` have to end with."""
        with self._lock:
            done = self._history.position
            judged = entries[:done]
            if done > len(entries) or any(
                entry.hash != self._history.hash_at(position) for position, entry in enumerate(judged, 1)
            ):  # every byte of what was judged is the same, or all of it is judged again
                self._history = RosterHistory(workspace=self._workspace)
            return _verify(self._history, entries, head, step)


def verify_roster(
    workspace: WorkspaceId,
    entries: Sequence[Entry],
    head: tuple[int, bytes],
    step: Step = lambda done: None,
) -> Verified:
    """Judge `entries` from the genesis on (slow); `head` is the position and hash that they have to end with."""
    return _verify(RosterHistory(workspace=workspace), entries, head, step)


def _verify(
    history: RosterHistory, entries: Sequence[Entry], head: tuple[int, bytes], step: Step
) -> Verified:
    try:
        for position in range(history.position + 1, len(entries) + 1):
            history.append(entries[position - 1])
            if position % STEP == 0:
                step(position)
    except ProtocolError as error:
        good = history.position
        found = history.hash_at(good) if good else b""
        return Verified(good, len(entries), found, f"Entry {good + 1} does not hold ({error.code}).")
    found = history.hash_at(history.position) if entries else b""
    if (history.position, found) != head:
        return Verified(
            history.position, head[0], found, "It does not end where this computer’s own roster ends."
        )
    return Verified(history.position, len(entries), found)


def entry_details(position: int, entry: Entry, verified: bool) -> Iterator[tuple[str, str]]:
    """Names and values for whoever looks closer."""
    yield "Number", f"{position:,} in the audit trail"
    try:
        body = parse_entry(entry)
    except ProtocolError:
        return
    yield "Hash", entry.hash.hex()
    yield "Hash before it", body.previous.hex()
    yield "Signed by computer", body.author.hex()
    yield "Signature", "Verified here" if verified else "Verified when it came in"
    yield "Operation", _spaced(type(body.operation).__name__)


def _spaced(name: str) -> str:
    """`RecoveryEnrol` as SPEC names it: recovery enrol."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


__all__ = ["Verified", "entry_details", "roster_lines", "verify_roster"]
