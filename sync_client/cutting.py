"""Connections that another thread can cut: a blocked read ends at once, whatever the server does.

Limits of the socket count from one byte to the next, so a server that sends a byte now and then keeps a read alive
for ever, in the head of a reply too. Whoever stops, locks or has waited long enough cuts the connection instead.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from sync_client.cancel import CancelToken


class Cutter:
    """Knows the open sockets of one session. Threads: any."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def opened(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets = [one for one in self._sockets if one.fileno() != -1]
            self._sockets.append(opened)

    def cut(self) -> None:
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            # Of the base class: a TLS socket's own would take its state away under the thread that reads.
            with contextlib.suppress(OSError, ValueError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    @contextlib.contextmanager
    def watching(self, seconds: float, cancel: CancelToken | None) -> Iterator[None]:
        """Cut what is open when the time is over, or as soon as `cancel` is set."""
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        forget: Callable[[], None] = cancel.when_cancelled(self.cut) if cancel is not None else lambda: None
        try:
            yield
        finally:
            forget()
            timer.cancel()


class CuttableAdapter(HTTPAdapter):
    """Makes connections that tell the cutter of their sockets."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        cutter = self._cutter

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                cutter.opened(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                cutter.opened(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
