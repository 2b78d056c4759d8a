"""Changes of the application's schema: columns and types come and go, records stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocol import Compartment
from protocol.operations import Put
from tests.vault.store import desk as small
from tests.vault.store.desk import CONTACTS, KEY, SALES, SCHEMA, Desk, rid
from vault.schema import Field, FieldKind, Option, RecordType, Schema, Search
from vault.store import Filter, Op, Query, RecordKey, Sort, Store

MYSTERY = RecordType(
    "mystery",
    9,
    "Mystery",
    "Mysteries",
    Compartment.SALES,
    (Field("name", "N", column=True, search=Search.TITLE),),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    desk = Desk(Store.create(tmp_path / "vault.db", KEY, SCHEMA))
    desk.made(SALES, "deal", 1, name="One", note="first", stage="lead")
    desk.made(SALES, "deal", 2, name="Two", note="second", stage="lost")
    desk.made(SALES, "mystery", 3, name="Sphinx")
    with desk.editor.action() as action:
        action.put(RecordKey(SALES, "deal", rid(1)), {"name": "Uno"})
        action.put(RecordKey(SALES, "mystery", rid(3)), {"riddle": "legs"})
    desk.store.close()
    return tmp_path / "vault.db"


def reopened(path: Path, schema: Schema) -> Desk:
    return Desk(Store.open(path, KEY, schema))


def with_deal(deal: RecordType) -> Schema:
    return Schema((small.PERSON, small.COMPANY, deal, small.NAME))


def test_new_column_can_be_filtered_and_sorted_at_once(path: Path) -> None:
    fields = tuple(
        replace(field, column=True) if field.name == "note" else field for field in small.DEAL.fields
    )
    desk = reopened(path, with_deal(replace(small.DEAL, fields=fields)))
    query = Query("deal", (Filter("note", Op.NOT_EMPTY),), Sort("note", descending=True))
    assert [record.title for record in desk.records.window(query)] == ["Two", "Uno"]
    desk.positions = {SALES: 3}
    desk.send()
    desk.store.close()
    again = reopened(path, SCHEMA)
    assert again.records.count(Query("deal")) == 2
    again.store.close()


def test_new_order_of_options_is_applied(path: Path) -> None:
    stages = (Option("lost", "Lost", 1), Option("lead", "Lead", 2))
    fields = tuple(
        replace(field, options=stages) if field.name == "stage" else field for field in small.DEAL.fields
    )
    desk = reopened(path, with_deal(replace(small.DEAL, fields=fields)))
    assert [record.title for record in desk.records.window(Query("deal", sort=Sort("stage")))] == [
        "Two",
        "Uno",
    ]
    desk.store.close()


def test_type_that_becomes_known_moves_into_its_table_with_history_and_what_waits(path: Path) -> None:
    schema = Schema((*SCHEMA.types, MYSTERY))
    desk = reopened(path, schema)
    key = RecordKey(SALES, "mystery", rid(3))
    assert [hit.record.title for hit in desk.search.search("sphi")] == ["Sphinx"]
    record = desk.records.get(key)
    assert record is not None and record.pending and record.fields["riddle"] == "legs"
    assert len(desk.history.history(key)) == 2
    desk.positions = {SALES: 3}
    desk.arrive(SALES, Put("mystery", rid(3), {"name": "Sphinx of Thebes"}, 3))
    desk.send()
    record = desk.records.get(key)
    assert record is not None and not record.pending
    assert record.fields == {"name": "Sphinx of Thebes", "riddle": "legs"}
    desk.store.close()
    back = reopened(path, SCHEMA)
    record = back.records.get(key)
    assert record is not None and record.fields["riddle"] == "legs" and len(back.history.history(key)) == 3
    assert back.search.search("sphi") == []
    back.store.close()


def test_two_types_that_change_codes(path: Path) -> None:
    person, deal = replace(small.PERSON, code=3), replace(small.DEAL, code=1)
    desk = reopened(path, Schema((person, small.COMPANY, deal, small.NAME)))
    assert [hit.record.title for hit in desk.search.search("uno", ("deal",))] == ["Uno"]
    desk.store.close()


def test_records_of_one_commit_that_refer_to_each_other(tmp_path: Path) -> None:
    parent = Field("parent", "Part of", FieldKind.REF, column=True, target="company")
    company = replace(small.COMPANY, fields=(*small.COMPANY.fields, parent))
    desk = Desk(Store.create(tmp_path / "vault.db", KEY, Schema((company,))))
    desk.arrive(
        CONTACTS,
        Put("company", rid(1), {"name": "Zed", "parent": f"company:{rid(2).hex()}"}, 0),
        Put("company", rid(2), {"name": "Alpha"}, 0),
        Put("company", rid(3), {"name": "Mid", "parent": f"company:{rid(1).hex()}"}, 0),
        Put("company", rid(4), {"name": "Low", "parent": f"company:{rid(2).hex()}"}, 0),
    )
    query = Query("company", (Filter("parent", Op.NOT_EMPTY),), Sort("parent"))
    assert [record.title for record in desk.records.window(query)] == ["Zed", "Low", "Mid"]
    with desk.store.read() as tx:
        assert tx.all("SELECT * FROM dangling") == []
    desk.store.close()


def test_same_schema_changes_nothing(path: Path) -> None:
    desk = reopened(path, SCHEMA)
    with desk.store.read() as tx:
        before = tx.all("SELECT name, rootpage FROM sqlite_master")
    desk.store.close()
    again = reopened(path, SCHEMA)
    with again.store.read() as tx:
        assert tx.all("SELECT name, rootpage FROM sqlite_master") == before
    again.store.close()
