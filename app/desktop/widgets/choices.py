"""Choosing: `Select`, `CheckBox`, `Radio`, `Switch`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSizePolicy, QStyledItemDelegate, QWidget

from app.desktop.theme import colors, icon, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round, paint_check
from app.desktop.widgets.fields import Field


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value handed back, the words shown, an icon and a second line if wanted."""

    value: object
    text: str
    icon_name: str | None = None
    detail: str = ""


class SelectBox(QComboBox):
    """The bare drop-down; `Select` puts a label to it. The wheel does not change it unless it has the focus."""

    chosen = Signal(object)  # value, by the user only

    def __init__(
        self,
        options: Sequence[Option] = (),
        *,
        placeholder: str = "Choose…",
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options: list[Option] = []
        self._compact = compact
        self.setFixedHeight(28 if compact else 32)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(12)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(placeholder)
        self.set_options(options)
        self.activated.connect(lambda n: self.chosen.emit(self._options[n].value))

    def set_options(self, options: Sequence[Option]) -> None:
        """Replaces the choices; keeps the value where it is still among them."""
        value = self.value()
        self._options = list(options)
        self.clear()
        c = colors()
        for option in self._options:
            text = f"{option.text}  ·  {option.detail}" if option.detail else option.text
            if option.icon_name is None:
                self.addItem(text)
            else:
                self.addItem(icon(option.icon_name, c.text_muted), text)
        self.set_value(value)

    def value(self) -> object | None:
        """The value chosen, None if none."""
        n = self.currentIndex()
        return self._options[n].value if 0 <= n < len(self._options) else None

    def set_value(self, value: object | None) -> None:
        """Chooses by value; an unknown value or None leaves nothing chosen."""
        values = [option.value for option in self._options]
        self.setCurrentIndex(values.index(value) if value in values else -1)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(option.text) for option in self._options), default=40)
        return QSize(
            min(320, max(widest, metrics.horizontalAdvance(self.placeholderText())) + 60), self.height()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(72, self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.width())
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, ratio = colors(), self.devicePixelRatioF()
        edge = c.focus if self.hasFocus() else c.text_faint if self.underMouse() else c.border_strong
        fill = c.surface
        if not self.isEnabled():
            edge, fill = c.border, c.sunken
        fill_round(painter, QRectF(self.rect()), 6, fill, edge)
        n, x = self.currentIndex(), 10
        option = self._options[n] if 0 <= n < len(self._options) else None
        muted = c.text_muted if self.isEnabled() else c.text_disabled
        if option is not None and option.icon_name is not None:
            painter.drawPixmap(x, (self.height() - 16) // 2, icon_pixmap(option.icon_name, muted, 16, ratio))
            x += 24
        room = self.width() - x - 30
        text = option.text if option is not None else self.placeholderText()
        color = c.text if option is not None else c.text_faint
        painter.setPen(color if self.isEnabled() else c.text_disabled)
        font = ui_font("small" if self._compact else "body")
        painter.setFont(font)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        arrow = icon_pixmap("chevron-down", muted, 14, ratio)
        painter.drawPixmap(self.width() - 22, (self.height() - 14) // 2, arrow)


class Select(Field):
    """A labelled drop-down. ``chosen(value)`` when the user picks."""

    chosen = Signal(object)

    def __init__(
        self,
        label: str = "",
        options: Sequence[Option] = (),
        *,
        hint: str = "",
        placeholder: str = "Choose…",
        parent: QWidget | None = None,
    ) -> None:
        self.box = SelectBox(options, placeholder=placeholder)
        super().__init__(label, self.box, hint=hint, parent=parent)
        if not label:
            self.box.setAccessibleName(placeholder)
        self.box.chosen.connect(self.chosen)

    def value(self) -> object | None:
        """The value chosen."""
        return self.box.value()

    def set_value(self, value: object | None) -> None:
        """Chooses by value."""
        self.box.set_value(value)

    def set_options(self, options: Sequence[Option]) -> None:
        """Replaces the choices."""
        self.box.set_options(options)


class _Tick(QAbstractButton):
    """Common ground of box, radio and switch: a mark at the left, words at the right."""

    MARK = 16

    def __init__(self, text: str, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setCheckable(True)
        self._words, self._detail = text, detail
        self.setAccessibleName(text)
        self.setAccessibleDescription(detail)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(ui_font()).horizontalAdvance(self._words)
        if self._detail:
            width = max(width, QFontMetrics(ui_font("small")).horizontalAdvance(self._detail))
        return QSize(self.MARK + (8 + width if self._words else 0) + 2, 40 if self._detail else 24)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        line = 24.0 if self._detail else float(self.height())
        self.paint_mark(painter, QRectF(0, (line - 16) / 2, self.MARK, 16))
        x = self.MARK + 8
        painter.setPen(c.text if self.isEnabled() else c.text_disabled)
        painter.setFont(ui_font())
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(x, 0, self.width() - x, line), flags, self._words)
        if self._detail:
            painter.setPen(c.text_faint if self.isEnabled() else c.text_disabled)
            painter.setFont(ui_font("small"))
            painter.drawText(QRectF(x, 22, self.width() - x, 16), flags, self._detail)

    def paint_mark(self, painter: QPainter, box: QRectF) -> None:
        raise NotImplementedError


class CheckBox(_Tick):
    """A check box; `set_partial` shows a dash (some, not all)."""

    def __init__(
        self, text: str = "", *, checked: bool = False, detail: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, detail, parent)
        self._partial = False
        self.setChecked(checked)

    def set_partial(self, partial: bool) -> None:
        """Some of what it stands for is chosen."""
        self._partial = partial
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._partial = False
        super().mouseReleaseEvent(event)

    def paint_mark(self, painter: QPainter, box: QRectF) -> None:
        paint_check(
            painter,
            box,
            colors(),
            checked=self.isChecked(),
            partial=self._partial,
            enabled=self.isEnabled(),
            hovered=self.underMouse(),
        )


class Radio(_Tick):
    """One of several with the same parent."""

    def __init__(
        self, text: str, *, checked: bool = False, detail: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, detail, parent)
        self.setAutoExclusive(True)
        self.setChecked(checked)

    def paint_mark(self, painter: QPainter, box: QRectF) -> None:
        c = colors()
        fill = c.accent if self.isEnabled() else c.text_disabled
        if self.isChecked():
            fill_round(painter, box, 8, fill)
            fill_round(painter, box.adjusted(5, 5, -5, -5), 3, c.on_accent)
        else:
            edge = c.text_faint if self.underMouse() and self.isEnabled() else c.border_strong
            fill_round(painter, box, 8, c.surface if self.isEnabled() else c.sunken, edge, 1.25)


class Switch(_Tick):
    """On or off, at once (no Save needed)."""

    MARK = 28

    def __init__(
        self, text: str = "", *, checked: bool = False, detail: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, detail, parent)
        self.setChecked(checked)

    def paint_mark(self, painter: QPainter, box: QRectF) -> None:
        c = colors()
        on = self.isChecked()
        track = c.accent if on else c.text_faint if self.underMouse() else c.scrollbar
        if not self.isEnabled():
            track = c.pressed
        fill_round(painter, box, 8, track)
        x = box.right() - 8 if on else box.left() + 8
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(Qt.GlobalColor.white if self.isEnabled() else colors().text_disabled)
        painter.drawEllipse(QPointF(x, box.center().y()), 6, 6)
