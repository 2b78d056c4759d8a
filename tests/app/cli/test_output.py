"""What is printed: aligned, harmless to a terminal, one JSON object."""

from __future__ import annotations

import io
import json

import pytest

from app.cli.errors import Explained
from app.cli.exit_codes import Exit
from app.cli.output import Output, pairs, printable, table, width_of


def test_columns_are_aligned_whatever_the_script() -> None:
    text = table(
        ("name", "amount"), [("Müller", "5"), ("東京", "1 200"), ("e\u0301te\u0301", "7")], right=("amount",)
    )
    lines = text.splitlines()
    assert len({width_of(line) for line in lines}) == 1
    assert lines[2].endswith("1 200")


def test_an_empty_table_says_so() -> None:
    assert table(("name",), []) == "nothing"


@pytest.mark.parametrize(
    "text", ["\x1b[2J\x1b]0;owned\x07", "\x9b31m", "a\u202eb", "a\u2066b", "\x00", "a\ud800"]
)
def test_records_cannot_steer_the_terminal(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert "\x1b" not in shown
    assert printable(table(("name",), [(text,)]).splitlines()[1]).isprintable()
    assert all(line.isprintable() for line in pairs([("name", text)]).splitlines())


def test_line_ends_become_spaces() -> None:
    assert printable("one\ntwo\tthree") == "one two three"


def test_several_lines_stay_below_each_other() -> None:
    assert pairs([("notes", "one\ntwo"), ("id", "7")]) == "notes  one\n       two\nid     7"


def test_json_is_one_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    out = Output(as_json=True)
    out.say("nothing of this")
    out.progress("nor of this")
    out.result({"name": "Zoë\n\x1b[2J"}, "text for people")
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    assert "\x1b" not in printed.out
    assert json.loads(printed.out) == {"name": "Zoë\n\x1b[2J"}


def test_an_error_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True).error(Explained(Exit.USAGE, "usage-error", "Not understood", "What?"))
    assert json.loads(capsys.readouterr().err) == {
        "error": {"code": "usage-error", "title": "Not understood", "message": "What?"}
    }


def test_an_error_for_people_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Output().error(Explained(Exit.USAGE, "usage-error", "Not understood", "What?"))
    assert capsys.readouterr().err == "Not understood: What?\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_written_over_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    out = Output()
    out.progress("pull: 1,000")
    out.progress("pull: 2,000")
    out.say("done")
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().endswith("\r" + " " * 11 + "\rdone\n")


def test_progress_elsewhere_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    out = Output()
    for second in (100.5, 103.0, 103.5, 106.0):
        now[0] = second
        out.progress(f"at {second}")
    assert capsys.readouterr().err == "at 103.0\nat 106.0\n"


def test_long_cells_are_cut_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 500
    assert long in table(("name", "a", "b"), [(long, "1", "2")])
    monkeypatch.setattr("sys.stdout", Terminal())
    assert "…" in table(("name", "a", "b"), [(long, "1", "2")])
