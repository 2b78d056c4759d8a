"""The accounts' database in SQL. Each method is one or two statements; no rule lives here."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from protocol.ids import WorkspaceId
from server.storage.account_tables import accounts, attempts, challenges, memberships, sessions
from server.storage.factors import FactorTx
from server.storage.interface import AccountRow, ChallengeRow, SessionRow
from server.storage.transfers import TransferTx

_account = sa.select(
    accounts.c.id, accounts.c.handle, accounts.c.login_key, accounts.c.bundle_version, accounts.c.bundle
)
_session = sa.select(
    sessions.c.id,
    sessions.c.account,
    sessions.c.created,
    sessions.c.expires,
    sessions.c.last_seen,
    sessions.c.device_name,
)


class SqlAccountTx(FactorTx, TransferTx):
    """`interface.AccountTx` on one connection, inside one transaction."""

    def account(self, account: int) -> AccountRow | None:
        return self._one_account(_account.where(accounts.c.id == account))

    def account_by_handle(self, handle_key: str) -> AccountRow | None:
        return self._one_account(_account.where(accounts.c.handle_key == handle_key))

    def _one_account(self, query: sa.Select[int, str, bytes, int, bytes]) -> AccountRow | None:
        row = self._connection.execute(query).one_or_none()
        return None if row is None else AccountRow(*row)

    def add_account(self, handle_key: str, row: AccountRow, created: int, invitation: bytes | None) -> int:
        result = self._connection.execute(
            accounts.insert(),
            {
                # Random, not the next: where one of the databases comes back from a backup, no new account gets a
                # number by which a workspace knows somebody else.
                "id": row.id or 1 + secrets.randbelow(1 << 62),
                "handle_key": handle_key,
                "handle": row.handle,
                "login_key": row.login_key,
                "bundle_version": row.bundle_version,
                "bundle": row.bundle,
                "created": created,
                "invitation": invitation,
            },
        )
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0])

    def accounts_of_invitation(self, invitation: bytes) -> int:
        query = sa.select(sa.func.count()).where(accounts.c.invitation == invitation)
        return self._connection.execute(query).scalar_one()

    def made_by_invitation(self, invitation: bytes) -> list[int]:
        query = sa.select(accounts.c.id).where(accounts.c.invitation == invitation).order_by(accounts.c.id)
        return list(self._connection.execute(query).scalars())

    def replace_bundle(self, account: int, expected: int, version: int, bundle: bytes) -> bool:
        result = self._connection.execute(
            accounts.update()
            .where(accounts.c.id == account, accounts.c.bundle_version == expected)
            .values(bundle_version=version, bundle=bundle)
        )
        return result.rowcount == 1

    def set_login_key(self, account: int, login_key: bytes) -> None:
        self._connection.execute(
            accounts.update().where(accounts.c.id == account).values(login_key=login_key)
        )

    def add_challenge(self, challenge: bytes, row: ChallengeRow) -> None:
        self._connection.execute(
            challenges.insert(), {"challenge": challenge, "handle": row.handle, "expires": row.expires}
        )

    def take_challenge(self, challenge: bytes) -> ChallengeRow | None:
        found = self._connection.execute(
            sa.select(challenges.c.handle, challenges.c.expires).where(challenges.c.challenge == challenge)
        ).one_or_none()
        if found is None:
            return None
        taken = self._connection.execute(challenges.delete().where(challenges.c.challenge == challenge))
        # Where writers do not take turns, of two who found it one has it.
        return ChallengeRow(*found) if taken.rowcount == 1 else None

    def drop_expired(self, now: int) -> None:
        self._connection.execute(challenges.delete().where(challenges.c.expires < now))
        self._connection.execute(sessions.delete().where(sessions.c.expires < now))
        self._connection.execute(attempts.delete().where(attempts.c.at < now - 86_400))

    def add_attempt(self, who: bytes, at: int) -> None:
        self._connection.execute(attempts.insert(), {"who": who, "at": at})

    def attempts_since(self, who: bytes, since: int) -> int:
        query = sa.select(sa.func.count()).where(attempts.c.who == who, attempts.c.at >= since)
        return self._connection.execute(query).scalar_one()

    def add_session(self, token_hash: bytes, row: SessionRow) -> None:
        self._connection.execute(
            sessions.insert(),
            {
                "token_hash": token_hash,
                "id": row.id,
                "account": row.account,
                "created": row.created,
                "expires": row.expires,
                "last_seen": row.last_seen,
                "device_name": row.device_name,
            },
        )

    def session(self, token_hash: bytes) -> SessionRow | None:
        found = self._connection.execute(_session.where(sessions.c.token_hash == token_hash)).one_or_none()
        return None if found is None else SessionRow(*found)

    def sessions(self, account: int) -> list[SessionRow]:
        query = _session.where(sessions.c.account == account).order_by(sessions.c.created, sessions.c.id)
        return [SessionRow(*row) for row in self._connection.execute(query)]

    def seen_session(self, session: bytes, now: int) -> None:
        self._connection.execute(sessions.update().where(sessions.c.id == session).values(last_seen=now))

    def name_session(self, session: bytes, device_name: str) -> None:
        named = sessions.update().where(sessions.c.id == session).values(device_name=device_name)
        self._connection.execute(named)

    def end_session(self, account: int, session: bytes) -> bool:
        result = self._connection.execute(
            sessions.delete().where(sessions.c.account == account, sessions.c.id == session)
        )
        return result.rowcount == 1

    def end_other_sessions(self, account: int, keep: bytes) -> list[bytes]:
        others = (sessions.c.account == account) & (sessions.c.id != keep)
        ended = list(self._connection.execute(sa.select(sessions.c.id).where(others)).scalars())
        self._connection.execute(sessions.delete().where(others))
        return ended

    def link(self, account: int, workspace: WorkspaceId) -> None:
        if workspace not in self.workspaces_of(account):
            self._connection.execute(memberships.insert(), {"account": account, "workspace": workspace})

    def workspaces_of(self, account: int) -> list[WorkspaceId]:
        query = (
            sa.select(memberships.c.workspace)
            .where(memberships.c.account == account)
            .order_by(memberships.c.workspace)
        )
        return list(self._connection.execute(query).scalars())

    def counts(self) -> dict[str, int]:
        tables = {"accounts": accounts, "sessions": sessions, "memberships": memberships}
        return {
            name: self._connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in tables.items()
        }
