"""The server's event stream: wakes the syncer when something is new. Only a hint; nothing in it is trusted.

A thread reads server-sent events (`data: <cursor>`). Lines are bounded; a broken stream is opened again by the
syncer, after its own backoff.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import requests
from urllib3.exceptions import HTTPError

from protocol import wire
from sync_client.errors import SyncError
from sync_client.http import Http
from sync_client.workspace import WorkspaceCalls

IDLE_SECONDS = 60.0
MAX_LINE = 256


class EventListener:
    """Listens on a connection of its own; `announce` runs on the listener's thread, `ended` once at the end."""

    def __init__(
        self, http: Http, calls: WorkspaceCalls, announce: Callable[[], None], ended: Callable[[], None]
    ) -> None:
        self._http = http
        self._path = calls.path(wire.Route.EVENTS)
        self._announce = announce
        self._ended = ended
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tacit-events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the stream; returns when the thread is gone, or after five seconds (it is a daemon then)."""
        self._stopping.set()
        self._http.cut()  # closing alone would wait for the reader's lock
        self._thread.join(5.0)

    def _run(self) -> None:
        try:
            with self._http.open_stream(self._path, IDLE_SECONDS) as response:
                for line in _lines(response):
                    if self._stopping.is_set():
                        return
                    if line.startswith(b"data:"):
                        self._announce()
        except (SyncError, requests.RequestException, HTTPError, OSError, ValueError, AttributeError):
            # A stream that breaks, or that stop() closed under the read (which then raises ValueError or
            # AttributeError), is no failure: `ended` tells the syncer, which connects again.
            return
        finally:
            self._http.close()
            self._ended()


def _lines(response: requests.Response) -> Iterator[bytes]:
    """Lines as they arrive; a line over MAX_LINE bytes ends the stream."""
    waiting = b""
    while True:
        piece = response.raw.read1(4096)
        if not piece:
            return
        waiting += piece
        *lines, waiting = waiting.split(b"\n")
        if len(waiting) > MAX_LINE:
            return
        yield from lines
