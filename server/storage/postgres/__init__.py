"""The second storage: one PostgreSQL database for several server processes. Needs the extra `postgres`.

Accounts are in the schema `tacit`, each workspace in one of its own, with the tables and migrations of the SQLite
files. Imported by `server.storage.choice` when an operator asks for it, and by nobody else.
"""

from server.storage.postgres.storage import PostgresStorage

__all__ = ["PostgresStorage"]
