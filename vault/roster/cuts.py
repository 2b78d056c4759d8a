"""Cuts: where a member's or a device's commits end, for every log that an entry takes away from them (SPEC, R6).

An entry that takes write access, a device or a signature-held permission away names, for each log concerned, the
position and chain hash that the log had reached. The heads come from logs that this client reads, and, at an
admin's desk, from the headers that it follows without keys. The fold takes cuts in the order of their logs, and only
where the entry takes something away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocol.access import level, permissions
from protocol.ids import DIRECTORY_LOG, SIGNATURE_HELD, Level, LogId, MemberId
from protocol.roster import Cut
from protocol.state import RosterState
from vault.roster.touched import Touched, touched


@dataclass(frozen=True, slots=True)
class LogEnd:
    """A log's newest position known here, and its chain hash (32 bytes)."""

    position: int
    chain: bytes


Heads = Mapping[LogId, LogEnd]


MOST_CUTS = 3_000
"""Cuts have at most 81 bytes each, and a roster entry at most 262,144: a removal always fits."""


def _cuts(heads: Heads, logs: Iterable[LogId]) -> list[Cut]:
    """Logs that were begun come first where there are too many; one that nobody has begun ends at 0."""
    begun_first = sorted(logs, key=lambda log: (heads[log].position == 0, log))
    made = [Cut(log.encode(), heads[log].position, heads[log].chain) for log in begun_first[:MOST_CUTS]]
    return sorted(made, key=lambda cut: cut.log)


def cuts_for_member(state: RosterState, heads: Heads, member: MemberId) -> list[Cut]:
    """Cuts of all logs that `member` may write now: for a removal, a suspension, or a lost device."""
    return _cuts(heads, [log for log in heads if level(state, member, log) is Level.WRITE])


def cuts_between(
    before: RosterState, after: RosterState, heads: Heads, members: Iterable[MemberId] | None = None
) -> list[Cut]:
    """Cuts of all logs in which one of `members` (everybody, where None) loses the right to write, or a permission
    held by signature."""
    places = touched(before, after)
    wanted = None if members is None else set(members)
    cut: list[LogId] = []
    for log in heads:
        concerned = _concerned(places, log)
        if wanted is not None:
            concerned = concerned & wanted
        if any(_loses(before, after, member, log) for member in concerned):
            cut.append(log)
    return _cuts(heads, cut)


def _concerned(places: Touched, log: LogId) -> set[MemberId]:
    """Whose access to `log` can differ."""
    if log == DIRECTORY_LOG:
        return places.present
    found = places.in_group.get(log.group, set())
    return found | places.above.get(log.owner, set()) if log.is_own else found


def directory_cut(heads: Heads) -> list[Cut]:
    """The cut for somebody who stops being an admin: he no longer writes other people's names."""
    return _cuts(heads, [log for log in heads if log == DIRECTORY_LOG])


def _loses(before: RosterState, after: RosterState, member: MemberId, log: LogId) -> bool:
    if member not in before.members or not before.members[member].active:
        return False
    if level(before, member, log) is not Level.WRITE:
        return False
    if level(after, member, log) is not Level.WRITE:
        return True
    had = permissions(before, member, log.group) & SIGNATURE_HELD
    return bool(had & ~permissions(after, member, log.group))
