"""A CSV file as rows: the dialect is recognised, the header found, and every row knows its line.

The delimiter is the one of `, ; tab |` under which the first lines fall into the same number of columns. A
first line `sep=;` (Excel's own) is obeyed. Quoting is RFC 4180 with lone quotes inside a plain cell
tolerated.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from app.crm.errors import FormatBroken, TooLarge
from app.crm.importing.limits import DEFAULT_LIMITS, Limits
from app.crm.importing.source import Source, open_source, wrong_encoding

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 200
_DATA_LIKE = re.compile(
    r"[-+]?[\d.,'’\s%€$£¥]+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^@\s]+@[^@\s]+\.\w+|https?://.*"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart. `skip` is the number of lines before the table (`sep=` line, blank lines)."""

    delimiter: str = ","
    quote: str = '"'
    skip: int = 0
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it begins (from 1, as an editor shows it), and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A table that can be read any number of times; `header` has one name per column, made up where there is
    none.
    """

    source: Source
    dialect: Dialect
    limits: Limits = DEFAULT_LIMITS
    most: int | None = None  # rows to read at most, for a preview

    @property
    def name(self) -> str:
        return self.source.name

    @cached_property
    def header(self) -> tuple[str, ...]:
        first = next(self._read(), None)
        cells = first.cells if first else []
        if self.dialect.has_header:
            names = [cell.strip() for cell in cells]
            while names and not names[-1]:
                names.pop()
            return tuple(name or f"Column {index + 1}" for index, name in enumerate(names))
        return tuple(f"Column {index + 1}" for index in range(len(cells)))

    def rows(self) -> Iterator[Row]:
        """All rows after the header, blank ones left out.

        Raises FormatBroken (a quote that never ends), TooLarge (rows, columns, one cell), EncodingUnknown.
        """
        reading = self._read()
        if self.dialect.has_header:
            next(reading, None)
        return itertools.islice(reading, self.most)

    def first(self, count: int) -> Table:
        """The same table, ending after its first rows."""
        return replace(self, most=count)

    def _read(self) -> Iterator[Row]:
        limits, name = self.limits, self.name
        # csv keeps this limit for the whole process; all readers here want the same.
        csv.field_size_limit(limits.cell)
        with self.source.open() as stream:
            try:
                for _ in range(self.dialect.skip):
                    stream.readline()
                offset = self.dialect.skip
                reader = csv.reader(stream, delimiter=self.dialect.delimiter, quotechar=self.dialect.quote)
                count, line = 0, offset + 1
                for cells in reader:
                    if any(cells):
                        count += 1
                        if count > limits.rows:
                            raise TooLarge(
                                f"{name} has more than {limits.rows:,} rows. Split it and import the parts."
                            )
                        if len(cells) > limits.columns:
                            raise TooLarge(f"{name} has more than {limits.columns:,} columns in line {line}.")
                        yield Row(line, cells)
                    line = offset + reader.line_num + 1
            except csv.Error as error:
                if "field limit" in str(error):
                    raise FormatBroken(
                        f"{name} has a cell of more than {limits.cell:,} characters, begun in line {line}: "
                        "probably a quotation mark that is never closed."
                    ) from error
                raise FormatBroken(f"{name} cannot be read at line {line}.") from error
            except UnicodeError as error:
                raise wrong_encoding(name, self.source.encoding.name) from error


def open_table(
    origin: Path | bytes,
    *,
    name: str = "",
    encoding: str = "",
    dialect: Dialect | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Open a CSV file; `encoding` and `dialect` override what would be recognised.

    Raises the errors of `open_source` and of `Table.rows`; FormatBroken when there is no row at all.
    """
    source = open_source(origin, name=name, encoding=encoding, limits=limits)
    table = Table(source, dialect or recognise_dialect(source), limits)
    if not table.header:
        raise FormatBroken(f"{source.name} has no rows.")
    return table


def recognise_dialect(source: Source) -> Dialect:
    """Delimiter, quote, lines to skip and whether the first row names the columns."""
    with source.open() as stream:
        try:
            text = stream.read(_SAMPLE_CHARACTERS)
        except UnicodeError as error:
            raise wrong_encoding(source.name, source.encoding.name) from error
    lines = text.splitlines(keepends=True)
    skip = 0
    while skip < len(lines) and not lines[skip].strip():
        skip += 1
    announced = re.fullmatch(r"sep=(.)\s*", lines[skip]) if skip < len(lines) else None
    body = "".join(lines[skip + 1 :] if announced else lines[skip:])
    if announced:
        skip += 1
    quote = _quote(body)
    delimiter = announced[1] if announced else max(DELIMITERS, key=lambda one: _score(body, one, quote))
    rows = _rows(body, delimiter, quote)
    return Dialect(delimiter, quote, skip, _has_header(rows))


def _rows(text: str, delimiter: str, quote: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote):
            if any(row):
                rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                return rows
    except csv.Error:
        return rows
    # The last row may be cut off by the end of the sample.
    return rows[:-1] if len(rows) > 2 and len(text) >= _SAMPLE_CHARACTERS else rows


def _score(text: str, delimiter: str, quote: str) -> tuple[float, int]:
    """(share of rows with the usual number of columns, that number); one column scores nothing."""
    counts = Counter(len(row) for row in _rows(text, delimiter, quote))
    if not counts:
        return 0.0, 0
    width, times = max(counts.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    return (times / counts.total(), width) if width > 1 else (0.0, 0)


def _quote(text: str) -> str:
    """The apostrophe only where cells are plainly wrapped in it and the usual mark does not occur at all."""
    if '"' in text:
        return '"'
    wrapped = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", text, re.MULTILINE))
    return "'" if wrapped >= 3 else '"'


def _has_header(rows: list[list[str]]) -> bool:
    if not rows:
        return True
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    return bool(named) and not any(_DATA_LIKE.fullmatch(cell[:200]) for cell in named)
