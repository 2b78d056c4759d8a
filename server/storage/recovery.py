"""Recovery by trustees in SQL. Each method is one or two statements; no rule lives here."""

from __future__ import annotations

import sqlalchemy as sa

from protocol.wire_recovery import HeldShare, OpenRequest, WrappedShare
from server.storage.workspace_tables import (
    recovery_answers,
    recovery_boxes,
    recovery_requests,
    recovery_shares,
)

_request = recovery_requests.c
_answer = recovery_answers.c


class RecoveryTx:
    """The part of `interface.WorkspaceTx` about recovery, on one connection, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put_recovery(self, member: bytes, enrolment: bytes, box: bytes, shares: list[WrappedShare]) -> None:
        """In the place of an earlier enrolment, with all that was asked and answered under that."""
        self.drop_recovery(member)
        self._connection.execute(
            recovery_boxes.insert(), {"member": member, "enrolment": enrolment, "box": box}
        )
        for share in shares:
            row = {"member": member, "trustee": share.trustee, "sealed": share.sealed}
            self._connection.execute(recovery_shares.insert(), row)

    def drop_recovery(self, member: bytes) -> None:
        for table in (recovery_boxes, recovery_shares, recovery_requests, recovery_answers):
            self._connection.execute(table.delete().where(table.c.member == member))

    def recovery_box(self, member: bytes) -> tuple[bytes, bytes] | None:
        """(enrolment, box)"""
        query = sa.select(recovery_boxes.c.enrolment, recovery_boxes.c.box)
        row = self._connection.execute(query.where(recovery_boxes.c.member == member)).one_or_none()
        return None if row is None else (row[0], row[1])

    def shares_of_trustee(self, trustee: bytes) -> list[HeldShare]:
        query = (
            sa.select(recovery_shares.c.member, recovery_boxes.c.enrolment, recovery_shares.c.sealed)
            .join(recovery_boxes, recovery_boxes.c.member == recovery_shares.c.member)
            .where(recovery_shares.c.trustee == trustee)
            .order_by(recovery_shares.c.member)
        )
        return [HeldShare(*row) for row in self._connection.execute(query)]

    def add_request(self, member: bytes, digest: bytes, request_key: bytes, time: int) -> None:
        row = {"member": member, "digest": digest, "request_key": request_key, "time": time}
        self._connection.execute(recovery_requests.insert(), row)

    def requests_about(self, member: bytes) -> list[tuple[bytes, OpenRequest]]:
        """(digest, request), the oldest first."""
        query = sa.select(_request.digest, _request.request_key, _request.time)
        rows = self._connection.execute(
            query.where(_request.member == member).order_by(_request.time, _request.digest)
        )
        return [(digest, OpenRequest(member, key, time)) for digest, key, time in rows]

    def drop_request(self, member: bytes, digest: bytes) -> None:
        for table in (recovery_requests, recovery_answers):
            self._connection.execute(table.delete().where(table.c.member == member, table.c.digest == digest))

    def put_answer(self, member: bytes, digest: bytes, answer: WrappedShare) -> None:
        mine = (_answer.member == member) & (_answer.digest == digest) & (_answer.trustee == answer.trustee)
        self._connection.execute(recovery_answers.delete().where(mine))
        row = {"member": member, "digest": digest, "trustee": answer.trustee, "sealed": answer.sealed}
        self._connection.execute(recovery_answers.insert(), row)

    def answers(self, member: bytes, digest: bytes) -> list[WrappedShare]:
        query = sa.select(_answer.trustee, _answer.sealed).order_by(_answer.trustee)
        rows = self._connection.execute(query.where(_answer.member == member, _answer.digest == digest))
        return [WrappedShare(trustee, sealed) for trustee, sealed in rows]
