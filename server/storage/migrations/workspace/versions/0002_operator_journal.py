"""The operator-access journal: one hash-chained line for each thing that the operator or his program did here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.storage.numbers import WIDE

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "operator_journal",
        sa.Column("seq", WIDE, primary_key=True, autoincrement=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
