"""The command palette (Ctrl+K): commands and search results in one list, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.theme import colors, icon_pixmap, theme, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Icon, Line
from app.desktop.widgets.fields import KeyHint
from app.desktop.widgets.overlay import Overlay

_ROW, _HEAD = 40, 28


@dataclass(frozen=True, slots=True)
class Command:
    """One line: what it is called, what it does. `group` heads the lines; `detail` is muted, `keys` only shown."""

    title: str
    run: Callable[[], object]
    icon_name: str = "arrow-right"
    group: str = "Commands"
    detail: str = ""
    keys: str = ""
    words: str = ""  # further words it is found by


def match_score(query: str, command: Command) -> int:
    """How well a command fits: 0 not at all; more is better. Whole start, start of a word, inside, letters in order."""
    wanted = query.casefold().strip()
    if not wanted:
        return 1
    title = command.title.casefold()
    if title.startswith(wanted):
        return 100
    if any(word.startswith(wanted) for word in title.split()):
        return 80
    if wanted in title:
        return 60
    if wanted in command.words.casefold() or wanted in command.detail.casefold():
        return 40
    letters = iter(title)
    return 10 if len(wanted) > 1 and all(letter in letters for letter in wanted.replace(" ", "")) else 0


class _Lines(QWidget):
    """The list, drawn: groups and lines, one of them current."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Command] = []
        self.current = 0
        self.top = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _slots(self) -> list[tuple[int, int, str]]:
        """(y, index or -1, group) of heads and lines, not scrolled."""
        y, group, slots = 4, "", []
        for n, line in enumerate(self.lines):
            if line.group != group:
                group = line.group
                slots.append((y, -1, group))
                y += _HEAD
            slots.append((y, n, group))
            y += _ROW
        return slots

    def content_height(self) -> int:
        """All of it, px."""
        slots = self._slots()
        return slots[-1][0] + _ROW + 4 if slots else 64

    def sizeHint(self) -> QSize:
        return QSize(560, min(self.content_height(), 440))

    def set_lines(self, lines: Sequence[Command]) -> None:
        self.lines = list(lines)
        self.current, self.top = 0, 0
        self.setFixedHeight(self.sizeHint().height())
        self._say()
        self.update()

    def step(self, by: int) -> None:
        if self.lines:
            self.current = (self.current + by) % len(self.lines)
            y = next(y for y, n, _ in self._slots() if n == self.current)
            first = y - (_HEAD if self.current == 0 else 0)
            self.top = max(min(self.top, first - 4), y + _ROW + 4 - self.height())
            self._say()
            self.update()

    def _say(self) -> None:
        self.setAccessibleName(self.lines[self.current].title if self.lines else "Nothing found")

    def _at(self, y: float) -> int:
        return next((n for top, n, _ in self._slots() if n >= 0 and top <= y + self.top < top + _ROW), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        n = self._at(event.position().y())
        if n >= 0 and n != self.current:
            self.current = n
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        n = self._at(event.position().y())
        if n >= 0:
            self.chosen.emit(n)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, ratio, width = colors(), self.devicePixelRatioF(), self.width()
        centre = int(Qt.AlignmentFlag.AlignVCenter)
        if not self.lines:
            painter.setPen(c.text_muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing found")
        for top, n, group in self._slots():
            y = top - self.top
            if y > self.height() or y < -_ROW:
                continue
            if n < 0:
                painter.setFont(ui_font("caption"))
                painter.setPen(c.text_faint)
                painter.drawText(QRect(20, y, width - 40, _HEAD), centre, group)
                continue
            line = self.lines[n]
            if n == self.current:
                fill_round(painter, QRect(8, y, width - 16, _ROW).toRectF(), 6, c.raised_hover)
            tint = c.accent_text if n == self.current else c.text_muted
            painter.drawPixmap(20, y + (_ROW - 16) // 2, icon_pixmap(line.icon_name, tint, 16, ratio))
            painter.setFont(ui_font())
            painter.setPen(c.text)
            metrics = painter.fontMetrics()
            title = metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, width - 160)
            painter.drawText(QRect(48, y, width - 160, _ROW), centre, title)
            x = 48 + metrics.horizontalAdvance(title) + 12
            painter.setFont(ui_font("small"))
            painter.setPen(c.text_faint)
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            keys = painter.fontMetrics().horizontalAdvance(line.keys) + 28 if line.keys else 20
            detail = painter.fontMetrics().elidedText(
                line.detail, Qt.TextElideMode.ElideRight, width - x - keys
            )
            painter.drawText(QRect(x, y, width - x - keys, _ROW), centre, detail)
            painter.drawText(QRect(0, y, width - 20, _ROW), right, line.keys)


class CommandPalette(Overlay):
    """Type, move with the arrows, Enter runs.

    `commands` are matched here; `search(text)` may give results at once. For results that come later: connect
    ``query_changed(str)`` and call `show_results(query, results)`; answers to an older query are dropped.
    """

    query_changed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        commands: Sequence[Command],
        *,
        search: Callable[[str], Sequence[Command]] | None = None,
        placeholder: str = "Search people, companies, deals, or type a command",
        text: str = "",
    ) -> None:
        super().__init__(window, place="top", width=600)
        self.setAccessibleName("Command palette")
        self._commands, self._search = list(commands), search
        self._late: list[Command] = []
        self.edit = QLineEdit(text)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(placeholder)
        self.edit.setProperty("ownFocus", True)
        self.edit.setFont(ui_font("lead"))
        self.lines = _Lines()
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 16, 14)
        head.setSpacing(12)
        head.addWidget(Icon("search", size=18))
        head.addWidget(self.edit, 1)
        head.addWidget(KeyHint("Esc"))
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(1, 0, 1, 4)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(self.lines)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._typed)
        self.lines.chosen.connect(self._run)
        theme().changed.connect(self.lines.update)
        self._typed(text)

    def focus_first(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_results(self, query: str, results: Sequence[Command]) -> None:
        """Results that were looked up elsewhere; ignored if the user typed on meanwhile."""
        if query == self.edit.text():
            self._late = list(results)
            self._refresh()

    def titles(self) -> list[str]:
        """What is listed, from the top."""
        return [line.title for line in self.lines.lines]

    def _typed(self, text: str) -> None:
        self._late = []
        self._refresh()
        self.query_changed.emit(text)

    def _refresh(self) -> None:
        text = self.edit.text()
        found = list(self._search(text)) if self._search is not None and text.strip() else []
        scored = [(match_score(text, command), n, command) for n, command in enumerate(self._commands)]
        hits = [command for score, _, command in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]
        order: list[str] = []
        for command in [*found, *self._late, *hits]:
            if command.group not in order:
                order.append(command.group)
        together = [*found, *self._late, *hits]
        self.lines.set_lines(sorted(together, key=lambda command: order.index(command.group))[:60])

    def _run(self, n: int) -> None:
        command = self.lines.lines[n]
        self.close_overlay()
        command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.lines.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.lines.lines:
                    self._run(self.lines.current)
                return True
        return super().eventFilter(watched, event)
