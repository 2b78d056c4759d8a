"""People at windows: each a `Root` of its own on a real server process, driven by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.crm import SampleSize
from app.desk import Desk
from app.desktop.keeping import Keeping
from app.desktop.pages.lists import ListPage
from app.desktop.pages.start import StepPage
from app.desktop.root import Root
from app.desktop.widgets import CheckBox
from app.desktop.window import DeskWindow
from tests.support.server import RunningServer, running_server
from vault.profile import Keychain, MemoryKeychain

PASSWORD = "ostrich quarry lantern 7"  # a test's password
PATIENCE = 30_000


class Person:
    """Somebody in front of a window."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path, keychain: Keychain | None) -> None:
        self.qtbot = qtbot
        settings = QSettings(str(folder / "desktop.ini"), QSettings.Format.IniFormat)
        self.keeping = Keeping(settings, keychain)
        self.root = Root(app, settings, self.keeping, sample_size=SampleSize(4, 6, 12, 5, 5))

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    # what is in front

    @property
    def page(self) -> StepPage:
        window = self.root.start_window
        assert window is not None
        assert isinstance(window.page, StepPage)
        return window.page

    @property
    def window(self) -> DeskWindow:
        assert self.root.desk_window is not None
        return self.root.desk_window

    @property
    def desk(self) -> Desk:
        return self.window.desk

    def list_of(self, page: str) -> ListPage:
        found = self.window.shell.page(page)
        assert isinstance(found, ListPage)
        return found

    def names_in(self, page: str) -> list[str]:
        """The first column of a list, as it is shown."""
        model = self.list_of(page).model
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def chip(self) -> str:
        return self.window.shell.topbar.sync.text()

    # what she does

    def type(self, editor: QWidget, text: str) -> None:
        """Click into a field and type, in place of what stands there."""
        target = editor_of(editor)
        self.qtbot.mouseClick(target, Qt.MouseButton.LeftButton)
        target.selectAll()
        self.qtbot.keyClicks(target, text)

    def press(self, button: QAbstractButton) -> None:
        assert button.isVisible(), f"{button.text()} is not in sight"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def enter(self, editor: QWidget) -> None:
        self.qtbot.keyClick(editor_of(editor), Qt.Key.Key_Return)

    def take_kit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Save the Emergency Kit, tick the box, go on."""
        from app.desktop.pages.start import EmergencyKitPage

        self.wait(lambda: isinstance(self.page, EmergencyKitPage))
        page = self.page
        assert isinstance(page, EmergencyKitPage)
        target = tmp_path / "kit.pdf"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
        assert not page.action.isEnabled()
        self.press(page.actions_row.save)
        self.wait(target.exists)
        self.press(page.safe)
        self.press(page.action)
        return target

    def make_workspace(self, origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The whole first start, by keyboard."""
        from app.desktop.pages.start import MakeFlow

        self.root.start()
        self.root.begin("make")
        flow = self.root.flow
        assert isinstance(flow, MakeFlow)
        self.type(flow.server_page.server, origin)
        self.enter(flow.server_page.server)
        self.wait(lambda: self.page is flow.workspace_page)
        self.type(flow.workspace_page.workspace, "Meridian")
        self.type(flow.workspace_page.name, "Ann Achterberg")
        self.type(flow.workspace_page.handle, "ann@meridian.example")
        self.enter(flow.workspace_page.handle)
        assert self.page is flow.password_page
        self.type(flow.password_page.password, PASSWORD)
        self.type(flow.password_page.again, PASSWORD)
        self.enter(flow.password_page.again)
        self.take_kit(tmp_path, monkeypatch)
        self.wait(lambda: self.root.desk_window is not None)

    def lock(self) -> None:
        window = self.window.shell
        with self.qtbot.waitSignal(self.root.desk_locked, timeout=PATIENCE):
            window.activateWindow()
            self.qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
            if self.root.desk_window is not None:  # offscreen, a shortcut may not find its window
                window.lock_requested.emit()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Profiles and settings of this test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TACIT_HOME", str(folder))
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication, home: Path, fast_kdf: None) -> Iterator[Callable[..., Person]]:
    """Makes people; their windows and desks are closed at the end."""
    made: list[Person] = []

    def make(name: str = "ann", keychain: Keychain | None = None) -> Person:
        folder = home / f"settings-{name}"
        folder.mkdir(exist_ok=True)
        made.append(Person(qtbot, qapp, folder, keychain or MemoryKeychain()))
        return made[-1]

    yield make
    for one in made:
        one.root.shutdown()
        window = one.root.start_window  # that of a desk went with the shutdown
        if window is not None:
            window.blockSignals(True)
            window.hide()
            window.deleteLater()
        one.root.deleteLater()
    qapp.processEvents()


def editor_of(field: QWidget) -> QLineEdit | QPlainTextEdit:
    """What is typed into, of one of our fields."""
    found = getattr(field, "edit", field)
    assert isinstance(found, (QLineEdit, QPlainTextEdit))
    return found


def texts_in_sight() -> str:
    """Every word that any widget of the process holds, shown or hidden."""
    found: list[str] = []
    for widget in QApplication.allWidgets():
        found += [
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.windowTitle(),
        ]
        if isinstance(widget, (QLabel, QLineEdit, QAbstractButton, CheckBox)):
            found.append(widget.text())
        elif isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
    return "\n".join(found)
