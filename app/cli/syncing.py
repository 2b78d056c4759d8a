"""Synchronising after a command, and waiting for it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.cli.context import Context
from app.cli.output import Json
from app.desk import Desk
from sync_client import CancelToken, Offline, Progress, RateLimited

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0


@dataclass(frozen=True, slots=True)
class Synced:
    """Whether everything is in step. `reason`: why not, "" where it was not tried or is."""

    done: bool
    pending: int
    reason: str = ""

    def answer(self) -> dict[str, Json]:
        found: dict[str, Json] = {"synchronised": self.done, "pending": self.pending}
        if self.reason:
            found["reason"] = self.reason
        return found


def synchronise(context: Context, desk: Desk, timeout: float = 0.0) -> None:
    """A whole round now; where the server does not answer, again until `timeout` seconds are over.

    Raises SyncError (Offline when the time is over), TrustError.
    """
    deadline = time.monotonic() + timeout
    pause = FIRST_PAUSE
    cancel = CancelToken()

    def show(progress: Progress) -> None:
        of = f" of {progress.total:,}" if progress.total else ""
        context.out.progress(f"{progress.stage}: {progress.done:,}{of}")

    while True:
        try:
            desk.sync_once(cancel, show)
            break
        except (Offline, RateLimited) as error:
            wait = max(pause, error.retry_after if isinstance(error, RateLimited) else 0.0)
            if time.monotonic() + wait > deadline:
                raise
            cancel.wait(wait)
            pause = min(LONGEST_PAUSE, pause * 2)
    stopped = desk.vault.exchange.stopped()
    if stopped:
        raise stopped[0].error


def after_edit(context: Context, desk: Desk) -> Synced:
    """After a local edit: it is on this disk already, so a server that does not answer is no error."""
    if context.flag("no_sync"):
        return Synced(False, desk.pending())
    try:
        synchronise(context, desk)
    except (Offline, RateLimited) as error:
        context.out.say(
            "Saved on this computer. The server was not reached; it is sent with the next `tacit sync`."
        )
        return Synced(False, desk.pending(), error.title)
    return Synced(True, desk.pending())
