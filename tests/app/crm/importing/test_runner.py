from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.crm import PlanInvalid, Value, WriteRefused
from app.crm.importing import (
    ColumnMap,
    DateOrder,
    OnMatch,
    OnMissing,
    Placement,
    Plan,
    Report,
    Table,
    Target,
    profile_columns,
    run_import,
    save_failures,
    suggest,
    totals,
)
from tests.app.crm.memory import MemoryWriter

Make = Callable[[str], Table]


def planned(table: Table, type: str = "") -> Plan:
    return suggest(profile_columns(table), type).plan()


def values(fields: dict[str, Value], field: str) -> list[dict[str, str]]:
    return [
        one for name, one in sorted(fields.items()) if name.startswith(f"{field}/") and isinstance(one, dict)
    ]


def test_person_with_everything(table: Make, writer: MemoryWriter) -> None:
    people = table(
        "First Name,Last Name,Company,Business Phone,Mobile Phone,E-mail Address,Business Street,Business City,"
        "Business Postal Code,Birthday,Categories\n"
        "Ann,Ash,Acme GmbH,+43 1 234 56,0664 1234567,ann@ash.example,Ring 1,Wien,1010,31.12.1980,vip; fair\n"
    )
    report = run_import(people, planned(people), writer)
    [ann] = writer.of("person")
    assert (ann["name"], ann["organisation"], ann["birthday"]) == ("Ann Ash", "Acme GmbH", "1980-12-31")
    assert values(ann, "phones") == [
        {"value": "+43 1 234 56", "label": "work"}, {"value": "0664 1234567", "label": "mobile"},
    ]  # fmt: skip
    assert values(ann, "addresses") == [
        {"value": "Ring 1, 1010 Wien", "label": "work", "street": "Ring 1", "city": "Wien", "code": "1010"}
    ]
    assert {one["value"] for one in values(ann, "tags")} == {"vip", "fair"}
    [acme] = writer.of("company")
    assert acme["name"] == "Acme GmbH"
    assert writer.records[str(ann["company"])][2] is acme
    assert totals([report]) == {"person": 1, "company": 1}


def test_failed_rows_are_listed_saved_and_imported_again(table: Make, writer: MemoryWriter) -> None:
    deals = table(
        "Deal Name,Amount,Stage,Close Date\nGood,100,Won,12/31/2025\nBad amount,ten,Won,12/30/2025\n"
        ",5,Won,1/2/2025\nBad stage,5,Maybe,1/2/2025\nBad date,5,Won,13/13/2025\n=cmd|' /C calc'!A0,x,Won,1/2/2025\n"
    )
    report = run_import(deals, planned(deals, "deal"), writer)
    assert [(one.line, one.column) for one in report.failures] == [
        (3, "Amount"), (4, ""), (5, "Stage"), (6, "Close Date"), (7, "Amount"),
    ]  # fmt: skip
    assert report.failures[0].reason == "“ten” is not an amount"
    assert report.failures[1].reason == "there is no name"
    assert "13/13/2025" in report.failures[3].reason
    assert report.sentence() == "1 record made, 5 rows not imported."
    target = io.StringIO()
    assert save_failures(report, target) == 5
    rows = list(csv.reader(io.StringIO(target.getvalue())))
    assert rows[0] == ["Deal Name", "Amount", "Stage", "Close Date", "Line", "Reason"]
    assert rows[1] == ["Bad amount", "ten", "Won", "12/30/2025", "3", "Amount: “ten” is not an amount"]
    assert rows[5][0].startswith("'=cmd")  # a spreadsheet shows it and does not run it
    mended = table(target.getvalue().replace("ten,", "10,"))
    again = run_import(mended, planned(mended, "deal"), writer)
    assert again.created == 1
    assert [one["name"] for one in writer.of("deal")] == ["Good", "Bad amount"]


@pytest.mark.parametrize("on_match", list(OnMatch))
def test_what_exists(table: Make, writer: MemoryWriter, on_match: OnMatch) -> None:
    first = table("Name,Email,Job Title\nAnn Ash,ann@ash.example,CTO\n")
    run_import(first, planned(first, "person"), writer)
    second = table("Name,Email,Job Title,Phone\nAnn Ash,ANN@ash.example,CEO,+43 1 234 56 78\n")
    report = run_import(second, replace(planned(second, "person"), on_match=on_match), writer)
    people = writer.of("person")
    if on_match is OnMatch.UPDATE:
        assert (report.updated, report.created, len(people)) == (1, 0, 1)
        assert people[0]["title"] == "CEO"
        assert len(values(people[0], "emails")) == 1  # the same address is no second item
        assert len(values(people[0], "phones")) == 1
    elif on_match is OnMatch.SKIP:
        assert (report.skipped, len(people), people[0]["title"]) == (1, 1, "CTO")
    else:
        assert (report.created, len(people)) == (1, 2)


