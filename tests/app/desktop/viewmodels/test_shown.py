"""Values in words."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest

from app.crm.schema import SCHEMA, Outcome
from app.desktop.viewmodels.shown import (
    NOT_SHARED,
    Names,
    ago,
    counted,
    date_words,
    day_of,
    field_icon,
    item_words,
    items_of,
    money_of,
    money_words,
    seconds_of,
    short_day,
    stage_hue,
    stage_keys,
    value_words,
)
from protocol.operations import Value

TODAY = date(2026, 3, 14)
NAMES = Names({"company:01": "Harbour Ltd"}, {"member:0a": "Ann Achterberg"})


@pytest.mark.parametrize(
    ("number", "type_name", "words"),
    [(1, "deal", "1 deal"), (0, "person", "0 people"), (8800, "deal", "8,800 deals")],
)
def test_counting(number: int, type_name: str, words: str) -> None:
    assert counted(number, type_name) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-03-14", "Today"), ("2026-03-15", "Tomorrow"), ("2026-03-13", "Yesterday"),
        ("2026-07-01", "1 Jul"), ("2024-07-01", "1 Jul 2024"), ("--07-01", "1 Jul"), ("soon", "soon"), (None, ""),
    ],
)  # fmt: skip
def test_days_in_short(value: object, words: str) -> None:
    assert short_day(value, TODAY) == words


@pytest.mark.parametrize("value", ["--13-01", "--00-10", "--xx-01", "spring", ""])
def test_what_is_no_date_stays_as_it_was_written(value: str) -> None:
    assert date_words(value) == value
    assert day_of(value) is None


def test_how_long_ago() -> None:
    now = datetime(2026, 3, 14, 15, 0).astimezone().timestamp()
    assert ago(int(now) - 5, now) == "just now"
    assert ago(int(now) - 300, now) == "5 min ago"
    assert ago(int(now) - 3 * 3600, now) == "3 h ago"
    assert ago(int(now) - 24 * 3600, now) == "yesterday"
    assert ago(int(now) - 3 * 86_400, now) == "3 days ago"
    assert ago(int(now) - 20 * 86_400, now) == "22 Feb"
    assert ago(int(now) - 800 * 86_400, now) == "4 Jan 2024"
    assert ago(int(time.time()) + 50, time.time()) == "just now", "a clock that is ahead"


def test_money_is_shown_with_its_currency_and_nothing_is_made_of_what_is_no_amount() -> None:
    assert "12,500" in money_words(12_500_0000, "EUR")
    assert "12,500" in money_words(12_500_0000, None)
    assert money_words("12500", "EUR") == ""
    assert money_of(True, "EUR") is None


def test_stages_have_outcomes_and_hues() -> None:
    assert stage_keys(Outcome.WON) == ("won",)
    assert stage_hue("won") == 2
    assert stage_hue("haggling") is None
    assert set(stage_keys(Outcome.OPEN)).isdisjoint(stage_keys(Outcome.LOST))


def test_references_that_are_closed_say_so() -> None:
    company, owner = (SCHEMA.by_name["deal"].by_name[name] for name in ("company", "owner"))
    assert value_words(company, "company:01", NAMES) == "Harbour Ltd"
    assert value_words(company, "company:02", NAMES) == NOT_SHARED
    assert value_words(owner, "member:0a", NAMES) == "Ann Achterberg"


@pytest.mark.parametrize(
    ("type_name", "field", "value", "words"),
    [
        ("deal", "probability", 30, "30 %"), ("task", "done", True, "Yes"), ("task", "done", False, "No"),
        ("deal", "stage", "won", "Won"), ("deal", "stage", "haggling", "haggling"), ("deal", "name", None, ""),
        ("company", "founded", 1987, "1987"),
    ],
)  # fmt: skip
def test_values_by_kind(type_name: str, field: str, value: Value, words: str) -> None:
    assert value_words(SCHEMA.by_name[type_name].by_name[field], value, NAMES) == words


def test_items_come_in_order_and_addresses_are_joined() -> None:
    fields: dict[str, Value] = {
        "emails/b": {"value": "b@harbour.example", "label": "work"},
        "emails/a": {"value": "a@harbour.example"},
        "emails/c": None,
        "phones/a": {"value": "+31 20 1234567"},
    }
    assert [key for key, _ in items_of(fields, "emails")] == ["a", "b"]
    assert item_words({"label": "home", "street": "Quay 1", "city": "Delft"}) == "Quay 1, Delft"
    emails = SCHEMA.by_name["person"].by_name["emails"]
    assert value_words(emails, fields["emails/b"], NAMES) == "b@harbour.example (work)"


def test_a_moment_without_a_zone_is_utc() -> None:
    assert seconds_of("2026-03-14T09:05:00") == seconds_of("2026-03-14T10:05:00+01:00")
    assert seconds_of("teatime") is None
    assert seconds_of(7) is None


def test_every_field_has_an_icon() -> None:
    for record in SCHEMA.by_name.values():
        for field in record.by_name.values():
            assert field_icon(field)
