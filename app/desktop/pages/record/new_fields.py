"""Form fields for a new record: one small class for each kind of value, all with the same interface."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.desktop.context import Context
from app.desktop.viewmodels import new_record as making
from app.desktop.viewmodels.property_values import parse_whole, stored_money
from app.desktop.viewmodels.record_layout import MONEY_FIELDS
from app.desktop.viewmodels.references import member_options, record_options
from app.desktop.viewmodels.shown import day_of, money_of
from app.desktop.widgets import (
    DateField,
    Field,
    LongTextField,
    MoneyField,
    Option,
    ReferenceEditor,
    Select,
    TextField,
)
from protocol.operations import Value
from vault.schema import Field as SchemaField
from vault.schema import FieldKind


class FieldEditor(QObject):
    """`widget` to lay out; `fields` is what it means for the record. Raises ValueError with words for people."""

    changed = Signal()

    def __init__(self, field: SchemaField, widget: Field) -> None:
        super().__init__(widget)
        self.field = field
        self.widget: Field = widget

    def fields(self) -> dict[str, Value]:
        raise NotImplementedError

    def set_error(self, words: str) -> None:
        """Under the field; "" for none."""
        self.widget.set_error(words)


class _Text(FieldEditor):
    def __init__(self, field: SchemaField, value: Value) -> None:
        self._edit = TextField(making.SINGLE.get(field.name, field.label), text=str(value or ""))
        super().__init__(field, self._edit)
        self._edit.changed.connect(lambda _: self.changed.emit())

    def set_text(self, text: str) -> None:
        self._edit.set_text(text)

    def fields(self) -> dict[str, Value]:
        text = self._edit.text().strip()
        if not text:
            return {}
        if self.field.kind is FieldKind.LIST:
            return making.single_item(self.field.name, text)
        if self.field.kind in (FieldKind.INTEGER, FieldKind.PERCENT):
            return {self.field.name: parse_whole(text)}
        return {self.field.name: text}


class _LongText(FieldEditor):
    def __init__(self, field: SchemaField, value: Value) -> None:
        self._edit = LongTextField(field.label, text=str(value or ""), lines=3)
        super().__init__(field, self._edit)
        self._edit.changed.connect(self.changed)

    def fields(self) -> dict[str, Value]:
        text = self._edit.text().strip()
        return {self.field.name: text} if text else {}


class _Money(FieldEditor):
    def __init__(self, field: SchemaField, value: Value) -> None:
        self._edit = MoneyField(field.label, money_of(value, "EUR"))
        super().__init__(field, self._edit)
        self._edit.changed.connect(lambda _: self.changed.emit())

    def fields(self) -> dict[str, Value]:
        units, currency = stored_money(self._edit.money())
        if units is None:
            return {}
        return {self.field.name: units, MONEY_FIELDS.get(self.field.name, "currency"): currency}


class _Date(FieldEditor):
    def __init__(self, field: SchemaField, value: Value) -> None:
        self._edit = DateField(field.label, day_of(value))
        super().__init__(field, self._edit)
        self._edit.changed.connect(lambda _: self.changed.emit())

    def fields(self) -> dict[str, Value]:
        day = self._edit.day()
        return {self.field.name: day.isoformat()} if day else {}


class _Choice(FieldEditor):
    def __init__(self, field: SchemaField, options: list[Option], value: Value) -> None:
        self._edit = Select(field.label, options)
        self._edit.set_value(value)
        super().__init__(field, self._edit)
        self._edit.chosen.connect(lambda _: self.changed.emit())

    def fields(self) -> dict[str, Value]:
        value = self._edit.value()
        return {self.field.name: value} if isinstance(value, str) and value else {}


class _Ref(FieldEditor):
    def __init__(self, context: Context, field: SchemaField, value: Value) -> None:
        titles = context.desk.records.titles([value]) if isinstance(value, str) else {}
        start = Option(value, titles[value]) if isinstance(value, str) and value in titles else None
        types = (field.target,) if field.target else ("person", "company", "deal")
        self._edit = ReferenceEditor(start, lambda text: record_options(context.desk, text, types))
        wrapped = Field(field.label, self._edit)
        wrapped.setFocusProxy(self._edit.edit)
        self._edit.edit.setAccessibleName(field.label)
        super().__init__(field, wrapped)
        self._edit.edit.textChanged.connect(lambda _: self.changed.emit())
        self._edit.committed.connect(lambda _: self.changed.emit())

    def fields(self) -> dict[str, Value]:
        value = self._edit.value()
        if isinstance(value, str):
            return {self.field.name: value}
        if self._edit.edit.text().strip():
            raise ValueError(f"{self.field.label}: choose one from the list that appears as you type.")
        return {}


def make_editor(context: Context, field: SchemaField, value: Value) -> FieldEditor:
    """The right one for a field."""
    kind = field.kind
    if kind is FieldKind.LONG_TEXT:
        return _LongText(field, value)
    if kind is FieldKind.MONEY:
        return _Money(field, value)
    if kind is FieldKind.DATE:
        return _Date(field, value)
    if kind is FieldKind.CHOICE:
        return _Choice(field, [Option(option.key, option.label) for option in field.options], value)
    if kind is FieldKind.MEMBER:
        return _Choice(field, [*member_options(context.desk), Option("", "Nobody")], value)
    if kind is FieldKind.REF:
        return _Ref(context, field, value)
    return _Text(field, value)


__all__ = ["FieldEditor", "make_editor"]
