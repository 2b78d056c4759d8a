"""Tables of the accounts' database (`server.db`), as SQLAlchemy Core sees them; migrations make them."""

from __future__ import annotations

import sqlalchemy as sa

from server.storage.numbers import WIDE

metadata = sa.MetaData()

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", WIDE, primary_key=True),
    sa.Column("handle_key", sa.Text, nullable=False, unique=True),
    sa.Column("handle", sa.Text, nullable=False),
    sa.Column("login_key", sa.LargeBinary, nullable=False),
    sa.Column("bundle_version", sa.Integer, nullable=False),
    sa.Column("bundle", sa.LargeBinary, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("invitation", sa.LargeBinary, nullable=True, index=True),
)

# Which workspaces an account should look for itself in. The workspace's own `links` decide.
memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("workspace", sa.LargeBinary, primary_key=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True),
    sa.Column("last_seen", sa.BigInteger, nullable=False),
    sa.Column("device_name", sa.Text, nullable=False),
)

challenges = sa.Table(
    "challenges",
    metadata,
    sa.Column("challenge", sa.LargeBinary, primary_key=True),
    sa.Column("handle", sa.LargeBinary, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True),
)

# Refused logins only; `who` is a hash of handle and address together, so nobody can lock another out.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", WIDE, primary_key=True),
    sa.Column("who", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False, index=True),
    sa.Index("attempts_who", "who", "at"),
)
