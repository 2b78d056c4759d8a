"""The faces of the window: Inter and JetBrains Mono as shipped, else the system's own."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from app.desktop.theme.resources import resource_path
from app.desktop.theme.tokens import TYPE

UI_FAMILIES = [
    "Inter",
    "SF Pro Text",
    "Segoe UI Variable Text",
    "Segoe UI",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
]
MONO_FAMILIES = ["JetBrains Mono", "SF Mono", "Cascadia Mono", "Consolas", "DejaVu Sans Mono", "monospace"]


@cache
def load_fonts() -> tuple[str, ...]:
    """Makes the shipped faces known to Qt, once; returns the families that were loaded (none if not shipped)."""
    families: list[str] = []
    folder = resource_path("fonts")
    for path in sorted(folder.glob("*.[ot]tf")):
        ident = QFontDatabase.addApplicationFont(str(path))
        if ident >= 0:
            families += QFontDatabase.applicationFontFamilies(ident)
    return tuple(dict.fromkeys(families))


def ui_font(scale: str = "body", *, tabular: bool = False) -> QFont:
    """The interface face in one step of the type scale; `tabular` gives digits of one width, for columns."""
    style = TYPE[scale]
    font = QFont(UI_FAMILIES)
    font.setPixelSize(style.size)
    font.setWeight(QFont.Weight(style.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(size: int = 12) -> QFont:
    """The fixed-width face, `size` in px; ligatures off, since bytes and codes are read sign by sign."""
    font = QFont(MONO_FAMILIES)
    font.setPixelSize(size)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setFeature(QFont.Tag("calt"), 0)
    font.setFeature(QFont.Tag("liga"), 0)
    return font
