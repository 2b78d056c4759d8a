"""An import without a window: real files, a real desk, a real server."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from app.crm.importing import DateOrder, Target
from app.desktop.viewmodels.import_preview import preview_all
from app.desktop.viewmodels.import_result import (
    correction_lines,
    dropped_by_card,
    failed_rows,
    headline,
    save_failed_rows,
)
from app.desktop.viewmodels.import_session import ImportSession, Outcome, Where
from app.desktop.viewmodels.import_table import Mark, TableDraft
from tests.support.real_desks import Office
from vault.store import Query

ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("TACIT_DATA", ROOT.parent / "shared" / "data"))
SALES, CARDS = DATA / "crm-sales-opportunities", DATA / "vcards"
needs_sales = pytest.mark.skipif(not SALES.is_dir(), reason="the sales data are not beside the repository")
needs_cards = pytest.mark.skipif(not CARDS.is_dir(), reason="the vCards are not beside the repository")


def run(session: ImportSession) -> Outcome:
    return session.run(lambda name, rows, made: None, lambda: False)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@needs_sales
def test_the_sales_folder_becomes_its_deals_companies_and_offices(office: Office) -> None:
    ann = office.found()
    session = ImportSession.read(ann, [SALES])
    assert session.is_bundle
    assert session.bundle_sizes == {"products.csv": 7, "accounts.csv": 85, "sales_pipeline.csv": 8800}
    assert session.placing.where is Where.OFFICE
    assert session.missing_groups == ["Central", "East", "West"]
    outcome = run(session)
    assert ann.records.count(Query("deal")) == 8800
    assert ann.records.count(Query("company")) == 85
    assert outcome.made_groups == ["Central", "East", "West"]
    assert headline(outcome) == "8,800 deals, 85 companies and 7 products imported"
    assert "product: “GTXPro” → “GTX Pro”, 1,480 times" in correction_lines(outcome)


@needs_sales
def test_the_preview_of_the_sales_folder_shows_names_and_not_references(office: Office) -> None:
    session = ImportSession.read(office.found(), [SALES])
    tables = {one.type: one for one in preview_all(session, lambda: False)}
    first = tables["deal"].lines[0]
    assert first.state == "New"
    assert first.values["Product"] == "GTX Plus Basic"
    assert first.values["Company"] == "Cancity"
    assert first.values["Stage"] == "Won"


@needs_sales
def test_a_second_import_of_the_same_table_changes_nothing_twice(office: Office) -> None:
    ann = office.found()
    paths = [SALES / "accounts.csv"]
    run(ImportSession.read(ann, paths))
    again = run(ImportSession.read(ann, paths))
    assert again.created == 0
    assert ann.records.count(Query("company")) == 85


def test_ambiguous_dates_are_asked_and_the_answer_holds_for_all_such_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "deals.csv", "Deal name,Amount,Opened,Closed\nA,1,01/02/2024,03/04/2024\n")
    draft = TableDraft.open(path)
    draft.retype("deal")
    asked = [column.header for column in draft.questions]
    assert asked == ["Opened", "Closed"]
    assert "day or the month" in draft.problem()
    draft.answer_dates(2, DateOrder.DMY)
    assert draft.problem() == ""
    assert [column.map.dates for column in draft.columns[2:] if column.map] == [DateOrder.DMY] * 2


def test_a_target_that_is_chosen_again_leaves_its_old_column(tmp_path: Path) -> None:
    draft = TableDraft.open(write(tmp_path / "p.csv", "Name,Alias,Email\nRosa Quist,Rosa,r@example.org\n"))
    assert draft.type == "person"
    draft.choose(1, Target("name"))
    assert draft.columns[0].mark is Mark.LEFT_OUT
    assert draft.columns[1].mark is Mark.CHOSEN


def test_rows_go_to_the_group_that_a_column_names(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    path = write(
        tmp_path / "people.csv",
        "Name,Email,Region\nRosa Quist,r@example.org,west\nIvo Lind,i@example.org,north\nMara P,m@example.org,west\n",
    )
    session = ImportSession.read(ann, [path])
    column = next(index for index, header in session.column_choices() if header == "Region")
    session.place_by(column)
    assert session.placing.lookup == {"north": "Everyone", "west": "West"}
    outcome = run(session)
    assert outcome.created == 3
    homes = {str(record.fields["name"]): record.key.log.group for record in ann.records.each(Query("person"))}
    assert homes["Rosa Quist"] == west
    assert homes["Ivo Lind"] != west


def test_rows_that_fail_are_listed_and_saved_with_their_reasons(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    path = write(
        tmp_path / "deals.csv",
        "Deal name,Amount,Closed\nGood,100,2024-01-02\nBad,a lot,2024-01-02\nWorse,5,2024-99-99\n"
        + "Fine,7,2024-02-03\n" * 20,
    )
    session = ImportSession.read(ann, [path])
    session.tables[0].retype("deal")
    outcome = run(session)
    assert [row.failure.line for row in failed_rows(outcome)] == [3, 4]
    (saved,) = save_failed_rows(outcome, tmp_path / "failed.csv")
    with saved.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["Deal name"] for row in rows] == ["Bad", "Worse"]
    assert all(row["Reason"] for row in rows)


def test_a_stopped_import_keeps_what_is_in(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    lines = "".join(f"Person {number},p{number}@example.org\n" for number in range(3000))
    session = ImportSession.read(ann, [write(tmp_path / "people.csv", "Name,Email\n" + lines)])
    seen: list[int] = []
    outcome = session.run(lambda name, rows, made: seen.append(made), lambda: bool(seen) and seen[-1] >= 500)
    assert outcome.cancelled
    assert 0 < outcome.created < 3000
    assert ann.records.count(Query("person")) == outcome.created


@needs_cards
def test_cards_of_five_programs_come_in_and_what_is_not_kept_is_said(office: Office) -> None:
    ann = office.found()
    paths = sorted(CARDS.glob("*.vcf"))
    session = ImportSession.read(ann, paths)
    assert session.types == ["person"]
    shown = preview_all(session, lambda: False)
    assert len(shown) == len(paths)
    assert all(table.lines for table in shown)
    outcome = run(session)
    assert outcome.failed == 0
    assert outcome.created == ann.records.count(Query("person")) == sum(len(table.lines) for table in shown)
    assert any("not the person" in item.reason for _, items in dropped_by_card(outcome) for item in items)


def test_who_may_not_import_is_told_so(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    session = ImportSession.read(cy, [write(tmp_path / "p.csv", "Name,Email\nRosa,r@example.org\n")])
    assert "may import" in session.why_not()
    assert session.problem() == session.why_not()
