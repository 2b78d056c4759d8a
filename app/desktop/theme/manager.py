"""The theme in force: light, dark, or as the system says; switched live.

`QStyleHints.setColorScheme` does nothing offscreen and on a bare X server, so the palette and the stylesheet are
our own and set on the application.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.desktop.theme.fonts import load_fonts, ui_font
from app.desktop.theme.palette import build_palette
from app.desktop.theme.stylesheet import build_stylesheet
from app.desktop.theme.tokens import DARK, LIGHT, Colors


class Mode(StrEnum):
    """What the user chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The one theme object; reach it through `theme()`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._app: QApplication | None = None
        self._mode = Mode.SYSTEM
        self._colors = LIGHT
        self._motion = True

    @property
    def colors(self) -> Colors:
        """The colours in force; ask at paint time, do not keep."""
        return self._colors

    @property
    def mode(self) -> Mode:
        """The user's choice."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self._colors is DARK

    @property
    def motion(self) -> bool:
        """Whether panels may slide; tests and screenshots switch it off."""
        return self._motion

    def set_motion(self, on: bool) -> None:
        """Switches animations on or off."""
        self._motion = on

    def install(self, app: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        """Takes over the look of `app`: Fusion, faces, palette, stylesheet, focus ring. Repeatable."""
        fresh = self._app is not app
        if fresh:
            self._app = app
            load_fonts()
            app.setStyle(QStyleFactory.create("Fusion"))
            app.setFont(ui_font())
            app.setEffectEnabled(Qt.UIEffect.UI_AnimateCombo, False)
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._mode = mode
        if fresh or self._wanted() is not self._colors:  # styling everything anew is dear
            self._apply(self._wanted())

    def set_mode(self, mode: Mode) -> None:
        """Switches; everything on screen follows at once."""
        self._mode = mode
        if self._wanted() is not self._colors:
            self._apply(self._wanted())

    def toggle(self) -> Mode:
        """From light to dark or back; returns the new choice."""
        self.set_mode(Mode.LIGHT if self.is_dark else Mode.DARK)
        return self._mode

    def _wanted(self) -> Colors:
        if self._mode is Mode.SYSTEM and self._app is not None:
            scheme = self._app.styleHints().colorScheme()
            return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is Mode.DARK else LIGHT

    def _system_changed(self) -> None:
        if self._mode is Mode.SYSTEM:
            self.set_mode(Mode.SYSTEM)

    def _apply(self, colors: Colors) -> None:
        self._colors = colors
        if self._app is None:
            return
        self._app.setPalette(build_palette(colors))
        self._app.setStyleSheet(build_stylesheet(colors))
        self.changed.emit()


_theme: Theme | None = None


def theme() -> Theme:
    """The theme of this process."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def colors() -> Colors:
    """Shorthand for ``theme().colors``."""
    return theme().colors
