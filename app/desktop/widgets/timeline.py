"""What happened, newest first: `TimelineItem`, and `DiffView` for old and new."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.theme import colors, icon_pixmap
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Label
from app.desktop.widgets.marks import Avatar

_RAIL = 40
FITS_ONE_LINE = 48  # signs


class TimelineItem(QWidget):
    """icon on a rail | "Anna changed the stage" · when | body. `last` ends the rail. Fill `body` with anything.

    `name` is for the picture, where `who` says "You".
    """

    def __init__(
        self,
        icon_name: str,
        title: str,
        when: str,
        *,
        text: str = "",
        who: str = "",
        name: str = "",
        last: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._last = icon_name, last
        self.setAccessibleName(f"{who} {title}, {when}. {text}".strip())
        head = QHBoxLayout()
        head.setSpacing(6)
        if who:
            head.addWidget(Avatar(name or who, size=20))
            head.addWidget(Label(who, scale="strong"))
        head.addWidget(Label(title, tone="muted" if who else "text"))
        head.addWidget(Label(f"· {when}", scale="small", tone="faint"))
        head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(6)
        if text:
            self.body.addWidget(Label(text, wrap=True, selectable=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_RAIL, 4, 0, 16)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addLayout(self.body)

    def set_last(self, last: bool) -> None:
        """Whether the rail ends here."""
        self._last = last
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        if not self._last:
            painter.fillRect(QRectF(13.5, 28, 1, self.height() - 26), c.border)
        fill_round(painter, QRectF(0, 0, 28, 28), 14, c.sunken, c.border)
        pixmap = icon_pixmap(self._icon, c.text_muted, 14, self.devicePixelRatioF())
        painter.drawPixmap(7, 7, pixmap)


class DiffView(QFrame):
    """Old and new of each field: ``[("Stage", "Qualified", "Won"), …]``. An empty side is shown as "empty"."""

    def __init__(self, changes: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sunken")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        wide = any(len(old) + len(new) > FITS_ONE_LINE for _, old, new in changes)
        grid.setColumnStretch(1, 1 if wide else 0)  # short words stay together, long ones share the width
        grid.setColumnStretch(3, 1)
        top = Qt.AlignmentFlag.AlignTop
        for line, (field, old, new) in enumerate(changes):
            grid.addWidget(Label(field, scale="small", tone="muted"), line, 0, top)
            before = Label(old or "empty", scale="small", tone="muted", wrap=wide)
            if old:
                font = before.font()
                font.setStrikeOut(True)
                before.setFont(font)
            grid.addWidget(before, line, 1, top)
            arrow = Label("→", scale="small", tone="faint")
            arrow.setAccessibleName("became")
            grid.addWidget(arrow, line, 2, top)
            grid.addWidget(
                Label(new or "empty", scale="small", tone="text" if new else "muted", wrap=True), line, 3, top
            )
        self.setAccessibleName(
            "; ".join(f"{field}: {old or 'empty'} became {new or 'empty'}" for field, old, new in changes)
        )
