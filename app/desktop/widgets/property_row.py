"""A field of a record: label, value, and editing where it stands.

Click, Enter or F2 edits; Esc cancels; Enter commits; Tab commits and goes on to the next row, which then edits too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from app.desktop.theme import colors
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Icon, Label, Tone
from app.desktop.widgets.editors import Editor

EditorFactory = Callable[[object], Editor]


class _Shown(QWidget):
    """The value at rest: hover shows that it can be edited."""

    pressed = Signal()

    def __init__(self, row: PropertyRow) -> None:
        super().__init__()
        self._row, self._hovered = row, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(12, 5, 8, 5)  # words stay put when the editor opens
        self.box.setSpacing(6)
        self.setMinimumHeight(32)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row.editable and self._hovered:
            painter = QPainter(self)
            antialiased(painter)
            fill_round(painter, QRectF(self.rect()), 6, colors().hover)


class _Mark(Icon):
    """A sign that can be clicked; the click does not reach the row."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


class PropertyRow(QWidget):
    """label | value. `set_value` shows; ``edited(value)`` says what the user wants: store it, then `set_value` again.

    `show(value) -> str` makes the words ("" is shown as the placeholder); `widget(value) -> QWidget | None` gives
    something richer (chips, avatars), used where it is not None. `editor(value) -> Editor` makes the editor; without
    one the row is read-only. `set_mark` puts a sign after the value: ``conflict`` (a click emits ``mark_clicked``) or
    ``lock``.
    """

    edited = Signal(object)
    mark_clicked = Signal()

    def __init__(
        self,
        label: str,
        value: object = None,
        *,
        show: Callable[[object], str] = lambda value: "" if value is None else str(value),
        widget: Callable[[object], QWidget | None] | None = None,
        editor: EditorFactory | None = None,
        placeholder: str = "Add…",
        label_width: int = 132,
        icon_name: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._show, self._widget, self._editor_for = show, widget, editor
        self._placeholder, self._label_text = placeholder, label
        self._editor: Editor | None = None
        self._mark: _Mark | None = None
        self._value: object = None
        name = QHBoxLayout()
        name.setContentsMargins(0, 0, 8, 0)
        name.setSpacing(8)
        if icon_name is not None:
            name.addWidget(Icon(icon_name, size=14, tone="faint"), 0, Qt.AlignmentFlag.AlignVCenter)
        self._label = Label(label, tone="muted")
        name.addWidget(self._label, 1)
        holder = QWidget()
        holder.setFixedSize(label_width, 32)
        holder.setLayout(name)
        self.shown = _Shown(self)
        self.shown.setAccessibleName(label)
        self.shown.pressed.connect(self.edit)
        if self.editable:
            self.shown.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.shown.setCursor(Qt.CursorShape.IBeamCursor)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(self.shown, 1)
        self.set_value(value)

    @property
    def editable(self) -> bool:
        """Whether there is an editor."""
        return self._editor_for is not None

    @property
    def editing(self) -> bool:
        """Whether the editor is open."""
        return self._editor is not None

    def value(self) -> object:
        """The value shown."""
        return self._value

    def set_value(self, value: object) -> None:
        """Shows a value (also while nothing is edited only: an open editor is left alone)."""
        self._value = value
        while self.shown.box.count():
            item = self.shown.box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None and old is not self._mark:
                old.deleteLater()
        rich = self._widget(value) if self._widget is not None else None
        text = self._show(value)
        if rich is not None:
            rich.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.shown.box.addWidget(rich, 0)
            self.shown.box.addStretch(1)
        else:
            empty: Tone = "faint"
            words = text or (self._placeholder if self.editable else "–")
            self.shown.box.addWidget(Label(words, tone="text" if text else empty, wrap=True), 1)
        if self._mark is not None:
            self.shown.box.addWidget(self._mark)
        self.shown.setAccessibleDescription(text or "empty")

    def set_mark(self, mark: Literal["conflict", "lock"] | None, tooltip: str = "") -> None:
        """A sign after the value, with an explanation."""
        if self._mark is not None:
            self._mark.deleteLater()
            self._mark = None
        if mark is not None:
            self._mark = _Mark(mark, size=14, tone="warning" if mark == "conflict" else "faint")
            self._mark.setToolTip(tooltip)
            self._mark.setAccessibleName(tooltip)
            self._mark.clicked.connect(self.mark_clicked)
        self.set_value(self._value)

    def edit(self) -> None:
        """Opens the editor in place of the value."""
        if self._editor_for is None or self._editor is not None:
            return
        editor = self._editor_for(self._value)
        self._editor = editor
        editor.setAccessibleName(self._label_text)
        for field in editor._inner:
            if not field.accessibleName():
                field.setAccessibleName(self._label_text)
        editor.committed.connect(self._committed)
        editor.cancelled.connect(lambda: self._close(refocus=True))
        editor.tabbed.connect(self._go_on)
        self.shown.hide()
        self._box.addWidget(editor, 1)
        editor.show()
        editor.begin()

    def _committed(self, value: object) -> None:
        changed = value != self._value
        self._close(refocus=True)
        if changed:
            self.edited.emit(value)

    def _close(self, *, refocus: bool) -> None:
        editor, self._editor = self._editor, None
        if editor is None:
            return
        focused = QApplication.focusWidget()
        inside = focused is None or editor.isAncestorOf(focused)
        self._box.removeWidget(editor)
        self.shown.show()
        if refocus and inside:
            self.shown.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.hide()
        editor.deleteLater()

    def _go_on(self, forward: bool) -> None:
        """To the next row in the same parent that can be edited."""
        parent = self.parentWidget()
        rows = (
            [row for row in parent.findChildren(PropertyRow) if row.editable and row.isVisible()]
            if parent
            else []
        )
        rows.sort(key=lambda row: row.mapTo(parent, row.rect().topLeft()).y() if parent else 0)
        if self in rows:
            n = rows.index(self) + (1 if forward else -1)
            if 0 <= n < len(rows):
                QTimer.singleShot(0, rows[n], rows[n].edit)
