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

# A secret that was begun and not confirmed counts for nothing (`confirmed` 0, else the Unix time of it). `last_step` is
# the newest 30-second step whose code was taken: no code of it or before it is taken again.
second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("confirmed", sa.BigInteger, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("hash", sa.LargeBinary, primary_key=True),
)

# Account 0 stands for handles that nobody has: a refused login costs the same for them.
sign_ins = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("id", WIDE, primary_key=True),
    sa.Column("account", WIDE, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("device_name", sa.Text, nullable=False),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Index("sign_ins_account", "account", "ok", "id"),
)

# Random values of this server's own, made when they are first needed.
server_secrets = sa.Table(
    "server_secrets",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

# What one computer of an account leaves for another that is being added: sealed, small, and gone after minutes.
transfers = sa.Table(
    "transfers",
    metadata,
    sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("id", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True),
)
