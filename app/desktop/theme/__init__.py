"""The look of the window: tokens, palette, stylesheet, icons, faces.

``theme().install(app, Mode.SYSTEM)`` once at start; ``colors()`` at paint time; ``theme().changed`` for the rest.
"""

from app.desktop.theme.fonts import mono_font, ui_font
from app.desktop.theme.icons import UnknownIcon, icon, icon_names, icon_pixmap
from app.desktop.theme.manager import Mode, Theme, colors, theme
from app.desktop.theme.resources import resource_path
from app.desktop.theme.tokens import (
    CONTRAST_PAIRS,
    DARK,
    LIGHT,
    TYPE,
    Colors,
    Hue,
    Radius,
    Size,
    Space,
    contrast,
    hue_index,
)

__all__ = [
    "CONTRAST_PAIRS",
    "DARK",
    "LIGHT",
    "TYPE",
    "Colors",
    "Hue",
    "Mode",
    "Radius",
    "Size",
    "Space",
    "Theme",
    "UnknownIcon",
    "colors",
    "contrast",
    "hue_index",
    "icon",
    "icon_names",
    "icon_pixmap",
    "mono_font",
    "resource_path",
    "theme",
    "ui_font",
]
