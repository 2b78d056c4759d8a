"""Pictures of who sees a record, and of moving: the sheet, private, shared with one person, many at once."""

from __future__ import annotations

from collections.abc import Callable

from app.desktop.pages.lists import ListPage
from app.desktop.pages.moving import MoveDialog
from app.desktop.window import DeskWindow
from tools.screens.shooting import Camera


def shoot_sharing(
    camera: Camera, window: DeskWindow, rest: Callable[[], None], close: Callable[[], None]
) -> None:
    """On the page of the record that is shown."""
    shell, page = window.shell, window.record
    page.header.share.click()
    sheet = page.sharing.sheet
    assert sheet is not None
    camera.wait(lambda: sheet.names, "who sees it")
    rest()
    camera.take(shell, "record-who-sees")
    for button, name in ((sheet.private, "record-private"), (sheet.share, "record-share-with-one")):
        button.click()
        rest()
        camera.take(shell, name)
        close_top(window)
    close()


def close_top(window: DeskWindow) -> None:
    """The dialog above the sheet goes, the sheet stays."""
    for dialog in window.shell.findChildren(MoveDialog):
        if dialog.is_open:
            dialog.reject()


def shoot_moving(camera: Camera, window: DeskWindow, deals: ListPage, rest: Callable[[], None]) -> None:
    """Some deals ticked, and where they go."""
    deals.bulk_bar.move_wanted.emit()
    rest()
    camera.take(window.shell, "deals-move")
    close_top(window)
