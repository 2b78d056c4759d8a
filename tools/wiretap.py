"""A TCP relay on loopback that writes down every byte of both directions: what a network, or an operator, sees.

The demonstration and the tests put it between desks and server and then search what it wrote for canaries.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

_STEP = 1 << 16


class Wiretap:
    """Relays 127.0.0.1:port to `target`; records into `folder` as `<n>-up.bin` and `<n>-down.bin`."""

    def __init__(self, folder: Path, target: tuple[str, int] | None = None) -> None:
        self.folder = folder
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._count = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=self._accept, name="wiretap", daemon=True).start()

    def connect_to(self, port: int) -> None:
        """Where new connections go from now on: the server may come later, or come back elsewhere."""
        self._target = ("127.0.0.1", port)

    def cut(self) -> None:
        """Break every connection that is open, as a bad network does."""
        with self._lock:
            sockets = list(self._open)
        for each in sockets:
            _shut(each)

    def close(self) -> None:
        self._closed = True
        _shut(self._listener)
        self._listener.close()
        self.cut()

    def recorded(self) -> list[Path]:
        return sorted(self.folder.glob("*.bin"))

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        target = self._target
        try:
            if target is None:
                raise ConnectionRefusedError
            server = socket.create_connection(target, 10)
            server.settimeout(None)
        except OSError:
            client.close()
            return
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._count += 1
            number = self._count
            self._open |= {client, server}
        up = threading.Thread(target=self._pump, args=(client, server, self.folder / f"{number:05}-up.bin"))
        up.daemon = True
        up.start()
        self._pump(server, client, self.folder / f"{number:05}-down.bin")
        up.join()
        with self._lock:
            self._open -= {client, server}
        client.close()
        server.close()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, record: Path) -> None:
        with record.open("wb", buffering=0) as written:
            while True:
                try:
                    data = source.recv(_STEP)
                    if not data:
                        break
                    written.write(data)
                    sink.sendall(data)
                except OSError:
                    break
        for each in (source, sink):
            _shut(each)


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
