"""Codes and bytes: `QrView`, `CopyField` (wipes the clipboard), `HexView`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.desktop.theme import colors, mono_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.buttons import IconButton
from app.desktop.widgets.fields import FieldFrame


class QrView(QWidget):
    """A QR code from its modules (rows of 0 and 1, as ``segno.make(…).matrix``), dark on white in every theme."""

    def __init__(
        self,
        matrix: Sequence[Sequence[int]],
        *,
        size: int = 200,
        name: str = "QR code",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._matrix = [bytes(line) for line in matrix]
        self.setFixedSize(size, size)
        self.setAccessibleName(name)

    def set_matrix(self, matrix: Sequence[Sequence[int]]) -> None:
        """Another code."""
        self._matrix = [bytes(line) for line in matrix]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        fill_round(painter, QRectF(self.rect()), 8, "#ffffff", colors().border)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        count = len(self._matrix) + 8  # four modules of quiet zone on each side (ISO/IEC 18004)
        step = self.width() / count
        dark = QColor("#101114")
        for y, line in enumerate(self._matrix):
            for x, module in enumerate(line):
                if module:
                    left, top = round((x + 4) * step), round((y + 4) * step)
                    painter.fillRect(
                        left, top, round((x + 5) * step) - left, round((y + 5) * step) - top, dark
                    )


class CopyField(FieldFrame):
    """A text to copy. After `seconds` the clipboard is emptied if it still holds it (0: never)."""

    copied = Signal()
    wiped = Signal()

    def __init__(
        self,
        text: str,
        *,
        name: str,
        secret: bool = False,
        seconds: float = 60.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.setProperty("quiet", True)
        self._secret, self._seconds = secret, seconds
        self.edit = QLineEdit(text)
        self.edit.setReadOnly(True)
        self.edit.setFont(mono_font())
        self.edit.setAccessibleName(name)
        self.edit.setCursorPosition(0)
        self.box.addWidget(self.edit, 1)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.show_button = IconButton("eye", f"Show {name}", size="tiny", on_click=self._flip)
            self.box.addWidget(self.show_button)
        self.button = IconButton("copy", f"Copy {name}", size="tiny", on_click=self.copy)
        self.box.addWidget(self.button)
        self.watch(self.edit)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.timeout.connect(lambda: self.button.set_icon("copy"))

    def text(self) -> str:
        """What it holds."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Another text."""
        self.edit.setText(text)
        self.edit.setCursorPosition(0)

    def copy(self) -> None:
        """To the clipboard, for a while."""
        copy_for_a_while(self.text(), seconds=self._seconds, on_wiped=self)
        self.button.set_icon("check")
        self._back.start(1500)
        self.copied.emit()

    def _flip(self) -> None:
        hidden = self.edit.echoMode() == QLineEdit.EchoMode.Password
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.show_button.set_icon("eye-off" if hidden else "eye")


def copy_for_a_while(text: str, *, seconds: float = 60.0, on_wiped: CopyField | None = None) -> None:
    """Puts `text` on the clipboard and empties it after `seconds` if it is still there (0: leaves it).

    The timer belongs to the application, so that closing the field does not keep the secret on the clipboard.
    """
    board = QGuiApplication.clipboard()
    board.setText(text)
    if seconds <= 0:
        return
    timer = QTimer(QGuiApplication.instance())
    timer.setSingleShot(True)

    def wipe() -> None:
        if board.text() == text:
            board.clear()
            if on_wiped is not None:
                try:
                    on_wiped.wiped.emit()
                except RuntimeError:  # the field is gone; the clipboard is what mattered
                    timer.stop()
        timer.deleteLater()

    timer.timeout.connect(wipe)
    timer.start(round(seconds * 1000))


class HexView(QAbstractScrollArea):
    """Bytes as they lie: offset, sixteen (in a narrow place: eight) in hexadecimal, the same as signs.

    Only the lines in sight are made.
    """

    def __init__(self, data: bytes = b"", *, name: str = "Bytes", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._line, self._wide = 20, 16
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_data(data)

    def set_data(self, data: bytes) -> None:
        """Other bytes."""
        self._data = data
        self.setAccessibleDescription(f"{len(data)} bytes")
        self._scroll()
        self.viewport().update()

    def data(self) -> bytes:
        """The bytes shown."""
        return self._data

    def line_text(self, n: int) -> tuple[str, str, str]:
        """Offset, hexadecimal and signs of a line."""
        wide = self._wide
        part = self._data[n * wide : n * wide + wide]
        digits = f"{part[:8].hex(' ')}  {part[8:].hex(' ')}".rstrip()
        return f"{n * wide:08x}", digits, "".join(chr(b) if 32 <= b < 127 else "·" for b in part)

    def _line_count(self) -> int:
        return (len(self._data) + self._wide - 1) // self._wide

    def _scroll(self) -> None:
        step = QFontMetrics(mono_font()).horizontalAdvance("0")
        self._wide = 16 if self.viewport().width() >= 78 * step + 24 else 8
        lines = self._line_count()
        bar = self.verticalScrollBar()
        visible = max(1, (self.viewport().height() - 16) // self._line)
        bar.setRange(0, max(0, lines - visible))
        bar.setPageStep(visible)

    def resizeEvent(self, event: object) -> None:
        self._scroll()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(mono_font()).horizontalAdvance("0") * 82 + 32, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        antialiased(painter)
        c = colors()
        fill_round(painter, QRectF(self.viewport().rect()), 6, c.sunken, c.border)
        painter.setFont(mono_font())
        step = painter.fontMetrics().horizontalAdvance("0")
        first = self.verticalScrollBar().value()
        lines = self._line_count()
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        room = (self.viewport().height() - 16) // self._line
        at = 61 if self._wide == 16 else 35
        for n in range(first, min(lines, first + room)):
            y = 8 + (n - first) * self._line
            offset, digits, signs = self.line_text(n)
            for x, text, color in (
                (0, offset, c.text_faint),
                (10, digits, c.text),
                (at, signs, c.text_muted),
            ):
                painter.setPen(color)
                painter.drawText(QRectF(12 + x * step, y, 60 * step, self._line), flags, text)


class HexRow(QWidget):
    """Not scrolled: a short value such as a hash, in groups of four, selectable."""

    def __init__(self, data: bytes, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        digits = data.hex()
        self.edit = QLineEdit(" ".join(digits[n : n + 4] for n in range(0, len(digits), 4)))
        self.edit.setReadOnly(True)
        self.edit.setFont(mono_font())
        self.edit.setAccessibleName(name)
        layout.addWidget(self.edit)
