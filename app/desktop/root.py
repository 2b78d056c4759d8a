"""Who is in front: the first start, unlock, or a desk; and the way from each to the other.

    FIRST START --opened--> (KIT) --> (WAITING) --> DESK --lock--> UNLOCK --opened--> DESK
         ^                                                            |
         +------------------------ another account ------------------+

A desk is locked off the GUI thread; until that is done, an unlock waits. Everything of a desk is dropped on lock.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from app.crm import SampleSize
from app.desk import Desk, EmbeddedServer
from app.desk.trial import is_trial
from app.desktop.idle import CHOICES, DEFAULT_MINUTES, IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.opening import Unlocking, unlock_profile
from app.desktop.pages.start import (
    AcceptFlow,
    AddFlow,
    EmergencyKitPage,
    Flow,
    MakeFlow,
    MemberPage,
    Opened,
    RegainFlow,
    SampleFlow,
    SignInFlow,
    StartWindow,
    UnlockPage,
    WaitingPage,
    WelcomePage,
    Work,
    field_for,
    words_here,
)
from app.desktop.window import DeskWindow
from protocol.state import MemberStatus
from vault.profile import list_profiles

IDLE_KEY = "idle-minutes"
LAST_PROFILE = "last-profile"


class Root(QObject):
    """One for the process. `sample_size`: how much a trial holds."""

    desk_opened = Signal()
    desk_locked = Signal()  # and closed: its keys are gone

    def __init__(
        self,
        app: QApplication,
        settings: QSettings,
        keeping: Keeping,
        *,
        sample_size: SampleSize | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self.settings = settings
        self.keeping = keeping
        self._sample_size = sample_size
        self.start_window: StartWindow | None = None
        self.desk_window: DeskWindow | None = None
        self.flow: Flow | None = None
        self._desk: Desk | None = None
        self._server: EmbeddedServer | None = None
        self._profile: Path | None = None
        self._closed = threading.Event()
        self._closed.set()
        self.idle = IdleWatch(app, self._idle_minutes())
        self.idle.expired.connect(self.lock)
        app.aboutToQuit.connect(self.shutdown)

    def _idle_minutes(self) -> int:
        kept = self.settings.value(IDLE_KEY)
        minutes = int(kept) if isinstance(kept, (str, int)) and str(kept).isdigit() else DEFAULT_MINUTES
        return minutes if minutes in CHOICES else DEFAULT_MINUTES

    @property
    def window(self) -> QMainWindow | None:
        """The window in front."""
        return self.desk_window.shell if self.desk_window is not None else self.start_window

    # before a desk is open

    def start(self, profile: Path | None = None) -> None:
        """Show the unlock page where there is something to unlock, else the first start."""
        if profile is not None or list_profiles():
            self.show_unlock(profile)
        else:
            self.show_welcome()

    def _frame(self) -> StartWindow:
        if self.start_window is None:
            self.start_window = StartWindow(self.settings)
            self.start_window.closing.connect(self._closing)
        self.start_window.show()
        return self.start_window

    def show_welcome(self) -> None:
        """The four ways."""
        window = self._frame()
        window.forget_pages()
        self.flow = None
        page = WelcomePage(has_profiles=bool(list_profiles()))
        page.chosen.connect(self.begin)
        window.show_page(page)
        page.focus_first()

    def show_member_ways(self) -> None:
        """Three ways in for those who are members already."""
        window = self._frame()
        window.forget_pages()
        self.flow = None
        page = MemberPage()
        page.chosen.connect(self.begin)
        page.back.connect(self.show_welcome)
        window.show_page(page)

    def begin(self, way: str) -> None:
        """One of the ways, or back to the profiles."""
        window = self._frame()
        if way == "profiles":
            self.show_unlock()
            return
        window.forget_pages()
        flow: Flow
        if way == "make":
            flow = MakeFlow(window, self.keeping, self)
        elif way == "accept":
            flow = AcceptFlow(window, self.keeping, self)
        elif way == "sign-in":
            self.show_member_ways()
            return
        elif way == "add":
            flow = AddFlow(window, self.keeping, self)
        elif way == "kit":
            flow = SignInFlow(window, self.keeping, self)
        elif way == "help":
            flow = RegainFlow(window, self.keeping, self)
        else:
            flow = SampleFlow(window, self.keeping, self, self._sample_size)
        member = way in ("add", "kit", "help")
        flow.left.connect(self.show_member_ways if member else self.show_welcome)
        flow.opened.connect(self._opened)
        self.flow = flow
        flow.begin()

    def show_unlock(self, profile: Path | None = None) -> None:
        """The profiles of this computer and a password."""
        window = self._frame()
        window.forget_pages()
        self.flow = None
        last = self.settings.value(LAST_PROFILE)
        chosen = profile or self._profile or (Path(last) if isinstance(last, str) and last else None)
        listed = list_profiles()
        if profile is not None and all(one.folder != profile for one in listed):
            listed = list_profiles(profile.parent) or listed
            listed = [one for one in listed if one.folder == profile] or listed
        page = UnlockPage(listed, self.keeping, chosen=chosen)
        page.other.connect(self.show_welcome)
        page.proceed.connect(lambda: self._unlock(page))
        window.show_page(page)

    def _unlock(self, page: UnlockPage) -> None:
        folder = page.chosen
        if folder is None:
            return
        wanted = Unlocking(folder, page.profile_id, page.password.text(), page.secret_key)
        closed, keeping = self._closed, self.keeping
        work = Work()
        page.set_busy(True, "Opening the vault")
        page.progress.cancel.hide()

        def done(opened: Opened) -> None:
            page.set_busy(False)
            self._opened(opened)

        def failed(error: Exception) -> None:
            page.set_busy(False)
            words = words_here(error)
            if words is None:
                raise error
            target = field_for(error)
            if target == "password":
                page.password.clear()
                page.blame(page.password, words.message)
            elif target in ("secret", "keychain"):
                page.ask_secret_key(words.message)
            else:
                page.complain(words)

        work.start(
            lambda tell: unlock_profile(wanted, keeping, closed, tell),
            owner=page,
            step=page.show_step,
            done=done,
            failed=failed,
        )

    # from an open desk to its window

    def _opened(self, opened: Opened) -> None:
        self._desk, self._server = opened.desk, opened.server
        self._profile = opened.desk.profile.folder
        self._closed = threading.Event()
        self.settings.setValue(LAST_PROFILE, str(self._profile))
        self.idle.start()
        if opened.kit is None:
            self._after_kit()
            return
        window = self._frame()
        window.forget_pages()
        page = EmergencyKitPage(opened.kit)
        page.proceed.connect(self._after_kit)
        window.show_page(page)

    def _after_kit(self) -> None:
        desk = self._desk
        if desk is None:
            return
        status = desk.vault.roster.members[desk.me].status if desk.me in desk.vault.roster.members else None
        if status in (MemberStatus.INVITED, MemberStatus.JOINED):
            window = self._frame()
            window.forget_pages()
            page = WaitingPage(desk)
            page.let_in.connect(self._show_desk)
            page.back.connect(self.lock)
            window.show_page(page)
        else:
            self._show_desk()

    def _show_desk(self) -> None:
        desk = self._desk
        if desk is None:
            return
        made = DeskWindow(
            desk, self.settings, self.idle, self.keeping, trial=is_trial(desk.profile.folder), parent=self
        )
        made.lock_wanted.connect(self.lock)
        made.workspace_wanted.connect(self._leave_trial)
        made.closing.connect(self._closing)
        self.desk_window = made
        self.flow = None
        start, self.start_window = self.start_window, None
        made.show()
        if start is not None:
            made.shell.setGeometry(start.geometry())
            start.forget_pages()
            start.blockSignals(True)
            start.hide()
            start.deleteLater()
        self.desk_opened.emit()

    # and back

    def lock(self) -> None:
        """Drop the window, the pages, the keys; show the unlock page."""
        if self._desk is None:
            return
        self._take_down()
        self.show_unlock()

    def _leave_trial(self) -> None:
        self._take_down()
        self.show_welcome()
        self.begin("make")

    def _take_down(self) -> None:
        """Hide what is in front at once, and close the desk on a thread of its own."""
        self.idle.stop()
        window = self._frame()
        front = window.page
        if isinstance(front, WaitingPage):
            front.leave()
        window.forget_pages()
        if self.desk_window is not None:
            window.setGeometry(self.desk_window.shell.geometry())
            self.desk_window.close_down()
            self.desk_window = None
        desk, self._desk = self._desk, None
        server, self._server = self._server, None
        closed = self._closed

        def close() -> None:
            try:
                if desk is not None:
                    desk.lock()
                if server is not None:
                    server.stop()
            finally:
                closed.set()
                with suppress(RuntimeError):  # the application ended meanwhile
                    self.desk_locked.emit()

        threading.Thread(target=close, name="tacit-lock").start()

    def _closing(self) -> None:
        """A window was closed by the user: the program ends."""
        self._app.quit()

    def shutdown(self) -> None:
        """At the end of the program: lock, and wait for it."""
        self.idle.stop()
        if self.desk_window is not None:
            self.desk_window.close_down()
            self.desk_window = None
        desk, self._desk = self._desk, None
        server, self._server = self._server, None
        if desk is not None:
            desk.lock()
            self._closed.set()
        if server is not None:
            server.stop()
        self._closed.wait(15)


__all__ = ["Root"]
