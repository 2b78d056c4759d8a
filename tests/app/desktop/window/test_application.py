"""One instance for each profile; defects are told without what anybody typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.__main__ import main
from app.desktop.application import OneInstance, install_exception_hook, open_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path))


def test_the_second_instance_knocks_and_leaves(qtbot: QtBot, tmp_path: Path) -> None:
    first, second, other = OneInstance(None), OneInstance(None), OneInstance(tmp_path / "profile")
    assert first.claim()
    with qtbot.waitSignal(first.knocked):
        assert not second.claim()
    assert other.claim()


def test_a_defect_is_shown_without_its_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    shown: list[str] = []
    hook = install_exception_hook(shown.append)
    try:
        secret = "hunter2-canary"
        raise ValueError(secret)
    except ValueError as error:
        hook(type(error), error, error.__traceback__)
    assert len(shown) == 1
    assert "ValueError" in shown[0]
    assert "test_application.py" in shown[0]
    assert "canary" not in shown[0] + capsys.readouterr().err


def test_settings_lie_beside_the_profiles(tmp_path: Path) -> None:
    settings = open_settings()
    settings.setValue("theme", "dark")
    settings.sync()
    assert Path(settings.fileName()).parent == tmp_path


def test_help_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--profile" in capsys.readouterr().out
