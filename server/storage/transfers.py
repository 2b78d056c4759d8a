"""Transfers between computers of one account, and the server's own random values, in SQL."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from server.storage.account_tables import server_secrets, transfers

SECRET_SIZE = 32


class TransferTx:
    """The part of `interface.AccountTx` about these, on one connection, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put_transfer(self, account: int, transfer: bytes, sealed: bytes, expires: int) -> None:
        """In the place of an earlier one of the account."""
        self.drop_transfer(account)
        row = {"account": account, "id": transfer, "sealed": sealed, "expires": expires}
        self._connection.execute(transfers.insert(), row)

    def transfer(self, account: int, transfer: bytes, now: int) -> bytes | None:
        query = sa.select(transfers.c.sealed).where(
            transfers.c.account == account, transfers.c.id == transfer, transfers.c.expires >= now
        )
        return self._connection.execute(query).scalar_one_or_none()

    def drop_transfer(self, account: int) -> None:
        self._connection.execute(transfers.delete().where(transfers.c.account == account))

    def drop_old_transfers(self, now: int) -> None:
        self._connection.execute(transfers.delete().where(transfers.c.expires < now))

    def server_secret(self, name: str) -> bytes:
        """32 random bytes under this name, made at the first call. In a transaction that writes."""
        query = sa.select(server_secrets.c.value).where(server_secrets.c.name == name)
        found = self._connection.execute(query).scalar_one_or_none()
        if found is None:
            found = secrets.token_bytes(SECRET_SIZE)
            self._connection.execute(server_secrets.insert(), {"name": name, "value": found})
        return found
