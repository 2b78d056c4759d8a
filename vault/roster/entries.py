"""Signing: a plan's operations become entries, each judged in the state before it before anybody else sees it."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.codec import encode
from protocol.errors import ProtocolError
from protocol.fold import apply, start
from protocol.ids import NO_HASH
from protocol.limits import VERSION
from protocol.roster import Entry, EntryBody, RosterOperation
from protocol.signing import Namespace
from protocol.state import RosterState
from vault.keys import DeviceKey
from vault.roster.errors import Refused


def sign_entries(
    state: RosterState | None, operations: Sequence[RosterOperation], device: DeviceKey, now: int
) -> tuple[list[Entry], RosterState]:
    """Entries that follow `state` (None: a genesis and what follows it), and the state after them.

    `now` is in Unix seconds, shown to people only. Raises Refused (with the rule's code) where the roster's rules do
    not allow an operation to this device, or no operation is given.
    """
    entries: list[Entry] = []
    for operation in operations:
        if state is None:
            body = EntryBody(VERSION, NO_HASH, 1, NO_HASH, device.id, now, operation)
        else:
            body = EntryBody(
                VERSION, state.workspace, state.position + 1, state.head, device.id, now, operation
            )
        encoded = encode(body)
        entry = Entry(encoded, device.sign(Namespace.ROSTER_ENTRY, encoded))
        try:
            state = start(entry) if state is None else apply(state, entry)
        except ProtocolError as error:
            raise Refused(str(error), error.code) from None
        entries.append(entry)
    if state is None:
        raise Refused("no operations")
    return entries, state
