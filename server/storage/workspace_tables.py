"""Tables of a workspace's database, as SQLAlchemy Core sees them; migrations make them.

Headers and bodies are apart: scans over positions and headers touch small rows only, and a body can one day be
dropped (erasure) while its header, hash and place stay.
"""

from __future__ import annotations

import sqlalchemy as sa

from server.storage.numbers import WIDE

metadata = sa.MetaData()

usage = sa.Table(
    "usage",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("serial", sa.BigInteger, nullable=False),
    sa.Column("stored", sa.BigInteger, nullable=False),
)

# Which account is which member: decided here, in the transaction that takes the genesis or the join.
links = sa.Table(
    "links",
    metadata,
    sa.Column("account", WIDE, primary_key=True),
    sa.Column("member", sa.LargeBinary, nullable=False, unique=True),
)

roster = sa.Table(
    "roster",
    metadata,
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("serial", sa.BigInteger, nullable=False, unique=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

logs = sa.Table(
    "logs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("log", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("chain", sa.LargeBinary, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("rotated_at", sa.BigInteger, nullable=False),
    sa.Column("roster_position", sa.BigInteger, nullable=False),
)

log_devices = sa.Table(
    "log_devices",
    metadata,
    sa.Column("log", sa.Integer, primary_key=True),
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("counter", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

log_keys = sa.Table(
    "log_keys",
    metadata,
    sa.Column("log", sa.Integer, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True),
    sa.Column("key_hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

commits = sa.Table(
    "commits",
    metadata,
    sa.Column("serial", WIDE, primary_key=True),
    sa.Column("log", sa.Integer, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("author", sa.LargeBinary, nullable=False),
    sa.Column("counter", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("chain", sa.LargeBinary, nullable=False),
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Index("commits_place", "log", "position", unique=True),
    sa.Index("commits_author", "log", "author", "counter", unique=True),
)

bodies = sa.Table(
    "bodies",
    metadata,
    sa.Column("serial", WIDE, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

wraps = sa.Table(
    "wraps",
    metadata,
    sa.Column("serial", WIDE, primary_key=True),
    sa.Column("log", sa.LargeBinary, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("recipient", sa.LargeBinary, nullable=False),
    sa.Column("sealer", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Index("wraps_row", "log", "generation", "recipient", "sealer", unique=True),
    sa.Index("wraps_recipient", "recipient", "serial"),
)

chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("log", sa.LargeBinary, nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("chunk", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("chunks_place", "log", "file", "chunk", unique=True),
)

# Only ever added to (`server.storage.acts`); each line has the hash of the one before it.
operator_journal = sa.Table(
    "operator_journal",
    metadata,
    sa.Column("seq", WIDE, primary_key=True, autoincrement=False),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

# Recovery by trustees: what each enrolled member's desk has put here, who asks, and what trustees have answered.
recovery_boxes = sa.Table(
    "recovery_boxes",
    metadata,
    sa.Column("member", sa.LargeBinary, primary_key=True),
    sa.Column("enrolment", sa.LargeBinary, nullable=False),
    sa.Column("box", sa.LargeBinary, nullable=False),
)

recovery_shares = sa.Table(
    "recovery_shares",
    metadata,
    sa.Column("member", sa.LargeBinary, primary_key=True),
    sa.Column("trustee", sa.LargeBinary, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

recovery_requests = sa.Table(
    "recovery_requests",
    metadata,
    sa.Column("member", sa.LargeBinary, primary_key=True),
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("request_key", sa.LargeBinary, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
)

recovery_answers = sa.Table(
    "recovery_answers",
    metadata,
    sa.Column("member", sa.LargeBinary, primary_key=True),
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("trustee", sa.LargeBinary, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
