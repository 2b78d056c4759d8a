"""Fixtures for pages: a real office on a real server, contexts of its desks, a window to lay things over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from tests.support.real_desks import Office
from tests.support.record_pages import let_lanes_end


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    QThreadPool.globalInstance().waitForDone()
    let_lanes_end()
    made.close()


@pytest.fixture
def context_of(qtbot: QtBot, qapp: QApplication, office: Office) -> Iterator[Callable[[Desk], Context]]:
    made: list[Context] = []

    def make(desk: Desk) -> Context:
        made.append(Context(desk))
        return made[-1]

    yield make
    for context in made:
        context.close()
    let_lanes_end()
    qapp.processEvents()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Something for overlays to lie over."""
    host = QWidget()
    host.resize(1280, 800)
    qtbot.addWidget(host)
    host.show()
    return host
