from __future__ import annotations

from collections import Counter

from app.crm import DEFAULT_STAGES, SCHEMA, SampleSize, is_reference, sample
from app.crm.items import is_item_key, split_item
from vault.schema import FieldKind


def test_same_seed_same_data() -> None:
    assert list(sample()) == list(sample())
    assert list(sample(seed=2)) != list(sample())


def test_numbers_and_order() -> None:
    drafts = list(sample(SampleSize(30, 50, 100, 20, 10)))
    assert Counter(one.type for one in drafts) == {
        "pipeline": 1, "product": 8, "company": 30, "person": 50, "deal": 100, "note": 20, "task": 10,
    }  # fmt: skip
    seen: set[str] = set()
    for one in drafts:
        assert all(value in seen for value in one.fields.values() if is_reference(value))
        assert one.record not in seen
        seen.add(one.record)


def test_it_fits_the_schema() -> None:
    stages = {stage.key for stage in DEFAULT_STAGES}
    for one in sample():
        by_name = SCHEMA.by_name[one.type].by_name
        assert all(one.fields.get(field.name) for field in by_name.values() if field.required)
        for name, value in one.fields.items():
            field, key = split_item(name)
            kind = by_name[field].kind
            assert bool(key) == (kind is FieldKind.LIST) and (not key or is_item_key(key))
            if kind in (FieldKind.MONEY, FieldKind.INTEGER, FieldKind.PERCENT):
                assert type(value) is int and value >= 0
            elif kind is FieldKind.REF:
                assert is_reference(value)
            elif field == "stage":
                assert value in stages


def test_names_are_of_many_kinds() -> None:
    names = [str(one.fields["name"]) for one in sample() if one.type in ("person", "company")]
    assert any(not name.isascii() for name in names)
    assert max(map(len, names)) > 25
    companies = [one.fields["name"] for one in sample(SampleSize(2000, 0, 0, 0, 0)) if one.type == "company"]
    assert len(set(companies)) > 1900


def test_groups() -> None:
    drafts = list(sample(groups=("East", "West")))
    of = {one.record: one.group for one in drafts}
    assert set(of.values()) == {"East", "West"}
    assert all(
        of[str(one.fields["company"])] == one.group for one in drafts if one.type in ("person", "deal")
    )


def test_a_pipeline_that_exists() -> None:
    mine = "pipeline:" + "0" * 32
    drafts = list(sample(pipeline=mine))
    assert not any(one.type == "pipeline" for one in drafts)
    assert {one.fields["pipeline"] for one in drafts if one.type == "deal"} == {mine}


def test_no_real_addresses() -> None:
    for one in sample():
        for value in one.fields.values():
            if isinstance(value, dict) and "@" in value.get("value", ""):
                assert value["value"].endswith(".example")
