"""Second factors, recovery codes, and the list of sign-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.storage.numbers import WIDE

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("confirmed", sa.BigInteger, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account", WIDE, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("hash", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", WIDE, primary_key=True),
        sa.Column("account", WIDE, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
    )
    op.create_index("sign_ins_account", "sign_ins", ["account", "ok", "id"])
