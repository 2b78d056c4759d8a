"""Second factors, recovery codes and sign-ins in SQL. Each method is one or a few statements; no rule lives here."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from protocol.ids import WorkspaceId
from server.storage.account_tables import memberships, recovery_codes, second_factors, sign_ins
from server.storage.interface import FactorRow, SignInRow


class FactorTx:
    """The part of `interface.AccountTx` about second factors, on one connection, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def second_factor(self, account: int) -> FactorRow | None:
        table = second_factors.c
        query = sa.select(table.secret, table.confirmed, table.last_step).where(table.account == account)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else FactorRow(*row)

    def put_second_factor(self, account: int, row: FactorRow) -> None:
        values = {"secret": row.secret, "confirmed": row.confirmed, "last_step": row.last_step}
        mine = second_factors.c.account == account
        if self._connection.execute(second_factors.update().where(mine).values(**values)).rowcount == 0:
            self._connection.execute(second_factors.insert(), {"account": account, **values})

    def spend_step(self, account: int, step: int) -> bool:
        # One statement: where writers do not take turns, of two with the same code one has it.
        taken = self._connection.execute(
            second_factors.update()
            .where(second_factors.c.account == account, second_factors.c.last_step < step)
            .values(last_step=step)
        )
        return taken.rowcount == 1

    def drop_second_factor(self, account: int) -> None:
        for table in (recovery_codes, second_factors):
            self._connection.execute(table.delete().where(table.c.account == account))

    def set_recovery_codes(self, account: int, hashes: Sequence[bytes]) -> None:
        self._connection.execute(recovery_codes.delete().where(recovery_codes.c.account == account))
        rows = [{"account": account, "hash": each} for each in hashes]
        if rows:
            self._connection.execute(recovery_codes.insert(), rows)

    def spend_recovery_code(self, account: int, code_hash: bytes) -> bool:
        mine = (recovery_codes.c.account == account) & (recovery_codes.c.hash == code_hash)
        return self._connection.execute(recovery_codes.delete().where(mine)).rowcount == 1

    def recovery_codes_left(self, account: int) -> int:
        query = sa.select(sa.func.count()).where(recovery_codes.c.account == account)
        return self._connection.execute(query).scalar_one()

    def add_sign_in(self, row: SignInRow, keep: int) -> None:
        values = {"account": row.account, "at": row.at, "device_name": row.device_name, "ok": row.ok}
        self._connection.execute(sign_ins.insert(), values)
        alike = (sign_ins.c.account == row.account) & (sign_ins.c.ok == row.ok)
        newest = sa.select(sign_ins.c.id).where(alike).order_by(sign_ins.c.id.desc()).offset(keep).limit(1)
        last = self._connection.execute(newest).scalar_one_or_none()
        if last is not None:
            self._connection.execute(sign_ins.delete().where(alike, sign_ins.c.id <= last))

    def sign_ins(self, workspace: WorkspaceId, each: int, most: int) -> list[SignInRow]:
        newest = sa.func.row_number().over(
            partition_by=(sign_ins.c.account, sign_ins.c.ok), order_by=sign_ins.c.id.desc()
        )
        found = (
            sa.select(sign_ins, newest.label("place"))
            .join_from(sign_ins, memberships, sign_ins.c.account == memberships.c.account)
            .where(memberships.c.workspace == workspace)
            .subquery()
            .c
        )
        rows: list[tuple[int, SignInRow]] = []
        for ok in (True, False):
            query = (
                sa.select(found.id, found.account, found.at, found.device_name, found.ok)
                .where(found.ok == ok, found.place <= each)
                .order_by(found.id.desc())
                .limit(most)
            )
            rows += [(row[0], SignInRow(*row[1:])) for row in self._connection.execute(query)]
        return [row for _, row in sorted(rows, key=lambda one: one[0], reverse=True)]
