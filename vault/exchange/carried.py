"""Pins that another computer of the member carried over: what this one has not seen yet and must not be denied.

Each named head must be met when the log is read that far (`Admission.head_named`), and a server whose log ends before
it has gone back, although this computer has never seen more. A log that the member may not read any more is passed
over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from protocol.ids import LogId
from protocol.wire import LogHead
from vault.exchange.desk import Desk
from vault.keys.transfer import PinnedLog
from vault.roster.errors import RolledBack
from vault.store import Tx

_CARRIED = "carried"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[bytes, int]).decode


def carry(desk: Desk, pins: Collection[PinnedLog]) -> None:
    """Keep them, in one transaction, before anything of a log has come."""
    with desk.lock, desk.changing(durable=True) as change:
        for pin in pins:
            change.admission.head_named(pin.log, pin.position, pin.chain)
        desk.logs.set(change.tx, _CARRIED, _encode({pin.log.encode(): pin.position for pin in pins}))


def check_carried(desk: Desk, tx: Tx, shown: Mapping[LogId, LogHead], readable: Collection[LogId]) -> None:
    """Raises RolledBack where the server's head of a log lies before what the other computer has seen."""
    stored = desk.logs.get(tx, _CARRIED)
    if stored is None:
        return
    for raw, position in _decode(stored).items():
        log = LogId.decode(raw)
        if desk.logs.log_state(tx, log).position >= position:
            continue  # this computer has been there itself
        head = shown.get(log)
        if log in readable and (head.position if head is not None else 0) < position:
            raise RolledBack(
                f"log {raw.hex()}: the server ends before {position}, which another computer has seen"
            )
