"""The dialog that makes or changes one condition: field, comparison in words, value by the kind of the field."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.words import MONEY_UNIT
from app.desktop.context import Context
from app.desktop.viewmodels.list_filters import needs_value, offered_fields, operators
from app.desktop.viewmodels.references import member_options, record_options
from app.desktop.viewmodels.shown import day_of
from app.desktop.widgets import (
    CheckBox,
    DateField,
    Field,
    Label,
    Modal,
    Option,
    ReferenceEditor,
    Select,
    TextField,
    parse_amount,
)
from vault.schema import Field as SchemaField
from vault.schema import FieldKind
from vault.store import Filter, Op

Value = str | int | bool | tuple[str | int, ...] | None


class FilterDialog(Modal):
    """``chosen(Filter)`` when it was accepted."""

    chosen = Signal(object)

    def __init__(
        self, window: QWidget, context: Context, type_name: str, condition: Filter | None = None
    ) -> None:
        super().__init__(window, "Filter", width=420)
        self._context = context
        self._given = condition
        self._editor: QWidget | None = None
        fields = offered_fields(context.desk, type_name)
        self._fields = {one.name: one for one in fields}
        self.field = Select("Field", [Option(one.name, one.label) for one in fields])
        self.op = Select("Comparison", [])
        self._place = QVBoxLayout()
        self._problem = Label("", scale="small", tone="danger")
        self._problem.hide()
        self.add(self.field)
        self.add(self.op)
        self.body.addLayout(self._place)
        self.add(self._problem)
        self.add_button("Cancel")
        self.add_button("Apply" if condition is None else "Change", primary=True)
        self.field.set_value(condition.field if condition else fields[0].name)
        self._field_chosen()
        if condition is not None:
            self.op.set_value(condition.op)
            self._rebuild(condition.value)
        self.field.chosen.connect(lambda _: self._field_chosen())
        self.op.chosen.connect(lambda _: self._rebuild(None))

    def accept(self) -> None:
        """Only with a value that can be compared."""
        field, op = self._field(), self._op()
        value: Value = None
        if needs_value(op):
            value = self._value(field, op)
            if value is None or value in ("", ()):
                self._problem.setText(_MISSING.get(field.kind, "Say what to compare with."))
                self._problem.show()
                return
        self.chosen.emit(Filter(field.name, op, value))
        super().accept()

    def _field(self) -> SchemaField:
        return self._fields[str(self.field.value())]

    def _op(self) -> Op:
        value = self.op.value()
        assert isinstance(value, Op)  # one is always chosen
        return value

    def _field_chosen(self) -> None:
        choices = operators(self._field())
        self.op.set_options([Option(op, words) for op, words in choices])
        self.op.set_value(choices[0][0])
        self._rebuild(None)

    def _rebuild(self, value: Value) -> None:
        while self._place.count():
            item = self._place.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self._problem.hide()
        self._editor = self._make(self._field(), self._op(), value) if needs_value(self._op()) else None
        if self._editor is not None:
            self._place.addWidget(self._editor)

    def _make(self, field: SchemaField, op: Op, value: Value) -> QWidget:
        kind = field.kind
        if kind is FieldKind.CHOICE:
            return _Ticks(field, value)
        if kind is FieldKind.BOOL:
            select = Select("Value", [Option(True, "Yes"), Option(False, "No")])
            select.set_value(value if isinstance(value, bool) else True)
            return select
        if kind is FieldKind.DATE:
            return DateField("Day", day_of(value))
        if kind is FieldKind.MEMBER and op is not Op.CONTAINS:
            select = Select("Who", member_options(self._context.desk))
            select.set_value(value)
            return select
        if kind is FieldKind.REF and op is not Op.CONTAINS:
            return _RefField(self._context, field, value)
        shown = ""
        if isinstance(value, int) and not isinstance(value, bool):
            shown = f"{Decimal(value) / MONEY_UNIT:f}" if kind is FieldKind.MONEY else str(value)
        elif isinstance(value, str):
            shown = value
        hints = {FieldKind.MONEY: "In any currency, for example 12,500 or 12k"}
        return TextField("Value", text=shown, hint=hints.get(kind, ""))

    def _value(self, field: SchemaField, op: Op) -> Value:
        editor = self._editor
        if isinstance(editor, _Ticks):
            keys = editor.keys()
            return keys if op is Op.ONE_OF else (keys[0] if len(keys) == 1 else None)
        if isinstance(editor, _RefField):
            return editor.ref()
        if isinstance(editor, Select):
            chosen = editor.value()
            return chosen if isinstance(chosen, str | bool) else None
        if isinstance(editor, DateField):
            day = editor.day()
            return day.isoformat() if day else None
        if not isinstance(editor, TextField):
            return None
        text = editor.text().strip()
        if field.kind in (FieldKind.MONEY, FieldKind.INTEGER, FieldKind.PERCENT):
            amount = parse_amount(text.removesuffix("%").strip())
            if amount is None:
                return None
            return int(amount * MONEY_UNIT) if field.kind is FieldKind.MONEY else int(amount)
        return text


_MISSING = {
    FieldKind.CHOICE: "Choose what it may be.",
    FieldKind.MONEY: "This is not an amount.",
    FieldKind.INTEGER: "This is not a number.",
    FieldKind.PERCENT: "This is not a number.",
    FieldKind.DATE: "Say which day.",
    FieldKind.REF: "Choose one from the list that appears as you type.",
}


class _Ticks(QWidget):
    """The options of a choice, some of them ticked."""

    def __init__(self, field: SchemaField, value: Value) -> None:
        super().__init__()
        chosen = value if isinstance(value, tuple) else (value,)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        self.boxes: dict[str, CheckBox] = {}
        for option in field.options:
            tick = CheckBox(option.label, checked=option.key in chosen)
            self.boxes[option.key] = tick
            box.addWidget(tick)

    def keys(self) -> tuple[str, ...]:
        return tuple(key for key, tick in self.boxes.items() if tick.isChecked())


class _RefField(Field):
    """Another record, found as one types."""

    def __init__(self, context: Context, field: SchemaField, value: Value) -> None:
        titles = context.desk.records.titles([value]) if isinstance(value, str) else {}
        start = Option(value, titles[value]) if isinstance(value, str) and value in titles else None
        types = (field.target,) if field.target else ()
        self.editor = ReferenceEditor(start, lambda text: record_options(context.desk, text, types))
        super().__init__("Which", self.editor, hint="Type the beginning of the name")
        self.setFocusProxy(self.editor.edit)

    def ref(self) -> str | None:
        value = self.editor.value()
        return value if isinstance(value, str) else None
