from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import pytest

from app.crm import Existing, ExportFailed, Value, sample
from app.crm.exporting import ExportReport, TableOptions, export_table
from app.crm.importing import open_table, profile_columns, run_import, suggest
from tests.app.crm.memory import MemoryWriter

ANN: dict[str, Value] = {
    "name": "=1+1",
    "given": "'=quoted",
    "title": "-boss",
    "notes": '@all\nsecond, "line";',
    "birthday": "1980-12-31",
    "phones/000100-00000001": {"value": "+43 1 234 56", "label": "work", "pref": "1"},
    "phones/000200-00000002": {"value": "0664 1", "label": "mobile"},
    "phones/000300-00000003": {"value": "3", "label": "home"},
    "phones/000400-00000004": {"value": "4", "label": "a fourth"},
    "addresses/000100-00000001": {
        "value": "Ring 1, Wien",
        "label": "home",
        "street": "Ring 1",
        "city": "Wien",
    },
    "tags/0000000a": {"value": "vip"},
    "tags/0000000b": {"value": "a; b"},
    "later_field": 7,
    "photo": "/9j/",
}
RECORD = "person:" + "ab" * 16


def written(
    type: str, records: Iterable[Existing], options: TableOptions | None = None
) -> tuple[bytes, ExportReport]:
    target = io.BytesIO()
    report = export_table(type, records, target, options)
    return target.getvalue(), report


def read_back(data: bytes, writer: MemoryWriter) -> None:
    table = open_table(data, name="export.csv")
    suggestion = suggest(profile_columns(table))
    assert (suggestion.system, suggestion.confidence) == ("Tacit", 1.0)
    report = run_import(table, suggestion.plan(), writer)
    assert report.failures == []


def contents(fields: dict[str, Value]) -> set[tuple[str, str]]:
    """What a record says, whatever the keys of its items are."""
    return {(name.partition("/")[0], str(value)) for name, value in fields.items()}


def test_formulas_are_disarmed_and_come_back() -> None:
    data, report = written("person", [Existing(RECORD, ANN, "East")])
    assert data.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert (row["Name"], row["First name"], row["Job title"]) == ("'=1+1", "''=quoted", "'-boss")
    assert row["Phones 1 value"] == "'+43 1 234 56"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    assert report.left_out == {"photo": 1}
    writer = MemoryWriter()
    read_back(data, writer)
    [back] = writer.of("person")
    assert contents(back) == contents({name: value for name, value in ANN.items() if name != "photo"})


def test_the_same_record_is_found_again() -> None:
    writer = MemoryWriter()
    writer.records[RECORD] = ("person", "East", dict(ANN))
    data, _ = written("person", [Existing(RECORD, ANN, "East")])
    changed = data.replace(b"'-boss", b"CEO")
    read_back(changed, writer)
    assert list(writer.records) == [RECORD]
    back = writer.of("person")[0]
    assert back["title"] == "CEO"
    assert sum(name.startswith("phones/") for name in back) == 4


@pytest.mark.parametrize("type", ["person", "company", "deal", "product"])
def test_sample_goes_round(type: str) -> None:
    records = [Existing(one.record, one.fields) for one in sample() if one.type == type]
    data, report = written(type, records)
    assert report.written == len(records)
    refs = {"company", "person", "product", "pipeline", "parent"}
    writer = MemoryWriter()
    read_back(data, writer)
    back = [fields for kind, _, fields in writer.records.values() if kind == type]
    before = sorted(
        sorted(contents({k: v for k, v in one.fields.items() if k not in refs})) for one in records
    )
    assert sorted(sorted(contents({k: v for k, v in one.items() if k not in refs})) for one in back) == before


def test_references_by_name_and_amounts_as_numbers() -> None:
    deal: dict[str, Value] = {
        "name": "D", "company": "company:" + "0" * 32, "amount": -12_345_600, "currency": "JPY", "stage": "won",
    }  # fmt: skip
    target = io.BytesIO()
    export_table("deal", [Existing("", deal)], target, names=lambda record: "Acme")
    row = next(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"))))
    assert (row["Company"], row["Amount"], row["Stage"]) == ("Acme", "-1234.56", "Won")


def test_chosen_columns_only() -> None:
    options = TableOptions(fields=("name", "birthday"), bom=False, delimiter=";", more=False)
    data, _ = written("person", [Existing(RECORD, ANN)], options)
    assert data.decode() == "Name;Birthday\r\n'=1+1;1980-12-31\r\n"


def test_streams_and_stops() -> None:
    taken = 0

    def records() -> Iterator[Existing]:
        nonlocal taken
        while True:
            taken += 1
            yield Existing(RECORD, {"name": "x"})

    target = io.BytesIO()
    report = export_table("person", records(), target, cancelled=lambda: taken > 1000)
    assert report.cancelled and 1000 <= report.written < 1300
    assert not target.closed


def test_a_full_disk_is_said() -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(ExportFailed, match="No space left"):
        export_table("person", [Existing(RECORD, ANN)], Full())


@pytest.mark.parametrize(
    "text", ["{", "[1]", '{"a":1.5}', '{"a/b":{"value":"x"}}', '{"a":[1]}', "[" * 100_000, '{"A B":"x"}']
)
def test_a_forged_last_column_is_refused(text: str) -> None:
    cell = '"' + text.replace('"', '""') + '"'
    table = open_table(f"Tacit record,Name,More\n{RECORD},Ann,{cell}\n".encode())
    report = run_import(table, suggest(profile_columns(table)).plan(), MemoryWriter())
    assert [one.column for one in report.failures] == ["More"]
