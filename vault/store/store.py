"""The vault's database: one writer at a time, a read connection per thread, closed all together on lock.

An edit is acknowledged when `write()` has left its block without an error: the transaction is then on the disk
(WAL with synchronous FULL). After any error inside the block nothing of it is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as dbapi

from vault.schema import Schema
from vault.store.connection import Tx, connect, translated
from vault.store.errors import VaultClosed, VaultDamaged, VaultFull
from vault.store.layout import apply_schema
from vault.store.migrations import migrate
from vault.store.numbers import Numbers


class Store:
    """An open vault file. Threads: any; `write` blocks while another thread writes, readers never block."""

    def __init__(self, path: Path, key: bytes, schema: Schema) -> None:
        self.path = path
        self.schema = schema
        self.numbers = Numbers()
        self.version = 0
        """Rises with every committed transaction."""
        self._key = key
        self._write_lock = threading.Lock()
        self._state_lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[_Reader] = []
        self._type_versions: dict[str, int] = {}
        self._on_rollback: list[Callable[[], None]] = [self.numbers.forget]
        self._closed = False
        self._writer = connect(path, key, writer=True)

    @classmethod
    def create(cls, path: Path, key: bytes, schema: Schema) -> Store:
        """Make a new, empty vault at `path` (which must not exist)."""
        if path.exists():
            raise FileExistsError(path.name)
        return cls._ready(path, key, schema)

    @classmethod
    def open(cls, path: Path, key: bytes, schema: Schema) -> Store:
        """Open a vault, bringing it forward to this version. Raises VaultDamaged for a wrong key,
        VaultTooNew for a file of a newer version, FileNotFoundError where there is none."""
        if not path.exists():
            raise FileNotFoundError(path.name)
        return cls._ready(path, key, schema)

    @classmethod
    def _ready(cls, path: Path, key: bytes, schema: Schema) -> Store:
        store = cls(path, key, schema)
        try:
            migrate(store._writer, path)
            with store.write() as tx:
                apply_schema(tx, schema)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Tx]:
        """A write transaction. `durable=False` leaves out the sync of the disk for what can be pulled again: after
        a power cut the newest such transactions may be missing, whole, but never torn.

        Raises VaultFull, VaultReadOnly, VaultBusy, VaultClosed.
        """
        with self._write_lock:
            if self._closed:
                raise VaultClosed("locked")
            connection = self._writer
            with translated():
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
            tx = Tx(connection)
            try:
                yield tx
                tx.run_before_commit()
                with translated():
                    if not connection.in_transaction:  # the database gave it up by itself, as when full
                        raise VaultFull("transaction lost")
                    connection.execute("COMMIT")
            except BaseException:
                for forget in self._on_rollback:
                    forget()
                if connection.in_transaction:
                    with translated():
                        connection.execute("ROLLBACK")
                raise
            with self._state_lock:
                self.version += 1
                for name in tx.touched:
                    self._type_versions[name] = self.version

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent snapshot on this thread's own connection; nested calls share the outer snapshot."""
        reader = self._reader()
        with reader.lock:
            if reader.depth == 0:
                if self._closed:
                    raise VaultClosed("locked")
                with translated():
                    reader.connection.execute("BEGIN")
            reader.depth += 1
            try:
                yield Tx(reader.connection)
            finally:
                reader.depth -= 1
                if reader.depth == 0 and reader.connection.in_transaction:
                    with translated():
                        reader.connection.execute("COMMIT")

    def on_rollback(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever a transaction was rolled back: for caches of what it wrote."""
        self._on_rollback.append(forget)

    def type_version(self, name: str) -> int:
        """A number that changes whenever a record of that type changes (for caches of counts)."""
        with self._state_lock:
            return self._type_versions.get(name, 0)

    def interrupt(self) -> None:
        """Stop statements that run on readers now (a search that was typed over)."""
        with self._state_lock:
            readers = list(self._readers)
        for reader in readers:
            reader.connection.interrupt()

    def close(self) -> None:
        """Close every connection, of all threads, and forget the key. Waits for the writer to finish."""
        with self._write_lock:
            if self._closed:
                return
            self._closed = True
            with self._state_lock:
                readers, self._readers = self._readers, []
            for reader in readers:
                reader.connection.interrupt()
                with reader.lock:
                    reader.connection.close()
            self._writer.close()
            self._key = b""

    def check(self) -> None:
        """Verify the file's pages against their authentication codes and the database's own structure.

        Raises VaultDamaged."""
        with self.read() as tx:
            if tx.all("PRAGMA cipher_integrity_check") or tx.all("PRAGMA quick_check") != [("ok",)]:
                raise VaultDamaged("check")

    def on_writer(self, action: Callable[[dbapi.Connection], None]) -> None:
        """Run `action` on the writer outside a transaction (a checkpoint, a backup)."""
        with self._write_lock:
            if self._closed:
                raise VaultClosed("locked")
            with translated():
                action(self._writer)

    def _reader(self) -> _Reader:
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is not None and not self._closed:
            return reader
        with self._state_lock:
            if self._closed:
                raise VaultClosed("locked")
            # Connections of threads that have ended are closed here: nobody else would.
            for old in [old for old in self._readers if not old.thread.is_alive()]:
                self._readers.remove(old)
                old.connection.close()
            reader = _Reader(connect(self.path, self._key, writer=False))
            self._readers.append(reader)
        self._local.reader = reader
        return reader


class _Reader:
    """One thread's connection. The lock lets `close` wait until a statement that was interrupted has ended."""

    __slots__ = ("connection", "depth", "lock", "thread")

    def __init__(self, connection: dbapi.Connection) -> None:
        self.connection = connection
        self.depth = 0
        self.lock = threading.RLock()
        self.thread = threading.current_thread()
