"""Dates: a field that takes words ("tomorrow", "+2w", 22.11.) and a calendar drawn in our own look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desktop.theme import colors, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Label
from app.desktop.widgets.buttons import Button, IconButton
from app.desktop.widgets.dateparse import Order, parse_date
from app.desktop.widgets.fields import Field, FieldFrame

_CELL = 32


def locale_order(locale: QLocale) -> Order:
    """Which comes first in this locale's short dates."""
    pattern = locale.dateFormat(QLocale.FormatType.ShortFormat).lower()
    return "ymd" if pattern.startswith("y") else "mdy" if pattern.startswith("m") else "dmy"


def show_date(day: date, locale: QLocale | None = None) -> str:
    """A day for people, e.g. ``22 Nov 2026``; the month by name, so that nobody mistakes it for the day."""
    months = locale or QLocale()
    return f"{day.day} {months.standaloneMonthName(day.month, QLocale.FormatType.ShortFormat)} {day.year}"


class MonthGrid(QWidget):
    """One month, six weeks. Arrows move by day and week, Page Up/Down by month; Enter or a click picks."""

    picked = Signal(object)  # date
    moved = Signal()

    def __init__(self, day: date, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day, self._today = day, today
        self._hover: date | None = None
        self._first = int(QLocale().firstDayOfWeek().value) - 1
        self.setFixedSize(_CELL * 7, _CELL * 6 + 24)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setAccessibleName("Calendar")
        self._say()

    def move_to(self, day: date) -> None:
        """Another day, perhaps in another month."""
        self.day = day
        self._say()
        self.moved.emit()
        self.update()

    def shift_months(self, count: int) -> None:
        """Forward or back by months."""
        moved = parse_date(f"{count:+d}m", today=self.day)
        if moved is not None:
            self.move_to(moved)

    def _say(self) -> None:
        self.setAccessibleDescription(show_date(self.day))

    def _start(self) -> date:
        first = self.day.replace(day=1)
        return first - timedelta(days=(first.weekday() - self._first) % 7)

    def _at(self, point: QPoint) -> date | None:
        x, y = point.x() // _CELL, (point.y() - 24) // _CELL
        return self._start() + timedelta(days=y * 7 + x) if 0 <= x < 7 and 0 <= y < 6 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().toPoint())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        day = self._at(event.position().toPoint())
        if day is not None:
            self.picked.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = event.key()
        for name, days in steps.items():
            if key == name:
                self.move_to(self.day + timedelta(days=days))
                return
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.shift_months(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.day)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, locale, start = colors(), QLocale(), self._start()
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setFont(ui_font("caption"))
        painter.setPen(c.text_faint)
        for n in range(7):
            weekday = (self._first + n) % 7 + 1
            name = locale.standaloneDayName(weekday, QLocale.FormatType.ShortFormat)[:2]
            painter.drawText(QRectF(n * _CELL, 0, _CELL, 24), centre, name)
        painter.setFont(ui_font("small", tabular=True))
        for n in range(42):
            day = start + timedelta(days=n)
            box = QRectF(n % 7 * _CELL + 2, 24 + n // 7 * _CELL + 2, _CELL - 4, _CELL - 4)
            chosen = day == self.day
            if chosen:
                fill_round(painter, box, 6, c.accent)
            elif day == self._hover:
                fill_round(painter, box, 6, c.raised_hover)
            same = day.month == self.day.month
            painter.setPen(
                c.on_accent
                if chosen
                else c.accent_text
                if day == self._today
                else c.text
                if same
                else c.text_disabled
            )
            painter.drawText(box, centre, str(day.day))


class CalendarPopup(QWidget):
    """The calendar as a popup below a field."""

    picked = Signal(object)  # date or None

    def __init__(self, day: date | None, today: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.grid = MonthGrid(day or today, today)
        self._head = Label("", scale="strong")
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 0, 4)
        head.addWidget(self._head, 1)
        back, on = (lambda: self.grid.shift_months(-1)), (lambda: self.grid.shift_months(1))
        head.addWidget(IconButton("chevron-left", "Month before", size="tiny", on_click=back))
        head.addWidget(IconButton("chevron-right", "Month after", size="tiny", on_click=on))
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 4, 0, 0)
        foot.addWidget(Button("Today", kind="quiet", compact=True, on_click=lambda: self._pick(today)))
        foot.addStretch(1)
        foot.addWidget(Button("Clear", kind="quiet", compact=True, on_click=lambda: self._pick(None)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.grid)
        layout.addLayout(foot)
        self.grid.picked.connect(self._pick)
        self.grid.moved.connect(self._title)
        self._title()

    def _title(self) -> None:
        day = self.grid.day
        self._head.setText(f"{QLocale().standaloneMonthName(day.month)} {day.year}")

    def _pick(self, day: object) -> None:
        self.picked.emit(day)
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        fill_round(painter, QRectF(self.rect()), 8, colors().raised, colors().border_strong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def sizeHint(self) -> QSize:
        return QSize(_CELL * 7 + 24, super().sizeHint().height())


class DateEdit(FieldFrame):
    """The bare field; `DateField` puts a label to it. What cannot be read stays as typed, with a red border."""

    changed = Signal(object)  # date | None, when it was understood and differs
    submitted = Signal()

    def __init__(
        self,
        day: date | None = None,
        *,
        today: Callable[[], date] = date.today,
        placeholder: str = "22 Nov, tomorrow, +2w",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._day, self._today = day, today
        self.edit = QLineEdit(show_date(day) if day else "")
        self.edit.setPlaceholderText(placeholder)
        self.box.addWidget(self.edit)
        self.button = IconButton("calendar", "Open the calendar", size="tiny", on_click=self.open_calendar)
        self.box.addWidget(self.button)
        self.watch(self.edit)
        self.edit.editingFinished.connect(self._read)
        self.edit.returnPressed.connect(self.submitted)

    def day(self) -> date | None:
        """The day, None if empty or unreadable (see `is_valid`)."""
        self._read()
        return self._day

    def is_valid(self) -> bool:
        """Whether the text is empty or a date."""
        self._read()
        return self._day is not None or not self.edit.text().strip()

    def set_day(self, day: date | None) -> None:
        """Shows a day; no signal."""
        self._day = day
        self.edit.setText(show_date(day) if day else "")
        self.set_invalid(False)

    def open_calendar(self) -> None:
        """Shows the calendar below."""
        popup = CalendarPopup(self.day(), self._today(), self)
        popup.picked.connect(self._take)
        popup.adjustSize()
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        popup.show()
        popup.grid.setFocus()

    def _take(self, day: object) -> None:
        chosen = day if isinstance(day, date) else None
        differs = chosen != self._day
        self.set_day(chosen)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if differs:
            self.changed.emit(chosen)

    def _read(self) -> None:
        text = self.edit.text().strip()
        if self._day is not None and text == show_date(self._day):
            return
        day = parse_date(text, today=self._today(), order=locale_order(QLocale()))
        self.set_invalid(bool(text) and day is None)
        if day is not None:
            self.edit.setText(show_date(day))
        if day != self._day:
            self._day = day
            self.changed.emit(day)


class DateField(Field):
    """A labelled date. ``changed(date | None)``."""

    changed = Signal(object)

    def __init__(
        self, label: str = "", day: date | None = None, *, hint: str = "", parent: QWidget | None = None
    ) -> None:
        self.control = DateEdit(day)
        super().__init__(label, self.control.edit, hint=hint, frame=self.control, parent=parent)
        self.control.changed.connect(self.changed)

    def day(self) -> date | None:
        """The day, or None."""
        return self.control.day()

    def set_day(self, day: date | None) -> None:
        """Shows a day."""
        self.control.set_day(day)
