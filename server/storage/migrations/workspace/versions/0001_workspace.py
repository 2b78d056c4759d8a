"""Roster, logs, commits and their bodies, wraps, file chunks, links of accounts to members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.storage.numbers import WIDE

revision = "0001"
down_revision = None


def upgrade() -> None:
    usage = op.create_table(
        "usage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("serial", sa.BigInteger, nullable=False),
        sa.Column("stored", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(usage, [{"id": 1, "serial": 0, "stored": 0}])
    op.create_table(
        "links",
        sa.Column("account", WIDE, primary_key=True),
        sa.Column("member", sa.LargeBinary, nullable=False, unique=True),
    )
    op.create_table(
        "roster",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("serial", sa.BigInteger, nullable=False, unique=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("log", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("rotated_at", sa.BigInteger, nullable=False),
        sa.Column("roster_position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "log_devices",
        sa.Column("log", sa.Integer, primary_key=True),
        sa.Column("device", sa.LargeBinary, primary_key=True),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_keys",
        sa.Column("log", sa.Integer, primary_key=True),
        sa.Column("generation", sa.BigInteger, primary_key=True),
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commits",
        sa.Column("serial", WIDE, primary_key=True),
        sa.Column("log", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("author", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_index("commits_place", "commits", ["log", "position"], unique=True)
    op.create_index("commits_author", "commits", ["log", "author", "counter"], unique=True)
    op.create_table(
        "bodies",
        sa.Column("serial", WIDE, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "wraps",
        sa.Column("serial", WIDE, primary_key=True),
        sa.Column("log", sa.LargeBinary, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("recipient", sa.LargeBinary, nullable=False),
        sa.Column("sealer", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("wraps_row", "wraps", ["log", "generation", "recipient", "sealer"], unique=True)
    op.create_index("wraps_recipient", "wraps", ["recipient", "serial"])
    op.create_table(
        "chunks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("log", sa.LargeBinary, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.Column("chunk", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_index("chunks_place", "chunks", ["log", "file", "chunk"], unique=True)
