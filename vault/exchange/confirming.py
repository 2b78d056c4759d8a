"""Whether a colleague has named this computer: until then it may have been shown a past that nobody else knows.

A new computer pins what it is shown first. A server that showed it an older state, or a branch of its own, is found
out when something signed by another member names the roster position at which this computer's key entered the roster
(its `device add`; the `join` of somebody who was invited; the genesis of a founder), or a later one: whoever signed it
has the same roster up to there, this computer in it. A roster entry names the one before it, a commit the position in
its header. What this member's own other computers sign does not count: one person may be deceived on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from protocol.commit import parse_header
from protocol.ids import DeviceId, LogId, MemberId
from protocol.roster_parse import parse_entry
from protocol.state import RosterState
from vault.store import Logs, Tx

if TYPE_CHECKING:
    from vault.exchange.desk import Desk

_NAME = "confirmed"
LOOKED_BACK = 64
"""Headers of each log that a vault of an earlier version looks through, once for each unlocking until it finds one."""


class _Stored(msgspec.Struct, array_like=True):
    device: DeviceId
    member: MemberId
    position: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Stored).decode


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`member` signed something that names roster position `position`, where this computer is known."""

    member: MemberId
    position: int


def read_confirmed(tx: Tx, logs: Logs, device: DeviceId) -> Confirmed | None:
    """What was kept for this device; a new device key of the same computer begins anew."""
    stored = logs.get(tx, _NAME)
    found = None if stored is None else _decode(stored)
    return None if found is None or found.device != device else Confirmed(found.member, found.position)


def keep_confirmed(tx: Tx, logs: Logs, device: DeviceId, confirmed: Confirmed) -> None:
    logs.set(tx, _NAME, _encode(_Stored(device, confirmed.member, confirmed.position)))


def judge(state: RosterState, device: DeviceId, me: MemberId, named: dict[MemberId, int]) -> Confirmed | None:
    """`named`: the newest roster position that something signed by each member names."""
    own = state.devices.get(device)
    if own is None:
        return None
    return next(
        (Confirmed(who, at) for who, at in sorted(named.items()) if who != me and at >= own.added_at), None
    )


def look_back(desk: Desk, tx: Tx) -> Confirmed | None:
    """For a vault that did not note it when it came in."""
    state, me = desk.roster.state, desk.own.member
    own = state.devices.get(desk.own.device.id)
    if own is None:
        return None
    for entry in desk.logs.roster_entries(tx, own.added_at):
        body = parse_entry(entry)
        author = state.devices.get(body.author)
        if author is not None and author.member != me:
            return Confirmed(author.member, body.position - 1)
    for log in desk.logs.known_logs(tx):
        found = _in_log(desk, tx, log, own.added_at)
        if found is not None:
            return found
    return None


def _in_log(desk: Desk, tx: Tx, log: LogId, added_at: int) -> Confirmed | None:
    reached = desk.logs.log_state(tx, log)
    if reached.roster_position < added_at:
        return None
    first = max(1, reached.position - LOOKED_BACK)
    for encoded, _ in desk.logs.headers(tx, log, first, reached.position):
        header = parse_header(encoded)
        author = desk.roster.state.devices.get(header.author)
        if author is not None and author.member != desk.own.member and header.roster_position >= added_at:
            return Confirmed(author.member, header.roster_position)
    return None
