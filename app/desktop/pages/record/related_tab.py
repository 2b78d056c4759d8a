"""Related: deals of a company, people of a company, deals of a person, each a line that opens."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.desktop.pages.record.stream import clear
from app.desktop.theme import colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.related import RelatedGroup, RelatedLine, related_groups
from app.desktop.viewmodels.shown import ICONS, label
from app.desktop.widgets import Button, Card, EmptyState, Label, ScrollPage, paint_avatar, paint_chip

STEP = 25
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)


class RelatedRow(QAbstractButton):
    """One record: sign, title, detail, stage, amount; painted, since there may be many."""

    def __init__(self, line: RelatedLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self.setAccessibleName(
            ", ".join(part for part in (line.title, line.detail, line.chip, line.amount) if part)
        )
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(44)

    def sizeHint(self) -> QSize:
        return QSize(320, 44)

    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, line = colors(), self._line
        if self.underMouse():
            fill_round(painter, QRectF(self.rect()), 6, c.hover)
        kind = line.record.key.type
        middle = self.height() / 2
        if kind in ("person", "company"):
            paint_avatar(painter, QRectF(10, middle - 12, 24, 24), line.title, square=kind == "company")
        else:
            pixmap = icon_pixmap(ICONS[kind], c.text_muted, 16, self.devicePixelRatioF())
            painter.drawPixmap(14, round(middle - 8), pixmap)
        right = float(self.width() - 12)
        font = ui_font(tabular=True)
        painter.setFont(font)
        if line.amount:
            width = QFontMetrics(font).horizontalAdvance(line.amount)
            painter.setPen(c.text)
            painter.drawText(QRectF(right - width, 0, width + 1, self.height()), _MIDDLE, line.amount)
        right -= 104 if kind == "deal" else 0
        if line.chip:
            small = ui_font("small")
            small.setWeight(small.Weight.Medium)
            width = QFontMetrics(small).horizontalAdvance(line.chip) + 18
            hue = c.hues[line.hue if line.hue is not None else 7]
            paint_chip(painter, QRectF(right - 104, middle - 11, width, 22), line.chip, hue)
        if kind == "deal":
            right -= 112
        self._words(painter, right)

    def _words(self, painter: QPainter, right: float) -> None:
        c, line = colors(), self._line
        room = int(right - 46)
        strong = ui_font("strong")
        painter.setFont(strong)
        painter.setPen(c.text)
        title = QFontMetrics(strong).elidedText(line.title, Qt.TextElideMode.ElideRight, room)
        two = bool(line.detail)
        painter.drawText(QRectF(46, 4 if two else 0, room, 20 if two else self.height()), _MIDDLE, title)
        if two:
            small = ui_font("small")
            painter.setFont(small)
            painter.setPen(c.text_muted)
            detail = QFontMetrics(small).elidedText(line.detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(46, 22, room, 18), _MIDDLE, detail)


class RelatedTab(ScrollPage):
    """``opened(RecordKey)``; ``new_wanted(type)``."""

    opened = Signal(object)
    new_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=0, gap=12)
        self.body.setContentsMargins(0, 4, 16, 24)
        self._groups: list[RelatedGroup] = []
        self._limits: dict[str, int] = {}
        self._title = ""

    def show_state(self, state: RecordState) -> int:
        """How many there are."""
        groups = related_groups(state)
        title = label(state.record.key.type).lower()
        if groups != self._groups or title != self._title or not self.body.count():
            self._groups, self._title = groups, title
            self._build()
        return sum(len(group.lines) for group in groups)

    def _build(self) -> None:
        clear(self.body)
        for group in self._groups:
            self.body.addWidget(self._card(group))
        if not self._groups:
            self.body.addWidget(
                EmptyState(
                    "link", "Nothing related yet", f"Deals and people that name this {self._title} show here."
                )
            )
        self.body.addStretch(1)

    def _card(self, group: RelatedGroup) -> Card:
        limit = self._limits.get(group.type_name, STEP)
        number = f"{len(group.lines)}+" if group.more else str(len(group.lines))
        card = Card(f"{group.title}  {number}", subtitle=group.total)
        card.body.setContentsMargins(6, 2, 6, 8)
        card.body.setSpacing(0)
        for line in group.lines[:limit]:
            one = RelatedRow(line)
            one.clicked.connect(partial(self.opened.emit, line.record.key))
            card.add(one)
        rest = len(group.lines) - limit
        if rest > 0:
            card.add(
                Button(
                    f"Show {rest} more",
                    kind="quiet",
                    compact=True,
                    on_click=partial(self._more, group.type_name),
                )
            )
        elif group.more:
            card.add(Label("Only the newest are listed here.", scale="small", tone="faint"))
        return card

    def _more(self, type_name: str) -> None:
        self._limits[type_name] = 1_000
        self._build()
