"""Lines of a name and a value, as the cards of the settings have them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desktop.widgets import Label, row

LABEL_WIDTH = 168


def fact(name: str, value: str | QWidget) -> QHBoxLayout:
    """A muted name at the left, and a value (selectable where it is text)."""
    label = Label(name, tone="muted")
    label.setFixedWidth(LABEL_WIDTH)
    shown = Label(value, selectable=True, wrap=True) if isinstance(value, str) else value
    layout = row(label, shown, gap=12)
    layout.setStretch(1, 1)
    return layout
