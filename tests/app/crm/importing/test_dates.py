from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from app.crm import ValueRefused
from app.crm.importing.dates import DateOrder, DateParser, recognise_dates


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2017", "3/25/2017"], DateOrder.MDY),
        (["3/4/2017", "25/3/2017"], DateOrder.DMY),
        (["03.04.17", "31.12.17"], DateOrder.DMY),
        (["2017-03-04"], DateOrder.YMD),
        (["3/4/2017", "5/6/2017"], DateOrder.AMBIGUOUS),
        (["12 March 2017"], DateOrder.YMD),
        (["hello", "12"], DateOrder.NONE),
        (["192.168.1.1", "1-2"], DateOrder.NONE),
    ],
)
def test_order_by_evidence(cells: list[str], order: DateOrder) -> None:
    assert recognise_dates(cells).order is order


def test_contradiction_is_said() -> None:
    found = recognise_dates(["3/25/2017", "3/26/2017", "25/3/2017"])
    assert (found.order, found.mixed, found.example) == (DateOrder.MDY, True, "3/25/2017")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/4/2017", DateOrder.MDY, "2017-03-04"),
        ("3/4/2017", DateOrder.DMY, "2017-04-03"),
        ("3.4.17", DateOrder.DMY, "2017-04-03"),
        ("1/1/70", DateOrder.MDY, "1970-01-01"),
        ("2017/3/4", DateOrder.DMY, "2017-03-04"),
        ("20170304", DateOrder.MDY, "2017-03-04"),
        ("12. März 2017", DateOrder.YMD, "2017-03-12"),
        ("Mar 12, 2017", DateOrder.YMD, "2017-03-12"),
        ("12 de marzo de 2017", DateOrder.YMD, "2017-03-12"),
        ("1 juin 2017", DateOrder.YMD, "2017-06-01"),
        ("3 juil. 2017", DateOrder.YMD, "2017-07-03"),
        ("2017-03-04T10:00:00Z", DateOrder.YMD, "2017-03-04"),
        ("3/4/2017 10:00 PM", DateOrder.MDY, "2017-03-04"),
        ("5/5/2017", DateOrder.AMBIGUOUS, "2017-05-05"),
    ],
)
def test_day(text: str, order: DateOrder, day: str) -> None:
    assert DateParser(order).day(text) == day


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("3/4/2017", DateOrder.AMBIGUOUS),
        ("25/3/2017", DateOrder.MDY),
        ("3/25/2017", DateOrder.DMY),
        ("2/30/2017", DateOrder.MDY),
        ("2017-02-29", DateOrder.YMD),
        ("0000-01-01", DateOrder.YMD),
        ("3/4/2017", DateOrder.YMD),
        ("tomorrow", DateOrder.DMY),
        ("1" * 10_000, DateOrder.DMY),
        ("/" * 10_000, DateOrder.DMY),
        ("", DateOrder.YMD),
    ],
)
def test_no_day(text: str, order: DateOrder) -> None:
    with pytest.raises(ValueRefused):
        DateParser(order).day(text)


def test_moments_are_utc() -> None:
    vienna = DateParser(DateOrder.DMY, ZoneInfo("Europe/Vienna"))
    assert vienna.moment("4.7.2017 10:30") == "2017-07-04T08:30:00Z"
    assert vienna.moment("2017-07-04T10:30:05+0530") == "2017-07-04T05:00:05Z"
    assert vienna.moment("4.7.2017 12:30 AM") == "2017-07-03T22:30:00Z"
    with pytest.raises(ValueRefused):
        vienna.moment("4.7.2017 25:00")
