"""The audit trail: one timeline of who did what, each line with what it holds by.

Signed lines come from the roster as this desk has it, and are verified again from the genesis on; events are
colleagues' own word; sign-ins and the operator's journal are the server's. Who sees the page is a rule of the client:
every member's desk has the roster, and could tell it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.desk.alarms import Alarms
from app.desk.audit_events import Event, EventBook
from app.desk.audit_line import BASIS_SENTENCES, BASIS_WORDS, AuditKind, AuditLine, Basis
from app.desk.audit_roster import RosterVerifier, Step, Verified, entry_details, roster_lines
from app.desk.audit_sources import alarm_lines, event_lines, journal_lines, sign_in_lines
from app.desk.audit_words import Named
from app.desk.errors import NotAllowed
from app.desk.small_groups import is_small
from protocol import access
from protocol.ids import MemberId, Permission, Standing, WorkspaceId
from protocol.roster import Entry
from protocol.wire_security import JournalEntry, SignIn
from vault import Vault
from vault.operator_journal import JournalAltered
from vault.store import Logs


class ToldByServer(Protocol):
    """What the server tells admins (`app.desk.server_word.ServerWord`); raises SyncError, JournalAltered."""

    def sign_ins(self) -> Sequence[SignIn]: ...

    def journal(self) -> Sequence[JournalEntry]: ...


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is wanted; all conditions hold. Times in Unix seconds, `after` included, `before` not. `person` did it or
    had it done to him."""

    kinds: frozenset[AuditKind] = frozenset()
    person: MemberId | None = None
    after: int | None = None
    before: int | None = None
    text: str = ""

    def matches(self, line: AuditLine) -> bool:
        if self.kinds and line.kind not in self.kinds:
            return False
        if self.person is not None and self.person not in (line.member, line.about):
            return False
        if self.after is not None and line.at < self.after:
            return False
        if self.before is not None and line.at >= self.before:
            return False
        return all(word in line.haystack for word in self.text.casefold().split())


