"""Ctrl+C: the first asks, the second stops; what was done until then stays."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from app.cli import Exit
from app.cli.output import Output
from app.cli.stopping import stoppable
from tests.app.cli.person import Person


def test_the_first_asks_and_the_second_stops() -> None:
    with pytest.raises(KeyboardInterrupt), stoppable() as stopping:
        assert not stopping()
        signal.raise_signal(signal.SIGINT)
        assert stopping()
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_import_stops_after_the_batch_in_hand(
    ann: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "companies.csv"
    rows = "".join(f"Stopped {number:05} Ltd,retail\n" for number in range(3_000))
    file.write_text(f"Company,Sector\n{rows}")
    pressed: list[str] = []

    def press(out: Output, text: str) -> None:
        if "record" in text and not pressed:
            pressed.append(text)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Output, "progress", press)
    ran = ann.ran("import", str(file), "--type", "company", "--on-match", "create", "--no-sync", "--json")
    assert ran.code == Exit.CANCELLED
    assert json.loads(ran.err)["error"]["code"] == "cancelled"
    made = ran.json["created"]
    assert 0 < made < 3_000
    assert ann.do("list", "companies", "--filter", "name^=stopped", "--limit", "1")["count"] == made
