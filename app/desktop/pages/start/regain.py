"""Get back in with colleagues' help: who one is, the code, a new password, the new Kit, the old computers."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.desk import NewDesk
from app.desk.devices import computer_name
from app.desk.regaining import Answers, NewKeys, Regaining
from app.desk.revocation import revoke_under_present_keys
from app.desktop.background import Progress, run
from app.desktop.code_panel import CodePanel
from app.desktop.keeping import Keeping
from app.desktop.pages.start.blame import words_here
from app.desktop.pages.start.flow import Flow
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.kit_page import EmergencyKitPage
from app.desktop.pages.start.make import handle_problem
from app.desktop.pages.start.password_page import PasswordPage
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import Tell
from app.desktop.widgets import Banner, CheckBox, Field, Label, ProgressBar, TextField
from sync_client import Offline, RateLimited
from vault.keys import KeysError, canonical_origin
from vault.recovery import NotEnough

LOOK_MS = 3_000


class WhoPage(StepPage):
    """Server and login handle: all that is left to know."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Get back in with colleagues' help",
            "This works where you had named colleagues who can help. Have a phone at hand: they will compare a code "
            "with you before they do.",
            action="Ask for help",
            step=step,
        )
        self.server = TextField("Server", placeholder="crm.example.org", hint="A colleague can tell you.")
        self.handle = TextField("Login handle", placeholder="ann@northwind.example")
        for field in (self.server, self.handle):
            self.add_field(field)

    def problem(self) -> tuple[Field, str] | None:
        try:
            canonical_origin(self.server.text())
        except KeysError as error:
            return self.server, error.message
        return handle_problem(self.handle)


