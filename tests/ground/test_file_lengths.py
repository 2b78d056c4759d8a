"""No file over 400 lines without a reason that its docstring gives."""

from __future__ import annotations

from pathlib import Path

from tools.lengths import MOST_LINES, python_files, too_long


def test_no_file_is_too_long() -> None:
    assert too_long(python_files()) == []


def test_a_long_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text('"""A file."""\n' + "x = 1\n" * MOST_LINES, encoding="utf-8")
    assert len(too_long([Path("long.py")], tmp_path)) == 1


def test_a_file_of_just_the_length_passes(tmp_path: Path) -> None:
    (tmp_path / "full.py").write_text("x = 1\n" * MOST_LINES, encoding="utf-8")
    assert too_long([Path("full.py")], tmp_path) == []


def test_a_reason_in_the_docstring_counts(tmp_path: Path) -> None:
    text = '"""A table.\n\nLength: one table, read as a whole.\n"""\n' + "x = 1\n" * MOST_LINES
    (tmp_path / "table.py").write_text(text, encoding="utf-8")
    assert too_long([Path("table.py")], tmp_path) == []


def test_a_reason_outside_the_docstring_does_not(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("# Length: because\n" + "x = 1\n" * MOST_LINES, encoding="utf-8")
    assert len(too_long([Path("long.py")], tmp_path)) == 1
