"""The header rules of a log (SPEC, section 12), shared by server and vault. Verification only: it raises, or passes.

`check_header` judges a parsed header against the log as it stands (`LogState`) and a verified roster; `advance` gives
the log after it. A commit's position is the log's next one: whoever hands commits over in their order has checked
that by following the chain. Nothing here opens a body.

The rules, in this order: 1 workspace and log; 2 reserved kinds; 3 counter and previous hash of the device; 4 what it
claims to have seen; 5 signature; 6 the roster position named: not older than the one before, known, of this roster;
7 the author's device, the log, then his right to write there; 8 a rotate: the next generation, and which key it
carries; 9 all else: the log has a key, is not stale there, and the generation is its.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from protocol.access import is_stale, level
from protocol.codec import encode
from protocol.codes import CommitCode
from protocol.commit import RESERVED_KINDS, Header, Kind, chain_hash, commit_hash
from protocol.errors import CommitRefused
from protocol.history import RosterHistory
from protocol.ids import NO_HASH, Compartment, DeviceId, Level, LogId, MemberId
from protocol.reading import log_exists
from protocol.signing import Namespace, verify
from protocol.state import RosterState


@dataclass(frozen=True, slots=True)
class DeviceEnd:
    """Where a device stands on a log: the counter and hash of its newest commit there."""

    counter: int
    hash: bytes


START = DeviceEnd(0, NO_HASH)


@dataclass(frozen=True, slots=True)
class LogState:
    """All that the header rules need of a log's past.

    `position` and `chain` are its head (0 and zeros when empty); `generation` is the current key's number (0: none
    yet), `rotated_at` the roster position that its rotate named; `roster_position` the newest commit's;
    `key_hashes` maps generations to the hashes in their rotates.
    """

    log: LogId
    position: int
    chain: bytes
    generation: int
    rotated_at: int
    roster_position: int
    devices: Mapping[DeviceId, DeviceEnd] = field(default_factory=dict)
    key_hashes: Mapping[int, bytes] = field(default_factory=dict)

    @classmethod
    def empty(cls, log: LogId) -> LogState:
        return cls(log, 0, NO_HASH, 0, 0, 0)

    def end_of(self, device: DeviceId) -> DeviceEnd:
        """The device's newest commit; counter 0 and zeros where it has none."""
        return self.devices.get(device, START)


READERS_KINDS = frozenset({Kind.NUMBER, Kind.BRIDGE})
"""What every reader of a log may append: these change no record."""


def may_sign(roster: RosterState, member: MemberId, log: LogId) -> bool:
    """Whether a reader may append what readers may: not in an archived group, and never a support member."""
    group = roster.groups.get(log.group)
    return roster.members[member].support is None and not (group is not None and group.archived)


def refuse(code: CommitCode, message: str) -> CommitRefused:
    return CommitRefused(message, code.value)


def check_header(
    state: LogState,
    header: Header,
    signature: bytes,
    history: RosterHistory,
    chain_at: Callable[[int], bytes | None] | None = None,
) -> None:
    """Raise CommitRefused or SignatureInvalid unless `header` (from `parse_header`) may be the log's next commit.

    `chain_at(position)` gives the log's chain hash at an earlier position where the caller knows it, so that the
    claim of what the author saw is compared with it; at the head it always is.
    """
    _check_place(state, header, history)
    _check_continuity(state, header)
    _check_seen(state, header, chain_at)
    device = history.head.devices.get(header.author)
    if device is None:
        raise refuse(CommitCode.AUTHOR_UNKNOWN, "the roster does not know the author's device")
    verify(Namespace.COMMIT, device.signing, encode(header), signature)
    roster = _roster_named(state, header, history)
    _check_author(state, header, roster)
    _check_generation(state, header, history)


def _check_place(state: LogState, header: Header, history: RosterHistory) -> None:
    if header.workspace != history.head.workspace:
        raise refuse(CommitCode.WORKSPACE, "the commit is another workspace's")
    if header.log != state.log.encode():
        raise refuse(CommitCode.LOG, "the commit is another log's")
    if header.kind in RESERVED_KINDS:
        raise refuse(CommitCode.RESERVED, f"{header.kind.name} is reserved for a later version")


def _check_continuity(state: LogState, header: Header) -> None:
    end = state.end_of(header.author)
    if header.counter != end.counter + 1:
        raise refuse(CommitCode.COUNTER, f"counter {header.counter} does not follow {end.counter}")
    if header.previous != end.hash:
        raise refuse(CommitCode.PREVIOUS, "another commit of this device came before")


