"""The fields of a record, edited where they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.context import Context
from app.desktop.pages.record.commercial_section import CommercialSection, commercial_shown
from app.desktop.pages.record.editors import TagsEditor, WholeEditor
from app.desktop.pages.record.item_lines import ItemLines
from app.desktop.viewmodels.property_values import LABELS, NOUNS, edited_value
from app.desktop.viewmodels.record_layout import READ_ONLY, fields_of, has_value
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.references import member_options, record_options
from app.desktop.viewmodels.shown import date_words, field_icon, stage_hue, value_words
from app.desktop.widgets import (
    Avatar,
    Button,
    Chip,
    ChipRow,
    ChoiceEditor,
    DateEditor,
    Editor,
    IconButton,
    Item,
    Label,
    ListEditor,
    LongTextEditor,
    Money,
    MoneyEditor,
    Option,
    PropertyRow,
    ReferenceEditor,
    TextEditor,
    row,
    show_money,
)
from vault.schema import Field, FieldKind


class PropertyPanel(QWidget):
    """``edited(Field, value)``: what the user wants. ``opened(ref)``: another record. ``conflict_opened()``.
    ``bring_wanted()``: the commercial fields stayed where the record was, and are to come."""

    edited = Signal(object, object)
    opened = Signal(str)
    conflict_opened = Signal()
    bring_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._state: RecordState | None = None
        self._all = False
        self._shape: tuple[object, ...] = ()
        self.rows: dict[str, PropertyRow] = {}
        self._openers: dict[str, IconButton] = {}
        # As wide as its pane, whatever is in it: long words are cut, not pushed out of sight.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)

    def show_state(self, state: RecordState) -> None:
        """Another record, or the same one as it is now; an editor that is open stays open."""
        same = self._state is not None and self._state.record.key == state.record.key
        if not same:
            self._all = False
        self._state = state
        fields, hidden = self._fields(state)
        level = None if state.commercial is None else (state.commercial.level, state.commercial.stayed)
        shape = (state.record.key, state.rights.write, tuple(field.name for field in fields), hidden, level)
        if shape != self._shape and not (same and any(one.editing for one in self.rows.values())):
            self._build(state, fields, hidden)
            self._shape = shape
        for field in (*fields, *commercial_shown(state)):
            if field.name in self.rows:
                self._show(state, field)

    def _fields(self, state: RecordState) -> tuple[list[Field], int]:
        first, rest = fields_of(state.record.key.type)
        shown = [field for field in rest if self._all or has_value(state.record, field)]
        if not state.rights.write:
            first = [field for field in first if has_value(state.record, field)]
        return [*first, *shown], len(rest) - len(shown) if state.rights.write else 0

    def _show(self, state: RecordState, field: Field) -> None:
        one = self.rows[field.name]
        one.set_value(edited_value(state.record, field, state.names))
        disputed = any(name.partition("/")[0] == field.name for name in state.record.conflicts)
        one.set_mark("conflict" if disputed else None, "Two versions: click to choose")
        opener = self._openers.get(field.name)
        if opener is not None:
            value = state.record.fields.get(field.name)
            opener.setVisible(isinstance(value, str) and value in state.names.titles)

    def _build(self, state: RecordState, fields: list[Field], hidden: int) -> None:
        while self._box.count():
            item = self._box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.rows, self._openers = {}, {}
        for field in fields:
            one = self._row(field, editable=state.rights.write and field.name not in READ_ONLY)
            self.rows[field.name] = one
            self._box.addWidget(one)
            if field.kind is FieldKind.REF:
                opener = IconButton(
                    "arrow-right", f"Open {field.label.lower()}", size="tiny",
                    on_click=partial(self._open, field.name),
                )  # fmt: skip
                self._openers[field.name] = opener
                layout = one.layout()
                if isinstance(layout, QHBoxLayout):
                    layout.addWidget(opener)
        if hidden:
            more = Button(
                "Show one more field" if hidden == 1 else f"Show {hidden} more fields",
                kind="quiet", compact=True, icon_name="chevron-down",
                on_click=self.show_all,
            )  # fmt: skip
            holder = QWidget()
            holder.setLayout(row(more, None, margins=(0, 6, 0, 0)))
            self._box.addWidget(holder)
        if state.commercial is not None:
            section = CommercialSection(state.commercial, state.rights.write)
            section.bring_wanted.connect(self.bring_wanted)
            self._box.addWidget(section)
            for field in commercial_shown(state):
                one = self._row(field, editable=section.editable)
                self.rows[field.name] = one
                self._box.addWidget(one)
        self._box.addStretch(1)

    def show_all(self) -> None:
        """The fields without a value too."""
        self._all = True
        if self._state is not None:
            self.show_state(self._state)

    def _open(self, name: str) -> None:
        value = self._state.record.fields.get(name) if self._state is not None else None
        if isinstance(value, str):
            self.opened.emit(value)

    def _row(self, field: Field, *, editable: bool) -> PropertyRow:
        one = PropertyRow(
            field.label,
            show=partial(self._words, field),
            widget=partial(self._rich, field),
            editor=partial(self._editor, field) if editable else None,
            placeholder="Add…" if field.kind is not FieldKind.BOOL else "No",
            label_width=124,
            icon_name=field_icon(field),
        )
        one.edited.connect(lambda value: self.edited.emit(field, value))
        one.mark_clicked.connect(self.conflict_opened)
        return one

    # at rest

    def _words(self, field: Field, value: object) -> str:
        if self._state is None or value is None:
            return ""
        if isinstance(value, list):
            return "\n".join(_item_line(item) for item in value if isinstance(item, Item))
        if isinstance(value, tuple):
            return ", ".join(str(tag) for tag in value)
        if isinstance(value, Money):
            return show_money(value).strip()
        if isinstance(value, Option):
            return value.text
        if field.kind is FieldKind.DATE:
            return date_words(value.isoformat() if hasattr(value, "isoformat") else value)
        if isinstance(value, bool | int | str):
            return value_words(field, value, self._state.names)
        return str(value)

    def _rich(self, field: Field, value: object) -> QWidget | None:
        if self._state is None or not value:
            return None
        if isinstance(value, tuple):
            return ChipRow([Chip(str(tag)) for tag in value])
        if isinstance(value, list):
            return ItemLines([(item.text, item.label) for item in value if isinstance(item, Item)])
        if field.kind is FieldKind.CHOICE and isinstance(value, str):
            return Chip(value_words(field, value, self._state.names), hue=stage_hue(value))
        if field.kind is FieldKind.MEMBER and isinstance(value, str):
            return _with_avatar(self._state.names.member(value), square=False)
        if (
            isinstance(value, Option)
            and field.target == "company"
            and value.value in self._state.names.titles
        ):
            return _with_avatar(value.text, square=True)
        return None

    # while edited

    def _editor(self, field: Field, value: object) -> Editor:
        desk = self._context.desk
        kind = field.kind
        if kind is FieldKind.LONG_TEXT:
            return LongTextEditor(value)
        if kind is FieldKind.LIST:
            if field.name == "tags":
                return TagsEditor(value)
            labels, noun = LABELS.get(field.name, ("other",)), NOUNS.get(field.name, "item")
            return ListEditor(value, labels, noun=noun)
        if kind is FieldKind.MONEY:
            return MoneyEditor(value, currency=self._currency())
        if kind is FieldKind.DATE:
            return DateEditor(value)
        if kind is FieldKind.BOOL:
            return ChoiceEditor(bool(value), [Option(True, "Yes"), Option(False, "No")])
        if kind is FieldKind.CHOICE:
            return ChoiceEditor(
                value or "", _with_none(field, [Option(o.key, o.label) for o in field.options])
            )
        if kind is FieldKind.MEMBER:
            return ChoiceEditor(value or "", self._members(value))
        if kind is FieldKind.REF:
            types = (field.target,) if field.target else ()
            itself = self._state.record.key.ref if self._state is not None else ""
            search: Callable[[str], list[Option]] = lambda text: record_options(desk, text, types, but=itself)  # noqa: E731
            return _RefEditor(value, search)
        if kind in (FieldKind.INTEGER, FieldKind.PERCENT):
            return WholeEditor(value, most=100 if kind is FieldKind.PERCENT else None)
        return TextEditor(value)

    def _currency(self) -> str:
        found = self._state.record.fields.get("currency") if self._state is not None else None
        return found if isinstance(found, str) and found else "EUR"

    def _members(self, value: object) -> list[Option]:
        options = member_options(self._context.desk)
        if isinstance(value, str) and value and value not in [option.value for option in options]:
            options.append(Option(value, self._context.desk.owner_text(value)))
        return [*options, Option("", "Nobody")]


class _RefEditor(ReferenceEditor):
    """Keeps the option itself as its value, as the row holds it."""

    def value(self) -> object:
        return self._chosen


def _with_none(field: Field, options: list[Option]) -> list[Option]:
    return options if field.required else [*options, Option("", "None")]


def _item_line(item: Item) -> str:
    return f"{item.text}  ·  {item.label}" if item.label else item.text


def _with_avatar(name: str, *, square: bool) -> QWidget:
    holder = QWidget()
    holder.setLayout(row(Avatar(name, size=20, square=square), Label(name), gap=8))
    return holder
