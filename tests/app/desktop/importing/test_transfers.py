"""Import, export and invitations from anywhere: what the palette offers, files dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.importing import ImportWizard
from app.desktop.pages.importing.wizard import COLUMNS
from app.desktop.shell import Shell
from app.desktop.transfers import Transfers
from tests.support.real_desks import Office

SLOW = 20_000
MakeContext = Callable[[Desk], Context]


def shell_of(qtbot: QtBot) -> Shell:
    shell = Shell(workspace="Meridian", person="Ann Achterberg")
    qtbot.addWidget(shell)
    shell.show()
    return shell


def drop(shell: Shell, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    nothing = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    place = QPointF(300, 300)
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, nothing)
    QApplication.sendEvent(shell, enter)
    QApplication.sendEvent(shell, QDropEvent(place, Qt.DropAction.CopyAction, data, left, nothing))


def wizards(shell: Shell) -> list[ImportWizard]:
    return [one for one in shell.findChildren(ImportWizard) if one.is_open]


def test_a_file_dropped_on_the_window_is_looked_at_at_once(
    office: Office, context_of: MakeContext, qtbot: QtBot, tmp_path: Path
) -> None:
    shell = shell_of(qtbot)
    transfers = Transfers(context_of(office.found()), shell)
    path = tmp_path / "people.csv"
    path.write_text("Name,Email\nRosa Quist,r@example.org\n", encoding="utf-8")
    drop(shell, path)
    (wizard,) = wizards(shell)
    qtbot.waitUntil(lambda: wizard.step == COLUMNS, timeout=SLOW)
    drop(shell, path)
    assert wizards(shell) == [wizard], "nothing more while a dialog is open"
    assert transfers.import_file() is wizard


def test_other_files_are_left_alone(
    office: Office, context_of: MakeContext, qtbot: QtBot, tmp_path: Path
) -> None:
    shell = shell_of(qtbot)
    transfers = Transfers(context_of(office.found()), shell)
    drop(shell, tmp_path / "photo.png")
    assert wizards(shell) == []
    assert transfers.parent() is shell


def test_the_palette_offers_what_the_roles_allow(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    titles = [one.title for one in Transfers(context_of(ann), shell_of(qtbot)).commands()]
    assert titles == ["Import…", "Export everything…", "Invite somebody…"]
    his = context_of(cy)
    said: list[str] = []
    his.said.connect(lambda words, severity: said.append(words))
    closed = Transfers(his, shell_of(qtbot)).commands()
    assert [(one.title, one.detail) for one in closed] == [
        ("Import…", "not in your roles"),
        ("Export everything…", "not in your roles"),
    ]
    closed[0].run()
    assert said == ["None of your roles lets you import. Ask your Team Admin for one that does."]