def _check_seen(state: LogState, header: Header, chain_at: Callable[[int], bytes | None] | None) -> None:
    seen = header.seen_position
    if seen > state.position:
        raise refuse(CommitCode.SEEN_POSITION, "the author cannot have seen what comes later")
    known: bytes | None
    if seen == 0:
        known = NO_HASH
    elif seen == state.position:
        known = state.chain
    else:
        known = chain_at(seen) if chain_at is not None else None
    if known is not None and header.seen_chain != known:
        raise refuse(CommitCode.SEEN_CHAIN, "the author saw another past of this log")


def _roster_named(state: LogState, header: Header, history: RosterHistory) -> RosterState:
    position = header.roster_position
    if position < state.roster_position:
        raise refuse(CommitCode.ROSTER_BACK, "an older roster position than the commit before")
    if not 1 <= position <= history.position:
        raise refuse(CommitCode.ROSTER_AHEAD, "a roster position that is not known here")
    if header.roster_hash != history.hash_at(position):
        raise refuse(CommitCode.ROSTER_HASH, "another roster than the one known here")
    return history.at(position)


def _check_author(state: LogState, header: Header, roster: RosterState) -> None:
    device = roster.devices.get(header.author)
    if device is None:
        raise refuse(CommitCode.AUTHOR_UNKNOWN, "the device was added later than the roster position named")
    if device.revoked:
        raise refuse(CommitCode.AUTHOR_REVOKED, "the author's device is revoked at the roster position named")
    if not log_exists(roster, state.log):
        raise refuse(CommitCode.LOG_UNKNOWN, "no such log at the roster position named")
    rights = level(roster, device.member, state.log)
    if header.kind is Kind.NUMBER and state.log.compartment is not Compartment.CATALOGUE:
        raise refuse(CommitCode.NUMBER_LOG, "numbers are counted in a catalogue")
    if header.kind in READERS_KINDS:
        if rights >= Level.READ and may_sign(roster, device.member, state.log):
            return
    elif rights is Level.WRITE:
        return
    raise refuse(CommitCode.NOT_WRITER, "the author may not write this log at the roster position named")


def _check_generation(state: LogState, header: Header, history: RosterHistory) -> None:
    if header.kind is Kind.ROTATE:
        if header.generation != state.generation + 1:
            raise refuse(CommitCode.GENERATION, "a rotate begins the generation after the current one")
        carried = header.carried_generation
        if (carried == 0) != (state.generation == 0) or carried > state.generation:
            raise refuse(
                CommitCode.CARRIED, "a rotate carries a key that the log had; the first carries none"
            )
        return
    if state.generation == 0:
        raise refuse(CommitCode.FIRST_ROTATE, "a log begins with a rotate of generation 1")
    if is_stale(history, state.log, state.rotated_at, header.roster_position):
        raise refuse(CommitCode.STALE, "the log is stale: nothing but a rotate is valid")
    if header.generation != state.generation:
        raise refuse(CommitCode.GENERATION, "not the current generation")


def advance(state: LogState, header: Header, signature: bytes) -> LogState:
    """The log after a commit that `check_header` let pass."""
    this = commit_hash(encode(header), signature)
    rotates = header.kind is Kind.ROTATE
    return LogState(
        log=state.log,
        position=state.position + 1,
        chain=chain_hash(state.chain, this),
        generation=header.generation,
        rotated_at=header.roster_position if rotates else state.rotated_at,
        roster_position=header.roster_position,
        devices={**state.devices, header.author: DeviceEnd(header.counter, this)},
        key_hashes={**state.key_hashes, header.generation: header.key_hash} if rotates else state.key_hashes,
    )


def cut_position(
    roster_head: RosterState, log: LogId, author_device: DeviceId, named_roster_position: int = 0
) -> int | None:
    """Cut-offs: the position in `log` after which commits of `author_device` are set aside; None where no cut binds.

    A cut binds commits whose header names a roster position before the entry that made it: pass that position, so
    that somebody who was let in again is not cut for ever. Without it every cut counts.
    """
    made = roster_head.cuts.get(author_device, {}).get(log, ())
    positions = [cut.position for cut in made if cut.entry > named_roster_position]
    return min(positions) if positions else None


def check_not_cut(roster_head: RosterState, header: Header, position: int) -> None:
    """Raise CommitRefused(CUT_OFF) where a cut sets the commit at `position` aside, as of the newest roster."""
    end = cut_position(roster_head, header.log_id, header.author, header.roster_position)
    if end is not None and position > end:
        raise refuse(CommitCode.CUT_OFF, f"the author's commits on this log end at {end}")


__all__ = [
    "DeviceEnd",
    "LogState",
    "advance",
    "check_header",
    "check_not_cut",
    "cut_position",
]
