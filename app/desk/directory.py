"""Names of people, groups, roles and the workspace, read from the directory log and kept at hand.

The roster has ids only. What an id is called stands in a record of type `name` whose record id is the subject's id
(for the workspace: the first 16 bytes of it).
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping

from protocol.ids import DIRECTORY_LOG
from protocol.operations import Value
from vault.roster import NAME_TYPE, name_fields
from vault.store import Changes, Editor, Query, Record, RecordKey, Records

_FALLBACK = {"member": "Member", "group": "Group", "role": "Role", "workspace": "Workspace"}


LONGEST_NAME = 120
_JOINERS = "\u200c\u200d"


def shown_name(value: object) -> str:
    """A name as it is shown: a member writes his own, so it may be anything. One line, of bounded length, without
    characters that are not seen or that turn the direction of what stands beside it; "" where it is no text."""
    if not isinstance(value, str):
        return ""
    seen = (
        " " if character.isspace() else character
        for character in value[: 4 * LONGEST_NAME]
        if character.isspace() or character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf")
    )
    return " ".join("".join(seen).split())[:LONGEST_NAME]


class Directory:
    """Names by (kind, id). Threads: any."""

    def __init__(self, records: Records, editor: Editor) -> None:
        self._records = records
        self._editor = editor
        self._lock = threading.Lock()
        self._names: Mapping[bytes, str] | None = None

    def name(self, kind: str, subject: bytes) -> str:
        """The name, or a short form of the id where none is known here."""
        known = self.names().get(subject)
        return known or f"{_FALLBACK.get(kind, 'Unnamed')} {subject.hex()[:6].upper()}"

    def is_named(self, subject: bytes) -> bool:
        return subject in self.names()

    def names(self) -> Mapping[bytes, str]:
        """Subject id -> name; read once, and again after `changed` saw a name change."""
        with self._lock:
            if self._names is None:
                shown = (
                    (record.key.id, shown_name(record.fields.get("name")))
                    for record in self._records_of_names()
                )
                self._names = {subject: name for subject, name in shown if name}
            return self._names

    def _records_of_names(self) -> list[Record]:
        """Those of the directory: whoever may write elsewhere could put a name for anybody there."""
        return [one for one in self._records.each(Query(NAME_TYPE)) if one.key.log == DIRECTORY_LOG]

    def find(self, kind: str, name: str) -> list[bytes]:
        """Ids of that kind whose name is this one, whatever the case."""
        wanted = shown_name(name).casefold()
        found = []
        for record in self._records_of_names():
            called = shown_name(record.fields.get("name"))
            if record.fields.get("kind") == kind and called.casefold() == wanted:
                found.append(record.key.id)
        return found

    def write(self, names: Mapping[tuple[str, bytes], str]) -> None:
        """Name subjects, all in one action. Raises the errors of the editor."""
        with self._editor.action() as action:
            for (kind, subject), name in names.items():
                key = RecordKey(DIRECTORY_LOG, NAME_TYPE, subject)
                fields: dict[str, Value] = dict(name_fields(kind, subject, name.strip()))
                if self._records.get(key) is None:
                    action.create(NAME_TYPE, DIRECTORY_LOG, fields, subject)
                else:
                    action.put(key, fields)

    def changed(self, changes: Changes) -> None:
        """To be told of every change."""
        if NAME_TYPE in changes.types:
            with self._lock:
                self._names = None
