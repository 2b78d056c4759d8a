"""Headers of the systems that people come from, as those write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.crm.importing import (
    DateOrder,
    Plan,
    Suggestion,
    Target,
    choices_of,
    map_column,
    open_table,
    profile_columns,
    suggest,
)

GOOGLE_OLD = (
    "Name,Given Name,Family Name,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Value,"
    "Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Street,Address 1 - City,Organization 1 - Name,"
    "Organization 1 - Title"
)
GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Name Prefix,Nickname,Organization Name,Organization Title,"
    "Organization Department,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
OUTLOOK = (
    "First Name,Last Name,Company,Department,Job Title,Business Street,Business City,Business Postal Code,Home Street,"
    "Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail 2 Address,Web Page,Birthday,Notes,Categories"
)
CASES = [
    (GOOGLE_OLD, "person", {
        "Name": "name", "Given Name": "given", "E-mail 1 - Type": "emails[1].label",
        "E-mail 1 - Value": "emails[1]",
        "Phone 1 - Value": "phones[1]", "Address 1 - City": "addresses[1].city",
        "Organization 1 - Name": "organisation",
        "Organization 1 - Title": "title", "Group Membership": "tags", "Birthday": "birthday",
    }),
    (GOOGLE_NEW, "person", {
        "First Name": "given", "Last Name": "family", "Name Prefix": "prefix",
        "Organization Department": "department",
        "Labels": "tags", "Phone 1 - Label": "phones[1].label", "Website 1 - Value": "urls[1]",
        "Custom Field 1 - Value": "custom[1]",
    }),
    (OUTLOOK, "person", {
        "Company": "organisation", "Business Street": "addresses[work].street",
        "Home Street": "addresses[home].street",
        "Business Phone": "phones[work]", "Mobile Phone": "phones[mobile]", "E-mail Address": "emails[1]",
        "E-mail 2 Address": "emails[2]", "Web Page": "urls[1]", "Categories": "tags",
    }),
    ("Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,"
     "Lifecycle Stage", "person", {
        "Record ID": "external_id", "Email": "emails[1]", "Contact owner": "owner",
        "Associated Company": "organisation",
    }),
    ("Record ID,Company name,Company owner,Industry,Company Domain Name,Number of Employees,"
     "Annual Revenue", "company", {
        "Company name": "name", "Industry": "sector", "Number of Employees": "employees",
        "Annual Revenue": "revenue",
        "Company Domain Name": "website",
    }),
    ("Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company,"
     "Associated Contact", "deal", {
        "Deal Name": "name", "Deal Stage": "stage", "Close Date": "close_date", "Associated Contact": "person",
        "Pipeline": "pipeline",
    }),
    ("OpportunityId,OpportunityName,AccountName,StageName,Amount,CloseDate,Probability,LeadSource", "deal", {
        "OpportunityName": "name", "AccountName": "company", "StageName": "stage", "CloseDate": "close_date",
        "LeadSource": "source",
    }),
    ("Salutation,First Name,Last Name,Account Name,Title,Mailing Street,Mailing City,"
     "Mailing Zip/Postal Code,Email,Mobile",
     "person", {
        "Mailing Zip/Postal Code": "addresses[work].code", "Account Name": "organisation",
        "Mobile": "phones[mobile]",
        "Title": "title",
    }),
    ("Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Status,Deal - Expected close date,"
     "Deal - Organization,Deal - Contact person,Deal - Owner,Deal - Lost reason", "deal", {
        "Deal - Title": "name", "Deal - Value": "amount", "Deal - Currency of Value": "currency",
        "Deal - Status": "status",
        "Deal - Expected close date": "expected_close", "Deal - Organization": "company",
        "Deal - Lost reason": "loss_reason",
    }),
    ("Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile", "person", {
        "Person - Name": "name", "Person - Email - Work": "emails[work]",
        "Person - Phone - Mobile": "phones[mobile]",
    }),
    ("product,series,sales_price", "product", {"sales_price": "price"}),
    ("Subject,Due Date,Status,Assigned To,Related To", "task", {"Subject": "title", "Due Date": "due"}),
    ("Vorname,Nachname,Firma,Telefon,E-Mail,PLZ,Ort", "person", {
        "Firma": "organisation", "Telefon": "phones[1]", "E-Mail": "emails[1]", "PLZ": "addresses[1].code",
    }),
]  # fmt: skip


def suggested(text: str, type: str = "") -> Suggestion:
    return suggest(profile_columns(open_table(text.encode())), type)


@pytest.mark.parametrize(
    ("header", "type", "expected"), CASES, ids=[f"{one[1]}-{n}" for n, one in enumerate(CASES)]
)
def test_headers(header: str, type: str, expected: dict[str, str]) -> None:
    suggestion = suggested(header + "\n")
    assert suggestion.type == type
    found = {one.header: str(one.map.target) for one in suggestion.columns if one.map is not None}
    assert {name: found.get(name) for name in expected} == expected
    targets = list(found.values())
    assert len(targets) == len(set(targets))
    suggestion.plan().check(len(header.split(",")))


@pytest.mark.parametrize(
    ("name", "type"), [("accounts", "company"), ("products", "product"), ("sales_pipeline", "deal")]
)
def test_real_tables(data_dir: Path, name: str, type: str) -> None:
    suggestion = suggest(profile_columns(open_table(data_dir / "crm-sales-opportunities" / f"{name}.csv")))
    assert (suggestion.type, suggestion.questions) == (type, ())
    assert all(one.map is not None and one.confidence >= 0.9 for one in suggestion.columns)


def test_us_dates_are_seen(data_dir: Path) -> None:
    suggestion = suggest(
        profile_columns(open_table(data_dir / "crm-sales-opportunities" / "sales_pipeline.csv"))
    )
    orders = {one.header: one.map.dates for one in suggestion.columns if one.map is not None}
    assert orders["engage_date"] is DateOrder.MDY
    assert orders["close_date"] is DateOrder.MDY


def test_what_is_unclear_is_asked() -> None:
    questions = suggested(
        "Deal Name,Amount,Close Date,Stage\nA,1.234,3/4/2017,Won\nB,5.678,5/6/2017,Lost\n"
    ).questions
    assert [one.header for one in questions] == ["Amount", "Close Date"]
    assert all(one.ask.endswith("?") for one in questions)


def test_by_content_where_the_header_says_nothing() -> None:
    found = suggested("Name,Foo\nAnn,ann@ash.example\nBen,ben@ben.example\n", "person")
    assert found.columns[1].map is not None
    assert found.columns[1].map.target.field == "emails"
    assert found.columns[1].confidence < found.columns[0].confidence


def test_values_that_contradict_the_header_lower_the_confidence() -> None:
    found = suggested("Name,Birthday\nAnn,none of your business\nBen,ask me\n", "person")
    assert found.columns[1].confidence < 0.5
    assert found.columns[1].map is None
    assert "left out" in found.columns[1].reason
    some = suggested("Name,Birthday\nAnn,1980-12-31\nBen,unknown\n", "person")
    assert some.columns[1].map is not None


@pytest.mark.parametrize(
    "amounts", [("300 CHF", "1'000.50 CHF"), ("EUR 5", "EUR 6"), ("(3.00)", "-5.00"), ("1.200,50 €", "3,5 €")]
)
def test_amounts_with_their_currency_are_numbers(amounts: tuple[str, ...]) -> None:
    found = suggested("Deal Name;Stage;Amount\n" + "".join(f"D;Won;{one}\n" for one in amounts), "deal")
    assert found.columns[2].confidence == 0.95
    assert found.columns[2].map is not None


@pytest.mark.parametrize("type", ["person", "company", "deal", "product", "note", "task"])
def test_every_choice_is_a_field(type: str) -> None:
    choices = choices_of(type)
    assert len({words for _, words in choices}) == len(choices)
    [profile] = profile_columns(open_table(b"Odd\n3/25/2017\n"))
    for target, _ in choices:
        Plan(type, (map_column(profile, type, target),)).check(1)


def test_a_chosen_column_keeps_its_formats() -> None:
    [profile] = profile_columns(open_table(b"Odd\n25.3.2017\n"))
    assert map_column(profile, "deal", Target("closed")).dates is DateOrder.DMY
