"""What the exchange answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.ids import LogId
from vault.roster.errors import TrustError
from vault.store import Changes


@dataclass(frozen=True, slots=True)
class LogRange:
    """Commits (or headers) of `log` are wanted from `from_position` on."""

    log: LogId
    from_position: int


@dataclass(frozen=True, slots=True)
class StoppedLog:
    """A log whose header stage failed: it takes nothing more. `error` has the words, `error.code` the rule."""

    log: LogId
    error: TrustError


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a page changed, what is missing, and which logs it stopped. `roster`: entries were taken. `noticed`: what is
    an alarm, though it stops nothing."""

    changes: Changes
    gaps: list[LogRange] = field(default_factory=list)
    stopped: list[StoppedLog] = field(default_factory=list)
    roster: bool = False
    noticed: list[TrustError] = field(default_factory=list)
