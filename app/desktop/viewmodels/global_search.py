"""Search over everything, for the command palette: names at once, notes and the rest a moment later.

    search = GlobalSearch(context)
    search.attach(shell)

What is typed is looked up in the short index while the key is still down (a few milliseconds); the full text follows
from another thread, and an answer to an older text is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from app.crm.schema import SCHEMA
from app.desk import Desk
from app.desktop.context import Context
from app.desktop.shell import Shell
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.list_rows import look_up
from app.desktop.viewmodels.shown import (
    ICONS,
    Names,
    items_of,
    label,
    money_words,
    plural,
    record_title,
    value_words,
)
from app.desktop.widgets import Command
from protocol.operations import Value
from vault.store import Record, RecordKey

TYPES = ("person", "company", "deal", "product", "task", "note", "file")
QUICK, FULL = 24, 40
AROUND = 40


class GlobalSearch(QObject):
    """Commands and results for `Shell.open_palette`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent or context)
        self._context = context
        self._shell: Shell | None = None
        self._seen: set[RecordKey] = set()
        self._text = ""

    def attach(self, shell: Shell, more: Callable[[], Sequence[Command]] = tuple) -> None:
        """The palette asks here from now on; `more` are commands of others."""
        self._shell = shell
        shell.set_commands(lambda: [*self.commands(), *more()], self.quick)
        shell.search_requested.connect(self._full)

    def commands(self) -> list[Command]:
        """What can be begun from anywhere."""
        desk = self._context.desk
        return [
            Command(
                f"New {label(name).lower()}",
                partial(self._context.new_record, name),
                ICONS[name],
                "New",
                words="add create make",
            )
            for name in ("person", "company", "deal", "task", "product")
            if desk.group_choices(name)
        ]

    def quick(self, text: str) -> list[Command]:
        """By names, mails, numbers: at once. A link that was pasted leads to its record."""
        desk = self._context.desk
        linked = desk.records.resolve(text.strip()) if ":" in text else None
        if linked is not None:
            record = desk.records.get(linked)
            records = [record] if record is not None else []
        else:
            records = [hit.record for hit in desk.search.search(text, TYPES, QUICK)]
        self._text = text
        self._seen = {record.key for record in records}
        return commands_for(desk, self._context, records, text)

    def _full(self, text: str) -> None:
        if len(text.strip()) < 3:
            return
        desk, seen = self._context.desk, set(self._seen if text == self._text else ())

        def look() -> list[Command]:
            hits = desk.search.search(text, TYPES, FULL, full=True)
            records = [hit.record for hit in hits if hit.record.key not in seen]
            return commands_for(desk, self._context, records, text)

        read(self._context, look, partial(self._show, text), self)

    def _show(self, text: str, commands: list[Command]) -> None:
        palette = self._shell.palette_open if self._shell is not None else None
        if palette is not None and commands:
            palette.show_results(text, commands)


def commands_for(desk: Desk, context: Context, records: Sequence[Record], text: str) -> list[Command]:
    """A line for each record, those of one type together."""
    names = look_up(desk, records)
    return [
        Command(
            record_title(record) if record.key.type != "note" else snippet(record.fields.get("body"), text),
            partial(open_hit, desk, context, record),
            ICONS.get(record.key.type, "file"),
            plural(record.key.type),
            detail=detail_of(record, names),
        )
        for record in records
    ]


def open_hit(desk: Desk, context: Context, record: Record) -> None:
    """Open it; a note or a file opens what it hangs on."""
    about = record.fields.get("about")
    if record.key.type in ("note", "file") and isinstance(about, str):
        key = desk.records.resolve(about)
        if key is not None:
            context.open_record(key)
            return
    context.open_record(record.key)


def detail_of(record: Record, names: Names) -> str:
    """What tells this record from others of the same name."""
    fields, kind = record.fields, record.key.type
    parts: list[str] = []
    if kind == "person":
        company = names.ref(fields.get("company")) or str(fields.get("organisation") or "")
        mails = [str(item.get("value") or "") for _, item in items_of(fields, "emails")]
        parts = [str(fields.get("title") or ""), company, *mails[:1]]
    elif kind == "company":
        parts = [str(fields.get("sector") or ""), str(fields.get("location") or "")]
    elif kind == "deal":
        stage: Value = fields.get("stage")
        field = SCHEMA.by_name["deal"].by_name["stage"]
        amount = money_words(fields.get("amount"), fields.get("currency"))
        parts = [value_words(field, stage, names), amount, names.member(fields.get("owner"))]
    elif kind in ("task", "note", "file"):
        parts = [names.ref(fields.get("about"))]
    elif kind == "product":
        parts = [str(fields.get("series") or ""), money_words(fields.get("price"), fields.get("currency"))]
    return " · ".join(part for part in parts if part)


def snippet(body: object, text: str) -> str:
    """The part of a note where the first of the words stands."""
    words = " ".join(str(body or "").split())
    low = words.casefold()
    places = [place for word in text.casefold().split() if (place := low.find(word)) >= 0]
    at = min(places, default=0)
    start = max(0, at - AROUND)
    if start:
        space = words.find(" ", start)
        start = space + 1 if 0 <= space < at else start
    piece = words[start : start + 3 * AROUND]
    return f"{'…' if start else ''}{piece}{'…' if start + 3 * AROUND < len(words) else ''}"
