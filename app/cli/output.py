"""What is printed, and how: results on standard output, everything else on standard error.

With `--json` a result is one JSON object on one line, standard error has at most one more (the error), and nothing is
asked. Records come from other people: what could steer a terminal is made visible before it is printed.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from app.cli.errors import Explained

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

_MOST_WIDTH = 48
_EVERY_SECONDS = 2.0
_STEERING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    """Without control characters, escape sequences and direction marks; line ends become spaces."""
    if text.isprintable():
        return text
    return "".join(
        " "
        if character in "\n\t\r"
        else "\ufffd"
        if unicodedata.category(character) in _STEERING
        else character
        for character in text
    )


class Output:
    """One per run. `say` and `progress` are for people and silent with `--json` and `--quiet`."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self._silent = as_json or quiet
        self._shown = 0
        self._last = time.monotonic()

    def result(self, answer: Mapping[str, Json], text: str) -> None:
        """Print a result: the object with `--json`, else the text."""
        self._clear()
        if self.as_json:
            text = json.dumps(answer, ensure_ascii=not _takes_everything(sys.stdout))
        if text:
            print(text)

    def say(self, text: str) -> None:
        """A sentence beside the result."""
        if not self._silent:
            self._clear()
            print(text, file=sys.stderr)

    def progress(self, text: str) -> None:
        """One line that is written over on a terminal; elsewhere a line every two seconds."""
        if self._silent:
            return
        if sys.stderr.isatty():
            self._clear()
            sys.stderr.write(text)
            sys.stderr.flush()
            self._shown = width_of(text)
        elif time.monotonic() - self._last > _EVERY_SECONDS:
            print(text, file=sys.stderr)
            self._last = time.monotonic()

    def error(self, error: Explained) -> None:
        self._clear()
        if self.as_json:
            body = {"error": {"code": error.code, "title": error.title, "message": error.message}}
            print(json.dumps(body), file=sys.stderr)
        else:
            print(f"{error.title}: {error.message}", file=sys.stderr)

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            self._shown = 0


def _takes_everything(stream: TextIO) -> bool:
    """Whether any character may be written: not on a terminal (it could be steered), nor in a small encoding."""
    return not stream.isatty() and (stream.encoding or "").lower().replace("-", "") == "utf8"


def width_of(text: str) -> int:
    """Columns on a terminal."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> str:
    """Aligned columns; those named in `right` end at the right. Long cells are cut on a terminal only."""
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return "nothing"
    if sys.stdout.isatty():
        most = max(_MOST_WIDTH, shutil.get_terminal_size().columns // max(1, len(header)))
        cells = [[_cut(cell, most) for cell in row] for row in cells]
    lines = [list(header), *cells]
    widths = [max(width_of(line[place]) for line in lines) for place in range(len(header))]
    at_right = {place for place, name in enumerate(header) if name in right}
    return "\n".join(
        "  ".join(_padded(cell, widths[place], place in at_right) for place, cell in enumerate(line)).rstrip()
        for line in lines
    )


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values below each other; several lines stay several lines."""
    listed = list(rows)
    wide = max((width_of(name) for name, _ in listed), default=0)
    lines: list[str] = []
    for name, value in listed:
        first, *more = [printable(part) for part in value.splitlines()] or [""]
        lines.append(f"{_padded(name, wide, False)}  {first}".rstrip())
        lines += [f"{' ' * wide}  {part}" for part in more]
    return "\n".join(lines)


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def _cut(text: str, width: int) -> str:
    if width_of(text) <= width:
        return text
    while width_of(text) > width - 1:
        text = text[:-1]
    return text + "…"
