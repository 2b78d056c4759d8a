"""What a change will do, as a list that is read at a glance: plus for gains, minus for losses, a key for keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk import ChangeWords
from app.desktop.widgets import Icon, Label, Tone

CLOSED = "Does not see"
"""How a sentence about a part without a key begins: it gets a lock, and no tick."""
NOTHING = "Nothing changes in what anybody can read or write."


class EffectList(QWidget):
    """Sentences with a sign before each; replaced as a whole by the `show_…` methods."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._lines: list[str] = []
        self.setAccessibleName("What will change")
        if words:
            self.show_quiet(words)

    @property
    def sentences(self) -> list[str]:
        """What is shown now."""
        return list(self._lines)

    def show_change(self, words: ChangeWords, moves: list[str] | None = None) -> None:
        """`moves` are the changes themselves, above what they do."""
        self._clear()
        for line in moves or []:
            self._add("arrow-right", "accent", line)
        for line in words.gains:
            self._add("plus", "success", line)
        for line in words.losses:
            self._add("minus", "danger", line)
        if words.keys:
            self._add("key", "warning", words.keys)
        if not words.gains and not words.losses and not words.keys:
            self._add("info", "muted", NOTHING)
        for line in words.notes:
            self._add("info", "muted", line)

    def show_lines(self, lines: list[str], icon: str = "check", tone: Tone = "success") -> None:
        """Plain sentences with one sign; what is closed has a lock."""
        self._clear()
        for line in lines:
            if line.startswith(CLOSED):
                self._add("lock", "faint", line)
            else:
                self._add(icon, tone, line)

    def show_quiet(self, words: str) -> None:
        """One sentence, said quietly."""
        self._clear()
        self._lines = [words]
        self._box.addWidget(Label(words, tone="muted", wrap=True))

    def show_problem(self, words: str) -> None:
        self._clear()
        self._add("warning", "danger", words)

    def _add(self, icon: str, tone: Tone, words: str) -> None:
        self._lines.append(words)
        line = QHBoxLayout()
        line.setSpacing(10)
        sign = QVBoxLayout()
        sign.setContentsMargins(0, 2, 0, 0)
        sign.addWidget(Icon(icon, size=16, tone=tone))
        sign.addStretch(1)
        line.addLayout(sign)
        line.addWidget(Label(words, wrap=True, selectable=True), 1, Qt.AlignmentFlag.AlignTop)
        holder = QWidget()
        line.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(line)
        self._box.addWidget(holder)

    def _clear(self) -> None:
        self._lines = []
        while self._box.count():
            item = self._box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
