from __future__ import annotations

from app.crm import Value
from app.crm.importing import Books, OnMatch, OnMissing, Report
from app.crm.importing.settling import Settler, changes
from tests.app.crm.memory import MemoryWriter

OLD = "company:" + "0" * 32


def settler(writer: MemoryWriter) -> Settler:
    return Settler(
        "company", Books(writer), Report("x", "company"), matching=("record", "external_id", "name"),
        on_match=OnMatch.UPDATE, on_missing=OnMissing.CREATE,
    )  # fmt: skip


def test_one_name_and_two_ids_are_two_companies(writer: MemoryWriter) -> None:
    writer.records[OLD] = ("company", "", {"name": "Acme", "external_id": "1"})
    made = settler(writer)
    other = made.settle("a", {"name": "Acme", "external_id": "2"})
    same = made.settle("b", {"name": "ACME Inc.", "external_id": "1", "sector": "retail"})
    without = made.settle("c", {"name": "Acme", "sector": "retail"})
    assert other is not None and not other.exists
    assert same is not None and (same.record, same.exists) == (OLD, True)
    assert without is None or without.exists


def test_rows_of_an_export_with_one_name_stay_two(writer: MemoryWriter) -> None:
    made = settler(writer)
    first = made.settle("a", {"record": "company:" + "1" * 32, "name": "Acme"})
    second = made.settle("b", {"record": "company:" + "2" * 32, "name": "Acme"})
    assert first is not None and second is not None
    assert first.record != second.record
    assert "record" not in first.fields


def test_changes() -> None:
    existing: dict[str, Value] = {"title": "CTO", "emails/000100-00000001": {"value": "Ann@ash.example"}}
    read: dict[str, Value] = {
        "title": "CTO",
        "emails/000200-00000002": {"value": "ann@ash.example", "label": "work"},
    }
    assert changes(read, existing) == {}
    assert changes({**read, "role": "x"}, existing) == {"role": "x"}
