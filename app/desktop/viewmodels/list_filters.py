"""Filters in words: which comparisons a field has, how a condition reads, what a list asks the vault for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from app.crm.margins import commercial_fields, field_of, listed_as
from app.crm.schema import SCHEMA
from app.crm.words import MONEY_UNIT
from app.desk import Desk
from app.desk.small_groups import is_small
from app.desktop.viewmodels.list_config import ListConfig
from app.desktop.viewmodels.shown import date_words
from protocol import access
from vault.schema import Field, FieldKind, Option
from vault.store import GROUP, Filter, Op, Query, Shown, Sort

_EMPTY = ((Op.EMPTY, "is empty"), (Op.NOT_EMPTY, "has a value"))
_TEXT = (
    (Op.CONTAINS, "contains"), (Op.STARTS, "starts with"), (Op.EQUALS, "is"), (Op.NOT_EQUALS, "is not"), *_EMPTY,
)  # fmt: skip
_NUMBER = (
    (Op.AT_LEAST, "is at least"), (Op.AT_MOST, "is at most"), (Op.MORE, "is more than"),
    (Op.LESS, "is less than"), (Op.EQUALS, "is"), *_EMPTY,
)  # fmt: skip
_DATE = (
    (Op.AT_LEAST, "is on or after"), (Op.AT_MOST, "is on or before"), (Op.EQUALS, "is on"),
    (Op.LESS, "is before"), (Op.MORE, "is after"), *_EMPTY,
)  # fmt: skip
_CHOICE = ((Op.ONE_OF, "is one of"), (Op.NOT_EQUALS, "is not"), *_EMPTY)
_REF = ((Op.EQUALS, "is"), (Op.CONTAINS, "has a name with"), (Op.NOT_EQUALS, "is not"), *_EMPTY)
_BOOL = ((Op.EQUALS, "is"),)

PLACE = Field(GROUP, "Place", FieldKind.CHOICE)
_PLACE = ((Op.ONE_OF, "is one of"), (Op.NOT_EQUALS, "is not"))

_BY_KIND = {
    FieldKind.INTEGER: _NUMBER,
    FieldKind.MONEY: _NUMBER,
    FieldKind.PERCENT: _NUMBER,
    FieldKind.DATE: _DATE,
    FieldKind.DATETIME: _DATE,
    FieldKind.CHOICE: _CHOICE,
    FieldKind.REF: _REF,
    FieldKind.MEMBER: _REF,
    FieldKind.BOOL: _BOOL,
}


def operators(field: Field) -> tuple[tuple[Op, str], ...]:
    """(operator, words) that make sense for this field, the most usual first."""
    return _PLACE if field.name == GROUP else _BY_KIND.get(field.kind, _TEXT)


def needs_value(op: Op) -> bool:
    return op not in (Op.EMPTY, Op.NOT_EMPTY)


def filter_fields(type_name: str) -> list[Field]:
    """The type's own fields that a list can be filtered by."""
    return [found for found in SCHEMA.by_name[type_name].columns if found.name != "currency"]


def offered_fields(desk: Desk, type_name: str) -> list[Field]:
    """What a user can filter by, under the names that filters have for it: the place too, where there are several, and
    commercial fields where he may see any."""
    fields = filter_fields(type_name)
    if desk.acts.margins.open_to_me(type_name):
        fields += [
            replace(one, name=listed_as(type_name, one.name))
            for one in commercial_fields(type_name)
            if one.column
        ]
    places = _places(desk, type_name)
    return [*fields, replace(PLACE, options=places)] if len(places) > 1 else fields


def _places(desk: Desk, type_name: str) -> tuple[Option, ...]:
    """Groups of whose records of this type some can be here, by name; small ones last."""
    state, compartment = desk.vault.roster, SCHEMA.by_name[type_name].compartment
    groups = {log.group for log in access.logs_of(state, desk.me) if log.compartment is compartment}
    named = sorted(
        (is_small(state, group), desk.name("group", group).casefold(), desk.name("group", group), group.hex())
        for group in groups
    )
    return tuple(Option(key, words, order) for order, (_, _, words, key) in enumerate(named, 1))


def _field(type_name: str, name: str) -> Field:
    if name == GROUP:
        return PLACE
    found = field_of(type_name, name)
    assert found is not None  # filters are made of fields
    return found


def filter_words(type_name: str, condition: Filter, named: Callable[[str], str]) -> str:
    """A chip: "Stage is one of Won, Lost". `named` turns a reference or a member value into a name."""
    one = _field(type_name, condition.field)
    words = next((text for op, text in operators(one) if op is condition.op), condition.op.value)
    if not needs_value(condition.op):
        return f"{one.label} {words}"
    if isinstance(condition.value, tuple):
        shown = ", ".join(_value_words(one, value, named) for value in condition.value)
        words = "is" if len(condition.value) == 1 else words
    else:
        shown = _value_words(one, condition.value, named)
    return f"{one.label} {words} {shown}"


def _value_words(one: Field, value: str | int | bool | None, named: Callable[[str], str]) -> str:
    if one.name == GROUP:
        return named(f"group:{value}")
    if one.kind is FieldKind.CHOICE:
        return next((option.label for option in one.options if option.key == value), str(value))
    if one.kind is FieldKind.BOOL:
        return "yes" if value else "no"
    if one.kind is FieldKind.DATE:
        return date_words(value)
    if one.kind is FieldKind.MONEY and isinstance(value, int):
        return f"{value / MONEY_UNIT:,.2f}".removesuffix(".00")
    if one.kind is FieldKind.PERCENT:
        return f"{value} %"
    if one.kind in (FieldKind.REF, FieldKind.MEMBER) and isinstance(value, str):
        return named(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class ListState:
    """What a list shows: everything that the user chose."""

    text: str = ""
    quick: frozenset[str] = frozenset()
    filters: tuple[Filter, ...] = ()
    sort: Sort = field(default_factory=Sort)
    bin: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything keeps records out of sight."""
        return bool(self.text.strip() or self.quick or self.filters)

    def toggled(self, config: ListConfig, key: str) -> ListState:
        """A quick filter on or off; of one group only one is on."""
        if key in self.quick:
            return replace(self, quick=self.quick - {key})
        chosen = next(one for one in config.quick if one.key == key)
        rivals = {one.key for one in config.quick if one.group and one.group == chosen.group}
        return replace(self, quick=(self.quick - rivals) | {key})

    def with_filter(self, condition: Filter, instead_of: Filter | None = None) -> ListState:
        """One more condition, or another in the place of one."""
        if instead_of in self.filters:
            return replace(
                self, filters=tuple(condition if old == instead_of else old for old in self.filters)
            )
        return replace(self, filters=(*self.filters, condition))

    def without_filter(self, condition: Filter) -> ListState:
        return replace(self, filters=tuple(old for old in self.filters if old != condition))

    def cleared(self) -> ListState:
        return replace(self, text="", quick=frozenset(), filters=())

    def query(self, config: ListConfig, me: str, today: date) -> Query:
        conditions = list(self.filters)
        for one in config.quick:
            if one.key in self.quick:
                conditions += one.filters(me, today)
        shown = Shown.DELETED if self.bin else Shown.LIVING
        return Query(config.type_name, tuple(conditions), self.sort, self.text, shown)
