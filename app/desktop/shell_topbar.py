"""The bar above the pages: title, search, sync state in words, New, theme, lock."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.desktop.theme import Size, colors, icon_pixmap, theme, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import ElidedLabel, Tone, tone_color
from app.desktop.widgets.buttons import Button, IconButton


class SyncState(StrEnum):
    """What the chip shows."""

    OK = "ok"
    WORKING = "working"
    OFFLINE = "offline"
    ERROR = "error"


_SIGNS: dict[SyncState, tuple[str, Tone]] = {
    SyncState.OK: ("sync-ok", "success"),
    SyncState.WORKING: ("sync-working", "accent"),
    SyncState.OFFLINE: ("sync-offline", "muted"),
    SyncState.ERROR: ("sync-error", "danger"),
}


class SyncChip(QAbstractButton):
    """Sign and words; a click asks to sync now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = SyncState.OFFLINE
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Sync now  F5")
        self.show_state(SyncState.OFFLINE, "Offline")

    def show_state(self, state: SyncState, words: str) -> None:
        """Another state."""
        self._state = state
        self.setText(words)
        self.setAccessibleName(f"Sync: {words}")
        self.updateGeometry()
        self.update()

    def state(self) -> SyncState:
        """The state shown."""
        return self._state

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(ui_font("small")).horizontalAdvance(self.text()) + 42, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        back = {SyncState.ERROR: c.danger_bg}.get(self._state, c.hover if self.underMouse() else c.surface)
        if self.underMouse() or self._state is SyncState.ERROR:
            fill_round(painter, QRectF(self.rect()), 14, back)
        name, tone = _SIGNS[self._state]
        painter.drawPixmap(10, 6, icon_pixmap(name, tone_color(tone), 16, self.devicePixelRatioF()))
        painter.setFont(ui_font("small"))
        painter.setPen(c.danger_text if self._state is SyncState.ERROR else c.text_muted)
        painter.drawText(
            QRectF(32, 0, self.width() - 36, 28), int(Qt.AlignmentFlag.AlignVCenter), self.text()
        )


class SearchButton(QAbstractButton):
    """Looks like a search field, opens the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Search")
        self.setAccessibleName("Search everything")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(Size.CONTROL)
        self.setMinimumWidth(140)
        self.setMaximumWidth(420)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)

    def sizeHint(self) -> QSize:
        return QSize(320, Size.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        edge = c.border_strong if self.underMouse() else c.border
        fill_round(painter, QRectF(self.rect()), 6, c.sunken, edge)
        painter.drawPixmap(10, 8, icon_pixmap("search", c.text_faint, 16, self.devicePixelRatioF()))
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font())
        painter.setPen(c.text_faint)
        painter.drawText(QRectF(34, 0, self.width() - 90, self.height()), int(centre), self.text())
        painter.setFont(ui_font("caption"))
        width = painter.fontMetrics().horizontalAdvance(self._keys) + 10
        box = QRectF(self.width() - width - 7, 7, width, 18)
        fill_round(painter, box, 4, c.surface, c.border_strong)
        painter.setPen(c.text_muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._keys)


class TopBar(QFrame):
    """Everything in it goes out as a signal."""

    search_clicked = Signal()
    sync_clicked = Signal()
    new_clicked = Signal()
    theme_clicked = Signal()
    lock_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "topbar")
        self.setFixedHeight(Size.TOPBAR)
        self._title = ElidedLabel("", scale="title")
        self.search = SearchButton()
        self.sync = SyncChip()
        self.new = Button("New", kind="primary", icon_name="plus", on_click=self.new_clicked.emit)
        self.theme = IconButton("moon", "Switch between light and dark", on_click=self.theme_clicked.emit)
        self.lock = IconButton("lock", "Lock", on_click=self.lock_clicked.emit)
        self.lock.setToolTip(
            f"Lock  {QKeySequence('Ctrl+L').toString(QKeySequence.SequenceFormat.NativeText)}"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 0, 16, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title, 2)
        layout.addWidget(self.search, 3)
        layout.addStretch(1)
        layout.addWidget(self.sync)
        layout.addWidget(self.theme)
        layout.addWidget(self.lock)
        layout.addSpacing(4)
        layout.addWidget(self.new)
        self.search.clicked.connect(self.search_clicked)
        self.sync.clicked.connect(self.sync_clicked)
        theme().changed.connect(self._tint)
        self._tint()

    def title(self) -> str:
        """The words at the left."""
        return self._title.text()

    def set_page(self, title: str, noun: str) -> None:
        """Title of the page in front, and what New makes there ("" hides the button)."""
        self._title.setText(title)
        self.new.setVisible(bool(noun))
        self.new.set_text(f"New {noun}")

    def set_sync_state(self, state: SyncState, words: str) -> None:
        """See `SyncChip`."""
        self.sync.show_state(state, words)

    def _tint(self) -> None:
        self.theme.set_icon("sun" if theme().is_dark else "moon")
