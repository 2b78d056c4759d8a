"""A way through the first start: its pages in order, what goes forward and back, and what happens to errors.

Pages live as long as the flow, so going back shows what was typed. The last page starts the slow work; its error
goes to the field that caused it, on whichever page that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.desk import Desk, EmbeddedServer, NewDesk, Place
from app.desktop.background import Step
from app.desktop.keeping import Keeping
from app.desktop.pages.start.blame import field_for, words_here
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.keychain_page import KeychainPage
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import Stopped, Tell, Work
from app.desktop.widgets import Field
from vault.keys import Kit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened:
    """The end of a flow: an open desk; its Kit where one has to be shown; what keeps its server running."""

    desk: Desk
    kit: Kit | None = None
    server: EmbeddedServer | None = None


class Flow(QObject):
    """Subclasses build `pages`, name `fields` (page and field by name) and start the work in `finish`."""

    opened = Signal(object)  # Opened
    left = Signal()  # back from the first page

    def __init__(self, window: StartWindow, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window = window
        self.keeping = keeping
        self.pages: list[StepPage] = []
        self.fields: dict[str, tuple[StepPage, Field]] = {}
        self.keychain_page: KeychainPage | None = None
        self._work: Work | None = None

    def add_page(self, page: StepPage) -> None:
        self.pages.append(page)
        page.proceed.connect(lambda: self._on(page))
        page.back.connect(lambda: self._back(page))
        page.stop.connect(self._stop)

    def add_keychain_page(self, step: str) -> None:
        """A page more where the computer has no keychain."""
        self.keychain_page = KeychainPage(step=step)
        self.fields["keychain"] = (self.keychain_page, self.keychain_page.path)
        self.add_page(self.keychain_page)

    @property
    def needs_keychain_page(self) -> bool:
        return self.keeping.system is None

    def begin(self) -> None:
        self.window.show_page(self.pages[0])

    def place(self, folder: Path | None = None) -> Place:
        return Place(self.keeping.fresh(self.key_file), folder)

    @property
    def key_file(self) -> Path | None:
        return self.keychain_page.file if self.keychain_page is not None else None

    def leaving(self, page: StepPage) -> bool:
        """May the flow go on from this page at once? False where something has to be asked first (`advance`)."""
        return True

    def finish(self) -> None:
        """After the last page: start the slow work."""
        raise NotImplementedError

    def advance(self, page: StepPage) -> None:
        """To the page after this one, or to the work."""
        number = self.pages.index(page)
        if number + 1 < len(self.pages):
            self.window.show_page(self.pages[number + 1])
        else:
            self.finish()

    def _on(self, page: StepPage) -> None:
        if self.leaving(page):
            self.advance(page)

    def _back(self, page: StepPage) -> None:
        number = self.pages.index(page)
        if number:
            self.window.show_page(self.pages[number - 1])
        else:
            self.left.emit()

    # slow work

    def run(self, page: StepPage, words: str, task: Callable[[Tell], T], done: Callable[[T], None]) -> None:
        """Run `task` with its progress on `page`."""
        page.set_busy(True, words)
        work = self._work = Work()

        def finished(result: T) -> None:
            self._work = None
            page.set_busy(False)
            done(result)

        def failed(error: Exception) -> None:
            self._work = None
            page.set_busy(False)
            self.failed(page, error)

        def step(step: Step) -> None:
            page.show_step(step)
            page.progress.cancel.setVisible(not work.committed)

        page.progress.cancel.show()
        work.start(task, owner=page, step=step, done=finished, failed=failed)

    def took(self, new: NewDesk, *, show_kit: bool = True) -> None:
        """A new desk: remember where its Secret Key is, and hand it over."""
        self.keeping.remember(new.desk.profile.id, self.key_file)
        for page in self.pages:
            page.wipe()
        self.opened.emit(Opened(new.desk, new.kit if show_kit else None))

    def failed(self, page: StepPage, error: Exception) -> None:
        """Show an error where it belongs; what is none of ours is a defect and goes on."""
        if isinstance(error, Stopped):
            page.focus_first()
            return
        words = words_here(error)
        if words is None:
            raise error
        place = self.fields.get(field_for(error))
        if place is None:
            page.complain(words)
            page.focus_first()
            return
        target, field = place
        self.window.show_page(target)
        target.clear_problem()
        target.blame(field, words.message)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.stop()
