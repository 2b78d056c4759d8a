"""Boxes: `Card` (section), `Tabs`, `SplitView`, `ScrollPage`."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.desktop.widgets.base import Label, Line


class Card(QFrame):
    """A section: title, a muted line under it, widgets at the right of the head, a body to fill with `add`."""

    def __init__(
        self,
        title: str = "",
        *,
        subtitle: str = "",
        actions: list[QWidget] | None = None,
        divided: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        self.setAccessibleName(title)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        if title or actions:
            head = QHBoxLayout()
            head.setContentsMargins(16, 12, 12, 12 if divided else 4)
            head.setSpacing(8)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Label(title, scale="strong"))
            if subtitle:
                words.addWidget(Label(subtitle, scale="small", tone="muted", wrap=True))
            head.addLayout(words, 1)
            for action in actions or []:
                head.addWidget(action, 0, Qt.AlignmentFlag.AlignTop)
            self._outer.addLayout(head)
            if divided:
                self._outer.addWidget(Line())
        self.body = QVBoxLayout()
        self.body.setContentsMargins(16, 8 if title else 16, 16, 16)
        self.body.setSpacing(8)
        self._outer.addLayout(self.body, 1)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Puts a widget into the body."""
        self.body.addWidget(widget, stretch)

    def set_flush(self) -> None:
        """No padding around the body, for lists that go to the edges."""
        self.body.setContentsMargins(1, 0, 1, 1)
        self.body.setSpacing(0)


class Tabs(QWidget):
    """A line of tabs over a stack. `add(key, title, page)`; ``changed(key)``; Ctrl+Tab goes on."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setProperty("ringRadius", 4)
        self.stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(Line())
        layout.addSpacing(12)
        layout.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._switch)

    def add(self, key: str, title: str, page: QWidget) -> None:
        """One more tab."""
        self._keys.append(key)
        self.stack.addWidget(page)
        self.bar.addTab(title)

    def set_title(self, key: str, title: str) -> None:
        """Another title, e.g. with a count."""
        self.bar.setTabText(self._keys.index(key), title)

    def show_tab(self, key: str) -> None:
        """Brings a tab to the front; KeyError if there is none."""
        if key not in self._keys:
            raise KeyError(key)
        self.bar.setCurrentIndex(self._keys.index(key))

    def current(self) -> str:
        """Key of the tab in front, "" while there is none."""
        n = self.bar.currentIndex()
        return self._keys[n] if 0 <= n < len(self._keys) else ""

    def _switch(self, n: int) -> None:
        if n >= 0:
            self.stack.setCurrentIndex(n)
            self.changed.emit(self._keys[n])


class SplitView(QSplitter):
    """Two panes with a hairline between; neither collapses. `state` and `restore` keep the place of the line."""

    def __init__(
        self, first: QWidget, second: QWidget, *, sizes: tuple[int, int] = (2, 1), vertical: bool = False
    ) -> None:
        super().__init__(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal)
        self.addWidget(first)
        self.addWidget(second)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(0, sizes[0])
        self.setStretchFactor(1, sizes[1])
        self.setSizes([sizes[0] * 400, sizes[1] * 400] if max(sizes) < 20 else list(sizes))

    def state(self) -> bytes:
        """Where the line is."""
        return bytes(self.saveState().data())

    def restore(self, state: bytes) -> bool:
        """Puts it back; False if `state` is not one."""
        return self.restoreState(QByteArray(state))


class ScrollPage(QScrollArea):
    """A page that scrolls up and down; fill `body`. `width` limits the column and centres it (0: all of it)."""

    def __init__(
        self, *, width: int = 0, margins: int = 24, gap: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("panel", "scroll")
        column = QWidget()
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.body = QVBoxLayout(column)
        self.body.setContentsMargins(margins, margins, margins, margins)
        self.body.setSpacing(gap)
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(0, 0, 0, 0)
        if width:
            column.setMaximumWidth(width + 2 * margins)
            outer.addStretch(1)
            outer.addWidget(column, 1000)
            outer.addStretch(1)
        else:
            outer.addWidget(column)
        self.setWidget(inner)
