"""Changing fields of a record from anywhere: what lies under other keys goes there, and another owner may mean a move.

Pages, bulk edits, imports and the command line all write through here, so that the same change does the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.crm.margins import split_fields
from app.crm.schema import SCHEMA
from app.desk.errors import NotAllowed
from app.desk.homes import member_of
from app.desk.margins import Margins
from app.desk.moving import THERE, Destination, Move, Moving
from protocol.operations import Value
from vault.store import Action, RecordKey


class Changing:
    """Threads: any."""

    def __init__(self, margins: Margins, moving: Moving) -> None:
        self._margins = margins
        self._moving = moving

    def put(
        self, action: Action, key: RecordKey, fields: Mapping[str, Value], seen: int | None = None
    ) -> bool:
        """Change fields in an action; whether the record moves by it. Raises NotAllowed in words.

        Where each member has records of his own, the owner decides in whose they are: another owner takes the record,
        and what hangs on it, to his.
        """
        own, commercial = split_fields(key.type, fields)
        moves = self._owner(action, key, own)
        if own:
            action.put(key, own, seen)
        self._margins.put(action, key, commercial)
        if moves is not None:
            self._moving.add(action, moves)
        return moves is not None

    def _owner(self, action: Action, key: RecordKey, fields: dict[str, Value]) -> Move | None:
        if "owner" not in SCHEMA.by_name[key.type].by_name or member_of(fields.get("owner")) is None:
            return None
        plan = self._moving.plan([key], Destination(owner=member_of(fields["owner"])))
        if plan.kept and not plan.moves:
            if plan.kept[0].reason == THERE:
                return None
            raise NotAllowed(f"The owner cannot be changed: {plan.kept[0].reason}")
        move = plan.moves[0]
        return move if move.target is not None else None
