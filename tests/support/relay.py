"""An honest relay in memory: it orders, stores and hands out, by the rules of `protocol.admission` alone.

It stands for the server in the vault's own tests: no network, no accounts, no disk. A test makes it lie by editing
its tables or by setting `mangle`, which gets every page before it goes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from protocol import wire
from protocol.access import level, logs_of, recipients
from protocol.admission import LogState, advance, check_header, check_not_cut
from protocol.commit import Commit, Kind, parse_commit
from protocol.errors import CommitRefused, ProtocolError
from protocol.history import RosterHistory
from protocol.ids import Level, LogId, MemberId, Standing
from protocol.roster import Entry
from protocol.signing import key_id
from protocol.wire import ErrorCode


class Refused(Exception):
    """What the server would answer with an error reply."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = str(code)


@dataclass(frozen=True)
class RosterEvent:
    position: int


@dataclass(frozen=True)
class WrapEvent:
    wrap: wire.Wrap


@dataclass(frozen=True)
class CommitEvent:
    log: LogId
    position: int


Event = RosterEvent | WrapEvent | CommitEvent


@dataclass
class RelayLog:
    """One log: its commits, its state, and the chain hash at each position."""

    state: LogState
    commits: list[Commit] = field(default_factory=list)
    chains: list[bytes] = field(default_factory=list)


class Relay:
    """See the module. Members and devices are trusted to be who they say: sessions are the real server's matter."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.logs: dict[LogId, RelayLog] = {}
        self.events: list[Event] = []
        self.wraps: list[wire.Wrap] = []
        self.page_items = 1_000
        self.mangle: Callable[[wire.PullPage], wire.PullPage] = lambda page: page
        self.pushes: list[wire.Push] = []
        self._history: RosterHistory | None = None

    @property
    def history(self) -> RosterHistory:
        assert self._history is not None
        return self._history

    # the roster

    def create(self, request: wire.CreateWorkspace) -> None:
        first, *others = request.entries
        self._history = RosterHistory([first])
        self._took(first, 1)
        for entry in others:
            self._take(entry)

    def _took(self, entry: Entry, position: int) -> None:
        self.entries.append(entry)
        self.events.append(RosterEvent(position))

    def _take(self, entry: Entry) -> None:
        self.history.append(entry)
        self._took(entry, self.history.head.position)

    def append_roster(self, request: wire.AppendRoster) -> None:
        if request.expected_head != self.history.head.head:
            raise Refused(ErrorCode.ROSTER_MOVED)
        try:
            for entry in request.entries:
                self._take(entry)
        except ProtocolError as error:
            raise Refused(error.code) from None

    def roster(self, after: int = 0) -> wire.RosterPage:
        return wire.RosterPage(after + 1, self.entries[after:], len(self.entries))

    # reading

    def pull(self, member: MemberId, cursor: int) -> wire.PullPage:
        readable = logs_of(self.history.head, member)
        identity = self.history.head.members[member].identity
        mine = key_id(identity.encryption) if identity is not None else b""
        taken = self.events[cursor : cursor + self.page_items]
        roster = [event.position for event in taken if isinstance(event, RosterEvent)]
        commits = [
            wire.PlacedCommit(
                event.log.encode(), event.position, self.logs[event.log].commits[event.position - 1]
            )
            for event in taken
            if isinstance(event, CommitEvent) and event.log in readable
        ]
        wraps = [
            event.wrap for event in taken if isinstance(event, WrapEvent) and event.wrap.recipient == mine
        ]
        first = roster[0] if roster else 0
        page = wire.PullPage(
            first,
            [self.entries[position - 1] for position in roster],
            wraps,
            commits,
            cursor + len(taken),
            cursor + len(taken) < len(self.events),
        )
        return self.mangle(page)

    def heads(self, member: MemberId) -> wire.Heads:
        state = self.history.head
        person = state.members[member]
        admin = person.active and person.standing is not Standing.MEMBER
        readable = logs_of(state, member)
        logs = [
            wire.LogHead(log.encode(), held.state.position, held.state.chain, held.state.generation)
            for log, held in sorted(self.logs.items())
            if admin or log in readable
        ]
        return wire.Heads(state.position, state.head, logs)

    def log(self, member: MemberId, log: LogId, first: int, limit: int = 1_000) -> wire.LogPage:
        if level(self.history.head, member, log) is Level.NONE:
            raise Refused(ErrorCode.FORBIDDEN)
        held = self.logs[log]
        return wire.LogPage(first, held.commits[first - 1 : first - 1 + limit], len(held.commits))

    def headers(self, log: LogId, first: int) -> wire.HeaderPage:
        held = self.logs[log]
        signed = [wire.SignedHeader(commit.header, commit.signature) for commit in held.commits[first - 1 :]]
        return wire.HeaderPage(first, signed, len(held.commits))

    # writing

    def push(self, push: wire.Push) -> wire.PushReply:
        """All or none. Raises Refused with the server's codes."""
        before = len(self.events)
        states: dict[LogId, LogState] = {}
        taken: list[tuple[LogId, int, Commit]] = []
        placements: list[wire.Placement] = []
        for commit in push.commits:
            header = parse_commit(commit)
            log = header.log_id
            held = self.logs.get(log)
            old = self._position_of(held, commit)
            if held is not None and old is not None:
                placements.append(wire.Placement(header.log, old, held.chains[old - 1]))
                continue
            if header.roster_position != self.history.head.position:
                raise Refused(ErrorCode.ROSTER_MOVED)
            state = states.get(log) or (held.state if held else LogState.empty(log))
            try:
                check_header(state, header, commit.signature, self.history)
                check_not_cut(self.history.head, header, state.position + 1)
            except CommitRefused:
                raise Refused(ErrorCode.LOG_MOVED) from None
            if header.kind is Kind.ROTATE:
                self._check_wraps(log, header.generation, push.wraps)
            states[log] = advance(state, header, commit.signature)
            taken.append((log, states[log].position, commit))
            placements.append(wire.Placement(header.log, states[log].position, states[log].chain))
        self.pushes.append(push)
        if taken:
            for wrap in push.wraps:
                self._add_wrap(wrap)
            chains = {(bytes(p.log), p.position): p.chain for p in placements}
            for log, position, commit in taken:
                held = self.logs.setdefault(log, RelayLog(LogState.empty(log)))
                held.commits.append(commit)
                held.chains.append(chains[(log.encode(), position)])
                self.events.append(CommitEvent(log, position))
            for log, state in states.items():
                self.logs[log].state = state
        return wire.PushReply(placements, before, len(self.events))

    def _position_of(self, held: RelayLog | None, commit: Commit) -> int | None:
        if held is None or commit not in held.commits:
            return None
        return held.commits.index(commit) + 1

    def _check_wraps(self, log: LogId, generation: int, wraps: list[wire.Wrap]) -> None:
        delivered = {
            wrap.recipient for wrap in wraps if (wrap.log, wrap.generation) == (log.encode(), generation)
        }
        wanted = {key_id(keys.encryption) for keys in recipients(self.history.head, log).values()}
        if wanted - delivered:
            raise Refused(ErrorCode.WRAPS_MISSING)

    def _add_wrap(self, wrap: wire.Wrap) -> None:
        self.wraps.append(wrap)
        self.events.append(WrapEvent(wrap))

    def add_wraps(self, request: wire.AddWraps) -> None:
        for wrap in request.wraps:
            self._add_wrap(wrap)

    def wrap_list(self, log: LogId, generation: int) -> wire.WrapList:
        found = {w.recipient for w in self.wraps if (w.log, w.generation) == (log.encode(), generation)}
        return wire.WrapList(sorted(found))
