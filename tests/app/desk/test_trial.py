"""Trials: filled by themselves, gone without a trace when stopped, at home again on another port."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from app.crm import SampleSize
from app.desk import unlock
from app.desk.trial import TryOut, is_trial, make_trial, start_server_of, trial_keychain
from vault.profile import list_profiles
from vault.store import Query

WANTED = TryOut("Alex Morgan", "any will do", size=SampleSize(3, 5, 8, 4, 3))


def quiet(text: str, done: int, total: int) -> None:
    """Shows nothing."""


def test_a_trial_is_filled_and_comes_back_on_another_port(tmp_path: Path, fast_kdf: None) -> None:
    folder = tmp_path / "profile"
    trial = make_trial(WANTED, None, quiet, folder)
    desk = trial.new.desk
    assert is_trial(folder)
    assert desk.records.count(Query("deal")) == 8
    assert desk.records.count(Query("pipeline")) == 1
    assert desk.sync_now()
    port = int(trial.server.origin.rpartition(":")[2])
    desk.lock()
    trial.server.stop()
    assert (folder / "trial.key").stat().st_mode & 0o777 == 0o600
    with socket.socket() as other:  # somebody else took the port meanwhile
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        server = start_server_of(folder)
    try:
        assert server.origin != f"http://127.0.0.1:{port}"
        again = unlock(folder, "any will do", trial_keychain(folder, None))
        assert again.profile.server == server.origin
        assert again.sync_now()
        again.lock()
    finally:
        server.stop()


def test_a_trial_that_is_stopped_leaves_nothing(tmp_path: Path, fast_kdf: None) -> None:
    class Stop(Exception):
        """Somebody pressed Cancel."""

    def stop_in_the_middle(text: str, done: int, total: int) -> None:
        if done:
            raise Stop

    folder = tmp_path / "profiles" / "one"
    folder.parent.mkdir()
    many = TryOut("Alex Morgan", "any will do", size=SampleSize(10, 20, 40, 10, 10))
    with pytest.raises(Stop):
        make_trial(many, None, stop_in_the_middle, folder)
    assert not folder.exists()
    assert list_profiles(folder.parent) == []
