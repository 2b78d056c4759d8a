"""The desk's side of every exchange: store, roster, pins and the one way to change them together.

`changing()` is the transaction in which everything that comes in is taken: roster entries, keys, commits, cursor and
pin, all or nothing. The pin outside the vault is written right after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from protocol.access import logs_of
from protocol.ids import LogId
from protocol.roster import Adopt, Entry
from protocol.roster_parse import parse_entry
from protocol.state import RosterState
from vault.admit import Admission, Context
from vault.exchange.confirming import Confirmed, judge, keep_confirmed, look_back, read_confirmed
from vault.exchange.dropping import adopt_logs, heads_in
from vault.exchange.own import Own
from vault.exchange.pins import Pin, PinFile, is_backup
from vault.exchange.support import closed_logs
from vault.exchange.types import Accepted, LogRange, StoppedLog
from vault.roster.errors import LogBroken
from vault.roster.local import LocalRoster
from vault.store import Changes, Folder, Logs, Outbox, Store, Tx

MAX_NUMBER = 1 << 53
"""Positions, counters, generations and cursors are below it."""

_CURSOR = "cursor"
_PIN = "pin"
_RESTORED = "restored"
_GAPS = "gaps"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode

Listener = Callable[[Accepted], None]


class Change:
    """One transaction in progress: `admission` for commits and keys, `take_roster` for entries."""

    def __init__(self, desk: Desk, tx: Tx) -> None:
        self.tx = tx
        self._desk = desk
        self.admission = desk.admission(tx)
        self.roster_taken = False

    def take_roster(self, first: int, entries: Sequence[Entry]) -> None:
        """Verify and keep entries; set aside what they cut off. Raises TrustError, MovedOn."""
        before = self._desk.roster.state
        for position, entry in self._desk.roster.extend(first, entries):
            self._desk.logs.append_roster_entry(self.tx, position, entry)
            self.roster_taken = True
            body = parse_entry(entry)
            author = self._desk.roster.state.devices[body.author].member
            self.admission.named[author] = position - 1
            if isinstance(body.operation, Adopt):
                adopt_logs(self, self._desk, body.operation)
            for named in heads_in(entry):
                self.admission.head_named(LogId.decode(named.log), named.position, named.chain)
        if self.roster_taken:
            self.admission.roster_moved(before)
            self._readable_again(before)

    def _readable_again(self, before: RosterState) -> None:
        """What was written to a log while this member could not read it is not in his stream any more: fetch it.
        Logs that were never met here show in the server's heads."""
        desk, member = self._desk, self._desk.own.member
        gained = logs_of(desk.roster.state, member) - logs_of(before, member)
        known = {log for log in gained if self.admission.book.state(log).position}
        if known:
            desk.set_gaps(self.tx, desk.gaps(self.tx) | known)


