"""What a desk does for others by itself: keys for later readers, confirmations of those who joined."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.access import level, readers, recipients
from protocol.ids import Level, LogId, MemberId, Standing
from protocol.roster import Confirm, Expired, RosterOperation
from protocol.signing import key_id
from protocol.state import InvitationStatus, RosterState
from protocol.wire import AddWraps
from vault.exchange.desk import Desk
from vault.exchange.sealing import wraps_for
from vault.exchange.support import ends_due, is_ended
from vault.store import Tx

UNDECIDED = frozenset({InvitationStatus.OPEN, InvitationStatus.JOINED})


def _wrapped_name(log: LogId) -> str:
    return f"wrapped/{log.encode().hex()}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`members` may read `log` since after its newest key was made; `givers` have had that key from the start.

    `handed`: this desk has seen to it that a row lies for each of them at the server (True), holds the key and has not
    yet (False), or cannot know (None: it has no key of the log).
    """

    log: LogId
    members: frozenset[MemberId]
    givers: frozenset[MemberId]
    handed: bool | None


class Giver:
    """Used under the desk's lock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._now_at = 0
        self._now: dict[LogId, frozenset[bytes]] = {}
        self._then: dict[LogId, tuple[int, frozenset[bytes]]] = {}

    def wraps_due(self, tx: Tx) -> list[tuple[LogId, int]]:
        """Logs that we read, whose newest key we hold, and whose readers are more than those of its rotate. Of a log
        that was taken from us the server tells nothing, and its other readers hand its key on."""
        desk, due = self._desk, []
        roster, me, closed = desk.roster.state, desk.own.member, desk.closed
        for log in desk.logs.known_logs(tx):
            if log in closed:
                continue
            state = desk.logs.log_state(tx, log)
            if not state.generation or level(roster, me, log) is Level.NONE:
                continue
            later = self._later_readers(log, state.rotated_at)
            if not later or desk.logs.get(tx, _wrapped_name(log)) == _mark(state.generation, later):
                continue
            if desk.logs.key(tx, log, state.generation) is not None:
                due.append((log, state.generation))
        return due

    def make_wraps(self, tx: Tx, log: LogId, generation: int, present: list[bytes]) -> AddWraps:
        """Wraps for readers who have no row yet; remembers when there is none left to make."""
        desk = self._desk
        state, key = desk.logs.log_state(tx, log), desk.logs.key(tx, log, generation)
        if state.generation != generation or key is None or log in desk.closed:
            return AddWraps([])
        held = set(present)
        wraps = wraps_for(desk.own, desk.roster.state, log, generation, key, lambda row: row not in held)
        if not wraps:
            later = self._later_readers(log, state.rotated_at)
            desk.logs.set(tx, _wrapped_name(log), _mark(generation, later))
        return AddWraps(wraps)

    def _later_readers(self, log: LogId, rotated_at: int) -> frozenset[bytes]:
        """Ids of the keys of readers whom the log's rotate could not know. Both halves are kept: of the rotate for as
        long as it is the newest, of now until the roster moves."""
        state = self._desk.roster.state
        if self._now_at != state.position:
            self._now_at = state.position
            self._now.clear()
        now = self._now.get(log)
        if now is None:
            now = self._now[log] = _readers(state, log)
        kept = self._then.get(log)
        if kept is None or kept[0] != rotated_at:
            kept = self._then[log] = (rotated_at, _readers(self._desk.roster.history.at(rotated_at), log))
        return now - kept[1]

    def waiting(self, tx: Tx) -> list[Waiting]:
        """Readers whom the newest rotate of a log did not know, of all logs whose heads are known here."""
        desk, found = self._desk, []
        roster = desk.roster.state
        for log in desk.logs.known_logs(tx):
            state = desk.logs.log_state(tx, log)
            later = self._later_readers(log, state.rotated_at) if state.generation else frozenset()
            if not later:
                continue
            members = frozenset(roster.keys[key] for key in later)
            given = desk.logs.get(tx, _wrapped_name(log)) == _mark(state.generation, later)
            held = desk.logs.key(tx, log, state.generation) is not None
            handed = True if given else False if held else None
            found.append(Waiting(log, members, readers(roster, log) - members, handed))
        return found

    def confirmations_due(self, now: int) -> list[RosterOperation]:
        """What a client decides by itself, `now` in Unix seconds: any member's ends support whose time is over, an
        admin's confirms who joined."""
        state, me = self._desk.roster.state, self._desk.own.member
        operations: list[RosterOperation] = list(ends_due(state, me, self._desk.clock()))
        person = state.members.get(me)
        if person is None or not person.active or person.standing is Standing.MEMBER:
            return operations
        for invitation in state.invitations.values():
            if is_ended(state, invitation, self._desk.clock()):
                continue
            if invitation.status is InvitationStatus.JOINED and now <= invitation.expires:
                operations.append(Confirm(invitation.id))
            elif invitation.status in UNDECIDED and now > invitation.expires:
                operations.append(Expired(invitation.id))
        return operations


def _readers(state: RosterState, log: LogId) -> frozenset[bytes]:
    return frozenset(key_id(keys.encryption) for keys in recipients(state, log).values())


def _mark(generation: int, readers: frozenset[bytes]) -> bytes:
    return generation.to_bytes(8, "big") + b"".join(sorted(readers))
