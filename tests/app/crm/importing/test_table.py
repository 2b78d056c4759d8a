from __future__ import annotations

import pytest

from app.crm import FormatBroken, TooLarge
from app.crm.importing import Dialect, Limits, open_table


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    text = "\r\n".join(mark.join(row) for row in (["name", "city"], ["Ann", "Linz"], ["Ben", "Graz"]))
    table = open_table(text.encode())
    assert table.dialect.delimiter == mark
    assert table.header == ("name", "city")
    assert [row.cells for row in table.rows()] == [["Ann", "Linz"], ["Ben", "Graz"]]


def test_commas_inside_semicolons() -> None:
    table = open_table(b'name;note\nAnn;"a, b, c, d"\nBen;x, y\nCy;1,5\n')
    assert table.dialect.delimiter == ";"


def test_lines_are_those_of_an_editor() -> None:
    table = open_table(b'name,note\n\nAnn,"two\nlines"\nBen,x\n')
    assert [(row.line, row.cells) for row in table.rows()] == [(3, ["Ann", "two\nlines"]), (5, ["Ben", "x"])]


def test_excels_own_first_line() -> None:
    table = open_table(b"sep=;\nname;city\nAnn;Linz, Austria\n")
    assert (table.header, table.dialect.skip) == (("name", "city"), 1)
    assert [row.line for row in table.rows()] == [3]


def test_no_header() -> None:
    table = open_table(b"Ann Ash,ann@ash.example,3/4/2017\nBen,ben@ben.example,3/5/2017\n")
    assert not table.dialect.has_header
    assert table.header == ("Column 1", "Column 2", "Column 3")
    assert len(list(table.rows())) == 2
    assert open_table(b"Ann,1\n", dialect=Dialect(has_header=True)).header == ("Ann", "1")


def test_one_column() -> None:
    assert open_table(b"email\nann@ash.example\n").header == ("email",)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_nothing(data: bytes) -> None:
    with pytest.raises(FormatBroken):
        open_table(data)


@pytest.mark.hostile
@pytest.mark.A41
def test_a_quote_that_never_ends() -> None:
    table = open_table(b'name,note\nAnn,"' + b"x,y\n" * 500_000)
    with pytest.raises(FormatBroken, match="line 2"):
        list(table.rows())


@pytest.mark.hostile
@pytest.mark.A41
def test_bounds() -> None:
    with pytest.raises(TooLarge):
        list(open_table(b"a,b\n" + b"," * 2000 + b"x\n").rows())
    with pytest.raises(TooLarge):
        list(open_table(b"a,b\n" + b"1,2\n" * 50, limits=Limits(rows=20)).rows())
