"""What cannot be avoided: decoding the bodies, one SQLCipher row for each record, the short search index.

No sealing, no verification, no fold, no history. The first sync is measured against this, in the same run.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import sqlcipher3.dbapi2 as dbapi

from protocol.operations import Put, parse_body

_encode = msgspec.msgpack.Encoder().encode


def unavoidable(path: Path, bodies: Iterable[bytes]) -> float:
    """Seconds for a new database at `path` from these encoded bodies."""
    connection = dbapi.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, rid BLOB, name TEXT, company TEXT, stage TEXT, amount INTEGER,"
        " close TEXT, owner TEXT, data BLOB)"
    )
    connection.execute(
        "CREATE VIRTUAL TABLE short USING fts5(title, keys, content='', tokenize='unicode61 remove_diacritics 2',"
        " prefix='2 3')"
    )
    began = time.perf_counter()
    connection.execute("BEGIN")
    number = 0
    for encoded in bodies:
        rows = []
        for operation in parse_body(encoded).operations:
            if isinstance(operation, Put):
                number += 1
                get = operation.fields.get
                rows.append(
                    (
                        number,
                        operation.record,
                        get("name"),
                        get("company"),
                        get("stage"),
                        get("amount"),
                        get("expected_close"),
                        get("owner"),
                        _encode(operation.fields),
                    )
                )
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO short (rowid, title, keys) VALUES (?, ?, ?)",
            [(row[0], row[2], row[3]) for row in rows],
        )
    connection.execute("CREATE INDEX rows_rid ON rows (rid)")
    connection.execute("CREATE INDEX rows_name ON rows (name)")
    connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds
