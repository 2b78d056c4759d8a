"""One view, in every theme and size, as small PNG files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMainWindow

from app.desktop.stage import picture, settle, wait
from app.desktop.theme import Mode, theme

SIZES = ((1280, 800), (1920, 1080))
MODES = (Mode.LIGHT, Mode.DARK)


class Camera:
    """`take` writes `<name>-<mode>-<width>.png` for every mode and size; `only`: parts of names, with commas."""

    def __init__(self, app: QApplication, folder: Path, only: str = "") -> None:
        self.app = app
        self._folder = folder
        self._only = only.split(",") if only else []
        self.written: list[Path] = []

    def wants(self, name: str) -> bool:
        return not self._only or any(one in name for one in self._only)

    def wait(self, condition: Callable[[], object], what: str) -> None:
        wait(self.app, condition, what)

    def take(self, window: QMainWindow, name: str) -> None:
        if not self.wants(name):
            return
        for mode in MODES:
            theme().set_mode(mode)
            for width, height in SIZES:
                window.resize(width, height)
                window.move(QPoint(0, 0))
                settle(self.app, 8)
                path = picture(window, self._folder / f"{name}-{mode}-{width}.png")
                shrink(path)
                self.written.append(path)
        theme().set_mode(Mode.LIGHT)
        window.resize(*SIZES[0])
        settle(self.app)


def shrink(path: Path) -> None:
    """The same pixels, packed as tightly as PNG can."""
    with Image.open(path) as image:
        pixels = image.convert("RGB")
    pixels.save(path, optimize=True, compress_level=9)
