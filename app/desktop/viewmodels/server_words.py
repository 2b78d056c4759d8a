"""What the server stores of a record, in words: the page beside the record is made of these."""

from __future__ import annotations

from dataclasses import dataclass

from app.desk import SealedCommit, SealedView
from app.desktop.viewmodels.property_values import LABELS
from app.desktop.viewmodels.record_layout import HIDDEN, MONEY_FIELDS, fields_of, has_value
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import item_words, items_of, value_words
from vault.schema import FieldKind

EXPLAINED = (
    "This is everything the server has of this record, byte for byte, asked of it just now. It can see which "
    "computer wrote, into which log, when, and roughly how much. It cannot see what: no name, no amount, no note, "
    "not even whether this is a person or a deal."
)


@dataclass(frozen=True, slots=True)
class Visible:
    """One thing that the server can read: what, its value, and what that tells it."""

    what: str
    value: str
    tells: str


_TELLS = {
    "Workspace": "An id: the hash of its first entry. Not its name.",
    "Group": "An id. What the group is called is sealed.",
    "Kind of data": "Which keys open it, such as sales or contacts.",
    "Own log of": "Whether one person alone writes here.",
    "Written by device": "An id of the computer that signed it.",
    "Place in the log": "In which order it arrived.",
    "Key generation": "How often the key was renewed, as when somebody leaves.",
    "Size, padded": "Rounded up, so that it hides the true length.",
}


def visible_of(view: SealedView) -> list[Visible]:
    """What the server can read of the newest commit."""
    return [Visible(what, value, _TELLS.get(what, "")) for what, value in view.visible]


def plain_of(state: RecordState) -> list[tuple[str, str]]:
    """(field, words) of what the user sees, in the order of its page."""
    record = state.record
    first, rest = fields_of(record.key.type)
    lines: list[tuple[str, str]] = []
    for field in [*first, *rest]:
        if field.name in HIDDEN or not has_value(record, field):
            continue
        if field.kind is FieldKind.LIST or field.name in LABELS:
            texts = [item_words(parts) for _, parts in items_of(record.fields, field.name)]
            lines.append((field.label, "\n".join(texts)))
            continue
        currency = record.fields.get("currency") if field.name in MONEY_FIELDS else ""
        lines.append((field.label, value_words(field, record.fields.get(field.name), state.names, currency)))
    return lines


def summary_of(view: SealedView) -> str:
    """ "3 sealed commits hold parts of this record; the newest is 4,096 bytes." """
    if not view.commits:
        return (
            "The server has nothing of this record yet: what you see was not sent."
            if view.waiting
            else ("The server has nothing of this record.")
        )
    number = (
        f"{view.total:,} sealed commits hold parts" if view.total != 1 else "One sealed commit holds parts"
    )
    newest = view.commits[0]
    words = f"{number} of this record; the newest has {len(newest.body):,} bytes."
    return f"{words} Your latest change was not sent yet." if view.waiting else words


def commit_title(commit: SealedCommit) -> str:
    return f"Position {commit.position:,} · {len(commit.body):,} bytes"
