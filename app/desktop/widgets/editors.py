"""Editors for in-place editing: one per kind of value, all with the same small interface (`Editor`).

An editor is made when editing begins and thrown away after. It emits ``committed(value)`` or ``cancelled()``; the
row decides what follows. Values are plain Python: str, date | None, Money | None, option values, lists of `Item`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.desktop.widgets.buttons import Button, IconButton
from app.desktop.widgets.choices import Option, SelectBox
from app.desktop.widgets.dates import DateEdit
from app.desktop.widgets.fields import FieldFrame
from app.desktop.widgets.money import MoneyEdit
from app.desktop.widgets.moneyparse import Money

_SUGGESTIONS: Final = 7  # as many as the list shows: what is further down is found by typing on
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Editor(QWidget):
    """Base. Subclasses lay out their fields, call `watch` on what takes the focus, and give `value`."""

    committed = Signal(object)
    cancelled = Signal()
    tabbed = Signal(bool)  # Tab (True) or Shift+Tab (False), after committed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settled = False
        self._inner: list[QWidget] = []
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)

    def value(self) -> object:
        """What would be committed now."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        """Whether `value` may be committed."""
        return True

    def begin(self) -> None:
        """Takes the focus."""
        if self._inner:
            self._inner[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def watch(self, widget: QWidget, *, tabs_out: bool = True) -> None:
        """Esc cancels and Enter commits in this widget; Tab leaves the editor from it, if it is the last."""
        widget.setProperty("tabsOut", tabs_out)
        widget.installEventFilter(self)
        self._inner.append(widget)

    def commit(self) -> bool:
        """Emits ``committed`` once; False if the value is not valid (the field shows why)."""
        if self._settled:
            return True
        if not self.is_valid():
            return False
        self._settled = True
        self.committed.emit(self.value())
        return True

    def cancel(self) -> None:
        """Emits ``cancelled`` once."""
        if not self._settled:
            self._settled = True
            self.cancelled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(watched, event)
        if event.type() == QEvent.Type.FocusOut and not self._settled:
            self._maybe_left()
        return False

    def takes_enter(self, event: QKeyEvent) -> bool:
        """Whether Enter belongs to the field (a new line) and not to the row."""
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.cancel()
            return True
        if key in _ENTER and not self.takes_enter(event):
            self.commit()
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and watched.property("tabsOut"):
            if self.commit():
                self.tabbed.emit(key == Qt.Key.Key_Tab)
            return True
        return False

    def _maybe_left(self) -> None:
        """Focus went elsewhere: keep what was typed, as a spreadsheet does; not for our own popups and buttons."""
        now = QApplication.focusWidget()
        popup = QApplication.activePopupWidget()
        if popup is None and now is not None and not self.isAncestorOf(now) and now is not self:
            if self.is_valid():
                self.commit()
            else:
                self.cancel()


class TextEditor(Editor):
    """One line; surrounding blanks are cut."""

    def __init__(self, text: object, *, placeholder: str = "") -> None:
        super().__init__()
        self.frame = FieldFrame()
        self.edit = QLineEdit(str(text or ""))
        self.edit.setPlaceholderText(placeholder)
        self.frame.box.addWidget(self.edit)
        self.frame.watch(self.edit)
        self.box.addWidget(self.frame)
        self.watch(self.edit)
        self.edit.selectAll()

    def value(self) -> str:
        return self.edit.text().strip()


class LongTextEditor(Editor):
    """Several lines; Enter is a new line, Ctrl+Enter commits."""

    def __init__(self, text: object, *, lines: int = 4) -> None:
        super().__init__()
        self.frame = FieldFrame(height=None)
        self.frame.box.setContentsMargins(5, 4, 4, 4)
        self.edit = QPlainTextEdit(str(text or ""))
        self.edit.setFixedHeight(lines * 20 + 8)
        self.frame.box.addWidget(self.edit)
        self.frame.watch(self.edit)
        self.box.addWidget(self.frame)
        self.watch(self.edit)

    def takes_enter(self, event: QKeyEvent) -> bool:
        return not event.modifiers() & Qt.KeyboardModifier.ControlModifier

    def value(self) -> str:
        return self.edit.toPlainText().strip()


class ChoiceEditor(Editor):
    """One of the options; picking commits."""

    def __init__(self, value: object, options: Sequence[Option]) -> None:
        super().__init__()
        self.select = SelectBox(options)
        self.select.set_value(value)
        self.box.addWidget(self.select)
        self.watch(self.select)
        self.select.chosen.connect(lambda _: self.commit())

    def begin(self) -> None:
        super().begin()
        self.select.showPopup()

    def value(self) -> object:
        return self.select.value()


class DateEditor(Editor):
    """A day, in words or from the calendar."""

    def __init__(self, day: object) -> None:
        super().__init__()
        self.control = DateEdit(day if isinstance(day, date) else None)
        self.box.addWidget(self.control)
        self.watch(self.control.edit)
        self.control.edit.selectAll()

    def is_valid(self) -> bool:
        return self.control.is_valid()

    def value(self) -> date | None:
        return self.control.day()


class MoneyEditor(Editor):
    """An amount and its currency."""

    def __init__(self, money: object, *, currency: str = "EUR") -> None:
        super().__init__()
        self.control = MoneyEdit(money if isinstance(money, Money) else None, currency=currency)
        self.box.addWidget(self.control)
        self.watch(self.control.edit)
        self.control.edit.selectAll()

    def is_valid(self) -> bool:
        return self.control.is_valid()

    def value(self) -> Money | None:
        return self.control.money()


class ReferenceEditor(Editor):
    """Another record, found as one types. `search(text)` gives options at once (from memory or the local index);
    the value committed is an option's value, None when the text was emptied. `initial` is the one chosen now."""

    def __init__(
        self,
        initial: object,
        search: Callable[[str], Sequence[Option]],
        *,
        placeholder: str = "Type to find…",
    ) -> None:
        super().__init__()
        start = initial if isinstance(initial, Option) else None
        self._search, self._options, self._chosen = search, list[Option](), start
        self.frame = FieldFrame()
        self.edit = QLineEdit(start.text if start else "")
        self.edit.setPlaceholderText(placeholder)
        self.frame.box.addWidget(self.edit)
        self.frame.watch(self.edit)
        self.box.addWidget(self.frame)
        self.watch(self.edit)
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        popup = completer.popup()
        if popup is not None:
            popup.setProperty("popup", True)
            popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edit.setCompleter(completer)
        completer.activated.connect(self._picked)
        self.edit.textEdited.connect(self._typed)
        self.edit.selectAll()

    def value(self) -> object:
        return self._chosen.value if self._chosen is not None else None

    def is_valid(self) -> bool:
        text = self.edit.text().strip()
        valid = not text or (self._chosen is not None and self._chosen.text.casefold() == text.casefold())
        self.frame.set_invalid(not valid)
        return valid

    def _typed(self, text: str) -> None:
        self._options = list(self._search(text))[:_SUGGESTIONS] if text.strip() else []
        exact = [option for option in self._options if option.text.casefold() == text.strip().casefold()]
        self._chosen = exact[0] if len(exact) == 1 else None
        self._model.setStringList([option.text for option in self._options])

    def _picked(self, text: str) -> None:
        self._chosen = next((option for option in self._options if option.text == text), None)
        self.commit()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: an id that stays (empty for a new one), a label such as "work", the text."""

    id: str
    label: str
    text: str


class ListEditor(Editor):
    """Items with labels, such as phones: a line each, a cross to remove, a line to add. Empty lines are dropped."""

    def __init__(
        self, items: object, labels: Sequence[str], *, placeholder: str = "", noun: str = "item"
    ) -> None:
        super().__init__()
        self._labels, self._placeholder, self._noun = list(labels), placeholder, noun
        self._rows: list[tuple[str, SelectBox, QLineEdit, QWidget]] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.box.addLayout(self._lines)
        foot = QHBoxLayout()
        foot.addWidget(
            Button(f"Add {noun}", kind="quiet", compact=True, icon_name="plus", on_click=self._add_empty)
        )
        foot.addStretch(1)
        foot.addWidget(Button("Cancel", kind="quiet", compact=True, on_click=self.cancel))
        foot.addWidget(Button("Done", compact=True, on_click=self.commit))
        self.box.addLayout(foot)
        known = [item for item in items if isinstance(item, Item)] if isinstance(items, list | tuple) else []
        for item in known or [Item("", self._labels[0] if self._labels else "", "")]:
            self._add(item)

    def value(self) -> list[Item]:
        found = []
        for ident, select, edit, _ in self._rows:
            if edit.text().strip():
                found.append(Item(ident, str(select.value() or ""), edit.text().strip()))
        return found

    def begin(self) -> None:
        self._rows[0][2].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_empty(self) -> None:
        self._add(Item("", self._labels[0] if self._labels else "", "")).setFocus()

    def _add(self, item: Item) -> QLineEdit:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        names = self._labels if item.label in self._labels or not item.label else [*self._labels, item.label]
        select = SelectBox([Option(name, name) for name in names], compact=True, placeholder="Label")
        select.setFixedSize(88, 32)
        select.set_value(item.label)
        frame = FieldFrame()
        edit = QLineEdit(item.text)
        edit.setPlaceholderText(self._placeholder)
        edit.setAccessibleName(f"{self._noun}, {item.label}".strip(", "))
        frame.box.addWidget(edit)
        frame.watch(edit)
        entry = (item.id, select, edit, line)
        remove = IconButton(
            "close", f"Remove {self._noun}", size="tiny", on_click=lambda: self._remove(entry)
        )
        layout.addWidget(select)
        layout.addWidget(frame, 1)
        layout.addWidget(remove)
        self._lines.addWidget(line)
        self._rows.append(entry)
        self.watch(edit, tabs_out=False)
        return edit

    def _remove(self, entry: tuple[str, SelectBox, QLineEdit, QWidget]) -> None:
        self._rows.remove(entry)
        self._inner.remove(entry[2])
        entry[3].deleteLater()
        if not self._rows:
            self._add_empty()
