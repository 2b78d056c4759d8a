"""The window before a desk is open: no sidebar, the mark at the top, one page in the middle."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.desktop.pages.start.step import StepPage
from app.desktop.theme import colors, icon_pixmap, theme
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets import IconButton, Label, install_focus_ring, row


class Mark(QWidget):
    """Tacit's sign: a T in a rounded tile."""

    def __init__(self, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setFixedSize(size, size)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        fill_round(painter, QRectF(self.rect()), self._size * 0.27, colors().accent)
        inner = round(self._size * 0.6)
        pixmap = icon_pixmap("mark", colors().on_accent, inner, self.devicePixelRatioF())
        offset = (self._size - inner) // 2
        painter.drawPixmap(offset, offset, pixmap)


class StartWindow(QMainWindow):
    """`show_page` brings a page to the middle; pages that were shown stay as they are until `forget_pages`."""

    closing = Signal()

    def __init__(self, settings: QSettings | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._pages: list[QWidget] = []
        self._front: QWidget | None = None
        self.setWindowTitle("Tacit")
        self.setMinimumSize(640, 560)
        self.resize(1280, 800)
        self.theme_button = IconButton("moon", "Switch between light and dark", on_click=self._toggle_theme)
        head = QWidget()
        head.setLayout(
            row(
                Mark(),
                Label("Tacit", scale="title"),
                None,
                self.theme_button,
                gap=10,
                margins=(24, 16, 16, 16),
            )
        )
        inner = QWidget()
        inner.setProperty("panel", "scroll")
        self._middle = QVBoxLayout()
        self._middle.addStretch(2)
        self._middle.addStretch(3)
        across = QHBoxLayout(inner)
        across.setContentsMargins(24, 16, 24, 48)
        across.addStretch(1)
        across.addLayout(self._middle)
        across.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        central = QFrame()
        central.setProperty("panel", "page")
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._scroll, 1)
        self.setCentralWidget(central)
        theme().changed.connect(self._tint)
        self._tint()
        self._restore()

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._front

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front; it takes the focus where it wants it."""
        if self._front is not None and self._front is not page:
            self._front.hide()
        if page not in self._pages:
            self._pages.append(page)
            self._middle.insertWidget(1, page)
        self._front = page
        page.show()
        self._scroll.verticalScrollBar().setValue(0)
        if isinstance(page, StepPage):
            page.focus_first()

    def forget_pages(self) -> None:
        """Drop every page with all that was typed."""
        for page in self._pages:
            if isinstance(page, StepPage):
                page.wipe()
            self._middle.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages, self._front = [], None

    def _toggle_theme(self) -> None:
        mode = theme().toggle()
        if self._settings is not None:
            self._settings.setValue("theme", mode.value)

    def _tint(self) -> None:
        self.theme_button.set_icon("sun" if theme().is_dark else "moon")

    def _restore(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            install_focus_ring(app)
        if self._settings is not None:
            geometry = self._settings.value("geometry")
            if isinstance(geometry, QByteArray):
                self.restoreGeometry(geometry)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._settings is not None:
            self._settings.setValue("geometry", self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
