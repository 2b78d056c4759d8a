"""Pictures of an open desk: lists, records, dialogs, team, settings, what the server sees."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.lists import ListPage
from app.desktop.pages.settings import SettingsPage
from app.desktop.stage import settle
from app.desktop.widgets import Overlay
from app.desktop.window import DeskWindow
from tools.screens.computers import shoot_computers
from tools.screens.office import Office
from tools.screens.security import shoot_security
from tools.screens.sharing import shoot_moving, shoot_sharing
from tools.screens.shooting import Camera
from tools.screens.team import TeamShots
from tools.screens.transfers import shoot_transfers
from tools.screens.watching import shoot_watching
from vault.store import Query, RecordKey, Sort


class DeskShots:
    """One window, page after page."""

    def __init__(self, camera: Camera, office: Office, app: QApplication, settings: QSettings) -> None:
        self._camera, self._office, self._app = camera, office, app
        keeping = Keeping(settings, office.keychain)
        self._window = DeskWindow(office.ann, settings, IdleWatch(app), keeping)
        self._shell = self._window.shell
        self._window.show()

    def shoot(self) -> None:
        camera = self._camera
        camera.wait(lambda: self._shell.topbar.sync.text() == "Up to date", "the desk being in step")
        self._lists()
        self._records()
        self._search()
        self._team()
        self._settings()
        self._security()
        shoot_computers(self._camera, self._window, self._office, self._rest)
        self._server()
        self._shell.show_page("people")
        shoot_transfers(camera, self._shell, self._window.transfers, self._office.folder, self._rest)
        shoot_watching(camera, self._window, self._office, self._rest)
        self._sync()
        self._window.close_down()
        settle(self._app)

    def _take(self, name: str) -> None:
        self._camera.take(self._shell, name)

    def _close_overlays(self) -> None:
        for overlay in self._shell.findChildren(Overlay):
            if overlay.is_open:
                overlay.close_overlay()
        settle(self._app)

    def _rest(self, rounds: int = 60) -> None:
        """Let answers from other threads come in."""
        for _ in range(rounds):
            self._app.thread().msleep(5)
            settle(self._app, 1)

    def _list(self, page: str) -> ListPage:
        found = self._shell.page(page)
        assert isinstance(found, ListPage)
        self._shell.show_page(page)
        self._camera.wait(lambda: found.model.rowCount() == 0 or found.model.key(0) is not None, page)
        self._rest()
        return found

    def _lists(self) -> None:
        for page in ("people", "companies", "deals", "products", "tasks"):
            shown = self._list(page)
            if page == "deals":
                shown.set_state(replace(shown.model.state, sort=Sort()))
                self._rest()
            self._take(page)
        deals = self._list("deals")
        for key in list(deals.pills)[:1]:
            deals.pills[key].click()
        deals.search.set_text("plus")
        self._rest()
        self._take("deals-filtered")
        deals.search.set_text("nothing is called like this")
        self._rest()
        self._take("deals-nothing")
        deals.clear_filters()
        self._rest()
        deals.table.toggle_row(0)
        deals.table.toggle_row(2)
        self._rest()
        self._take("deals-selected")
        shoot_moving(self._camera, self._window, deals, self._rest)
        deals.table.select_none()
        deals.open_filter()
        self._rest()
        self._take("deals-filter")
        self._close_overlays()

    def _first(self, type_name: str) -> RecordKey:
        return next(iter(self._office.ann.records.each(Query(type_name)))).key

    def _show(self, key: RecordKey) -> None:
        with_it = self._window.record
        self._window.context.open_record(key)
        self._camera.wait(lambda: with_it.state is not None and with_it.state.record.key == key, "the record")
        self._rest()

    def _records(self) -> None:
        deal = self._office.deal()
        self._show(deal)
        self._take("record-deal")
        shoot_sharing(self._camera, self._window, self._rest, self._close_overlays)
        self._office.clash(deal)
        self._show(deal)
        self._take("record-conflict")
        self._window.record.open_conflicts()
        self._rest()
        self._take("record-conflict-choice")
        self._close_overlays()
        self._window.record.tabs.show_tab("history")
        self._rest()
        self._take("record-history")
        for type_name in ("person", "company"):
            self._show(self._first(type_name))
            self._take(f"record-{type_name}")
        self._window.record.tabs.show_tab("related")
        self._rest()
        self._take("record-related")
        self._shell.show_page("deals")
        self._window.make_record("deal", {})
        self._rest()
        self._take("new-deal")
        self._close_overlays()

    def _search(self) -> None:
        self._shell.open_palette()
        palette = self._shell.palette_open
        assert palette is not None
        palette.edit.setText("ma")
        self._rest()
        self._take("search")
        self._close_overlays()

    def _team(self) -> None:
        TeamShots(self._camera, self._office, self._window, self._rest, self._close_overlays).shoot()

    def _settings(self) -> None:
        page = self._shell.page("settings")
        assert isinstance(page, SettingsPage)
        self._shell.show_page("settings")
        self._camera.wait(lambda: page.sessions.sessions, "the sessions")
        self._rest(10)
        self._take("settings")
        page.security.change_password()
        self._rest(10)
        self._take("settings-password")
        self._close_overlays()

    def _security(self) -> None:
        def edit() -> RecordKey:
            with self._office.ann.editor.action() as action:
                action.put(self._office.deal(), {"source": "Referral"})
            return self._office.deal()

        shoot_security(self._camera, self._window, self._rest, edit)

    def _server(self) -> None:
        self._show(self._office.deal())
        self._shell.show_page("server")
        self._rest(200)
        self._take("server-view")

    def _sync(self) -> None:
        self._shell.show_page("deals")
        self._window.open_sync_sheet()
        self._rest()
        self._take("sync")
        self._office.server.kill()
        ann = self._office.ann
        with ann.editor.action() as action:
            action.put(self._office.deal(), {"source": "Website"})
        ann.wake()
        self._camera.wait(lambda: "offline" in self._shell.topbar.sync.text().lower(), "being offline")
        self._rest()
        self._take("sync-offline")
        self._close_overlays()
        self._take("offline")
