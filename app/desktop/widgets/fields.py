"""Text fields: a frame around a line edit, with label, hint and error; password; search; long text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop.theme import colors, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Icon, Label, restyle
from app.desktop.widgets.buttons import IconButton


class FieldFrame(QFrame):
    """The box around an editor: border, hover, focus, error. Put the editor and its little buttons inside."""

    def __init__(self, *, height: int | None = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("fieldFrame", True)
        self.setProperty("focused", False)
        self.setProperty("invalid", False)
        if height is not None:
            self.setFixedHeight(height)
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(9, 0, 4, 0)
        self.box.setSpacing(6)

    def watch(self, editor: QWidget) -> None:
        """The frame shows the focus of this editor."""
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def set_invalid(self, invalid: bool) -> None:
        """Red border."""
        restyle(self, invalid=invalid)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            restyle(self, focused=True)
        elif event.type() == QEvent.Type.FocusOut:
            restyle(self, focused=False)
        return super().eventFilter(watched, event)


class Field(QWidget):
    """Label above, editor, hint or error below. Base of every form field, and a wrapper for any editor."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        frame: FieldFrame | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = Label(label, scale="small", tone="muted")
        if not label:
            self._label.hide()
        self._label.setBuddy(editor)
        self._note = Label(hint, scale="small", tone="faint", wrap=True)
        if not hint:
            self._note.hide()
        self._hint, self._frame, self._editor = hint, frame, editor
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addWidget(frame or editor)
        layout.addWidget(self._note)
        self.setFocusProxy(editor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_error(self, text: str) -> None:
        """Shows what is wrong, in words; an empty text clears it and brings the hint back."""
        self._note.setText(text or self._hint)
        self._note.set_tone("danger" if text else "faint")
        self._note.setVisible(bool(text or self._hint))
        self._editor.setAccessibleDescription(text or self._hint)
        if self._frame is not None:
            self._frame.set_invalid(bool(text))

    def error(self) -> str:
        """The error shown, or an empty text."""
        return self._note.text() if self._note.property("tone") == "danger" else ""

    def set_label(self, text: str) -> None:
        """Another label."""
        self._label.setText(text)
        self._label.setVisible(bool(text))
        self._editor.setAccessibleName(text)


class TextField(Field):
    """One line of text. ``changed(str)`` as it is typed, ``submitted()`` on Enter."""

    changed = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        label: str = "",
        *,
        text: str = "",
        hint: str = "",
        placeholder: str = "",
        icon_name: str | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.frame = FieldFrame()
        self.edit = QLineEdit(text)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setFrame(False)
        if icon_name is not None:
            self.frame.box.addWidget(Icon(icon_name, tone="faint"))
        self.frame.box.addWidget(self.edit)
        self.frame.watch(self.edit)
        super().__init__(label, self.edit, hint=hint, frame=self.frame, parent=parent)
        if name or not label:
            self.edit.setAccessibleName(name or placeholder)
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(self.submitted)

    def text(self) -> str:
        """What is typed, as it is."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Replaces the text; ``changed`` is emitted if it differs."""
        self.edit.setText(text)


class StrengthMeter(QWidget):
    """Four bars for a zxcvbn score of 0 to 4; nothing lit at None."""

    WORDS = ("Very weak", "Weak", "Fair", "Good", "Strong")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: int | None = None
        self.setFixedHeight(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_score(self, score: int | None) -> None:
        """0 to 4, or None when nothing is typed."""
        self._score = score
        self.setAccessibleName("" if score is None else f"Password strength: {self.WORDS[score]}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, lit = colors(), 0 if self._score is None else max(1, self._score)
        color = c.danger if lit <= 1 else c.warning_text if lit == 2 else c.success
        width = (self.width() - 3 * 4) / 4
        for n in range(4):
            fill_round(painter, QRectF(n * (width + 4), 0, width, 4), 2, color if n < lit else c.pressed)


class PasswordField(TextField):
    """A password with a show switch and, with ``meter=True``, a strength meter (see `set_strength`)."""

    def __init__(
        self,
        label: str = "Password",
        *,
        hint: str = "",
        placeholder: str = "",
        meter: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, hint=hint, placeholder=placeholder, parent=parent)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.toggle = IconButton("eye", "Show the password", size="tiny", on_click=self._flip)
        self.frame.box.addWidget(self.toggle)
        self.meter = StrengthMeter()
        if not meter:
            self.meter.hide()
        self._words = Label("", scale="small", tone="muted", wrap=True)
        self._words.hide()
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertSpacing(2, 2)
            layout.insertWidget(3, self.meter)
            layout.insertWidget(4, self._words)

    def set_strength(self, score: int | None, words: str = "") -> None:
        """Shows a zxcvbn score (0 to 4, None for nothing typed) and a sentence of advice."""
        self.meter.set_score(score)
        label = "" if score is None else StrengthMeter.WORDS[score]
        self._words.setText(f"{label}. {words}" if label and words else label or words)
        self._words.setVisible(bool(self._words.text()))

    def clear(self) -> None:
        """Empties the field and its undo history."""
        self.edit.clear()
        self.edit.setModified(False)

    def _flip(self) -> None:
        hidden = self.edit.echoMode() == QLineEdit.EchoMode.Password
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.toggle.set_icon("eye-off" if hidden else "eye")
        self.toggle.setAccessibleName("Hide the password" if hidden else "Show the password")
        self.toggle.setToolTip(self.toggle.accessibleName())


class SearchField(TextField):
    """Search as you type, at once (no delay). Esc or the cross clears; `shortcut` is only shown, not bound."""

    escaped = Signal()  # Esc on an empty field
    moved_down = Signal()  # Down: the list below may take the focus

    def __init__(
        self, placeholder: str = "Search", *, shortcut: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("", placeholder=placeholder, icon_name="search", name=placeholder, parent=parent)
        restyle(self.frame, quiet=True)
        self._shortcut = KeyHint(shortcut)
        if not shortcut:
            self._shortcut.hide()
        self._clear = IconButton("close", "Clear the search", size="tiny", on_click=self.edit.clear)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        self.frame.box.addWidget(self._shortcut)
        self.frame.box.addWidget(self._clear)
        self._has_shortcut = bool(shortcut)
        self.edit.textChanged.connect(self._refresh)
        self.edit.installEventFilter(self)

    def _refresh(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._shortcut.setVisible(self._has_shortcut and not text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.edit:
            if event.key() == Qt.Key.Key_Escape:
                if self.edit.text():
                    self.edit.clear()
                else:
                    self.escaped.emit()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.moved_down.emit()
                return True
        return super().eventFilter(watched, event)


class KeyHint(QWidget):
    """A small drawn key, e.g. ``Ctrl K``."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setFont(ui_font("caption"))

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(ui_font("caption")).horizontalAdvance(self._keys) + 10, 18)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        box = QRectF(0, (self.height() - 18) / 2, self.width(), 18)
        fill_round(painter, box, 4, c.surface, c.border_strong)
        painter.setPen(c.text_muted)
        painter.setFont(ui_font("caption"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._keys)


class LongTextField(Field):
    """Several lines. Tab leaves the field; Ctrl+Enter emits ``submitted``."""

    changed = Signal()
    submitted = Signal()

    def __init__(
        self,
        label: str = "",
        *,
        text: str = "",
        hint: str = "",
        placeholder: str = "",
        lines: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        self.frame = FieldFrame(height=None)
        self.frame.box.setContentsMargins(5, 4, 4, 4)
        self.edit = QPlainTextEdit(text)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(lines * 20 + 8)
        self.edit.setProperty("inFrame", True)
        self.frame.box.addWidget(self.edit)
        self.frame.watch(self.edit)
        super().__init__(label, self.edit, hint=hint, frame=self.frame, parent=parent)
        if not label:
            self.edit.setAccessibleName(placeholder)
        self.edit.textChanged.connect(self.changed)
        self.edit.installEventFilter(self)

    def text(self) -> str:
        """What is typed."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Replaces the text."""
        self.edit.setPlainText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submitted.emit()
            return True
        return super().eventFilter(watched, event)
