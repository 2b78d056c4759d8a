"""`python -m app.desktop.story`: Tacit's first minutes played without a display, with pictures of what a person sees.

Everything is real: the windows, the embedded server, the sealed records. The profile lies in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from app.crm import SampleSize
from app.desk import AcceptInvitation, Desk, Place, accept_invitation, read_invitation
from app.desktop.application import make_application
from app.desktop.keeping import Keeping
from app.desktop.pages.audit import AuditPage
from app.desktop.pages.lists import ListPage
from app.desktop.pages.start import SampleFlow, UnlockPage
from app.desktop.pages.team import TeamPage
from app.desktop.root import Root
from app.desktop.stage import PATIENCE_SECONDS, picture, settle, wait
from app.desktop.theme import theme
from app.desktop.window import DeskWindow
from vault.profile import MemoryKeychain

PICTURES = Path("build") / "story"
PASSWORD = "a story needs no secret"  # of a trial that ends with this program
COLLEAGUE, HANDLE = "Bea Novak", "bea@sample.example"
SIZE = (1280, 800)


class Story:
    """The steps, in order; `tell` prints each with its picture."""

    def __init__(
        self, app: QApplication, root: Root, folder: Path, guest: Path, tell: Callable[[str], None]
    ) -> None:
        self._app, self._root, self._folder, self._tell = app, root, folder, tell
        self._guest_folder = guest  # the profile of a colleague, as on another computer
        self._guest: Desk | None = None
        self.pictures: list[Path] = []

    def play(self) -> None:
        self._first_start()
        self._sample()
        self._lists()
        self._record()
        self._colleague()
        self._team()
        self._audit()
        self._lock()

    def close(self) -> None:
        """Lock the colleague's desk, before the server goes."""
        if self._guest is not None:
            self._guest.lock()
            self._guest = None

    def _take(self, name: str, words: str) -> None:
        window: QWidget | None = self._root.window
        if window is None:
            return
        window.resize(*SIZE)
        settle(self._app)
        path = picture(window, self._folder / f"{len(self.pictures) + 1}-{name}.png")
        self.pictures.append(path)
        self._tell(f"{words:<56} {path}")

    def _wait(self, condition: Callable[[], object], what: str) -> None:
        wait(self._app, condition, what)

    @property
    def _window(self) -> DeskWindow:
        window = self._root.desk_window
        if window is None:
            raise RuntimeError("no desk is open")
        return window

    def _first_start(self) -> None:
        self._root.start()
        self._take("first-start", "The first start")

    def _sample(self) -> None:
        self._root.begin("sample")
        flow = self._root.flow
        if not isinstance(flow, SampleFlow):
            raise RuntimeError("the sample's page is not in front")
        flow.page.password.set_text(PASSWORD)
        flow.page.go()
        self._wait(lambda: flow.page.progress.text().startswith("Filling"), "the sample being made")
        self._take("sample", "A sample workspace is made on an embedded server")
        self._wait(lambda: self._root.desk_window is not None, "the sample workspace")
        self._wait(lambda: self._window.shell.topbar.sync.text() == "Up to date", "the first sync")

    def _lists(self) -> None:
        for page, words in (("people", "People"), ("companies", "Companies"), ("deals", "Deals")):
            self._window.shell.show_page(page)
            shown = self._window.shell.page(page)
            if isinstance(shown, ListPage):
                self._wait(partial(shown.model.key, 0), f"the list of {page}")
            self._take(page, f"{words}, sealed and on the server")

    def _record(self) -> None:
        deals = self._window.shell.page("deals")
        key = deals.model.key(0) if isinstance(deals, ListPage) else None
        if key is None:
            raise RuntimeError("there is no deal")
        self._window.context.open_record(key)
        settle(self._app, 20)
        self._take("record", "One deal: fields, related records, timeline")

    def _colleague(self) -> None:
        """Invited by link, with a password and keys of her own; and then the deal again."""
        desk = self._window.desk
        team = desk.team()
        rep = next(role.id for role in team.roles if role.name == "Sales rep")
        link = desk.actions.invite(COLLEAGUE, [(team.groups[0].id, rep)]).link
        wanted = AcceptInvitation(read_invitation(link), HANDLE, PASSWORD, COLLEAGUE)
        self._guest = accept_invitation(wanted, Place(MemoryKeychain(), self._guest_folder)).desk
        self._guest.wait_until_member(PATIENCE_SECONDS)
        self._wait(
            lambda: any(one.name == COLLEAGUE and one.is_present for one in desk.team().members), "her"
        )
        page = self._window.record
        page.header.share.click()
        sheet = page.sharing.sheet
        if sheet is None:
            raise RuntimeError("nothing says who sees the deal")
        self._wait(lambda: sheet.names, "who sees the deal")
        self._take("who-sees", "A sales rep joined; who can see this deal, and why")
        sheet.close_overlay()

    def _team(self) -> None:
        self._window.shell.show_page("team")
        page = self._window.shell.page("team")
        if not isinstance(page, TeamPage):
            raise RuntimeError("the team is not in front")
        page.refresh()
        page.tabs.show_tab("matrix")
        settle(self._app, 20)
        self._take("team", "The team: people, groups, and who sees what")
        her = next(one.id for one in self._window.desk.team().members if one.name == COLLEAGUE)
        sheet = page.show_access(her)
        self._wait(lambda: sheet.found is not None, "what she sees")
        self._take("access", "What the colleague can see, and why")
        sheet.close_overlay()

    def _audit(self) -> None:
        self._window.shell.show_page("audit")
        page = self._window.shell.page("audit")
        if not isinstance(page, AuditPage):
            raise RuntimeError("the audit trail is not in front")
        self._wait(lambda: page.verified is not None and page.word is not None, "the trail being verified")
        self._take("audit", "The audit trail, verified from the first entry on")

    def _lock(self) -> None:
        self.close()
        self._root.lock()
        page = self._root.start_window.page if self._root.start_window is not None else None
        if not isinstance(page, UnlockPage):
            raise RuntimeError("the unlock page is not in front")
        self._take("locked", "Locked: the keys are gone from memory")


def main(arguments: list[str]) -> int:
    """Play it; prints where the pictures are."""
    parser = argparse.ArgumentParser(
        prog="story", description="Play Tacit's first minutes and take pictures."
    )
    parser.add_argument("--out", type=Path, default=PICTURES, help="folder for the pictures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tacit-story-") as home:
        os.environ["TACIT_HOME"] = str(Path(home) / "mine")
        app = make_application(sys.argv[:1])
        theme().set_motion(False)
        settings = QSettings(str(Path(home) / "desktop.ini"), QSettings.Format.IniFormat)
        keeping = Keeping(settings, MemoryKeychain())
        root = Root(app, settings, keeping, sample_size=SampleSize(24, 60, 90, 60, 30))
        story = Story(app, root, options.out.resolve(), Path(home) / "colleague", print)
        try:
            story.play()
        finally:
            story.close()
            root.shutdown()
            settle(app)
    print(f"\nNo display was found, so Tacit was played instead; the pictures are in {options.out.resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