def test_empty_cells_overwrite_nothing(table: Make, writer: MemoryWriter) -> None:
    run_import(one := table("Name,Job Title\nAnn Ash,CTO\n"), planned(one, "person"), writer)
    report = run_import(two := table("Name,Job Title\nAnn Ash,\n"), planned(two, "person"), writer)
    assert report.skipped == 1
    assert writer.of("person")[0]["title"] == "CTO"


def test_people_of_one_name_stay_two(table: Make, writer: MemoryWriter) -> None:
    both = table("Name,Email\nAnn Ash,ann@ash.example\nAnn Ash,a.ash@oak.example\nAnn Ash,\n")
    run_import(both, planned(both, "person"), writer)
    assert len(writer.of("person")) == 3
    third = table("Name,Email\nAnn Ash,third@elm.example\n")
    run_import(third, planned(third, "person"), writer)
    assert len(writer.of("person")) == 4


def test_same_id_twice_in_a_file_is_one_record(table: Make, writer: MemoryWriter) -> None:
    deals = table("Deal ID,Deal Name,Amount,Stage\nD1,First,1,Won\nD1,First,2,Won\n")
    report = run_import(deals, planned(deals, "deal"), writer)
    assert (report.created, report.updated) == (1, 1)
    assert writer.of("deal")[0]["amount"] == 20_000


@pytest.mark.parametrize("on_missing", list(OnMissing))
def test_names_that_nothing_has(table: Make, writer: MemoryWriter, on_missing: OnMissing) -> None:
    deals = table("Deal Name,Company,Stage,Amount\nOne,Acme,Won,1\nTwo,ACME Inc.,Won,2\n")
    report = run_import(deals, replace(planned(deals, "deal"), on_missing=on_missing), writer)
    made, companies = writer.of("deal"), writer.of("company")
    if on_missing is OnMissing.CREATE:
        assert [one["name"] for one in companies] == ["Acme"]
        assert made[0]["company"] == made[1]["company"]
        assert [str(one) for one in report.corrections] == [
            "Company: “ACME Inc.” was taken as “Acme” (1 time)."
        ]
    elif on_missing is OnMissing.LEAVE:
        assert (len(made), companies) == (2, [])
        assert "company" not in made[0]
        assert "“Acme”" in report.notices[0]
    else:
        assert (made, len(report.failures)) == ([], 2)


def test_near_names_need_the_same_digits(table: Make, writer: MemoryWriter) -> None:
    products = table("Product,Price\nGTK Turbo 500,1\nGTK Turbo 600,2\n")
    run_import(products, planned(products, "product"), writer)
    deals = table(
        "Deal Name,Product,Stage,Amount\nA,GTKTurbo500,Won,1\nB,GTK Turbbo 600,Won,1\nC,GTK Turbo 700,Won,1\n"
    )
    report = run_import(deals, planned(deals, "deal"), writer)
    assert {(one.before, one.after) for one in report.corrections} == {
        ("GTKTurbo500", "GTK Turbo 500"), ("GTK Turbbo 600", "GTK Turbo 600"),
    }  # fmt: skip
    assert report.also_created == {"product": 1}


def test_parent_whose_row_fails_is_kept_by_name(table: Make, writer: MemoryWriter) -> None:
    companies = table("Company name,Employees,Parent\nChild,5,Mother\nMother,many,\n")
    report = run_import(companies, planned(companies, "company"), writer)
    assert len(report.failures) == 1
    assert {one["name"] for one in writer.of("company")} == {"Child", "Mother"}
    child = next(one for one in writer.of("company") if one["name"] == "Child")
    assert child["parent"] in writer.records


def test_stopped_in_the_middle_nothing_dangles(table: Make, writer: MemoryWriter) -> None:
    rows = "".join(f"Child {n},Mother\n" for n in range(600))
    companies = table(f"Company name,Parent\n{rows}Mother,\n")
    report = run_import(
        companies, planned(companies, "company"), writer, cancelled=lambda: len(writer.records) > 0
    )
    assert report.cancelled
    made = writer.of("company")
    assert len(made) < 601
    assert all(one["parent"] in writer.records for one in made if "parent" in one)


def test_placement(table: Make, writer: MemoryWriter) -> None:
    deals = table("Deal Name,Owner,Stage,Amount\nA,Ann,Won,1\nB,Ben,Won,1\nC,Cy,Won,1\n")
    plan = replace(planned(deals, "deal"), placement=Placement("Rest", 1, {"Ann": "East", "Ben": "West"}))
    report = run_import(deals, plan, writer)
    assert report.groups == {"East": 1, "West": 1, "Rest": 1}
    assert any("Cy" in one for one in report.notices)
    by_column = replace(plan, placement=Placement("", 1), on_match=OnMatch.CREATE)
    assert run_import(deals, by_column, writer).groups == {"Ann": 1, "Ben": 1, "Cy": 1}


