"""What this desk notes in the directory for its colleagues: exports, imports, deletions in bulk, alarms.

This is a rule of the client, no more: whoever runs a changed program notes nothing. Each event is signed with the
commit that carries it, every reader's client sets aside one that claims another author, and nobody can change one
afterwards (`protocol.events`). Stable words and numbers only, of bounded length; nothing that somebody typed.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.crm.importing import Report
from app.crm.schema import EVENT
from protocol.events import event_id
from protocol.ids import DIRECTORY_LOG, DeviceId, MemberId
from protocol.operations import Value
from vault import Vault
from vault.errors import VaultError
from vault.store import Query, Record, RecordKey, Sort

EXPORT = "export"
IMPORT = "import"
IMPORT_UNDONE = "import-undone"
BULK_DELETE = "bulk-delete"
BULK_EDIT = "bulk-edit"
ALARM = "alarm"

MANY = 10
"""From so many records on, a deletion or a change at once is noted."""

_WORD = re.compile(r"[a-z0-9.:-]{0,80}")
_MOST = 1 << 40


@dataclass(frozen=True, slots=True)
class Event:
    """An event as its author noted it. `at`: Unix seconds by his clock; `position` in the directory, None while it
    waits to be sent."""

    id: bytes
    member: MemberId
    device: DeviceId
    at: int
    what: str
    kind: str
    count: int
    code: str
    detail: str
    position: int | None


class EventBook:
    """Notes and reads events. Threads: any."""

    def __init__(self, vault: Vault, clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._clock = clock

    def note(self, what: str, *, kind: str = "", count: int = 0, code: str = "", detail: str = "") -> bool:
        """Note that something was done; False where this desk cannot write in the directory (not a member, locked).

        `what`, `kind`, `code`, `detail` are stable words of small letters, digits, dots and dashes (at most 80); raises
        ValueError for anything else, so that nothing of a record can slip in.
        """
        for word in (what, kind, code, detail):
            if not _WORD.fullmatch(word):
                raise ValueError("an event holds stable words only")
        fields: dict[str, Value] = {
            "by": self._vault.own.member.hex(),
            "at": int(self._clock()),
            "what": what,
            "kind": kind,
            "count": max(0, min(count, _MOST)),
            "code": code,
            "detail": detail,
            "nonce": secrets.token_hex(8),  # so that the same thing done twice in a second is two events
        }
        try:
            self._vault.require_active()
            with self._vault.editor.action() as action:
                action.create(EVENT.name, DIRECTORY_LOG, fields, event_id(self._vault.own.member, fields))
        except VaultError:  # no member (any more), locked, a full disk: what was done is done all the same
            return False
        return True

    def note_import(self, reports: Iterable[Report], code: str) -> None:
        """One event for each type of records that an import made or changed; `code` is the format."""
        made: Counter[str] = Counter()
        for report in reports:
            made[report.type] += report.created + report.updated
            made.update(report.also_created)
        for kind, number in made.items():
            if number:
                self.note(IMPORT, kind=kind, count=number, code=code)

    def note_many(self, what: str, keys: Iterable[RecordKey]) -> None:
        """One event for each type, where so many records were changed at once that a colleague would ask."""
        for kind, number in Counter(key.type for key in keys).items():
            if number >= MANY:
                self.note(what, kind=kind, count=number)

    def all(self) -> list[Event]:
        """Every event that counts, oldest first by its author's clock."""
        query = Query(EVENT.name, sort=Sort("at"))
        found = (_read(record) for record in self._vault.records.each(query))
        return [event for event in found if event is not None]


def _read(record: Record) -> Event | None:
    """None for what is in another log than the directory, or claims another author than its commit has."""
    author = record.created.author
    fields = record.fields
    if record.key.log != DIRECTORY_LOG or fields.get("by") != author.member.hex():
        return None
    at, count = fields.get("at"), fields.get("count")
    return Event(
        record.key.id,
        author.member,
        author.device,
        at if isinstance(at, int) else 0,
        _word(fields.get("what")),
        _word(fields.get("kind")),
        count if isinstance(count, int) and 0 <= count <= _MOST else 0,
        _word(fields.get("code")),
        _word(fields.get("detail")),
        record.created.position,
    )


def _word(value: object) -> str:
    """A colleague may have written anything."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


__all__ = [
    "ALARM",
    "BULK_DELETE",
    "BULK_EDIT",
    "EXPORT",
    "IMPORT",
    "IMPORT_UNDONE",
    "Event",
    "EventBook",
]
