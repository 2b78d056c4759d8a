"""What `dev.py run` plays where there is no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _number(name: str) -> int:
    return int(name.split("-", 1)[0])


@pytest.mark.slow
def test_the_story_plays_and_says_where_its_pictures_are(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.desktop.story", "--out", str(tmp_path / "pictures")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    pictures = sorted((path.name for path in (tmp_path / "pictures").iterdir()), key=_number)
    assert [name.split("-", 1)[1] for name in pictures] == [
        "first-start.png",
        "sample.png",
        "people.png",
        "companies.png",
        "deals.png",
        "record.png",
        "who-sees.png",
        "team.png",
        "access.png",
        "audit.png",
        "locked.png",
    ]
    assert str(tmp_path / "pictures") in done.stdout
