"""The body of a dialog: as high as what is in it, and scrolling where the window is too low for that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget


class DialogBody(QScrollArea):
    """Fill `box`. Its height follows its width, which an ordinary scroll area does not offer to layouts."""

    def __init__(self, margins: tuple[int, int, int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._inner = QWidget()
        self._inner.setProperty("panel", "scroll")
        self.box = QVBoxLayout(self._inner)
        self.box.setContentsMargins(*margins)
        self.box.setSpacing(12)
        self.setWidget(self._inner)
        self._inner.installEventFilter(self)

    def heightForWidth(self, width: int) -> int:
        if self.box.hasHeightForWidth():
            return self.box.totalHeightForWidth(width)
        return self.box.totalSizeHint().height()

    def sizeHint(self) -> QSize:
        return self.box.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(96, self.box.totalMinimumSize().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
