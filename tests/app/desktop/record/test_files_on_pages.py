"""Files: attached from the page, shown with how far they are, saved at the colleague's desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.desktop.background import Handle, Step
from app.desktop.widgets import ProgressPanel
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, made, texts


def test_a_file_is_attached_and_saved_by_the_colleague(
    office: Office, context_of: MakeContext, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes"})
    content = bytes(range(256)) * 5_000
    source = tmp_path / "drawing.pdf"
    source.write_bytes(content)
    at = Opened(qtbot, context_of(ann), key)
    at.page.pick_files = lambda: [source]
    at.page.header.attach.click()
    assert at.page.tabs.current() == "files"
    panels = at.page.files.findChildren(ProgressPanel)
    assert any("Attaching drawing.pdf" in texts(panel) for panel in panels)
    at.wait(lambda: ("drawing.pdf attached.", "success") in at.said)
    at.wait(lambda: at.state.of_type("file"))
    at.wait(lambda: not at.page.files.findChildren(ProgressPanel))
    assert "drawing.pdf" in texts(at.page.files)
    file = at.state.of_type("file")[0]
    at.wait(lambda: ben.records.get(file.key) is not None and not ann.attachments.waiting())
    with_ben = Opened(qtbot, context_of(ben), key)
    target = tmp_path / "saved.pdf"
    proposed: list[str] = []

    def pick(name: str) -> Path:
        proposed.append(name)
        return target

    with_ben.page.pick_target = pick
    with_ben.page.tabs.show_tab("files")
    save = next(one for one in with_ben.page.files.findChildren(QPushButton) if one.text() == "Save…")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    with_ben.wait(lambda: ("Saved as saved.pdf.", "success") in with_ben.said)
    assert proposed == ["drawing.pdf"]
    assert target.read_bytes() == content


def test_progress_is_shown_and_can_be_cancelled(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    at = Opened(qtbot, context_of(ann), made(ann, "deal", {"name": "Cranes"}))
    handle = Handle(at.page)
    at.page.files.show_work("Saving big.bin", handle)
    panel = at.page.files.findChildren(ProgressPanel)[-1]
    handle.progressed.emit(Step(1 << 20, 4 << 20, ""))
    assert " of " in panel.text()
    cancel = next(one for one in panel.findChildren(QPushButton))
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert handle.cancelled


def test_dropped_files_are_attached(
    office: Office, context_of: MakeContext, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    source = tmp_path / "scan.png"
    source.write_bytes(b"not really a picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(source)), QUrl("https://elsewhere.example/x.png")])
    at.page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    at.wait(lambda: [file.title for file in at.state.of_type("file")] == ["scan.png"])


def test_a_file_that_went_is_complained_about(
    office: Office, context_of: MakeContext, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    at = Opened(qtbot, context_of(ann), made(ann, "deal", {"name": "Cranes"}))
    at.page.attach([tmp_path / "gone.pdf"])
    at.wait(lambda: any(severity == "error" for _, severity in at.said))
    at.wait(lambda: not at.page.files.findChildren(ProgressPanel))
    assert at.state.of_type("file") == []
