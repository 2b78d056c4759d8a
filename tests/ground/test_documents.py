"""What the documents name is there: tests, files, links, decisions, commands.

Whether a sentence is true a test cannot say; that it speaks of something which exists, it can.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.program import build_parser

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "protocol" / "SPEC.md",
        *(ROOT / "packaging").rglob("*.md"),
        *(ROOT / "tests").rglob("*.md"),
    ]
)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PACKAGES = (
    "app",
    "docs",
    "packaging",
    "protocol",
    "resources",
    "server",
    "sync_client",
    "tests",
    "tools",
    "vault",
)
A_PATH = re.compile(rf"(?:{'|'.join(PACKAGES)})/[\w./*-]*")


def _name(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def _prose(document: Path) -> str:
    """The text without what stands in fences: commands, settings of other programs."""
    return FENCED.sub("", document.read_text(encoding="utf-8"))


def _tests_there() -> dict[str, set[str]]:
    """Names of test functions and test files, and the folders below tests/ in which each stands."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("*.py"):
        folder = path.parent.relative_to(ROOT / "tests").as_posix()
        names = re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for name in (*names, path.name):
            found.setdefault(name, set()).add(folder)
    return found


TESTS_THERE = _tests_there()


def _cited(text: str) -> Iterator[tuple[str, str]]:
    """Folder below tests/ ("" where none is named) and name of each test that a text cites."""
    folder = ""
    for match in re.finditer(
        r"(?P<end>\||;)|(?P<folder>[\w/]+): (?=`test_)|`(?P<name>test_\w+(?:\.py)?)`", text
    ):
        if match["end"] == "|":
            folder = ""
        elif match["folder"]:
            folder = match["folder"]
        elif match["name"]:
            yield folder, match["name"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_tests_that_are_cited_exist(document: Path) -> None:
    missing = []
    for line in _prose(document).splitlines():
        for folder, name in _cited(line):
            places = TESTS_THERE.get(name, set())
            if not any(place == folder or place.startswith(folder + "/") or not folder for place in places):
                missing.append(f"{folder or 'anywhere'}: {name}")
    assert missing == []


def test_a_test_that_is_nowhere_is_found() -> None:
    row = "| a promise | K | how | hostile: `test_no_such_thing`, `test_too.py`; vault/keys: `test_b` |"
    assert list(_cited(row)) == [
        ("hostile", "test_no_such_thing"),
        ("hostile", "test_too.py"),
        ("vault/keys", "test_b"),
    ]
    assert "test_no_such_thing" not in TESTS_THERE


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(document: Path) -> None:
    astray = []
    for target in LINK.findall(_prose(document)):
        if "://" in target or target.startswith(("mailto:", "#")):
            continue
        if not (document.parent / target.split("#")[0]).exists():
            astray.append(target)
    assert astray == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_paths_that_are_named_exist(document: Path) -> None:
    missing = []
    for quoted in QUOTED.findall(_prose(document)):
        for path in quoted.split():
            if A_PATH.fullmatch(path) and not _is_there(path):
                missing.append(path)
    assert missing == []


def _is_there(path: str) -> bool:
    if "*" in path:
        return any(ROOT.glob(path))
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


def test_each_decision_has_a_number_of_its_own_and_is_listed() -> None:
    notes = sorted(path.name for path in DECISIONS.glob("0*.md"))
    numbers = Counter(name[:4] for name in notes)
    assert [number for number, times in numbers.items() if times > 1] == []
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((\S+)\) \|$",
        (DECISIONS / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert [(int(number), name) for number, _, name in listed] == [(int(name[:4]), name) for name in notes]
    for number, title, name in listed:
        heading = (DECISIONS / name).read_text(encoding="utf-8").splitlines()[0]
        assert heading == f"# {number}. {title}", name


def test_decisions_that_are_cited_exist() -> None:
    there = {int(path.name[:4]) for path in DECISIONS.glob("0*.md")}
    for document in DOCUMENTS:
        cited = {int(number) for number in re.findall(r"\bdecision (\d+)", _prose(document))}
        assert cited <= there, _name(document)


def _commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Each command as it is typed, `team invite` and the like."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield before
    for action in inner:
        for name, below in action.choices.items():
            yield from _commands(below, f"{before} {name}".strip())


def _options(parser: argparse.ArgumentParser) -> set[str]:
    """Every long option of every command."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(option for option in action.option_strings if option.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                found |= _options(below)
    return found


def _documented() -> set[str]:
    """The commands in the first columns of the tables of docs/cli.md."""
    there = set(_commands(build_parser()))
    found = set()
    for line in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `") or line.startswith("| `--"):
            continue
        for quoted in QUOTED.findall(line[1:].split(" | ")[0]):
            words = quoted.split()
            if words[0].isupper():  # other arguments of the same command
                continue
            names = [" ".join(words[:count]) for count in (3, 2, 1)]
            found.add(next((name for name in names if name in there), quoted))
    return found


def test_every_command_is_documented_and_there() -> None:
    there = set(_commands(build_parser()))
    assert sorted(_documented() - there) == []
    assert sorted(there - _documented()) == []


def test_every_option_of_the_command_line_that_is_documented_is_there() -> None:
    named = set(
        re.findall(r"(?<![\w-])--[a-z][a-z-]*", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"))
    )
    assert sorted(named - _options(build_parser())) == []
