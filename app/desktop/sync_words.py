"""The state of synchronising in words: what the chip says, and how long ago the server was heard."""

from __future__ import annotations

from dataclasses import dataclass

from app.desktop.shell_topbar import SyncState as Sign
from sync_client import KEYS, RESTORE, CodeNeeded, FactorMissing, Phase, SyncState

QUIET_SECONDS = 300.0
"""After this long without a complete round, "up to date" would be a guess."""

_WAITING = (Phase.HALTED, Phase.CONNECTING)


@dataclass(frozen=True, slots=True)
class ChipWords:
    """The sign and the words of the chip."""

    sign: Sign
    text: str


def chip_words(
    state: SyncState,
    pending: int,
    last_contact: float,
    now: float,
    *,
    stopped: int = 0,
    blocked: int = 0,
    confirmed: bool = True,
) -> ChipWords:
    """`last_contact`, `now`: Unix seconds. `stopped` logs take nothing more; from `blocked` ones nothing goes out;
    `confirmed`: a colleague's signature has named this computer, or there is no colleague."""
    if isinstance(state.error, CodeNeeded | FactorMissing) and state.phase in _WAITING:
        return ChipWords(Sign.OFFLINE, state.error.title)
    if state.phase is Phase.HALTED:
        return ChipWords(Sign.ERROR, state.error.title if state.error is not None else "Stopped")
    if stopped:
        return ChipWords(Sign.ERROR, "A part is stopped")
    if state.phase is Phase.OFFLINE or (state.phase is Phase.CONNECTING and state.error is not None):
        if pending:
            verb = "waits" if pending == 1 else "wait"
            return ChipWords(Sign.OFFLINE, f"Working offline – {changes(pending)} {verb}")
        heard = f" – last heard {ago(now - last_contact)}" if last_contact else ""
        return ChipWords(Sign.OFFLINE, f"Working offline{heard}")
    if state.phase is Phase.STOPPED:
        return ChipWords(Sign.OFFLINE, "Not synchronising")
    if state.phase is Phase.CONNECTING:
        return ChipWords(Sign.WORKING, "Connecting")
    if state.progress is not None and state.progress.stage == "pull" and state.progress.done > 20:
        return ChipWords(Sign.WORKING, f"Receiving – {state.progress.done:,} so far")
    if state.progress is not None and state.progress.stage == KEYS:
        return ChipWords(Sign.WORKING, f"Changing keys – {state.progress.done:,} so far")
    if state.progress is not None and state.progress.stage == RESTORE:
        return ChipWords(Sign.WORKING, f"Bringing the server forward – {state.progress.done:,} so far")
    if pending and blocked and state.phase is Phase.IDLE:
        return ChipWords(Sign.ERROR, f"{changes(pending).capitalize()} cannot be sent")
    if pending:
        return ChipWords(Sign.WORKING, f"Sending {changes(pending)}")
    if last_contact and now - last_contact > QUIET_SECONDS:
        return ChipWords(Sign.OFFLINE, f"Last heard {ago(now - last_contact)}")
    if not last_contact:
        return ChipWords(Sign.WORKING, "Synchronising")
    return ChipWords(Sign.OK, "Up to date" if confirmed else "Up to date – not yet confirmed")


def changes(count: int) -> str:
    """ "1 change", "12 changes"."""
    return "1 change" if count == 1 else f"{count:,} changes"


def ago(seconds: float) -> str:
    """ "a moment ago", "5 minutes ago", "3 hours ago", "2 days ago"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "a moment ago"
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    raise AssertionError("every number of minutes is at least one minute")
