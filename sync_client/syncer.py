"""Keeps one workspace in step with its server, in a thread of its own, for as long as the desk is unlocked.

States::

    STOPPED --start--> CONNECTING --signed in--> WORKING <--> IDLE
                           ^                        |
                           +---- backoff -- OFFLINE +--> HALTED (needs a person)

Offline is not an error: edits wait in the vault's outbox, and the syncer tries again with growing pauses (or at
once when asked). It halts only where going on would be wrong: the server's bytes do not hold, or signing in is
refused.
"""

from __future__ import annotations

import enum
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sync_client.account import Credentials, Door, OwnDoor
from sync_client.cancel import CancelToken, Progress
from sync_client.errors import (
    Cancelled,
    Defect,
    Offline,
    RateLimited,
    ServerMisbehaved,
    ServerRefused,
    SessionEnded,
    SignInRefused,
    SyncError,
)
from sync_client.events import EventListener
from sync_client.http import Http
from sync_client.rounds import Round
from sync_client.workspace import WorkspaceCalls
from vault.exchange import Exchange, VaultError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
POLL_SECONDS = 60.0
"""A round at least this often, in case an announcement was lost."""
RELISTEN_SECONDS = 5.0
"""The least time between two openings of the event stream, whatever a server does with it."""


class Phase(enum.Enum):
    STOPPED = "stopped"
    CONNECTING = "connecting"
    WORKING = "working"
    IDLE = "idle"
    OFFLINE = "offline"
    HALTED = "halted"


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the window shows. `last_contact` is Unix time of the last complete round, 0 for never."""

    phase: Phase
    last_contact: float = 0.0
    error: SyncError | VaultError | None = None
    progress: Progress | None = None
    retry_at: float = 0.0


class Syncer:
    """One thread that runs rounds. `on_state` is called on that thread, in order."""

    def __init__(
        self,
        new_http: Callable[[], Http],
        credentials: Credentials | Door,
        exchange: Exchange,
        on_state: Callable[[SyncState], None],
        turn: threading.Lock | None = None,
    ) -> None:
        self._new_http = new_http
        self._door = OwnDoor(credentials) if isinstance(credentials, Credentials) else credentials
        self._exchange = exchange
        self._on_state = on_state
        self._turn = turn or threading.Lock()
        self._state = SyncState(Phase.STOPPED)
        self._condition = threading.Condition()
        self._wanted = True
        self._completed = 0
        self._requested = 0
        self._cancel = CancelToken()
        self._listener: EventListener | None = None
        self._listening_since = 0.0
        self._stream_lost = False
        self._thread = threading.Thread(target=self._run, name="tacit-sync", daemon=True)

    @property
    def state(self) -> SyncState:
        return self._state

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread between two steps; safe at any time. Returns when it is gone."""
        self._cancel.cancel()
        with self._condition:
            self._condition.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def wake(self) -> None:
        """Something is to be done: a local edit, an announcement, or the user asked."""
        with self._condition:
            self._wanted = True
            self._requested += 1
            self._condition.notify_all()

    def sync_now(self, timeout: float) -> bool:
        """Wake, and wait until a round that began after this call is complete. False when time ran out or it
        halted; `state.error` says why."""
        deadline = time.monotonic() + timeout
        self.wake()
        with self._condition:
            target = self._requested
            while self._completed < target:
                if self._state.phase in (Phase.HALTED, Phase.STOPPED) and self._state.error is not None:
                    return False
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                self._condition.wait(remaining)
        return True

    def _set(self, state: SyncState) -> None:
        with self._condition:
            self._state = state
            self._condition.notify_all()
        self._on_state(state)

    def _show_progress(self, progress: Progress) -> None:
        self._set(replace(self._state, progress=progress))

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._cancel.cancelled:
            self._set(replace(self._state, phase=Phase.CONNECTING, progress=None))
            http = self._new_http()
            try:
                self._door.enter(http, self._cancel)
                calls = WorkspaceCalls(http, self._exchange.workspace)
                rounds = Round(calls, self._exchange, turn=self._turn, on_progress=self._show_progress)
                self._listen(calls, http)
                while True:
                    self._round(rounds)
                    pause = FIRST_PAUSE
                    self._sleep(RELISTEN_SECONDS if self._stream_lost else POLL_SECONDS, until_wanted=True)
                    self._cancel.check()
                    if self._stream_lost and time.monotonic() - self._listening_since >= RELISTEN_SECONDS:
                        rounds.forget_heads()
                        self._listen(calls, http)
            except Cancelled:
                break
            except SessionEnded:
                self._door.ended(http.session_token)
                self._sleep(pause, until_wanted=False)
                # A server that ends each session at once is not asked without end.
                pause = min(LONGEST_PAUSE, pause * 2)
            except (Offline, RateLimited) as error:
                wait = error.retry_after if isinstance(error, RateLimited) else pause
                wait *= 0.75 + random.random() / 2  # noqa: S311  # spreads desks out after an outage; not a secret
                self._set(
                    replace(
                        self._state,
                        phase=Phase.OFFLINE,
                        error=error,
                        progress=None,
                        retry_at=time.time() + wait,
                    )
                )
                self._pause(wait)
                pause = min(LONGEST_PAUSE, pause * 2)
            except (SignInRefused, ServerMisbehaved, ServerRefused, VaultError) as error:
                self._set(replace(self._state, phase=Phase.HALTED, error=error, progress=None))
                self._pause(LONGEST_PAUSE)
            except Exception as error:
                self._set(
                    replace(
                        self._state, phase=Phase.HALTED, error=Defect(type(error).__name__), progress=None
                    )
                )
                raise
            finally:
                self._unlisten()
                http.close()
        self._set(replace(self._state, phase=Phase.STOPPED, progress=None))

    def _round(self, rounds: Round) -> None:
        with self._condition:
            self._wanted = False
            began_for = self._requested
        self._set(replace(self._state, phase=Phase.WORKING, error=None, retry_at=0.0))
        rounds.run(self._cancel)
        with self._condition:
            self._completed = max(self._completed, began_for)
        self._set(SyncState(Phase.IDLE, last_contact=time.time()))

    def _pause(self, seconds: float) -> None:
        """Wait after a failure, until somebody asks anew: what was wanted before is what has just failed."""
        with self._condition:
            self._wanted = False
        self._sleep(seconds, until_wanted=True)

    def _sleep(self, seconds: float, *, until_wanted: bool) -> None:
        deadline = time.monotonic() + seconds
        with self._condition:
            while not self._cancel.cancelled and not (until_wanted and self._wanted):
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return
                self._condition.wait(remaining)

    def _listen(self, calls: WorkspaceCalls, signed_in: Http) -> None:
        self._unlisten()
        http = self._new_http()
        http.share_session(signed_in)
        self._stream_lost = False
        self._listening_since = time.monotonic()
        self._listener = EventListener(http, calls, self.wake, self._stream_ended)
        self._listener.start()

    def _stream_ended(self) -> None:
        """The server may be gone: a round finds out. Where it is not, the stream is opened again, not at once."""
        self._stream_lost = True
        self.wake()

    def _unlisten(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
