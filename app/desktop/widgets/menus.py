"""Menus in our look: rounded, with tinted icons; `Menu.add` instead of `addAction`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.desktop.theme import colors, icon


class Menu(QMenu):
    """A pop-up menu that deletes itself when closed. `show_below(button)` or ``popup(global_point)``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(
        self,
        text: str,
        on_click: Callable[[], object],
        *,
        icon_name: str | None = None,
        danger: bool = False,
        ticked: bool | None = None,
        enabled: bool = True,
        keys: str = "",
    ) -> QAction:
        """One entry; `ticked` True or False makes it one that is chosen or not; `keys` are shown, not bound."""
        c = colors()
        name = "check" if ticked else icon_name
        action = self.addAction(text.replace("&", "&&"))
        if keys:
            action.setText(
                f"{action.text()}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}"
            )
        if name is not None:
            tint = c.danger_text if danger else c.accent_text if ticked else c.text_muted
            action.setIcon(icon(name, tint, 16, disabled=c.text_disabled))
        action.setEnabled(enabled)
        action.triggered.connect(lambda: on_click())
        return action

    def show_below(self, widget: QWidget) -> None:
        """Opens at the lower left corner of `widget`."""
        height, window = self.sizeHint().height(), widget.window()
        below = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        above = widget.mapToGlobal(QPoint(0, -4 - height))
        leaves = below.y() + height > window.mapToGlobal(QPoint(0, window.height())).y()
        fits = above.y() >= window.mapToGlobal(QPoint(0, 0)).y()
        self.popup(above if leaves and fits else below)
