"""Files that only their owner reads, written whole or not at all.

On POSIX: folders 0700, files 0600. On Windows the folder lies in the user's own application data, whose
access list says the same; modes mean nothing there and are not checked.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

POSIX = os.name == "posix"
FOLDER_MODE = 0o700
FILE_MODE = 0o600
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends otherwise


def make_private_folder(path: Path) -> None:
    """Make the folder and what is missing above it; tighten it where it is wider than 0700."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if POSIX and stat.S_IMODE(path.stat().st_mode) != FOLDER_MODE:
        path.chmod(FOLDER_MODE)


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside, flush to the disk, rename over, flush the folder. A reader or a crash sees the old file
    or the new one, never a part. Raises OSError, and leaves nothing behind then."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make a rename or a new name last (POSIX; Windows has no such call and needs none)."""
    if not POSIX:
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_small(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes, not through a link. Raises OSError, ValueError."""
    flags = os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a regular file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("too large")
    return data


def is_private(path: Path) -> bool:
    """Whether the file is the user's own and nobody else may read or write it (always true where there are no
    modes)."""
    if not POSIX:
        return True
    state = path.lstat()
    return state.st_uid == os.geteuid() and not stat.S_IMODE(state.st_mode) & 0o177
