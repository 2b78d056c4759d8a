"""The dialog for a new record: few fields, where it goes and who will see it, and what it may double."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.crm.duplicates import Candidate, DuplicateIndex
from app.desktop.context import Context
from app.desktop.pages.record.new_fields import FieldEditor, make_editor
from app.desktop.pages.record.stream import clear
from app.desktop.viewmodels import new_record as making
from app.desktop.viewmodels.lanes import read, write
from app.desktop.viewmodels.shown import label
from app.desktop.widgets import Button, Label, Modal, Option, Select, column, row
from protocol.operations import Value
from vault.store import RecordKey

QUIET_MS = 120


class NewRecordDialog(Modal):
    """``made(RecordKey)`` after it is on the disk. `values` are first values by field name."""

    made = Signal(object)

    def __init__(
        self, window: QWidget, context: Context, type_name: str, values: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(window, f"New {label(type_name).lower()}", width=500)
        self._context, self._type = context, type_name
        self._index: DuplicateIndex | None = None
        self._making = False
        self._choices = making.choices(context.desk, type_name)
        first = making.first_values(context.desk, type_name, values or {})
        self._carried: dict[str, Value] = {
            name: value for name, value in first.items() if name not in making.ASKED[type_name]
        }
        self.editors: dict[str, FieldEditor] = {
            field.name: make_editor(context, field, first.get(field.name))
            for field in making.asked_fields(type_name)
        }
        for editor in self.editors.values():
            self.add(editor.widget)
            editor.changed.connect(self._changed)
        self._doubles = QVBoxLayout()
        self._doubles.setSpacing(6)
        self.body.addLayout(self._doubles)
        self.group = Select("Goes to", [Option(one.id, one.name, "group") for one in self._choices])
        self.group.set_value(self._choices[0].id if self._choices else None)
        self.group.chosen.connect(lambda _: self._show_home())
        self.seen = Label("", scale="small", tone="muted", wrap=True)
        self.problem = Label("", scale="small", tone="danger", wrap=True)
        self.problem.hide()
        self.add(self.group)
        self.add(self.seen)
        self.add(self.problem)
        self.add_button("Cancel")
        self.confirm = self.add_button(f"Add {label(type_name).lower()}", primary=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._show_doubles)
        self._show_home()
        if type_name in making.DOUBLED:
            desk = context.desk
            read(context, lambda: making.duplicate_index(desk, type_name), self._index_came, self)

    def fields(self) -> dict[str, Value]:
        """What is filled in. Raises ValueError with words for people."""
        fields = dict(self._carried)
        for editor in self.editors.values():
            fields.update(editor.fields())
        return fields

    def accept(self) -> None:
        """Only with all that is required; the dialog closes when it is stored."""
        if self._making:
            return
        try:
            fields = self.fields()
        except ValueError as error:
            self._complain(str(error))
            return
        lacking = making.missing(self._type, fields)
        if lacking:
            editor = self.editors[lacking[0].name]
            editor.set_error(f"{lacking[0].label} is needed.")
            editor.widget.setFocus()
            return
        home = making.home_of(self._context.desk, self._type, self._chosen_group(), fields)
        if home is None:
            self._complain(
                "Your role does not let you make this here. Choose another group or another record."
            )
            return
        self._making = True
        self.confirm.setEnabled(False)
        desk, type_name, log = self._context.desk, self._type, home.log
        write(
            self._context,
            lambda: making.create(desk, type_name, log, fields),
            self,
            self._made,
            self._failed,
        )

    def _made(self, key: RecordKey) -> None:
        self._context.say(f"{label(self._type)} added.")
        self.made.emit(key)
        super().accept()

    def _failed(self, error: Exception) -> None:
        self._making = False
        self.confirm.setEnabled(True)
        self._context.complain(error)

    def _complain(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()

    # where it goes

    def _chosen_group(self) -> bytes | None:
        value = self.group.value()
        return value if isinstance(value, bytes) else None

    def _show_home(self) -> None:
        try:
            fields = self.fields()
        except ValueError:
            return
        asks = making.needs_group(self._type, fields)
        self.group.setVisible(asks and len(self._choices) > 1)
        home = making.home_of(self._context.desk, self._type, self._chosen_group(), fields)
        if home is not None:
            self.seen.setText(f"{home.words}.")
        elif asks and not self._choices:
            self.seen.setText("Your role does not let you make this in any group.")
        else:
            self.seen.setText("")

    def _changed(self) -> None:
        self.problem.hide()
        for editor in self.editors.values():
            editor.set_error("")
        self._show_home()
        if self._index is not None:
            self._timer.start()

    # what it may double

    def _index_came(self, index: DuplicateIndex) -> None:
        self._index = index
        self._show_doubles()

    def _show_doubles(self) -> None:
        if self._index is None:
            return
        try:
            found = making.candidates(self._index, self.fields())
        except ValueError:
            return
        clear(self._doubles)
        if found:
            self._doubles.addWidget(self._double_card(found))

    def _double_card(self, found: list[Candidate]) -> QFrame:
        card = QFrame()
        card.setProperty("banner", "warning")
        box = QVBoxLayout(card)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(6)
        box.addWidget(Label("This may be here already", scale="strong"))
        for one in found:
            words = column(
                Label(one.title or "Unnamed"),
                Label(one.reasons[0][:1].upper() + one.reasons[0][1:], scale="small", tone="muted"),
                gap=0,
            )
            line = row(gap=8)
            line.addLayout(words, 1)
            line.addWidget(
                Button("Open the existing one", compact=True, on_click=partial(self._open_double, one.record))
            )
            box.addLayout(line)
        return card

    def _open_double(self, ref: str) -> None:
        key = self._context.desk.records.resolve(ref)
        if key is not None:
            self.reject()
            self._context.open_record(key)
