"""One process per profile: a lock on a file, which the system gives back when the process dies, however it
dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vault.profile.disk import FILE_MODE
from vault.profile.errors import ProfileBusy

if sys.platform == "win32":
    import msvcrt

    def _acquire(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class ProcessLock:
    """Held from `acquire` to `release`. The file stays: removing it would let two processes lock two files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def acquire(self) -> None:
        """Raises ProfileBusy at once where another process (or another lock of this one) holds it."""
        if self._descriptor is not None:
            raise ProfileBusy("this lock is held already")
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            _acquire(descriptor)
        except OSError:
            os.close(descriptor)
            raise ProfileBusy("another process holds the lock") from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it back; nothing happens where it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            try:
                _release(descriptor)
            finally:
                os.close(descriptor)