def test_close_date_of_open_deals_is_expected(table: Make, writer: MemoryWriter) -> None:
    deals = table(
        "Deal Name,Close Date,Deal Stage\nA,2026-12-31,Negotiation/Review\nB,2025-12-31,Closed Won\n"
    )
    run_import(deals, planned(deals, "deal"), writer)
    a, b = writer.of("deal")
    assert (a["expected_close"], a["stage"]) == ("2026-12-31", "negotiation")
    assert (b["closed"], b["stage"]) == ("2025-12-31", "won")


def test_status_overrules_the_stage(table: Make, writer: MemoryWriter) -> None:
    deals = table(
        "Deal - Title,Deal - Status,Deal - Stage,Deal - Value\nA,Won,Proposal Made,1\nB,Open,Proposal Made,1\n"
    )
    report = run_import(deals, planned(deals, "deal"), writer)
    assert report.failures == []
    assert [one["stage"] for one in writer.of("deal")] == ["won", "proposal"]


def test_ambiguous_dates_are_not_guessed(table: Make, writer: MemoryWriter) -> None:
    deals = table("Deal Name,Stage,Close Date\nA,Won,3/4/2017\n")
    plan = planned(deals, "deal")
    assert "two ways" in run_import(deals, plan, writer).failures[0].reason
    chosen = replace(plan, columns=tuple(replace(one, dates=DateOrder.DMY) for one in plan.columns))
    run_import(deals, chosen, writer)
    assert writer.of("deal")[0]["closed"] == "2017-04-03"


def test_google_values_in_one_cell(table: Make, writer: MemoryWriter) -> None:
    people = table(
        "Name,E-mail 1 - Type,E-mail 1 - Value,Group Membership\n"
        "Ann,* Work,a@x.example ::: b@x.example,* myContacts ::: vip\n"
    )
    run_import(people, planned(people), writer)
    [ann] = writer.of("person")
    assert values(ann, "emails") == [
        {"value": "a@x.example", "label": "work"}, {"value": "b@x.example", "label": "work"},
    ]  # fmt: skip
    assert [one["value"] for one in values(ann, "tags")] == ["vip"]


def test_tasks_hang_on_what_they_name(table: Make, writer: MemoryWriter) -> None:
    tasks = table(
        "Subject,Due Date,Status,Company\nCall back,12/31/2026,Completed,Acme\nVisit,12/30/2026,Not started,\n"
    )
    report = run_import(tasks, planned(tasks), writer)
    assert (report.type, report.failures) == ("task", [])
    call, visit = writer.of("task")
    assert (call["done"], call["due"], visit["done"]) == (True, "2026-12-31", False)
    assert writer.records[str(call["about"])][2]["name"] == "Acme"


def test_currency_of_the_amount(table: Make, writer: MemoryWriter) -> None:
    deals = table("Deal Name;Stage;Amount\nA;Won;1.200,50 €\nB;Won;300 CHF\n")
    run_import(deals, planned(deals, "deal"), writer)
    assert [(one["amount"], one["currency"]) for one in writer.of("deal")] == [
        (12_005_000, "EUR"),
        (3_000_000, "CHF"),
    ]


def test_a_writer_that_refuses(table: Make, writer: MemoryWriter) -> None:
    writer.refuse_at = 1
    deals = table("Deal Name,Stage\n" + "".join(f"Deal {n},Won\n" for n in range(30)))
    with pytest.raises(WriteRefused):
        run_import(deals, planned(deals, "deal"), writer, batch=10)
    assert len(writer.records) == 10


def test_progress_and_cancel(table: Make, writer: MemoryWriter) -> None:
    deals = table("Deal Name,Stage\n" + "".join(f"Deal {n},Won\n" for n in range(3000)))
    seen: list[tuple[int, int]] = []
    report = run_import(
        deals,
        planned(deals, "deal"),
        writer,
        progress=lambda rows, made: seen.append((rows, made)),
        cancelled=lambda: bool(seen),
    )
    assert report.cancelled and "stopped" in report.sentence()
    assert 500 <= report.created < 3000
    assert report.created == len(writer.records) == len(report.records)
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "plan",
    [
        Plan("person", ()),
        Plan("planet", (ColumnMap(0, Target("name")),)),
        Plan("person", (ColumnMap(9, Target("name")),)),
        Plan("person", (ColumnMap(0, Target("stage")),)),
        Plan("person", (ColumnMap(0, Target("name")), ColumnMap(1, Target("name")))),
        Plan("person", (ColumnMap(0, Target("name")),), constants={"colour": "red"}),
    ],
)
def test_plans_that_do_not_fit(table: Make, writer: MemoryWriter, plan: Plan) -> None:
    with pytest.raises(PlanInvalid):
        run_import(table("Name,City\nAnn,Linz\n"), plan, writer)


def test_report_keeps_one_line_per_notice() -> None:
    report = Report("x", "deal")
    for line in range(2, 100):
        report.notice("the same", line)
        report.correct(line, "c", "a", "b")
    assert report.notices == ["the same (first in line 2)"]
    assert (report.corrections[0].times, report.corrections[0].lines) == (98, [2, 3, 4, 5, 6])
