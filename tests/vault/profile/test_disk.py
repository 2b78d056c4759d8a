"""Private files, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vault.profile import disk

POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def test_write_and_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"one", b"", b"x" * 1_000):
        disk.write_atomically(path, data)
        assert disk.read_small(path, 1_000) == data
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@POSIX
def test_modes_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        disk.make_private_folder(tmp_path / "a" / "b")
        disk.write_atomically(tmp_path / "a" / "b" / "file", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b" / "file").stat().st_mode) == 0o600


@pytest.mark.A42
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    disk.write_atomically(path, b"old")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if step == "fsync" else Path, step, fails)
        with pytest.raises(OSError, match="space"):
            disk.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_flushed_before_it_is_renamed_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    disk.write_atomically(tmp_path / "file", b"x")
    assert order == (["file", "rename", "folder"] if disk.POSIX else ["file", "rename"])


def test_too_large_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    with pytest.raises(ValueError, match="large"):
        disk.read_small(tmp_path / "file", 4)
    with pytest.raises(FileNotFoundError):
        disk.read_small(tmp_path / "none", 4)
    with pytest.raises((ValueError, OSError)):
        disk.read_small(tmp_path, 4)


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_private(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    path.chmod(mode)
    assert disk.is_private(path)


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o644, 0o666, 0o700])
def test_not_private(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    path.chmod(mode)
    assert not disk.is_private(path)
