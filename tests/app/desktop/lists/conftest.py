"""A real office, and lists of its desks in a window of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QThreadPool
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.lists import ListPage
from protocol.operations import Value
from tests.support.real_desks import Office
from vault.store import RecordKey

PATIENCE = 20_000


class Shown:
    """A list in front of somebody."""

    def __init__(self, qtbot: QtBot, context: Context, page: ListPage) -> None:
        self.qtbot, self.context, self.page = qtbot, context, page
        self.said: list[tuple[str, str]] = []
        self.opened: list[object] = []
        context.said.connect(lambda words, severity: self.said.append((words, severity)))
        context.record_wanted.connect(self.opened.append)

    @property
    def names(self) -> list[str]:
        """The column with names, as shown."""
        return self.column("@title")

    def column(self, key: str) -> list[str]:
        model, number = self.page.model, self.number(key)
        return [str(model.index(row, number).data()) for row in range(model.rowCount())]

    def number(self, key: str) -> int:
        return [column.key for column in self.page.config.columns].index(key)

    @property
    def ticked(self) -> list[str]:
        names = self.names
        return [names[row] for row in self.page.table.selected_rows()]

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def until(self, *names: str) -> None:
        """Wait until exactly these are shown, in this order."""
        self.wait(lambda: self.page.model.is_settled and self.names == list(names))

    def button(self, text: str) -> QAbstractButton:
        """A button of what is in place of the rows."""
        inside = self.page.stack.currentWidget()
        assert inside is not None
        return next(one for one in inside.findChildren(QAbstractButton) if one.text() == text)

    def press(self, button: QAbstractButton) -> None:
        assert button.isVisible(), f"{button.text()} is not in sight"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def tick(self, *names: str) -> None:
        shown = self.names
        for name in names:
            self.page.table.toggle_row(shown.index(name))

    def click_title(self, key: str) -> None:
        header, number = self.page.table.header, self.number(key)
        place = header.rect().center()
        place.setX(header.sectionViewportPosition(number) + header.sectionSize(number) // 2)
        self.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def heard(self, words: str) -> bool:
        return any(words in said for said, _ in self.said)


Show = Callable[..., Shown]


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    QThreadPool.globalInstance().waitForDone()
    made.close()


@pytest.fixture
def ann(office: Office) -> Desk:
    return office.found()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def show(qtbot: QtBot, office: Office) -> Iterator[Show]:
    """Opens a list and waits until it is there; contexts are closed before the desks of the office."""
    made: list[Shown] = []

    def make(desk: Desk, type_name: str, settings: QSettings | None = None) -> Shown:
        context = Context(desk)
        page = ListPage(context, type_name, settings=settings, import_file=lambda: None)
        shown = Shown(qtbot, context, page)
        made.append(shown)
        qtbot.addWidget(page)
        page.resize(1280, 800)
        with qtbot.waitSignal(page.settled, timeout=PATIENCE):
            page.show()
        page.activateWindow()
        return shown

    yield make
    for shown in made:
        shown.context.close()  # the pages are closed already


def make(desk: Desk, type_name: str, rows: Sequence[dict[str, Value]]) -> list[RecordKey]:
    """Records in the first group, in one action."""
    home = desk.home_for(type_name, desk.team().groups[0].id)
    with desk.editor.action() as action:
        return [action.create(type_name, home, fields) for fields in rows]


@pytest.fixture
def deals(ann: Desk) -> list[RecordKey]:
    """Three deals of two companies."""
    harbour, quay = make(ann, "company", [{"name": "Zuid Harbour"}, {"name": "Amber Quay"}])
    return make(
        ann,
        "deal",
        [
            {"name": "Cranes", "company": harbour.ref, "stage": "won", "amount": 1_000_0000, "currency": "EUR"},
            {"name": "Bollards", "company": quay.ref, "stage": "prospecting", "amount": 250_0000,
             "currency": "EUR"},
            {"name": "Anchors", "stage": "lost", "amount": 9_0000, "currency": "EUR"},
        ],
    )  # fmt: skip
