"""Renders every shared widget to pictures, to be looked at: ``python tools/gallery.py [folder]``.

Default folder ``build/gallery``; one file for each page, theme and size. Works without a display.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.shell import Shell
from app.desktop.shell_topbar import SyncState
from app.desktop.theme import Mode, theme
from app.desktop.widgets import (
    Command,
    ConfirmDialog,
    Label,
    Modal,
    Option,
    PropertyRow,
    Select,
    SideSheet,
    TextField,
)
from tools.gallery_pages import PAGES
from tools.gallery_records import table

SIZES = ((1280, 800), (1920, 1080))


def _modal(window: QWidget) -> None:
    modal = Modal(window, "New deal", text="It belongs to Sales North; colleagues there see it.")
    modal.add(TextField("Name", placeholder="What is it called?"))
    modal.add(Select("Pipeline", [Option(1, "New business"), Option(2, "Renewals")]))
    modal.add_button("Cancel")
    modal.add_button("Create deal", primary=True)
    modal.open_overlay()


def _confirm(window: QWidget) -> None:
    ConfirmDialog(
        window,
        "Remove Dee Sato from the workspace?",
        [
            "Dee reads nothing that is written from now on.",
            "What she has read already stays with her.",
            "The keys of 4 logs are changed at once; this takes a few seconds.",
            "Her 12 open deals go to her manager, Ben Okafor.",
        ],
        confirm="Remove Dee",
        danger=True,
    ).open_overlay()


def _sheet(window: QWidget) -> None:
    sheet = SideSheet(window, "Ada Brandt", text="Head of purchasing at Zumgoity")
    for label, value in (
        ("Mail", "ada@zumgoity.example"),
        ("Mobile", "+46 70 123 45 67"),
        ("Owner", "Ben Okafor"),
    ):
        sheet.add(PropertyRow(label, value))
    sheet.body.addStretch(1)
    sheet.add_button("Close")
    sheet.add_button("Open", primary=True)
    sheet.open_overlay()


def _palette(window: QWidget) -> None:
    if isinstance(window, Shell):
        window.open_palette()


OVERLAYS = {"modal": _modal, "confirm": _confirm, "sheet": _sheet, "palette": _palette}


def _window(size: tuple[int, int]) -> Shell:
    window = Shell(workspace="Northwind", person="Ann Vogel")
    window.resize(*size)
    for key in window.sidebar.page_keys():
        window.add_page(key, table() if key == "deals" else Label(key))
    window.show_page("deals")
    window.sidebar.set_count("deals", "8,800")
    window.sidebar.set_count("companies", "85")
    window.set_sync_state(SyncState.OK, "Synced just now")
    window.set_commands(
        lambda: [Command("New deal", lambda: None, "plus", "Create", keys="Ctrl+N")],
        lambda text: [Command("Ada Brandt", lambda: None, "person", "People", "Zumgoity")],
    )
    return window


def _settle(app: QApplication) -> None:
    for _ in range(4):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def render(folder: Path, only: str = "") -> list[Path]:
    """Writes the pictures whose name contains `only`; returns their paths."""
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    theme().set_motion(False)
    for mode in (Mode.LIGHT, Mode.DARK):
        theme().install(app, mode)
        for size in SIZES:
            for name, make in {**PAGES, "shell": None, **OVERLAYS}.items():
                path = folder / f"{name}-{mode}-{size[0]}.png"
                if only and only not in path.name:
                    continue
                if name in PAGES and make is not None:
                    window: QWidget = Shell(workspace="Northwind", person="Ann Vogel")
                    window.resize(*size)
                    assert isinstance(window, Shell)
                    window.add_page("page", PAGES[name]())
                    window.show_page("page")
                    window.set_title(name.capitalize())
                    window.set_sync_state(SyncState.ERROR, "Not synced since 10:12")
                else:
                    window = _window(size)
                window.show()
                window.activateWindow()
                _settle(app)
                if name in OVERLAYS:
                    OVERLAYS[name](window)
                elif name == "shell":
                    window.toasts.show_toast("Deal saved", action="Undo", seconds=0)
                    window.toasts.show_toast(
                        "Ben wrote €11,000 while you were typing. Yours is kept beside it.",
                        severity="warning",
                        seconds=0,
                    )
                    window.topbar.search.setFocus()
                _settle(app)
                window.grab().save(str(path))
                written.append(path)
                window.close()
                window.deleteLater()
                _settle(app)
    return written


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/gallery"))
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    args = parser.parse_args()
    for path in render(args.folder, args.only):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
