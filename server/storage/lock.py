"""One server process a folder: an advisory lock on `DIR/lock`, gone with the process whatever ends it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from server.errors import FolderBusy


def lock_folder(folder: Path) -> IO[bytes]:
    """Take the folder; keep what is returned open for as long as it is wanted. Raises FolderBusy."""
    handle = (folder / "lock").open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise FolderBusy("another server uses this folder") from None
    return handle
