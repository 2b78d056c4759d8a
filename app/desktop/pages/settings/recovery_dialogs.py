"""Naming the colleagues who can help, and putting an end to it; both after the password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.forms import PasswordModal
from app.desktop.widgets import Banner, CheckBox, Label, Option, Select
from protocol.ids import MemberId
from protocol.limits import MAX_TRUSTEES
from vault.keys import SecretKey

ROW = 34
SHOWN_ROWS = 6


class EnrolDialog(PasswordModal):
    """Who, and how many of them."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(
            window,
            context,
            keeping,
            "Who can help you back in?",
            text="Choose people whom you would recognise on the phone, and who are not all away at once. Everybody "
            "in the workspace can see whom you name, and every time that one of them helps.",
            action="Set it up",
        )
        status = context.desk.recovery.status()
        wanted = {one.member for one in status.trustees if not one.problem} or set(
            status.lapsed[1] if status.lapsed else ()
        )
        self.people: dict[MemberId, CheckBox] = {}
        holder = QWidget()
        holder.setProperty("panel", "scroll")
        listed = QVBoxLayout(holder)
        listed.setContentsMargins(2, 2, 8, 2)
        listed.setSpacing(8)
        for member, name in context.desk.recovery.candidates():
            box = CheckBox(name, checked=member in wanted)
            box.toggled.connect(lambda _: self._count())
            self.people[member] = box
            listed.addWidget(box)
        listed.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(holder)
        area.setFixedHeight(min(SHOWN_ROWS, max(2, len(self.people))) * ROW)
        self.add(area)
        self.needed = Select("How many have to help together", [Option(2, "2")])
        self.add(self.needed)
        self.password = self.add_password("Your password")
        self.problem: Banner | None = None
        self._count(status.threshold or (status.lapsed[0] if status.lapsed else 2))

    @property
    def chosen(self) -> list[MemberId]:
        """Who is ticked."""
        return [member for member, box in self.people.items() if box.isChecked()]

    def _count(self, threshold: int | None = None) -> None:
        """As many choices as there are people."""
        count = len(self.chosen)
        value = self.needed.value()
        present = threshold if threshold is not None else value if isinstance(value, int) else 2
        most = min(max(2, count), MAX_TRUSTEES)
        options = [Option(n, f"{n} of {count}" if count >= n else f"{n}") for n in range(2, most + 1)]
        self.needed.set_options(options)
        self.needed.set_value(min(present, most))
        self.action.setEnabled(2 <= count <= MAX_TRUSTEES)

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        password, chosen, threshold = self.password.text(), self.chosen, self.needed.value()
        assert isinstance(threshold, int)
        if not password:
            self.blame(self.password, "Type your password.")
            return None
        recovery = self.context.desk.recovery

        def task(progress: Progress) -> None:
            recovery.enrol(password, secret_key, threshold, chosen, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        self.context.say("Your colleagues can help you back in.")


class WithdrawDialog(PasswordModal):
    """The end of it, and of every request that is under way."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(
            window,
            context,
            keeping,
            "Nobody shall help you back in?",
            action="Stop it",
        )
        self.action.set_kind("danger")
        for sentence in (
            "The parts that your colleagues hold are of no use any more.",
            "Requests that are under way come to nothing.",
            "Without your Emergency Kit there is then no way back in.",
        ):
            self.add(Label(sentence, wrap=True))
        self.password = self.add_password("Your password")

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        password = self.password.text()
        if not password:
            self.blame(self.password, "Type your password.")
            return None
        recovery = self.context.desk.recovery

        def task(progress: Progress) -> None:
            recovery.withdraw(password, secret_key, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        self.context.say("Nobody can help you back in any more.")
