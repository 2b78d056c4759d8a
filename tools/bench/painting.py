"""From the key press to the paint: a list of deals in a real (offscreen) window, searched letter by letter."""

from __future__ import annotations

import random
import time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop.context import Context
from app.desktop.pages.lists.list_page import ListPage
from app.desktop.theme import Mode, theme
from tools.bench.figures import Figure, latencies
from tools.bench.office import Office
from vault.store import Query, Sort

TITLES = 25
LETTERS = 10
DEADLINE_MS = 30_000


def typing(office: Office) -> list[Figure]:
    """Milliseconds from a key to the repainted list, everything on its way included: query, count, cells, paint."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme().install(app, Mode.LIGHT)
    context = Context(office.ann)
    page = ListPage(context, "deal")
    page.resize(1280, 800)
    page.show()
    _settle(page)
    records = office.ann.records.window(Query("deal", sort=Sort("@created")), 0, 4_000)
    chance = random.Random(9)  # noqa: S311  # which titles are typed
    times: list[float] = []
    for record in chance.sample(records, TITLES):
        page.search.edit.clear()
        _settle(page)
        for letter in record.title[:LETTERS]:
            began = time.perf_counter()
            QTest.keyClicks(page.search.edit, letter)
            _settle(page)
            QApplication.processEvents()  # the paint that the new rows have asked for
            times.append((time.perf_counter() - began) * 1000)
    page.close()
    context.close()
    return [latencies("list narrowed as you type, key press to paint", times)]


def _settle(page: ListPage) -> None:
    """Run the window's loop until what was asked for is shown."""
    if page.model.is_settled:
        QApplication.processEvents()
    if page.model.is_settled:
        return
    loop = QEventLoop()
    page.settled.connect(loop.quit)
    QTimer.singleShot(DEADLINE_MS, loop.quit)
    loop.exec()
    page.settled.disconnect(loop.quit)
    if not page.model.is_settled:
        raise RuntimeError("the list did not settle")
