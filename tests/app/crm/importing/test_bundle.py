"""The real bundle of sales opportunities: its own figures, its dirt corrected and reported."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.crm import PlanInvalid, is_reference
from app.crm.importing import Report, import_bundle, is_bundle, open_bundle
from tests.app.crm.memory import MemoryWriter


@pytest.fixture(scope="module")
def imported(data_dir: Path) -> tuple[MemoryWriter, list[Report]]:
    writer = MemoryWriter()
    return writer, import_bundle(open_bundle(data_dir / "crm-sales-opportunities"), writer)


def test_everything_is_there(imported: tuple[MemoryWriter, list[Report]]) -> None:
    writer, reports = imported
    deals = writer.of("deal")
    won = [deal for deal in deals if deal["stage"] == "won"]
    assert len(deals) == 8800
    assert len(writer.of("company")) == 85
    assert len(writer.of("product")) == 7
    assert len(won) == 4238
    assert sum(amount for deal in won if isinstance(amount := deal["amount"], int)) == 10_005_534 * 10_000
    assert sum("company" not in deal for deal in deals) == 1425
    assert [len(report.failures) for report in reports] == [0, 0, 0]


def test_stages_and_dates(imported: tuple[MemoryWriter, list[Report]]) -> None:
    deals = imported[0].of("deal")
    assert Counter(deal["stage"] for deal in deals) == {
        "prospecting": 500, "engaging": 1589, "won": 4238, "lost": 2473,
    }  # fmt: skip
    assert all(deal.get("closed") for deal in deals if deal["stage"] in ("won", "lost"))
    first = next(deal for deal in deals if deal["external_id"] == "1C1I7A6R")
    assert (first["opened"], first["closed"], first["owner"]) == ("2016-10-20", "2017-03-01", "Moses Frase")
    assert not any("expected_close" in deal for deal in deals)


def test_references_are_real(imported: tuple[MemoryWriter, list[Report]]) -> None:
    writer = imported[0]
    products = {ref: fields["name"] for ref, (type, _, fields) in writer.records.items() if type == "product"}
    deal = next(deal for deal in writer.of("deal") if deal["external_id"] == "Z063OYW0")
    assert products[str(deal["product"])] == "GTX Pro"
    assert deal["name"] == "Isdom – GTX Pro"
    for fields in [*writer.of("deal"), *writer.of("company")]:
        for name in ("company", "product", "parent"):
            if name in fields:
                assert is_reference(fields[name]) and fields[name] in writer.records


def test_parents_that_come_later_in_the_file(imported: tuple[MemoryWriter, list[Report]]) -> None:
    writer = imported[0]
    by_name = {fields["name"]: ref for ref, (type, _, fields) in writer.records.items() if type == "company"}
    cheers = next(fields for fields in writer.of("company") if fields["name"] == "Cheers")
    assert cheers["parent"] == by_name["Massive Dynamic"]


def test_dirt_is_corrected_and_said(imported: tuple[MemoryWriter, list[Report]]) -> None:
    writer, reports = imported
    said = {
        (one.column, one.before, one.after): one.times for report in reports for one in report.corrections
    }
    assert said == {
        ("product", "GTXPro", "GTX Pro"): 1480,
        ("sector", "technolgy", "technology"): 12,
        ("office_location", "Philipines", "Philippines"): 1,
    }
    assert {fields["sector"] for fields in writer.of("company")} >= {"technology", "medical", "employment"}
    assert "technolgy" not in {fields["sector"] for fields in writer.of("company")}


def test_offices_are_groups(imported: tuple[MemoryWriter, list[Report]], data_dir: Path) -> None:
    reports = imported[1]
    assert reports[2].groups == {"Central": 3512, "West": 2997, "East": 2291}
    assert reports[1].groups.total() == 85
    assert "Each company went to the office that has most of its deals" in reports[1].notices
    bundle = open_bundle(data_dir / "crm-sales-opportunities")
    assert bundle.groups == ("Central", "East", "West")
    assert bundle.managers["Anna Snelling"] == "Dustin Brinkmann"


def test_deals_that_are_open(imported: tuple[MemoryWriter, list[Report]]) -> None:
    deals = imported[0].of("deal")
    stages = Counter(deal["stage"] for deal in deals)
    assert (stages["prospecting"], stages["engaging"]) == (500, 1589)
    assert {deal["currency"] for deal in deals if "amount" in deal} == {"USD"}


def test_twice_changes_nothing(imported: tuple[MemoryWriter, list[Report]], data_dir: Path) -> None:
    writer = imported[0]
    before = len(writer.records)
    reports = import_bundle(open_bundle(data_dir / "crm-sales-opportunities"), writer)
    assert len(writer.records) == before
    assert [report.created for report in reports] == [0, 0, 0]


def test_one_group(data_dir: Path, writer: MemoryWriter) -> None:
    bundle = open_bundle(data_dir / "crm-sales-opportunities").in_one_group("Sales")
    import_bundle(bundle, writer)
    assert {draft.group for draft in writer.drafts} == {"Sales"}


def test_cancelled_between_batches(data_dir: Path, writer: MemoryWriter) -> None:
    bundle = open_bundle(data_dir / "crm-sales-opportunities")
    reports = import_bundle(bundle, writer, cancelled=lambda: len(writer.of("deal")) >= 1000)
    assert reports[-1].cancelled
    assert 1000 <= len(writer.of("deal")) < 8800


def test_another_folder_is_none(tmp_path: Path) -> None:
    assert not is_bundle(tmp_path)
    with pytest.raises(PlanInvalid):
        open_bundle(tmp_path)
