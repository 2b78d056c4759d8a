"""Nothing in the repository names one machine or one package index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.traces import INDEX_HOSTS, INDEX_OPTIONS, MACHINE_PATHS, machine_words, traces, traces_in


def test_no_traces_of_a_machine() -> None:
    assert traces() == []


@pytest.mark.parametrize("word", [*MACHINE_PATHS, *INDEX_HOSTS, *INDEX_OPTIONS])
def test_each_trace_is_found(word: str, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(f"see {word} for more", encoding="utf-8")
    assert traces([Path("note.md")], tmp_path) == [f"note.md: {word}"]


def test_this_tree_is_a_trace() -> None:
    assert str(Path(__file__).resolve().parents[2]) in machine_words()


def test_a_path_within_a_path_is_none() -> None:
    assert traces_in("share" + MACHINE_PATHS[0], MACHINE_PATHS) == []


def test_pictures_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\xff\xfe" + MACHINE_PATHS[0].encode())
    assert traces([Path("a.png")], tmp_path) == []
