"""Pictures of the Audit page, of alarms and support above the pages, and of what stands under Help."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.desk.audit_events import EXPORT, IMPORT
from app.desktop.pages.audit import AuditPage
from app.desktop.window import DeskWindow
from protocol.ids import Compartment, LogId
from tools.screens.office import Office
from tools.screens.shooting import Camera
from vault.exchange import LogBroken, RolledBack


def shoot_watching(camera: Camera, window: DeskWindow, office: Office, rest: Callable[[], None]) -> None:
    """The trail, one line of it, diagnostics, letting support in, the banners, the alarms."""
    desk, shell = office.ann, window.shell
    desk.events.note(IMPORT, kind="person", count=1_204, code="csv")
    desk.events.note(EXPORT, kind="deal", count=312, code="csv")
    shell.show_page("audit")
    page = shell.page("audit")
    assert isinstance(page, AuditPage)
    camera.wait(lambda: page.verified is not None and page.word is not None, "the trail being verified")
    rest()
    camera.take(shell, "audit")
    page.open_line(next(n for n, line in enumerate(page.model.lines) if line.source == "roster"))
    rest()
    camera.take(shell, "audit-line")
    if page.sheet is not None:
        page.sheet.close_overlay()
    diagnostics = window.help.open_diagnostics()
    camera.wait(lambda: diagnostics.text, "the diagnostics")
    rest()
    camera.take(shell, "help-diagnostics")
    diagnostics.close_overlay()
    _support(camera, window, office, rest)
    desk.alarms.record(LogBroken("a picture's", "counter"), LogId(office.groups[0], Compartment.SALES))
    desk.alarms.record(RolledBack("a picture's"))
    camera.wait(lambda: len(window.standing.alarms) == 2 and window.standing.visits, "the banners")
    rest()
    camera.take(shell, "banners")
    window.standing.open_alarms()
    rest()
    camera.take(shell, "alarms")
    if window.standing.sheet is not None:
        window.standing.sheet.close_overlay()
    desk.alarms.acknowledge_all()
    desk.support.allow(False)
    camera.wait(lambda: not window.standing.alarms and not window.standing.visits, "the banners being gone")


def _support(camera: Camera, window: DeskWindow, office: Office, rest: Callable[[], None]) -> None:
    office.ann.support.allow(True)
    dialog = window.help.open_support()
    dialog.name.set_text("Vic of Tacit support")
    dialog.group.set_value(office.groups[0])
    dialog.parts[Compartment.CONTACTS].setChecked(True)
    dialog.parts[Compartment.SALES].setChecked(True)
    camera.wait(lambda: len(dialog.effects.sentences) > 3, "the sentences")
    rest()
    camera.take(window.shell, "help-support")
    dialog.close_overlay()
    parts = [Compartment.CONTACTS, Compartment.SALES]
    office.ann.support.let_in("Vic of Tacit support", office.groups[0], parts, int(time.time()) + 86_400)
