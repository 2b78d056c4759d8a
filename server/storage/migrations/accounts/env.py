"""Alembic's entry: runs the migrations on the connection that `server.storage.migrate` hands over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

connection = context.config.attributes["connection"]
assert isinstance(connection, sa.Connection)
# The caller's transaction is the only one: all steps of an upgrade take place, or none.
context.configure(connection=connection, transaction_per_migration=False, transactional_ddl=True)
context.run_migrations()
