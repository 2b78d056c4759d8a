"""Try it with sample data: a name, a password, and a made-up team on this computer alone."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.crm import SampleSize
from app.desk.trial import Trial, TryOut, make_trial
from app.desktop.keeping import Keeping
from app.desktop.pages.start.flow import Flow, Opened
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import COMMITTED, Tell
from app.desktop.widgets import Banner, Field, PasswordField, TextField


class SamplePage(StepPage):
    """Name and password; no rules about the password, as nothing in a trial is secret."""

    def __init__(self) -> None:
        super().__init__(
            "Try it with sample data",
            "Tacit starts a server of its own on this computer and fills a workspace with made-up people, "
            "companies and deals. It takes half a minute.",
            action="Make the sample workspace",
        )
        self.name = TextField("Your name", text="Alex Morgan")
        self.password = PasswordField("Password", hint="It opens the trial. Any will do.")
        self.add_field(self.name)
        self.add_field(self.password)
        self.add(
            Banner(
                "A trial cannot become your team's workspace: make one for that when you are ready.",
                severity="info",
            )
        )

    def problem(self) -> tuple[Field, str] | None:
        if not self.name.text().strip():
            return self.name, "Type a name."
        return None if self.password.text() else (self.password, "Type a password.")


class SampleFlow(Flow):
    """See the module. `size`: how many records, for tests and stories."""

    def __init__(
        self,
        window: StartWindow,
        keeping: Keeping,
        parent: QObject | None = None,
        size: SampleSize | None = None,
    ) -> None:
        super().__init__(window, keeping, parent)
        self._size = size or SampleSize()
        self.page = SamplePage()
        self.add_page(self.page)
        self.fields.update(password=(self.page, self.page.password))

    def finish(self) -> None:
        wanted = TryOut(self.page.name.text().strip(), self.page.password.text(), size=self._size)
        system = self.keeping.system

        def task(tell: Tell) -> Trial:
            def gently(text: str, done: int, total: int) -> None:
                # Unlike a real account, a trial can be thrown away at any step.
                tell("Making an account there" if text in COMMITTED else text, done, total)

            return make_trial(wanted, system, gently)

        self.run(self.page, "Starting a server on this computer", task, self._made)

    def _made(self, trial: Trial) -> None:
        self.page.wipe()
        self.opened.emit(Opened(trial.new.desk, None, trial.server))
