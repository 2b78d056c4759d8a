"""What one computer leaves for another that is being added; random values of the server's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.storage.numbers import WIDE

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "server_secrets",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "transfers",
        sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_transfers_expires", "transfers", ["expires"])
