from __future__ import annotations

from app.crm import SCHEMA
from protocol import Compartment
from vault.schema import FieldKind, Search

FROZEN = {
    "person": 1,
    "company": 2,
    "deal": 3,
    "product": 4,
    "note": 5,
    "task": 6,
    "pipeline": 7,
    "name": 8,
    "file": 9,
    "event": 10,
    "deal_margins": 11,
    "product_margins": 12,
}


def test_codes_are_for_ever() -> None:
    assert {one.name: one.code for one in SCHEMA.types} == FROZEN
    assert all(1 <= one.code <= 15 for one in SCHEMA.types)


def test_compartments() -> None:
    found = {one.name: one.compartment for one in SCHEMA.types}
    assert found["person"] == found["company"] == found["note"] == found["task"] == Compartment.CONTACTS
    assert (found["deal"], found["file"], found["name"]) == (
        Compartment.SALES, Compartment.DOCUMENTS, Compartment.DIRECTORY,
    )  # fmt: skip
    assert found["product"] == found["pipeline"] == Compartment.CATALOGUE


def test_every_type_is_whole() -> None:
    for one in SCHEMA.types:
        assert len(one.by_name) == len(one.fields)
        assert one.companion_of or any(field.required for field in one.fields)
        if one.follows:
            assert one.by_name[one.follows].kind is FieldKind.REF
        for field in one.fields:
            assert field.name.isidentifier() and field.name == field.name.lower() and field.label
            assert not field.target or field.target in SCHEMA.by_name
            assert not (field.column and field.kind in (FieldKind.LIST, FieldKind.BYTES, FieldKind.LONG_TEXT))
            assert (field.kind is FieldKind.CHOICE) == bool(field.options)


def test_lists_can_sort_and_search() -> None:
    columns = {one.name: {field.name for field in one.columns} for one in SCHEMA.types}
    assert columns["deal"] >= {
        "name",
        "company",
        "stage",
        "amount",
        "opened",
        "expected_close",
        "closed",
        "owner",
    }
    assert columns["person"] >= {"name", "family", "organisation", "title"}
    assert columns["company"] >= {"name", "sector", "location", "revenue", "employees"}
    for type in ("person", "company", "deal", "product", "task"):
        assert any(field.search is Search.TITLE for field in SCHEMA.by_name[type].fields)
