"""A file that passes 400 lines is asking what its second job is.

One may be longer where its docstring has a line that begins "Length:" and gives the reason, for instance a
table that reads best as a whole.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from tools.console import ROOT, tracked_files

MOST_LINES = 400
FOLDERS = ("app", "vault", "sync_client", "server", "protocol", "tools", "tests", "packaging")


def python_files() -> list[Path]:
    """Every tracked Python file of the project's own folders, and dev.py; relative to the root."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and (path.parts[0] in FOLDERS or path == Path("dev.py"))
    ]


def reason_of(source: str) -> str:
    """The reason that a module's docstring gives for its length; empty where it gives none."""
    docstring = ast.get_docstring(ast.parse(source)) or ""
    for line in docstring.splitlines():
        if line.strip().startswith("Length:"):
            return line.strip().removeprefix("Length:").strip()
    return ""


def too_long(paths: Iterable[Path], root: Path = ROOT) -> list[str]:
    """One line for each file that is longer than allowed and does not say why."""
    wrong = []
    for path in paths:
        source = (root / path).read_text(encoding="utf-8")
        lines = source.count("\n")
        if lines > MOST_LINES and not reason_of(source):
            wrong.append(f"{path}: {lines} lines, {MOST_LINES} at most (or a docstring line 'Length: why')")
    return wrong
