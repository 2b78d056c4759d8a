"""Cycles that hold widgets are collected on the thread that paints."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.garbage import Garbage, collect_if_due


class Cyclic(QWidget):
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[Garbage]:
    owner = QObject()
    yield Garbage(owner)
    gc.enable()


def test_no_other_thread_collects(garbage: Garbage) -> None:
    assert not gc.isenabled()
    ended_on: list[int] = []
    made = Cyclic()
    weakref.finalize(made, lambda: ended_on.append(threading.get_ident()))
    del made
    allocating = threading.Thread(target=lambda: [[[]] for _ in range(200_000)])
    allocating.start()
    allocating.join()
    assert ended_on == []
    gc.collect()
    assert ended_on == [threading.get_ident()]


def test_what_is_over_its_threshold_is_collected(garbage: Garbage) -> None:
    kept: list[list[int]] = [[] for _ in range(gc.get_threshold()[0] + 100)]
    assert gc.get_count()[0] > gc.get_threshold()[0]
    collect_if_due()
    assert gc.get_count()[0] <= gc.get_threshold()[0]
    assert kept
