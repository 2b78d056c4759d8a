"""Background work: outcome on the GUI thread, cancel, progress, dead owners."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.desktop.background import Cancelled, Progress, Step, run


def never(_: object) -> None:
    pytest.fail("must not be called")


def test_result_arrives_on_the_gui_thread(qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[tuple[object, bool]] = []
    gui = QThread.currentThread()

    def task(_: Progress) -> int:
        seen.append(("task", QThread.currentThread() is gui))
        return 42

    handle = run(
        task, done=lambda n: seen.append((n, QThread.currentThread() is gui)), failed=never, owner=owner
    )
    qtbot.waitUntil(lambda: not handle.active)
    assert seen == [("task", False), (42, True)]


def test_failure_arrives_with_its_exception(qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[Exception] = []

    def task(_: Progress) -> None:
        raise ValueError("bad row")

    handle = run(task, done=never, failed=seen.append, owner=owner)
    qtbot.waitUntil(lambda: not handle.active)
    assert [str(problem) for problem in seen] == ["bad row"]


def test_progress_is_delivered_and_the_last_step_wins(qtbot: QtBot) -> None:
    owner, gate = QObject(), threading.Event()
    steps: list[Step] = []

    def task(progress: Progress) -> None:
        for n in range(1000):
            progress(n + 1, 1000, "rows")
        gate.wait(5)

    handle = run(task, done=lambda _: None, failed=never, owner=owner)
    handle.progressed.connect(steps.append)
    qtbot.waitUntil(lambda: bool(steps) and steps[-1] == Step(1000, 1000, "rows"))
    assert len(steps) < 1000
    gate.set()
    qtbot.waitUntil(lambda: not handle.active)


def test_cancel_stops_the_task_and_delivers_nothing(qtbot: QtBot) -> None:
    owner, started, ended = QObject(), threading.Event(), threading.Event()

    def task(progress: Progress) -> None:
        started.set()
        try:
            while True:
                progress(1)
        except Cancelled:
            ended.set()
            raise

    handle = run(task, done=never, failed=never, owner=owner)
    assert started.wait(5)
    with qtbot.waitSignal(handle.finished):
        handle.cancel()
    assert ended.is_set() and not handle.active


def test_a_dead_owner_is_never_called(qtbot: QtBot) -> None:
    owner, gate = QObject(), threading.Event()
    handle = run(lambda _: gate.wait(5), done=never, failed=never, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: not handle.active)
    assert handle.cancelled


def test_only_the_gui_thread_may_start_work(qtbot: QtBot) -> None:
    owner = QObject()
    problems: list[Exception] = []

    def task(_: Progress) -> None:
        run(lambda _: None, done=never, failed=never, owner=owner)

    handle = run(task, done=never, failed=problems.append, owner=owner)
    qtbot.waitUntil(lambda: not handle.active)
    assert isinstance(problems[0], RuntimeError)
