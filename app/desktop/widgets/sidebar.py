"""The navigation at the left: entries with icon, words, a count; groups with a small head."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.theme import Size, colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Label


class NavItem(QAbstractButton):
    """One entry."""

    def __init__(
        self, key: str, text: str, icon_name: str, *, keys: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key, self._icon, self._keys = key, icon_name, keys
        self._count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  {keys}" if keys else text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, text: str) -> None:
        """A number at the right, "" for none."""
        self._count = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.SIDEBAR - 24, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, on = colors(), self.isChecked()
        if on or self.isDown():
            fill_round(painter, QRectF(self.rect()), 6, c.pressed)
        elif self.underMouse():
            fill_round(painter, QRectF(self.rect()), 6, c.hover)
        tint = c.accent_text if on else c.text_muted
        painter.drawPixmap(10, 8, icon_pixmap(self._icon, tint, 16, self.devicePixelRatioF()))
        font = ui_font()
        font.setWeight(font.Weight.Medium if on else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(c.text if on else c.text_muted)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(36, 0, self.width() - (80 if self._count else 44), 32), int(centre), self.text()
        )
        painter.setFont(ui_font("caption", tabular=True))
        painter.setPen(c.text_muted if on else c.text_faint)
        painter.drawText(
            QRectF(0, 0, self.width() - 10, 32), int(centre | Qt.AlignmentFlag.AlignRight), self._count
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Sidebar(QFrame):
    """Entries by key; ``chosen(key)`` when the user goes there. `head` and `foot` take what the shell puts there."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sidebar")
        self.setFixedWidth(Size.SIDEBAR)
        self.setAccessibleName("Navigation")
        self._items: dict[str, NavItem] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(0)
        self.head = QVBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 12)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(2)
        layout.addLayout(self.head)
        layout.addLayout(self._list)
        layout.addStretch(1)
        layout.addLayout(self.foot)

    def add(self, key: str, text: str, icon_name: str, *, keys: str = "") -> NavItem:
        """One more entry, in the order of calls."""
        item = NavItem(key, text, icon_name, keys=keys)
        item.clicked.connect(lambda: self.chosen.emit(key))
        self._items[key] = item
        self._list.addWidget(item)
        return item

    def add_group(self, text: str) -> None:
        """A small head over the entries that follow."""
        head = Label(text, scale="caption", tone="faint")
        head.setContentsMargins(10, 16, 0, 4)
        self._list.addWidget(head)

    def set_current(self, key: str) -> None:
        """Marks an entry; an unknown key marks none."""
        for name, item in self._items.items():
            item.setAutoExclusive(False)
            item.setChecked(name == key)
            item.setAutoExclusive(True)

    def set_shown(self, key: str, shown: bool) -> None:
        """Whether an entry is offered at all."""
        self._items[key].setVisible(shown)

    def set_count(self, key: str, text: str) -> None:
        """The number at the right of an entry."""
        self._items[key].set_count(text)

    def page_keys(self) -> list[str]:
        """All keys in order."""
        return list(self._items)
