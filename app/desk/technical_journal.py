"""What this program did lately, in stable words: for a diagnostics bundle, and for nothing else.

Structure only: event, class of an error, its code where it is ours, line numbers of our own files. Never the text
of an error, which may hold what somebody typed; never an argument, a name, an id. Kept in memory while a desk is open.
"""

from __future__ import annotations

import re
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import PurePath

from app.crm.errors import CrmError
from app.desk.errors import DeskError
from protocol.errors import ProtocolError
from sync_client import SyncError, SyncState
from vault.errors import VaultError

MOST_LINES = 300
MOST_FRAMES = 12

_OURS = (VaultError, SyncError, DeskError, ProtocolError, CrmError)
_WORD = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PACKAGES = ("app", "vault", "sync_client", "protocol", "server")


class TechnicalJournal:
    """Threads: any."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._lock = threading.Lock()
        self._state = ""

    def note(self, event: str, *figures: int, code: str = "") -> None:
        """One line. `event` and `code` are stable words; raises ValueError for anything else."""
        for word in filter(None, (event, code)):
            if not _WORD.fullmatch(word):
                raise ValueError("a technical journal holds stable words only")
        self._put(" ".join([event, *map(str, figures), code]).rstrip())

    def state(self, state: SyncState) -> None:
        """Synchronising went on to another state."""
        line = f"sync {state.phase.value}"
        if state.error is not None:
            line += f" {error_words(state.error)}"
        if line != self._state:
            self._state = line
            self._put(line)

    def error(self, where: str, error: BaseException) -> None:
        """An error, without its text; for a defect, the lines of our own files that it came through."""
        if not _WORD.fullmatch(where):
            raise ValueError("a technical journal holds stable words only")
        self._put(f"{where} {error_words(error)}")
        if not isinstance(error, _OURS):
            for frame in frames_of(error):
                self._put(f"  {frame}")

    def lines(self) -> list[str]:
        """The oldest first."""
        with self._lock:
            return list(self._lines)

    def _put(self, line: str) -> None:
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock()))
        with self._lock:
            self._lines.append(f"{when} {line}")


def error_words(error: BaseException) -> str:
    """The error's class, and its code where the error is ours and the code is a stable word."""
    name = type(error).__name__ if type(error).__name__.isidentifier() else "Error"
    code = getattr(error, "code", "") if isinstance(error, _OURS) else ""
    return f"{name} {code}" if isinstance(code, str) and _WORD.fullmatch(code) else name


def frames_of(error: BaseException) -> list[str]:
    """ "vault/store/edit.py:120", of our own files, the innermost last."""
    found = []
    for frame in traceback.extract_tb(error.__traceback__):
        parts = PurePath(frame.filename).parts
        starts = [n for n, part in enumerate(parts) if part in _PACKAGES]
        if starts and parts[-1].endswith(".py"):
            found.append(f"{'/'.join(parts[starts[-1] :])}:{frame.lineno}")
    return found[-MOST_FRAMES:]


__all__ = ["TechnicalJournal", "error_words", "frames_of"]
