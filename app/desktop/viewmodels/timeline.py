"""One stream of what happened around a record: notes, tasks, files, changes; and the history of its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.crm.items import split_item
from app.crm.margins import field_of, is_commercial
from app.crm.words import shown_size
from app.desktop.viewmodels.record_layout import MONEY_FIELDS
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import NOT_SHARED, label, record_title, seconds_of, value_words
from protocol.operations import Value
from vault.store import Did, HistoryEntry, Mark, Record

Who = Callable[[Mark], str]

_DID = {
    Did.CREATED: ("made this", "plus"),
    Did.CHANGED: ("changed", "edit"),
    Did.DELETED: ("moved it to the bin", "trash"),
    Did.RESTORED: ("restored it", "restore"),
    Did.MOVED: ("moved it", "arrow-right"),
    Did.ERASED: ("erased it for good", "trash"),
}
QUIET = frozenset({"content", "content_key", "photo", "external_id"})


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the stream. `record` is the note, task or file; `diff` the fields of a change."""

    kind: str  # "note", "task", "file", "change"
    icon: str
    time: int
    who: str
    title: str
    text: str = ""
    diff: tuple[tuple[str, str, str], ...] = ()
    record: Record | None = None
    waiting: bool = False


def stream(state: RecordState, who: Who) -> list[Event]:
    """Everything, newest first; tasks that are still to do are not in it (`to_do`)."""
    events = [_note(state, note, who) for note in state.of_type("note")]
    events += [_file(file, who) for file in state.of_type("file")]
    events += [
        _done_task(state, task, who) for task in state.of_type("task") if task.fields.get("done") is True
    ]
    events += history_events(state, who)
    return sorted(events, key=lambda event: -event.time)


def to_do(state: RecordState) -> list[Record]:
    """Tasks about it that are not done: those with the nearest day first."""
    tasks = [task for task in state.of_type("task") if task.fields.get("done") is not True]
    return sorted(tasks, key=lambda task: str(task.fields.get("due") or "9999"))


def history_events(state: RecordState, who: Who) -> list[Event]:
    """Who changed what, when: newest first."""
    return [_change(state, entry, who) for entry in reversed(state.history)]


def _note(state: RecordState, note: Record, who: Who) -> Event:
    written = seconds_of(note.fields.get("written"))
    author = note.fields.get("author")
    name = state.names.member(author) if author else who(note.created)
    return Event(
        "note", "note", note.created.time if written is None else written, name, "wrote a note",
        str(note.fields.get("body") or ""), record=note, waiting=note.pending,
    )  # fmt: skip


def _file(file: Record, who: Who) -> Event:
    size = file.fields.get("size")
    words = shown_size(size) if isinstance(size, int) else ""
    text = f"{record_title(file)} · {words}" if words else record_title(file)
    return Event(
        "file", "file", file.created.time, who(file.created), "attached a file", text,
        record=file, waiting=file.pending,
    )  # fmt: skip


def _done_task(state: RecordState, task: Record, who: Who) -> Event:
    return Event(
        "task", "task", task.changed.time, who(task.changed), "finished a task", record_title(task),
        record=task, waiting=task.pending,
    )  # fmt: skip


def _change(state: RecordState, entry: HistoryEntry, who: Who) -> Event:
    words, icon = _DID[entry.did]
    if entry.did is Did.CREATED:
        words = f"made this {label(state.record.key.type).lower()}"
    diff = diff_of(state, entry)
    if entry.did is Did.CHANGED:
        names = list(dict.fromkeys(name for name, _, _ in diff))
        words = f"changed {_listed(names)}" if names else "changed it"
    shown = diff if entry.did is Did.CHANGED else ()
    return Event(
        "change", icon, entry.mark.time, who(entry.mark), words, diff=shown,
        waiting=entry.mark.position is None,
    )  # fmt: skip


def diff_of(state: RecordState, entry: HistoryEntry) -> tuple[tuple[str, str, str], ...]:
    """(field, old, new) in words; what nobody reads (ids, keys, pictures) is left out."""
    lines = []
    currency = state.record.fields.get("currency")
    for change in entry.changes:
        name = split_item(change.field)[0]
        field = field_of(state.record.key.type, name)
        if name in QUIET:
            continue
        if field is None:
            lines.append((name, _plain(change.old), _plain(change.new)))
            continue
        unit = currency if name in MONEY_FIELDS or is_commercial(state.record.key.type, name) else ""
        old = value_words(field, change.old, state.names, unit)
        new = value_words(field, change.new, state.names, unit)
        lines.append((field.label, old, new))
    return tuple(lines)


def _plain(value: Value) -> str:
    return "" if value is None else str(value)


def _listed(names: list[str]) -> str:
    lowered = [name[:1].lower() + name[1:] for name in names]
    if len(lowered) > 3:
        return f"{', '.join(lowered[:2])} and {len(lowered) - 2} more fields"
    return " and ".join([", ".join(lowered[:-1]), lowered[-1]]) if len(lowered) > 1 else lowered[0]


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a disputed field."""

    words: str
    value: Value
    who: str
    time: int
    stands: bool


def sides_of(state: RecordState, field_name: str, who: Who) -> list[Side]:
    """The versions of a field in conflict: the one that stands first."""
    conflict = next(one for one in state.conflicts if one.field == field_name)
    field = field_of(state.record.key.type, split_item(field_name)[0])
    currency = state.record.fields.get("currency")

    def words(value: Value) -> str:
        shown = value_words(field, value, state.names, currency) if field else _plain(value)
        return shown or "Nothing"

    sides = [Side(words(conflict.value), conflict.value, who(conflict.mark), conflict.mark.time, True)]
    sides += [Side(words(value), value, who(mark), mark.time, False) for value, mark in conflict.kept]
    return sides


def title_of_ref(state: RecordState, ref: object) -> str:
    """The title of a record that is referred to, or that it is not shared."""
    return state.names.titles.get(ref, NOT_SHARED) if isinstance(ref, str) else ""
