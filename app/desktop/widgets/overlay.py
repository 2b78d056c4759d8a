"""What lies over the window: the scrim and its panel, as a modal dialog, a side sheet or a palette.

An overlay is a child of the window, not a window: it looks the same on every system, works offscreen, and cannot be
lost behind another window. Focus stays inside until it closes and goes back to where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPropertyAnimation,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.desktop.theme import colors, theme
from app.desktop.theme.painting import antialiased, fill_round, paint_shadow, with_alpha
from app.desktop.widgets.base import Label, Line
from app.desktop.widgets.buttons import Button, IconButton
from app.desktop.widgets.overlay_body import DialogBody

Place = Literal["centre", "right", "top"]
SETTLE_MS = 150  # by then fonts and wrapped words have their height


class Overlay(QWidget):
    """Scrim and panel over a window. Subclass and fill `panel`; `open_over(widget)` shows it.

    ``closed`` is emitted once, after `close_overlay`; the overlay then deletes itself.
    """

    closed = Signal()

    def __init__(
        self, window: QWidget, *, place: Place = "centre", width: int = 480, dismissable: bool = True
    ) -> None:
        super().__init__(window.window())
        self._host = window.window()
        self._place_kind: Place = place
        self._wanted_width = width
        self._dismissable = dismissable
        self._before: QWidget | None = None
        self._open = False
        self._top: int | None = None  # where the user found it: what he is about to click stays in place
        self.panel = QFrame(self)
        self.panel.setProperty("panel", "raised")
        self._host.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self._open

    @property
    def is_settled(self) -> bool:
        """Whether its head stays where it is."""
        return self._top is not None

    def open_overlay(self) -> None:
        """Shows it over the window, takes the focus."""
        self._before = QApplication.focusWidget()
        self._open = True
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._lay_out()
        QTimer.singleShot(SETTLE_MS, self, self._keep_top)
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.focus_first()
        if theme().motion and self._place_kind == "right":
            self._slide()

    def focus_first(self) -> None:
        """Gives the focus to the first widget inside that takes it; override to choose."""
        for child in self.panel.findChildren(QWidget):
            if (
                child.focusPolicy() & Qt.FocusPolicy.TabFocus
                and child.isVisibleTo(self)
                and child.isEnabled()
            ):
                child.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.setFocus()

    def close_overlay(self) -> None:
        """Hides it, gives the focus back, emits ``closed``, deletes itself later."""
        if not self._open:
            return
        self._open = False
        self.hide()
        self._host.removeEventFilter(self)
        if self._before is not None:
            try:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            except RuntimeError:  # the widget was deleted meanwhile: nowhere to go back to
                self._before = None
        self.closed.emit()
        self.deleteLater()

    def dismiss(self) -> None:
        """Esc or a click beside the panel; subclasses say what that means."""
        self.close_overlay()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self._open:
            self.setGeometry(self._host.rect())
            self._top = None
            self._lay_out()
            self._keep_top()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self._open:
            QTimer.singleShot(0, self, self._lay_out)
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the panel."""
        chain = [
            child
            for child in self._in_tab_order()
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(self) and child.isEnabled()
        ]
        if not chain:
            return True
        current = QApplication.focusWidget()
        n = chain.index(current) if current in chain else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(n + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def _in_tab_order(self) -> list[QWidget]:
        found: list[QWidget] = []
        step = self.nextInFocusChain()
        while step is not None and step is not self:
            # Never ask a viewport for `focusProxy()`: PySide then takes the scroll area for a child of the
            # viewport's passing wrapper, and the next collection of garbage makes both invalid.
            inner = isinstance(step.parentWidget(), (QComboBox, QAbstractSpinBox, QAbstractScrollArea))
            if self.panel.isAncestorOf(step) and not inner:
                found.append(step)
            step = step.nextInFocusChain()
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dismissable:
            self.dismiss()
        else:
            event.accept()  # nothing reaches the window below

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._dismissable and not self.panel.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        painter.fillRect(self.rect(), with_alpha(c.scrim, c.scrim_alpha))
        box = QRectF(self.panel.geometry())
        radius = 0 if self._place_kind == "right" else 12
        paint_shadow(painter, box, radius, c, 32)
        fill_round(painter, box, radius, c.raised, c.border if c.name == "light" else c.border_strong)

    def panel_rect(self) -> QRect:
        """Where the panel goes in the window as it is now."""
        w, h = self.width(), self.height()
        width = min(self._wanted_width, w - 32)
        if self._place_kind == "right":
            return QRect(w - width, 0, width, h)
        wanted = self.panel.sizeHint().height()
        layout = self.panel.layout()
        if layout is not None and layout.hasHeightForWidth():
            wanted = layout.totalHeightForWidth(width)
        height = min(wanted, h - 48)
        top = max(24, round(h * 0.12)) if self._place_kind == "top" else max(24, round((h - height) * 0.42))
        if self._top is not None:
            top = max(24, min(self._top, h - 24 - height))
        return QRect((w - width) // 2, top, width, height)

    def _keep_top(self) -> None:
        self._top = self.panel_rect().top()

    def _lay_out(self) -> None:
        self.panel.setGeometry(self.panel_rect())
        self.update()

    def _slide(self) -> None:
        end = self.panel_rect()
        move = QPropertyAnimation(self.panel, b"geometry", self)
        move.setDuration(140)
        move.setEasingCurve(QEasingCurve.Type.OutCubic)
        move.setStartValue(end.translated(48, 0))
        move.setEndValue(end)
        move.valueChanged.connect(lambda _: self.update())
        move.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)


class Modal(Overlay):
    """A dialog: title, body (`add`), footer buttons (`add_button`). Enter presses the primary one, Esc rejects.

    ``accepted`` / ``rejected`` say how it ended; ``closed`` follows. `accept` may be overridden to check first.
    """

    accepted = Signal()
    rejected = Signal()

    def __init__(
        self, window: QWidget, title: str, *, text: str = "", width: int = 480, place: Place = "centre"
    ) -> None:
        super().__init__(window, place=place, width=width)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.panel.setAccessibleName(title)
        self._primary: Button | None = None
        head = QHBoxLayout()
        head.setContentsMargins(24, 18, 16, 0)
        self.title = Label(title, scale="title")
        self.title.setWordWrap(True)
        head.addWidget(self.title, 1)
        self.cross = IconButton("close", "Close", size="compact", on_click=self.dismiss)
        head.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        holder = self._body_area = DialogBody((24, 4 if text else 12, 24, 20))
        self.body = holder.box
        if text:
            self.body.addWidget(Label(text, tone="muted", wrap=True))
        self.footer = QHBoxLayout()
        self.footer.setContentsMargins(24, 12, 24, 12)
        self.footer.setSpacing(8)
        self.footer.addStretch(1)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(holder, 1)
        layout.addWidget(Line())
        layout.addLayout(self.footer)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Puts a widget into the body."""
        self.body.addWidget(widget, stretch)

    def add_button(
        self,
        text: str,
        *,
        primary: bool = False,
        danger: bool = False,
        on_click: Callable[[], object] | None = None,
    ) -> Button:
        """A button at the foot, from left to right. The primary one calls `accept` unless `on_click` is given."""
        kind: Literal["danger", "primary", "secondary"] = (
            "danger" if danger else "primary" if primary else "secondary"
        )
        action = on_click or (self.accept if primary or danger else self.reject)
        button = Button(text, kind=kind, on_click=action)
        self.footer.addWidget(button)
        if primary or danger:
            self._primary = button
        return button

    def _in_tab_order(self) -> list[QWidget]:
        """The body, the foot, the cross, whichever was made first."""
        found = super()._in_tab_order()
        return sorted(found, key=lambda one: (one is self.cross, not self._body_area.isAncestorOf(one)))

    def focus_first(self) -> None:
        """The first field of the body, else the primary button; never the cross."""
        for child in self._in_tab_order():
            if (
                child is not self.cross
                and child.focusPolicy() & Qt.FocusPolicy.TabFocus
                and child.isEnabled()
            ):
                child.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def accept(self) -> None:
        """Yes."""
        self.accepted.emit()
        self.close_overlay()

    def reject(self) -> None:
        """No."""
        self.rejected.emit()
        self.close_overlay()

    def dismiss(self) -> None:
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, Button) and focused is not self._primary:
                focused.click()
            elif self._primary is not None and self._primary.isEnabled():
                self._primary.click()
            return
        super().keyPressEvent(event)


class SideSheet(Modal):
    """The same at the right edge, over the whole height: for looking something up beside the list."""

    def __init__(self, window: QWidget, title: str, *, text: str = "", width: int = 480) -> None:
        super().__init__(window, title, text=text, width=width, place="right")


class ConfirmDialog(Modal):
    """Says in plain sentences what will happen, before it does. Cancel has the focus where it is dangerous."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        sentences: list[str],
        *,
        confirm: str,
        cancel: str = "Cancel",
        danger: bool = False,
    ) -> None:
        super().__init__(window, title, width=460)
        for sentence in sentences:
            line = QHBoxLayout()
            line.setSpacing(10)
            dot = Label("•", tone="faint")
            line.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(sentence, wrap=True), 1)
            self.body.addLayout(line)
        self.body.setSpacing(8)
        self.setAccessibleDescription(" ".join(sentences))
        self.cancel_button = self.add_button(cancel)
        self.confirm_button = self.add_button(confirm, primary=not danger, danger=danger)
        self._danger = danger

    def focus_first(self) -> None:
        """Enter must not destroy by habit."""
        button = self.cancel_button if self._danger else self.confirm_button
        button.setFocus(Qt.FocusReason.OtherFocusReason)
