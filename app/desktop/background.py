"""The one way to do slow work: off the GUI thread, its outcome back on it.

    handle = run(lambda progress: store.import_file(path, progress), done=show, failed=complain, owner=page)

Rules
1. The task runs on a thread of the pool. It must not touch widgets, models attached to a view, pixmaps or anything
   else of the interface; it works on plain data and returns plain data.
2. ``done``, ``failed`` and ``progressed`` are called on the GUI thread, never after `owner` was destroyed and never
   after `Handle.cancel`.
3. Cancelling is asking: the task sees it at its next ``progress(...)`` or ``progress.check()``, which raise
   `Cancelled`; a task that asks neither runs to its end and its result is dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThread, QThreadPool, Signal, Slot

T = TypeVar("T")


class Cancelled(Exception):
    """Raised inside a task whose handle was cancelled; never reaches ``failed``."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a task is: `done` of `total` units (total 0 means unknown) and words for people."""

    done: int
    total: int
    text: str


class Progress:
    """Given to the task; may be called from its thread as often as it likes: the newest step wins."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        """Reports a step; raises `Cancelled` after a cancel."""
        self.check()
        self._handle._post_step(Step(done, total, text))

    def check(self) -> None:
        """Raises `Cancelled` if the task was cancelled."""
        if self._handle.cancelled:
            raise Cancelled

    @property
    def cancelled(self) -> bool:
        """For tasks that prefer to ask."""
        return self._handle.cancelled


class Handle(QObject):
    """A task under way, living on the GUI thread."""

    progressed = Signal(object)  # Step
    finished = Signal()  # after done or failed; also after a cancel, once the task has let go

    _outcome = Signal(object, object)  # result box, exception
    _stepped = Signal()

    def __init__(self, parent: QObject) -> None:
        # With a parent, the C++ part is never deleted by whichever thread drops the last Python reference.
        super().__init__(parent)
        self._cancel = threading.Event()
        self._lock = threading.Lock()
        self._step: Step | None = None
        self._active = True
        self._stepped.connect(self._deliver_step, Qt.ConnectionType.QueuedConnection)

    @property
    def active(self) -> bool:
        """Whether the task has not yet ended."""
        return self._active

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called (or the owner is gone)."""
        return self._cancel.is_set()

    @Slot()
    def cancel(self) -> None:
        """Asks the task to stop; neither ``done`` nor ``failed`` will be called."""
        self._cancel.set()

    def _post_step(self, step: Step) -> None:
        with self._lock:
            waiting = self._step is not None
            self._step = step
        if not waiting:  # one queued call at a time: a busy task cannot flood the event loop
            self._stepped.emit()

    @Slot()
    def _deliver_step(self) -> None:
        with self._lock:
            step, self._step = self._step, None
        if step is not None and not self.cancelled:
            self.progressed.emit(step)


@dataclass(frozen=True, slots=True)
class _Box(Generic[T]):
    """Carries a result through a signal without Qt looking at it."""

    value: T


class _Job(QRunnable, Generic[T]):
    def __init__(self, handle: Handle, task: Callable[[Progress], T]) -> None:
        super().__init__()
        self.setAutoDelete(True)
        self._handle = handle
        self._task = task

    def run(self) -> None:
        try:
            outcome: tuple[_Box[T] | None, Exception | None] = (
                _Box(self._task(Progress(self._handle))),
                None,
            )
        except Exception as problem:  # noqa: BLE001 - handed to `failed` on the GUI thread
            outcome = (None, problem)
        if shiboken6.isValid(self._handle):
            self._handle._outcome.emit(*outcome)


_running: set[Handle] = set()
"""Keeps handles alive while their task runs, whatever the caller does with them. GUI thread only."""


def run(
    task: Callable[[Progress], T],
    *,
    done: Callable[[T], None],
    failed: Callable[[Exception], None],
    owner: QObject,
    pool: QThreadPool | None = None,
) -> Handle:
    """Runs `task` on the pool and delivers its outcome to `done` or `failed` on the GUI thread.

    **Never touch widgets inside the task**; see the rules at the head of this module. Call from the GUI thread only
    (RuntimeError elsewhere). When `owner` is destroyed the task is cancelled and nothing is delivered. An exception
    raised inside `done` or `failed` is not caught here: it reaches the application's exception hook.
    """
    app = QCoreApplication.instance()
    if app is None or QThread.currentThread() is not app.thread():
        raise RuntimeError("background.run must be called on the GUI thread")
    handle = Handle(app)
    _running.add(handle)
    owner.destroyed.connect(handle.cancel)

    def deliver(box: _Box[T] | None, problem: Exception | None) -> None:
        _running.discard(handle)
        handle._active = False
        try:
            if not handle.cancelled and shiboken6.isValid(owner):
                if problem is not None:
                    failed(problem)
                elif box is not None:
                    done(box.value)
        finally:
            handle.finished.emit()
            handle.deleteLater()

    handle._outcome.connect(_Receiver(handle, deliver).take, Qt.ConnectionType.QueuedConnection)
    (pool or QThreadPool.globalInstance()).start(_Job(handle, task))
    return handle


class _Receiver(QObject):
    """A bound slot on the GUI thread: queued delivery needs a receiver that lives there."""

    def __init__(self, parent: Handle, deliver: Callable[..., None]) -> None:
        super().__init__(parent)
        self._deliver = deliver

    @Slot(object, object)
    def take(self, box: object, problem: object) -> None:
        self._deliver(box, problem)
