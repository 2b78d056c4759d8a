"""Offscreen window tests: the theme installed once, no animations, garbage collected on this thread only."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from app.desktop.garbage import collect_if_due
from app.desktop.theme import Mode, Theme, theme


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[Theme]:
    """The light theme; put back after each test."""
    current = theme()
    current.set_motion(False)
    current.install(qapp, Mode.LIGHT)
    gc.disable()  # as the application does: other threads must not end widgets
    yield current
    current.set_mode(Mode.LIGHT)
    collect_if_due()
    gc.enable()