class Desk:
    """Shared by the parts of the exchange; used under `lock`."""

    def __init__(self, store: Store, folder: Folder, own: Own, roster: LocalRoster, pins: PinFile) -> None:
        self.store = store
        self.folder = folder
        self.own = own
        self.roster = roster
        self.logs = Logs(store.numbers)
        self.outbox = Outbox(store.numbers)
        self.lock = threading.RLock()
        self.listeners: list[Listener] = []
        self.clock: Callable[[], float] = time.time  # for what ends at a time; the fold reads none
        self.unsettled: set[LogId] | None = None
        """Logs of which a rotate or a bridge may be due; None where every log may be (`Upkeep`)."""
        self._pins = pins
        self.restored = self._compare_pins()
        self.confirmed = self._read_confirmed()

    def _compare_pins(self) -> bool:
        """Notice a restored backup; from then on the vault remembers it until its device is renewed."""
        outside = self._pins.read()
        with self.store.read() as tx:
            inside = self._pin(tx)
            remembered = self.logs.get(tx, _RESTORED) is not None
        if not is_backup(inside, outside) or outside is None:
            if outside != inside:
                self._pins.write(inside)
            return remembered
        forward = Pin(outside.counter + 1, inside.digest)
        with self.store.write() as tx:
            self.logs.set(tx, _RESTORED, b"\x01")
            self.logs.set(tx, _PIN, forward.encode())
        self._pins.write(forward)
        return True

    def _read_confirmed(self) -> Confirmed | None:
        with self.store.read() as tx:
            return read_confirmed(tx, self.logs, self.own.device.id) or look_back(self, tx)

    def _pin(self, tx: Tx) -> Pin:
        stored = self.logs.get(tx, _PIN)
        return (Pin.decode(stored) if stored is not None else None) or Pin()

    def renewed(self, tx: Tx) -> None:
        """A new device key stands in for the one of the backup."""
        self.logs.set(tx, _RESTORED, None)

    def context(self) -> Context:
        own = self.own
        return Context(
            self.logs, self.folder, self.outbox, self.roster, own.private, own.device.id, own.former
        )

    def admission(self, tx: Tx) -> Admission:
        return Admission(tx, self.context())

    @contextmanager
    def changing(self, *, durable: bool = False) -> Iterator[Change]:
        """Everything in the block is taken, or nothing. What can be pulled again needs no sync of the disk, and its
        pin goes out with the next change that is synced: a power cut must not look like a backup."""
        head = self.roster.head
        pin: Pin | None = None
        try:
            with self.store.write(durable=durable) as tx:
                change = Change(self, tx)
                yield change
                change.admission.finish()
                confirmed = self._confirm(change)
                if durable or change.roster_taken or change.admission.book.moved:
                    pin = self._pin(tx).after(self.roster.head[1], change.admission.book.moved_states())
                    self.logs.set(tx, _PIN, pin.encode())
            self.confirmed = confirmed
            self._unsettle(change)
        except BaseException:
            if self.roster.head != head:
                with self.store.read() as tx:
                    self.roster.forget_unsaved(self.logs.roster_entries(tx))
            raise
        if durable and pin is not None:
            self._pins.write(pin)

    def _confirm(self, change: Change) -> Confirmed | None:
        if self.confirmed is not None or not change.admission.named:
            return self.confirmed
        own = self.own
        found = judge(self.roster.state, own.device.id, own.member, change.admission.named)
        if found is not None:
            keep_confirmed(change.tx, self.logs, own.device.id, found)
        return found

    def _unsettle(self, change: Change) -> None:
        if change.roster_taken:
            self.unsettled = None
        elif self.unsettled is not None:
            self.unsettled |= change.admission.book.touched

    def settle_pins(self) -> None:
        """Bring the pin outside up to date, before the vault is locked."""
        with self.store.read() as tx:
            inside = self._pin(tx)
        if self._pins.read() != inside:
            with self.changing(durable=True):
                pass

    @property
    def closed(self) -> frozenset[LogId]:
        """Logs in which nothing goes out until the end of a support member stands in the roster."""
        return closed_logs(self.roster.state, self.clock())

    # small values

    def cursor(self, tx: Tx) -> int:
        return self.logs.get_number(tx, _CURSOR)

    def set_cursor(self, tx: Tx, cursor: int) -> None:
        """Raises LogBroken for a number that the format has not."""
        if not 0 <= cursor < MAX_NUMBER:
            raise LogBroken("a cursor out of range", "cursor")
        self.logs.set_number(tx, _CURSOR, cursor)

    def gaps(self, tx: Tx) -> set[LogId]:
        """Logs of which commits are missing here."""
        stored = self.logs.get(tx, _GAPS)
        return set() if stored is None else {LogId.decode(raw) for raw in _decode(stored)}

    def set_gaps(self, tx: Tx, gaps: set[LogId]) -> None:
        if gaps != self.gaps(tx):
            self.logs.set(tx, _GAPS, _encode([log.encode() for log in sorted(gaps)]) if gaps else None)

    def accepted(self, change: Change, gaps: list[LogRange]) -> Accepted:
        stopped = [StoppedLog(log, error) for log, error in sorted(change.admission.stopped.items())]
        return Accepted(change.admission.changes, gaps, stopped, change.roster_taken)

    def tell(self, accepted: Accepted) -> Accepted:
        """Tell the listeners, after the transaction, outside any lock of the store."""
        if accepted.changes or accepted.stopped or accepted.roster or accepted.noticed:
            for listener in list(self.listeners):
                listener(accepted)
        return accepted


NOTHING = Accepted(Changes())
