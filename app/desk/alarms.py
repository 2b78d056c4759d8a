"""Alarms: what does not hold is recorded once, kept until somebody has seen it, and told to the admins.

Whatever raises an error that no honest server can cause (`alarm_words.alarm_kind`) comes by here: a round, a login,
a call, a log that was stopped. An alarm is kept in the vault, so that neither a lock nor a restart loses it; the same
thing happening again raises its count. A member acknowledges it; if it goes on, it comes back after a day.

Each new alarm is also noted as an event in the directory: where the log still works, everybody's admins see it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from app.desk.alarm_words import AlarmWords, alarm_kind, alarm_rule, rule_words, words_of
from app.desk.audit_events import ALARM, EventBook
from app.desk.technical_journal import TechnicalJournal
from protocol.errors import FormatError
from protocol.ids import LogId
from sync_client import Phase, SyncState
from vault import Vault
from vault.errors import VaultError
from vault.exchange import Accepted, RestoredBackup
from vault.store import Logs

MOST = 200
"""Alarms kept; the oldest acknowledged ones make room."""
AGAIN_SECONDS = 60
"""An error that comes back at each try is counted once in this time."""
REMIND_SECONDS = 86_400
MOST_TOLD_A_DAY = 20
"""Events that alarms may cause in a day: a server cannot make a desk fill the directory."""

_NAME = "desk/alarms"
_TOLD = "desk/alarms-told"


class _Kept(msgspec.Struct, array_like=True):
    kind: str
    rule: str
    place: bytes
    first: int
    last: int
    count: int
    acknowledged: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_Kept]).decode
_decode_told = msgspec.msgpack.Decoder(list[int]).decode

Listener = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Alarm:
    """`first`, `last`, `acknowledged`: Unix seconds, by this computer's clock (0: not yet). `log`: the part that it
    concerns, None where it concerns all of the workspace."""

    kind: str
    rule: str
    log: LogId | None
    first: int
    last: int
    count: int
    acknowledged: int

    @property
    def words(self) -> AlarmWords:
        return words_of(self.kind)

    @property
    def finding(self) -> str:
        """One sentence about the check that failed; "" where the words say it all."""
        return rule_words(self.rule) if self.rule != self.kind else ""

    @property
    def is_open(self) -> bool:
        return not self.acknowledged


class Alarms:
    """One for a desk. Threads: any; listeners are called on the thread that recorded or acknowledged."""

    def __init__(
        self,
        vault: Vault,
        events: EventBook,
        clock: Callable[[], float] = time.time,
        journal: TechnicalJournal | None = None,
    ) -> None:
        """`journal` notes every error that comes by, alarm or not, without its text."""
        self._vault = vault
        self._journal = journal
        self._events = events
        self._clock = clock
        self._logs = Logs(vault.store.numbers)
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    def all(self) -> list[Alarm]:
        """The newest first."""
        with self._vault.store.read() as tx:
            kept = _decode_or_none(self._logs.get(tx, _NAME))
        return sorted((_shown(one) for one in kept), key=lambda alarm: alarm.last, reverse=True)

    def open(self) -> list[Alarm]:
        """Those that nobody has acknowledged here, the newest first."""
        return [alarm for alarm in self.all() if alarm.is_open]

    def record(self, error: BaseException, log: LogId | None = None) -> bool:
        """Keep an error that is an alarm; False for every other. Never raises for what it cannot keep: the error
        itself goes on to whoever called."""
        if self._journal is not None:
            self._journal.error("seen", error)
        kind = alarm_kind(error)
        if not kind:
            return False
        with suppress(VaultError):  # closed, or a full disk
            self._keep(kind, alarm_rule(error) or kind, log)
        return True

    def hear(self, state: SyncState) -> None:
        """Synchronising came to another state: what halted it, or keeps it from the server, may be an alarm."""
        if state.error is not None and state.phase in (Phase.HALTED, Phase.OFFLINE):
            self.record(state.error)

    def _keep(self, kind: str, rule: str, log: LogId | None) -> None:
        place = log.encode() if log is not None else b""
        now = int(self._clock())
        with self._lock:
            with self._vault.store.read() as tx:
                kept = _decode_or_none(self._logs.get(tx, _NAME))
            found = next(
                (one for one in kept if (one.kind, one.rule, one.place) == (kind, rule, place)), None
            )
            if found is not None and 0 <= now - found.last < AGAIN_SECONDS:
                return
            if found is None:
                found = _Kept(kind, rule, place, now, now, 0, 0)
                kept.append(found)
            fresh = not found.count or (found.acknowledged and now - found.acknowledged >= REMIND_SECONDS)
            found.last = now
            found.count += 1
            if fresh:
                found.acknowledged = 0
            self._save(kept)
        if fresh:
            self._tell_colleagues(kind, rule, place, now)
        self._tell()

    def acknowledge(self, alarm: Alarm) -> None:
        """The member has seen it."""
        place = alarm.log.encode() if alarm.log is not None else b""
        self._acknowledge(lambda one: (one.kind, one.rule, one.place) == (alarm.kind, alarm.rule, place))

    def acknowledge_all(self) -> None:
        self._acknowledge(lambda one: True)

    def _acknowledge(self, wanted: Callable[[_Kept], bool]) -> None:
        now = int(self._clock())
        with self._lock:
            with self._vault.store.read() as tx:
                kept = _decode_or_none(self._logs.get(tx, _NAME))
            for one in kept:
                if wanted(one) and not one.acknowledged:
                    one.acknowledged = now
            self._save(kept)
        self._tell()

    def _save(self, kept: list[_Kept]) -> None:
        if len(kept) > MOST:
            kept.sort(key=lambda one: (not one.acknowledged, one.last))
            del kept[: len(kept) - MOST]
        with self._vault.store.write() as tx:
            self._logs.set(tx, _NAME, _encode(kept))

    def _tell_colleagues(self, kind: str, rule: str, place: bytes, now: int) -> None:
        with self._vault.store.write() as tx:
            stored = self._logs.get(tx, _TOLD)
            told = [at for at in ([] if stored is None else _decode_told(stored)) if now - at < 86_400]
            if len(told) >= MOST_TOLD_A_DAY:
                return
            self._logs.set(tx, _TOLD, _encode([*told, now]))
        self._events.note(ALARM, kind=place.hex(), code=kind, detail=rule)

    # listening

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each alarm and each acknowledgement; returns how to stop that."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def watch(vault: Vault, alarms: Alarms) -> Callable[[], None]:
    """Record what the exchange finds by itself: logs that stop, a vault that came from a backup. Returns how to
    stop that."""
    if vault.exchange.restored:
        alarms.record(RestoredBackup("the pins beside the vault are newer than the vault"))

    def came_in(accepted: Accepted) -> None:
        for stopped in accepted.stopped:
            alarms.record(stopped.error, stopped.log)
        for noticed in accepted.noticed:
            alarms.record(noticed)

    return vault.exchange.subscribe(came_in)


def _decode_or_none(stored: bytes | None) -> list[_Kept]:
    return [] if stored is None else _decode(stored)


def _shown(kept: _Kept) -> Alarm:
    log: LogId | None = None
    with suppress(FormatError):
        log = LogId.decode(kept.place) if kept.place else None
    return Alarm(kept.kind, kept.rule, log, kept.first, kept.last, kept.count, kept.acknowledged)


__all__ = ["Alarm", "Alarms", "watch"]