@dataclass(frozen=True, slots=True)
class Trail:
    """What was read: `lines`, the newest first; the raw entries behind those that are signed or chained."""

    workspace: WorkspaceId
    lines: tuple[AuditLine, ...]
    entries: tuple[Entry, ...]
    head: tuple[int, bytes]
    events: tuple[Event, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    journal_problem: str = ""
    """Why the operator's journal is not shown: it is not the one that was seen before; "" where it holds."""
    read_at: int = 0

    def find(self, wanted: AuditFilter) -> list[AuditLine]:
        return [line for line in self.lines if wanted.matches(line)]

    def people(self) -> list[tuple[MemberId, str]]:
        """Members who appear, by name."""
        found = {line.member: line.who for line in self.lines if line.member is not None}
        return sorted(found.items(), key=lambda pair: pair[1].casefold())


@dataclass(frozen=True, slots=True)
class ServersWord:
    """What the server tells: nobody's signature stands behind it."""

    sign_ins: tuple[SignIn, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    journal_problem: str = ""


class Audit:
    """One for a desk. Everything here is slow, but `may_see`."""

    def __init__(
        self,
        vault: Vault,
        named: Named,
        events: EventBook,
        alarms: Alarms,
        server: ToldByServer,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._vault = vault
        self._named = named
        self._events = events
        self._alarms = alarms
        self._server = server
        self._clock = clock
        self._verifier = RosterVerifier(vault.roster.workspace)

    @property
    def is_admin(self) -> bool:
        """Whether the server answers this member about sign-ins and its operator."""
        found = self._vault.roster.members.get(self._vault.own.member)
        return found is not None and found.active and found.standing is not Standing.MEMBER

    def may_see(self) -> bool:
        """Owners, admins, and whoever was given a role that sees the audit trail: in a group of one or two one has
        the role that one takes."""
        state, me = self._vault.roster, self._vault.own.member
        return self.is_admin or any(
            Permission.SEE_AUDIT in access.permissions(state, me, group)
            for group, _ in state.grants.groups_of(me)
            if not is_small(state, group)
        )

    def local(self, step: Step = lambda done: None) -> Trail:
        """Everything that this computer has itself. Raises NotAllowed."""
        if not self.may_see():
            raise NotAllowed("Your role does not show you the audit trail. Ask your Team Admin.")
        entries, head = self._entries()
        now = int(self._clock())
        events = self._events.all()
        me = self._vault.own.member
        lines = roster_lines(entries, self._named, now, step)
        lines += event_lines(events, self._named)
        lines += alarm_lines(self._alarms.all(), me, self._named, events)
        workspace = self._vault.roster.workspace
        return Trail(workspace, _ordered(lines), entries, head, tuple(events), read_at=now)

    def _entries(self) -> tuple[tuple[Entry, ...], tuple[int, bytes]]:
        desk = self._vault.exchange.desk
        with self._vault.store.read() as tx:
            entries = tuple(Logs(self._vault.store.numbers).roster_entries(tx))
        with desk.lock:
            position = min(len(entries), desk.roster.state.position)
            return entries[:position], (position, desk.roster.history.hash_at(position))

    def servers_word(self) -> ServersWord:
        """Ask the server, as an admin. Raises SyncError, VaultError."""
        if not self.is_admin:
            return ServersWord()
        journal: tuple[JournalEntry, ...] = ()
        problem = ""
        try:
            journal = tuple(self._server.journal())
        except JournalAltered as error:
            problem = error.message
        return ServersWord(tuple(self._server.sign_ins()), journal, problem)

    def joined(self, trail: Trail, word: ServersWord) -> Trail:
        """Both in one timeline."""
        known = self._vault.roster.members
        lines = [line for line in trail.lines if line.basis is not Basis.SERVER]
        lines += sign_in_lines(word.sign_ins, self._named, known)
        lines += journal_lines(word.journal)
        return Trail(
            trail.workspace,
            _ordered(lines),
            trail.entries,
            trail.head,
            trail.events,
            word.journal,
            word.journal_problem,
            trail.read_at,
        )

    def verify(self, trail: Trail, step: Step = lambda done: None) -> Verified:
        """Judge the roster again from the genesis on."""
        return self._verifier.verify(trail.entries, trail.head, step)


def line_details(trail: Trail, line: AuditLine, verified: Verified | None) -> Iterator[tuple[str, str]]:
    """Names and values for whoever looks closer at a line."""
    yield "Held by", BASIS_WORDS[line.basis]
    if line.source == "roster" and 0 < line.number <= len(trail.entries):
        sure = verified is not None and line.number <= verified.entries
        yield from entry_details(line.number, trail.entries[line.number - 1], sure)
    elif line.source == "event":
        found = next(
            (one for one in trail.events if (one.at, one.member, one.position or 0) == _event_key(line)), None
        )
        where = f"{line.number:,} in the directory" if line.number else "not sent yet"
        yield "Position", where
        if found is not None:
            yield "Signed by computer", found.device.hex()
    elif line.source == "journal" and 0 < line.number <= len(trail.journal):
        entry = trail.journal[line.number - 1]
        yield "Number", f"{entry.seq:,} in the operator’s journal"
        yield "Hash", entry.hash.hex()
        yield "Hash before it", entry.previous.hex()
        yield "Chain", "verified here: each entry follows the one before it"
    if line.doubt:
        yield "Remark", line.doubt
    yield "What that means", BASIS_SENTENCES[line.basis]


def _event_key(line: AuditLine) -> tuple[int, MemberId | None, int]:
    return line.at, line.member, line.number


def _ordered(lines: list[AuditLine]) -> tuple[AuditLine, ...]:
    """The newest first; of one chain in its order, whatever clocks said."""
    return tuple(sorted(lines, key=lambda line: (line.order, line.source, line.number), reverse=True))


__all__ = ["Audit", "AuditFilter", "ServersWord", "Trail", "line_details"]
