"""Conditions in words, and what a list asks the vault for."""

from __future__ import annotations

from datetime import date

import pytest

from app.crm.schema import SCHEMA
from app.desktop.viewmodels.list_config import LISTS
from app.desktop.viewmodels.list_filters import (
    ListState,
    filter_fields,
    filter_words,
    needs_value,
    operators,
)
from vault.store import CHANGED, Filter, Op, Shown, Sort

TODAY = date(2026, 3, 14)
ME = "member:0a"
NAMES = {"member:0a": "Ann Achterberg", "company:01": "Harbour Ltd"}


def named(value: str) -> str:
    return NAMES[value]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Filter("stage", Op.ONE_OF, ("won",)), "Stage is Won"),
        (Filter("stage", Op.ONE_OF, ("won", "lost")), "Stage is one of Won, Lost"),
        (Filter("amount", Op.AT_LEAST, 12_500_0000), "Amount is at least 12,500"),
        (Filter("amount", Op.LESS, 12_5000), "Amount is less than 12.50"),
        (Filter("owner", Op.EQUALS, ME), "Owner is Ann Achterberg"),
        (Filter("company", Op.EQUALS, "company:01"), "Company is Harbour Ltd"),
        (Filter("company", Op.EMPTY), "Company is empty"),
        (Filter("probability", Op.MORE, 30), "Probability is more than 30 %"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Filter, words: str) -> None:
    assert filter_words("deal", condition, named) == words


def test_a_stage_of_a_newer_client_reads_as_its_key() -> None:
    assert filter_words("deal", Filter("stage", Op.ONE_OF, ("haggling",)), named) == "Stage is haggling"


def test_yes_or_no_reads_so() -> None:
    assert filter_words("task", Filter("done", Op.EQUALS, True), named) == "Done is yes"


@pytest.mark.parametrize("type_name", sorted(LISTS))
def test_every_field_that_can_be_filtered_has_comparisons_in_words(type_name: str) -> None:
    fields = filter_fields(type_name)
    assert fields
    for field in fields:
        assert operators(field)
        for op, words in operators(field):
            if not needs_value(op):
                assert filter_words(type_name, Filter(field.name, op), named) == f"{field.label} {words}"


@pytest.mark.parametrize("type_name", sorted(LISTS))
def test_every_column_and_quick_filter_is_of_a_field_that_the_vault_can_ask_for(type_name: str) -> None:
    config, record = LISTS[type_name], SCHEMA.by_name[type_name]
    for column in config.columns:
        assert column.key.startswith("@") or column.key in record.by_name
    columns = {field.name for field in record.columns}
    for quick in config.quick:
        assert {one.field for one in quick.filters(ME, TODAY)} <= columns


def test_quick_filters_of_one_group_exclude_each_other() -> None:
    deals = LISTS["deal"]
    state = ListState().toggled(deals, "open").toggled(deals, "mine")
    assert state.quick == {"open", "mine"}
    state = state.toggled(deals, "won")
    assert state.quick == {"won", "mine"}
    assert state.toggled(deals, "won").quick == {"mine"}


def test_one_condition_more_another_in_its_place_and_gone() -> None:
    first, second, third = (
        Filter("amount", Op.AT_LEAST, 1), Filter("company", Op.EMPTY), Filter("amount", Op.AT_LEAST, 2),
    )  # fmt: skip
    state = ListState().with_filter(first).with_filter(second)
    assert state.with_filter(third, first).filters == (third, second)
    assert state.without_filter(first).filters == (second,)


def test_clearing_keeps_the_order_and_the_bin() -> None:
    sort = Sort(CHANGED, descending=True)
    state = ListState("harbour", frozenset({"open"}), (Filter("company", Op.EMPTY),), sort, bin=True)
    assert state.is_narrowed
    assert state.cleared() == ListState(sort=sort, bin=True)
    assert not state.cleared().is_narrowed
    assert not ListState("  ").is_narrowed


def test_the_query_holds_everything_that_was_chosen() -> None:
    chosen = Filter("amount", Op.AT_LEAST, 1)
    state = ListState("crane", frozenset({"mine"}), (chosen,), Sort("amount"), bin=True)
    query = state.query(LISTS["deal"], ME, TODAY)
    assert query.type == "deal"
    assert query.filters == (chosen, Filter("owner", Op.EQUALS, ME))
    assert (query.text, query.sort, query.shown) == ("crane", Sort("amount"), Shown.DELETED)


def test_overdue_is_not_done_and_before_today() -> None:
    query = ListState().toggled(LISTS["task"], "overdue").query(LISTS["task"], ME, TODAY)
    assert query.filters == (
        Filter("done", Op.NOT_EQUALS, True), Filter("due", Op.LESS, "2026-03-14"),
    )  # fmt: skip
    assert query.shown is Shown.LIVING
