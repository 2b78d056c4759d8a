"""Buttons: `Button` in five kinds, `IconButton`. Icons are given by name and follow the theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.desktop.theme import colors, icon, theme
from app.desktop.widgets.base import restyle

Kind = Literal["primary", "secondary", "quiet", "danger", "danger-quiet", "icon", "link"]


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Button(QPushButton):
    """A push button with words.

    kind: ``primary`` (one per view), ``secondary``, ``quiet``, ``danger``, ``danger-quiet``, ``link``.
    `on_click` is connected to ``clicked`` without the checked flag.
    """

    def __init__(
        self,
        text: str = "",
        *,
        kind: Kind = "secondary",
        icon_name: str | None = None,
        compact: bool = False,
        on_click: Callable[[], object] | None = None,
        shortcut: str = "",
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._kind: Kind = kind
        self._icon_name = icon_name
        self._icon_size = 14 if compact else 16
        self.setProperty("kind", kind)
        self.setProperty("compact", compact)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
        self.setAutoDefault(False)
        if text:
            self.setAccessibleName(text)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        if shortcut:
            self.setShortcut(QKeySequence(shortcut))
        if tooltip:
            native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            self.setToolTip(f"{tooltip}  {native}" if shortcut else tooltip)
        theme().changed.connect(self._tint)
        self._tint()

    def set_text(self, text: str) -> None:
        """New words, for eye and ear."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def set_kind(self, kind: Kind) -> None:
        """Another look."""
        self._kind = kind
        restyle(self, kind=kind)
        self._tint()

    def set_icon(self, name: str | None) -> None:
        """Another icon, or none."""
        self._icon_name = name
        self._tint()

    def icon_name(self) -> str | None:
        """The icon's name."""
        return self._icon_name

    def _tint(self) -> None:
        self.setIconSize(QSize(self._icon_size, self._icon_size))
        if self._icon_name is None:
            self.setIcon(QIcon())
            return
        c = colors()
        tint = {
            "primary": c.on_accent,
            "danger": c.on_accent,
            "secondary": c.text_muted,
            "danger-quiet": c.danger_text,
            "link": c.accent_text,
        }.get(self._kind, c.text if self.underMouse() and self.isEnabled() else c.text_muted)
        if self.isCheckable() and self.isChecked():
            tint = c.accent_text
        gap = 4 if self.text() else 0  # Qt puts 4 px between icon and words; we want 8
        self.setIconSize(QSize(self._icon_size + gap, self._icon_size))
        self.setIcon(icon(self._icon_name, tint, self._icon_size, disabled=c.text_disabled, gap=gap))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave) and self._kind in (
            "quiet",
            "icon",
        ):
            self._tint()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt leaves Enter to a dialog's default button, which may be another than the one with the focus
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        super().nextCheckState()
        self._tint()


class IconButton(Button):
    """A square button with an icon only; `name` is what screen readers say and the tooltip shows.

    size: ``normal`` 32 px, ``compact`` 28 px, ``tiny`` 24 px.
    """

    def __init__(
        self,
        icon_name: str,
        name: str,
        *,
        size: Literal["normal", "compact", "tiny"] = "normal",
        on_click: Callable[[], object] | None = None,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "",
            kind="icon",
            icon_name=icon_name,
            compact=size != "normal",
            on_click=on_click,
            shortcut=shortcut,
            tooltip=name,
            parent=parent,
        )
        self.setAccessibleName(name)
        if size == "tiny":
            self.setProperty("tiny", True)
        elif size == "compact":
            self._icon_size = 16
            self._tint()
