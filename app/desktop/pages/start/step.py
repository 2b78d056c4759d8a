"""One page of the first start: a heading, a sentence, fields, one primary button; errors beside what caused them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.background import Step
from app.desktop.problems import Words
from app.desktop.widgets import (
    Banner,
    Button,
    Field,
    IconButton,
    Label,
    PasswordField,
    ProgressPanel,
    TextField,
    row,
)

WIDTH = 440


class StepPage(QWidget):
    """`proceed` when the user goes on (Enter in a field too), `back` when not, `stop` during slow work.

    Subclasses override `problem`: words and field where something is missing, checked before `proceed`.
    """

    proceed = Signal()
    back = Signal()
    stop = Signal()

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        action: str = "Continue",
        step: str = "",
        can_go_back: bool = True,
        width: int = WIDTH,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self.fields: list[Field] = []
        self._busy = False
        self.back_button = IconButton("arrow-left", "Back", size="compact", on_click=self.back.emit)
        if not can_go_back:
            self.back_button.hide()
        step_label = Label(step, scale="small", tone="faint")
        top = row(self.back_button, step_label, None, gap=8)
        self.heading = Label(title, scale="heading", wrap=True)
        self.words = Label(text, tone="muted", wrap=True)
        if not text:
            self.words.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self._banner_place = QVBoxLayout()
        self._banner: Banner | None = None
        self.action = Button(action, kind="primary", on_click=self.go)
        if not action:
            self.action.hide()
        self.action.setMinimumHeight(36)
        self.progress = ProgressPanel(title)
        self.progress.cancelled.connect(self.stop)
        self.progress.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if can_go_back or step:
            layout.addLayout(top)
            layout.addSpacing(12)
        layout.addWidget(self.heading)
        layout.addSpacing(6)
        layout.addWidget(self.words)
        layout.addSpacing(22)
        layout.addLayout(self.body)
        layout.addSpacing(20)
        layout.addLayout(self._banner_place)
        layout.addWidget(self.action)
        layout.addWidget(self.progress)

    def add(self, widget: QWidget) -> None:
        self.body.addWidget(widget)

    def add_field(self, field: Field) -> None:
        """A field of the form: Enter in it goes on, typing clears its error."""
        self.fields.append(field)
        self.body.addWidget(field)
        if isinstance(field, TextField):
            field.submitted.connect(self.go)
            field.changed.connect(lambda _: field.set_error(""))

    def problem(self) -> tuple[Field, str] | None:
        """The first field that cannot be taken as it is, and why; None where all is well."""
        return None

    def go(self) -> None:
        """Check, then `proceed`."""
        if self._busy or not self.action.isEnabled():
            return
        self.clear_problem()
        found = self.problem()
        if found is None:
            self.proceed.emit()
        else:
            self.blame(*found)

    def blame(self, field: Field, words: str) -> None:
        """Show words at a field, and go there."""
        field.set_error(words)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def complain(
        self, words: Words, *, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        """An error that belongs to no field."""
        self.clear_problem()
        self._banner = Banner(
            words.message, severity="error", title=words.title, action=action, on_action=on_action
        )
        self._banner_place.addWidget(self._banner)
        self._banner_place.addSpacing(16)

    def clear_problem(self) -> None:
        while self._banner_place.count():
            item = self._banner_place.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._banner = None
        for field in self.fields:
            field.set_error("")

    @property
    def complaint(self) -> str:
        """What the page complains of, for readers without eyes and for tests."""
        return self._banner.accessibleName() if self._banner is not None else ""

    @property
    def busy(self) -> bool:
        return self._busy

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Slow work begins or ends: fields rest, the button makes place for the progress."""
        self._busy = busy
        for field in self.fields:
            field.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        self.action.setVisible(not busy and bool(self.action.text()))
        self.progress.setVisible(busy)
        if busy:
            self.clear_problem()
            self.progress.cancel.setEnabled(True)
            self.progress.update_step(0, 0, words)
            self.progress.cancel.setFocus()

    def show_step(self, step: Step) -> None:
        self.progress.update_step(step.done, step.total, step.text)

    def focus_first(self) -> None:
        """The first empty field, else the first field, else the button."""
        for field in self.fields:
            if isinstance(field, TextField) and not field.text() and field.isVisibleTo(self):
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        target: QWidget = self.fields[0] if self.fields else self.action
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes as the eye does: back, what was added, the button. Qt would go by when each was made."""
        eyes = [field.toggle for field in self.fields if isinstance(field, PasswordField)]
        ends = (self.back_button, self.action, self.progress.cancel, *eyes)
        between = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget not in ends
            and not widget.focusProxy()
        ]
        # what is typed blindly after Tab belongs into the next field, not onto the switch that shows it
        chain = [self.back_button, *between, self.action, self.progress.cancel, *eyes]
        here = self.window()
        for first, second in pairwise(one for one in chain if one.window() is here):
            QWidget.setTabOrder(first, second)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._busy:
            if self.progress.cancel.isVisible() and self.progress.cancel.isEnabled():
                self.progress.cancel.click()
        elif not self.back_button.isHidden():
            self.back.emit()

    def wipe(self) -> None:
        """Forget what was typed into password fields."""
        for field in self.fields:
            if isinstance(field, PasswordField):
                field.clear()