class AskingPage(StepPage):
    """The code, and how many have answered. It looks by itself every few seconds while it is in front."""

    answered = Signal(object)  # Answers
    broken = Signal(object)  # an error that ends it

    def __init__(self, step: str) -> None:
        super().__init__(
            "Phone your colleagues",
            "Read them this code. Each of them sees one under Settings, and helps only if it is the same, digit by "
            "digit. Leave this window open meanwhile.",
            action="Continue",
            step=step,
            width=480,
        )
        self._regaining: Regaining | None = None
        self._looking = False
        self.panel: CodePanel | None = None
        self.bar = ProgressBar("Waiting for your colleagues")
        self.state = Label("", tone="muted", wrap=True)
        self.trouble = Banner(
            "The server cannot be reached at the moment. Tacit tries again.", severity="warning"
        )
        self.same = CheckBox(
            "They had the same code on their screens",
            detail="If somebody saw another code, go back: somebody stands between you.",
        )
        for widget in (self.bar, self.state, self.trouble, self.same):
            self.add(widget)
        self.trouble.hide()
        self.same.hide()
        self.same.toggled.connect(self.action.setEnabled)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, regaining: Regaining) -> None:
        """Show the code of this request and wait."""
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
        self._regaining = regaining
        self.panel = CodePanel(regaining.code)
        self.body.insertWidget(0, self.panel)
        self.bar.show()
        self.same.hide()
        self.same.setChecked(False)
        self.action.setEnabled(False)
        self._say(Answers(0, 0, False))
        self._timer.start()
        self.look()

    def rest(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Ask the server how far it is."""
        regaining = self._regaining
        if regaining is None or self._looking:
            return
        self._looking = True

        def task(progress: Progress) -> Answers:
            return regaining.look()

        run(task, done=self._came, failed=self._failed, owner=self)

    def _came(self, answers: Answers) -> None:
        self._looking = False
        self.trouble.hide()
        self._say(answers)
        if answers.ready:
            self._timer.stop()
            self.bar.hide()
            self.same.show()
            self.same.setFocus()
            self.answered.emit(answers)

    def _failed(self, error: Exception) -> None:
        self._looking = False
        if isinstance(error, (Offline, RateLimited)):
            self.trouble.show()
        elif not isinstance(error, NotEnough):  # a part that is no good: another colleague may help
            self._timer.stop()
            self.broken.emit(error)

    def _say(self, answers: Answers) -> None:
        if answers.ready:
            words = "Enough colleagues have helped, and everything that came was checked."
        elif answers.needed:
            words = f"{answers.given} of {answers.needed} colleagues have helped."
        else:
            words = "Nobody has helped yet. It shows here as soon as somebody does."
        self.state.setText(words)

    def focus_first(self) -> None:
        (self.same if self.same.isVisibleTo(self) else self.back_button).setFocus()


class OldComputersPage(StepPage):
    """What becomes of the computers that the account had."""

    def __init__(self) -> None:
        super().__init__(
            "And your old computers?",
            "They are signed out. If they are lost or stolen, revoke them now: every record gets new keys, and what is "
            "written from now on is closed to whoever has them.",
            action="Open the workspace",
            can_go_back=False,
        )
        self.boxes: dict[bytes, CheckBox] = {}

    def show_computers(self, devices: list[bytes]) -> None:
        """One box for each, ticked."""
        for device in devices:
            box = self.boxes[device] = CheckBox(
                f"Revoke {computer_name(device)}",
                checked=True,
                detail="Leave it only if you have it in your hands.",
            )
            self.add(box)

    @property
    def chosen(self) -> list[bytes]:
        """Which to revoke."""
        return [device for device, box in self.boxes.items() if box.isChecked()]


class RegainFlow(Flow):
    """See the module."""

    def __init__(self, window: StartWindow, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(window, keeping, parent)
        count = 4 if self.needs_keychain_page else 3
        self.who = WhoPage(f"Step 1 of {count}")
        self.asking = AskingPage(f"Step 2 of {count}")
        self.password_page = PasswordPage(
            action="Make my new Kit", step=f"Step {count} of {count}", title="Choose a new password"
        )
        self.old = OldComputersPage()
        self.kit_page: EmergencyKitPage | None = None
        self.add_page(self.who)
        self.add_page(self.asking)
        if self.needs_keychain_page:
            self.add_keychain_page(f"Step 3 of {count}")
        self.add_page(self.password_page)
        self.asking.broken.connect(self._broken)
        self.asking.back.connect(self.asking.rest)
        self.left.connect(self.asking.rest)
        self.regaining: Regaining | None = None
        self._keys: NewKeys | None = None
        self._new: NewDesk | None = None
        self.fields.update(
            server=(self.who, self.who.server),
            handle=(self.who, self.who.handle),
            password=(self.password_page, self.password_page.password),
        )

    def leaving(self, page: StepPage) -> bool:
        if page is not self.who:
            return True
        server, handle = self.who.server.text(), self.who.handle.text()

        def task(tell: Tell) -> Regaining:
            # Where the keys are kept is asked later; nothing is kept before that.
            made = Regaining(server, handle, self.place())
            made.ask()
            return made

        self.run(self.who, "Asking", task, self._asked)
        return False

    def _asked(self, regaining: Regaining) -> None:
        self.regaining = regaining
        self.window.show_page(self.asking)
        self.asking.begin(regaining)

    def _broken(self, error: Exception) -> None:
        words = words_here(error)
        if words is None:
            raise error
        self.asking.complain(words)

    def finish(self) -> None:
        regaining = self.regaining
        assert regaining is not None
        password = self.password_page.password.text()
        self.run(
            self.password_page, "Making the new keys", lambda tell: regaining.choose(password), self._chose
        )

    def _chose(self, keys: NewKeys) -> None:
        """The Kit comes first: nothing has changed yet."""
        self._keys = keys
        page = self.kit_page = EmergencyKitPage(keys.kit)
        page.action.set_text("Get back in")
        page.proceed.connect(self._enter)
        page.stop.connect(self._stop)
        self.window.show_page(page)

    def _enter(self) -> None:
        regaining, keys, page = self.regaining, self._keys, self.kit_page
        assert regaining is not None and keys is not None and page is not None
        regaining.place = self.place()

        def task(tell: Tell) -> NewDesk:
            return regaining.enter(keys, lambda text: tell(text, 0, 0))

        self.run(page, "Giving your account its new keys", task, self._entered)

    def _entered(self, new: NewDesk) -> None:
        regaining = self.regaining
        assert regaining is not None
        self._new = new
        devices = regaining.other_computers
        if not devices:
            self.took(new, show_kit=False)
            return
        self.old.show_computers(devices)
        self.old.proceed.connect(self._settle)
        self.old.stop.connect(self._stop)
        self.window.show_page(self.old)

    def _settle(self) -> None:
        new, chosen = self._new, self.old.chosen
        assert new is not None
        if not chosen:
            self.took(new, show_kit=False)
            return
        keychain = self.place().keychain

        def task(tell: Tell) -> None:
            revoke_under_present_keys(new.desk, chosen, keychain, lambda text: tell(text, 0, 0))

        self.run(self.old, "Revoking", task, lambda _: self.took(new, show_kit=False))
