"""Layout helpers of the gallery."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.widgets import (
    Card,
    ScrollPage,
    TextField,
)


def bar(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return holder


def off(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def error(field: TextField, text: str) -> TextField:
    field.set_error(text)
    return field


def columns(*lists: list[QWidget]) -> QWidget:
    page = ScrollPage()
    holder = QWidget()
    grid = QHBoxLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(16)
    for widgets in lists:
        line = QVBoxLayout()
        line.setSpacing(16)
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(1)
        grid.addLayout(line, 1)
    page.body.addWidget(holder)
    return page


def card(title: str, *widgets: QWidget, subtitle: str = "") -> Card:
    card = Card(title, subtitle=subtitle)
    for widget in widgets:
        card.add(widget)
    return card
