"""Cut-offs (SPEC, R6): an entry that takes write access, a device or a signature-held permission away names, for the
logs concerned, where the author's commits end. What comes later there is set aside, whatever it claims.

A cut binds commits that name a roster position before the entry. Later ones are judged by the roster as usual, so
somebody who is let in again writes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from protocol.access import level, permissions
from protocol.codes import RosterCode
from protocol.errors import FormatError
from protocol.fold_author import refuse
from protocol.ids import DIRECTORY_LOG, NO_HASH, SIGNATURE_HELD, DeviceId, Level, LogId, MemberId
from protocol.reading import log_exists, managers
from protocol.roster import (
    Cut,
    DeviceRevoke,
    GroupArchive,
    MemberRemove,
    MemberSuspend,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
    SetStanding,
)
from protocol.state import CutMade, RosterState


def cuts_of(operation: RosterOperation) -> Sequence[Cut]:
    """The cuts that an operation carries; empty for operations that have none."""
    return getattr(operation, "cuts", ())


def parse_cuts(state: RosterState, cuts: Sequence[Cut]) -> list[tuple[LogId, int]]:
    """(log, position) of well-formed cuts: logs that exist, in strictly rising order, zeros for an empty log."""
    parsed: list[tuple[LogId, int]] = []
    before = b""
    for cut in cuts:
        if cut.log <= before:
            raise refuse(RosterCode.CUT, "cuts stand in the order of their logs, each once")
        before = cut.log
        if (cut.position == 0) != (cut.chain == NO_HASH):
            raise refuse(RosterCode.CUT, "position 0 has the chain hash of zeros, and no other has")
        try:
            log = LogId.decode(cut.log)
        except FormatError as error:
            raise refuse(RosterCode.CUT_LOG, str(error)) from None
        if not log_exists(state, log):
            raise refuse(RosterCode.CUT_LOG, "no such log")
        parsed.append((log, cut.position))
    return parsed


def apply_cuts(
    before: RosterState, after: RosterState, author: MemberId, operation: RosterOperation
) -> RosterState:
    """`after` with the operation's cuts. Refuses a cut in a log from which the operation took nothing away."""
    cuts = parse_cuts(before, cuts_of(operation))
    if not cuts:
        return after
    changed: dict[DeviceId, dict[LogId, tuple[CutMade, ...]]] = {}
    for log, position in cuts:
        devices = _devices_cut(before, after, author, operation, log)
        if not devices:
            raise refuse(RosterCode.CUT_LOG, "the entry takes nothing away in this log")
        for device in devices:
            made = changed.get(device)
            if made is None:
                made = changed[device] = dict(before.cuts.get(device, {}))
            made[log] = (*made.get(log, ()), CutMade(position, after.position))
    merged: Mapping[DeviceId, Mapping[LogId, tuple[CutMade, ...]]] = {**before.cuts, **changed}
    return replace(after, cuts=merged)


def _devices_cut(
    before: RosterState, after: RosterState, author: MemberId, operation: RosterOperation, log: LogId
) -> Iterable[DeviceId]:
    match operation:
        case DeviceRevoke(device=device):
            return [device]
        case RoleDefine(role=role):
            candidates: Iterable[MemberId] = [
                m for m, roles in before.grants.of_group(log.group).items() if role in roles
            ]
        case GroupArchive(group=group):
            candidates = before.grants.of_group(group)
        case ReportsTo(member=member):
            candidates = managers(before, member)
        case MemberRemove(member=member) | MemberSuspend(member=member) | Revoke(member=member):
            candidates = [member]
        case SetStanding(member=member):
            candidates = [member] if log == DIRECTORY_LOG else []
            if candidates and after.members[member].standing < before.members[member].standing:
                return before.members[member].devices
        case _:
            candidates = [author]
    return [
        device
        for member in candidates
        if _took_away(before, after, member, log)
        for device in before.members[member].devices
    ]


def _took_away(before: RosterState, after: RosterState, member: MemberId, log: LogId) -> bool:
    """Whether `member` lost writing in `log`, or a signature-held permission in its group."""
    if level(before, member, log) is not Level.WRITE:
        return False
    if level(after, member, log) is not Level.WRITE:
        return True
    lost = permissions(before, member, log.group) & ~permissions(after, member, log.group)
    return bool(lost & SIGNATURE_HELD)
