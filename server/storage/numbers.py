"""The type of numbers beyond 32 bits: serials, and the ids of accounts, which are random.

SQLite's INTEGER has 64 bits, and only a key of that name is the row's own number; PostgreSQL's has 32.
"""

from __future__ import annotations

import sqlalchemy as sa

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
