"""Accounts, sessions, challenges, refused logins, memberships."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.storage.numbers import WIDE

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", WIDE, primary_key=True),
        sa.Column("handle_key", sa.Text, nullable=False, unique=True),
        sa.Column("handle", sa.Text, nullable=False),
        sa.Column("login_key", sa.LargeBinary, nullable=False),
        sa.Column("bundle_version", sa.Integer, nullable=False),
        sa.Column("bundle", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("invitation", sa.LargeBinary, nullable=True),
    )
    op.create_index("ix_accounts_invitation", "accounts", ["invitation"])
    op.create_table(
        "memberships",
        sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("workspace", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("id", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
    op.create_table(
        "challenges",
        sa.Column("challenge", sa.LargeBinary, primary_key=True),
        sa.Column("handle", sa.LargeBinary, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_challenges_expires", "challenges", ["expires"])
    op.create_table(
        "attempts",
        sa.Column("id", WIDE, primary_key=True),
        sa.Column("who", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_index("attempts_who", "attempts", ["who", "at"])
