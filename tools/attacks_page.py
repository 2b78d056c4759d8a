"""The page of attacks (`docs/attacks.md`) and the tests that carry their marks: its last column follows the tests.

    python -m tools.attacks_page            say where the page and the tests differ
    python -m tools.attacks_page --mend     write the last column anew

A test plays row A07 by carrying the mark `pytest.mark.A07`, by itself or with its whole module.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.console import ROOT, say

PAGE = ROOT / "docs" / "attacks.md"
TESTS = ROOT / "tests"
_ROW = re.compile(r"^\| (A\d\d) \| (.*) \| (.*) \| (.*) \|$")
_MARK = re.compile(r"pytest\.mark\.(A\d\d)\b")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page, its cells as they stand there."""

    id: str
    attack: str
    holds: str
    tests: str


def rows(page: Path = PAGE) -> list[Row]:
    return [
        Row(*found.groups()) for line in page.read_text("utf-8").splitlines() if (found := _ROW.match(line))
    ]


def marked(tests: Path = TESTS) -> dict[str, list[Path]]:
    """The test files of each id, relative to `tests`, in order."""
    found: dict[str, set[Path]] = defaultdict(set)
    for path in tests.rglob("test_*.py"):
        for one in _marks(ast.parse(path.read_text("utf-8"))):
            found[one].add(path.relative_to(tests))
    return {one: sorted(paths) for one, paths in sorted(found.items())}


def _marks(module: ast.Module) -> Iterator[str]:
    """Marks of the module and of its functions; a word in a text is no mark."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield from _MARK.findall(ast.unparse(node))


def cell(paths: Iterable[Path]) -> str:
    """The last column: folders, and the names of the files in them without `test_`."""
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        by_folder[path.parent.as_posix()].append(path.stem.removeprefix("test_"))
    return "; ".join(f"{folder}: {', '.join(sorted(names))}" for folder, names in sorted(by_folder.items()))


def mended(text: str, tests: Mapping[str, Iterable[Path]]) -> str:
    """The page with its last column as the tests have it."""
    lines = []
    for line in text.splitlines():
        found = _ROW.match(line)
        if found:
            one, attack, holds, _ = found.groups()
            line = f"| {one} | {attack} | {holds} | {cell(tests.get(one, [])) or '–'} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    before = PAGE.read_text("utf-8")
    after = mended(before, marked())
    if before == after:
        return 0
    if "--mend" in arguments:
        PAGE.write_text(after, "utf-8")
        return 0
    old = set(before.splitlines())
    for line in after.splitlines():
        if line not in old:
            say(line)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
