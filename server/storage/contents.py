"""Commits, wraps and file chunks in SQL: the part of a workspace's transaction that moves the bulk."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from protocol.wire import SignedHeader, Wrap
from server.storage.interface import CommitRow, StoredCommit, WrapRow
from server.storage.pages import ROW_BY_ROW, bounded
from server.storage.workspace_tables import bodies, chunks, commits, wraps

ROW_OVERHEAD = 64  # what a page's encoding adds to a row, generously

_commit = sa.select(
    commits.c.serial,
    commits.c.log,
    commits.c.position,
    commits.c.header,
    commits.c.signature,
    bodies.c.body,
).join_from(commits, bodies, commits.c.serial == bodies.c.serial)
_wrap = sa.select(wraps.c.serial, wraps.c.log, wraps.c.generation, wraps.c.recipient, wraps.c.sealed)
_commit_of = sa.select(commits.c.position, commits.c.hash, commits.c.chain).where(
    commits.c.log == sa.bindparam("log"),
    commits.c.author == sa.bindparam("author"),
    commits.c.counter == sa.bindparam("counter"),
)


def _commit_size(row: StoredCommit) -> int:
    return len(row.header) + len(row.signature) + len(row.body) + ROW_OVERHEAD


def _wrap_size(row: WrapRow) -> int:
    return len(row.wrap.sealed) + 2 * ROW_OVERHEAD


class ContentsTx:
    """The bulk part of `interface.WorkspaceTx`, on one connection, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_commit(self, row: CommitRow) -> None:
        self._connection.execute(
            commits.insert(),
            {
                "serial": row.serial,
                "log": row.log,
                "position": row.position,
                "author": row.author,
                "counter": row.counter,
                "hash": row.hash,
                "chain": row.chain,
                "header": row.header,
                "signature": row.signature,
            },
        )
        self._connection.execute(bodies.insert(), {"serial": row.serial, "body": row.body})

    def commit_of(self, log: int, author: bytes, counter: int) -> tuple[int, bytes, bytes] | None:
        found = self._connection.execute(
            _commit_of, {"log": log, "author": author, "counter": counter}
        ).one_or_none()
        return None if found is None else (found[0], found[1], found[2])

    def chain_at(self, log: int, position: int) -> bytes | None:
        query = sa.select(commits.c.chain).where(commits.c.log == log, commits.c.position == position)
        return self._connection.execute(query).scalar_one_or_none()

    def commits_since(
        self, serial: int, top: int, logs: Sequence[int], items: int, size: int
    ) -> tuple[list[StoredCommit], bool]:
        if not logs:
            return [], True
        # `+ 0`: by serial, never by the index on logs, which would sort all that is left for each page.
        query = (
            _commit.where(commits.c.serial > serial, commits.c.serial <= top, (commits.c.log + 0).in_(logs))
            .order_by(commits.c.serial)
            .limit(items + 1)
        )
        return self._page(query, items, size)

    def commits_from(self, log: int, position: int, items: int, size: int) -> list[StoredCommit]:
        query = (
            _commit.where(commits.c.log == log, commits.c.position >= position)
            .order_by(commits.c.position)
            .limit(items + 1)
        )
        return self._page(query, items, size)[0]

    def _page(
        self, query: sa.Select[int, int, int, bytes, bytes, bytes], items: int, size: int
    ) -> tuple[list[StoredCommit], bool]:
        with self._connection.execute(query, execution_options=ROW_BY_ROW) as rows:
            return bounded((StoredCommit(*row) for row in rows), items, size, _commit_size)

    def headers_from(self, log: int, position: int, items: int) -> list[SignedHeader]:
        query = (
            sa.select(commits.c.header, commits.c.signature)
            .where(commits.c.log == log, commits.c.position >= position)
            .order_by(commits.c.position)
            .limit(items)
        )
        return [SignedHeader(*row) for row in self._connection.execute(query)]

    def add_wrap(self, row: WrapRow, sealer: bytes) -> bool:
        wrap = row.wrap
        present = self._connection.execute(
            sa.select(wraps.c.serial).where(
                wraps.c.log == wrap.log,
                wraps.c.generation == wrap.generation,
                wraps.c.recipient == wrap.recipient,
                wraps.c.sealer == sealer,
            )
        ).one_or_none()
        if present is not None:
            return False
        self._connection.execute(
            wraps.insert(),
            {
                "serial": row.serial,
                "log": wrap.log,
                "generation": wrap.generation,
                "recipient": wrap.recipient,
                "sealer": sealer,
                "sealed": wrap.sealed,
            },
        )
        return True

    def wraps_since(
        self, serial: int, top: int, recipient: bytes, items: int, size: int
    ) -> tuple[list[WrapRow], bool]:
        query = (
            _wrap.where(wraps.c.recipient == recipient, wraps.c.serial > serial, wraps.c.serial <= top)
            .order_by(wraps.c.serial)
            .limit(items + 1)
        )
        result = self._connection.execute(query)
        rows = (WrapRow(row[0], Wrap(row[1], row[2], row[3], row[4])) for row in result)
        page = bounded(rows, items, size, _wrap_size)
        result.close()
        return page

    def recipients(self, log: bytes, generation: int) -> list[bytes]:
        query = (
            sa.select(wraps.c.recipient)
            .where(wraps.c.log == log, wraps.c.generation == generation)
            .distinct()
            .order_by(wraps.c.recipient)
        )
        return list(self._connection.execute(query).scalars())

    def chunk_hash(self, log: bytes, file: bytes, index: int) -> bytes | None:
        return self._connection.execute(
            sa.select(chunks.c.digest).where(*_place(log, file), chunks.c.chunk == index)
        ).scalar_one_or_none()

    def chunk(self, log: bytes, file: bytes, index: int) -> bytes | None:
        return self._connection.execute(
            sa.select(chunks.c.data).where(*_place(log, file), chunks.c.chunk == index)
        ).scalar_one_or_none()

    def add_chunk(self, log: bytes, file: bytes, index: int, digest: bytes, data: bytes) -> None:
        self._connection.execute(
            chunks.insert(),
            {"log": log, "file": file, "chunk": index, "digest": digest, "data": data},
        )

    def chunk_indexes(self, log: bytes, file: bytes) -> list[int]:
        query = sa.select(chunks.c.chunk).where(*_place(log, file)).order_by(chunks.c.chunk)
        return list(self._connection.execute(query).scalars())


def _place(log: bytes, file: bytes) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return chunks.c.log == log, chunks.c.file == file
