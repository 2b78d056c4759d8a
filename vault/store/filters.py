"""Filters and sorting of lists, turned into SQL over the typed columns.

Texts compare folded (no case, no diacritics). Beside its column fields a type has `@title`, `@created`, `@changed`
(Unix seconds of the authors' clocks). A column of a type's companion is called `<companion type>.<field>`. A filter on
a field that is not a column raises NotFound.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from protocol.ids import LogId
from vault.schema import Field
from vault.store.columns import REFS, TEXTS, quoted, sort_column, value_column
from vault.store.companions import companion_sql
from vault.store.connection import SqlValue, Tx
from vault.store.errors import NotFound
from vault.store.numbers import Numbers
from vault.store.rows import Table
from vault.store.text import MOST, fold_text
from vault.store.words import match_expression

TITLE = "@title"
CREATED = "@created"
CHANGED = "@changed"
GROUP = "@group"
"""The group where a record is (32 hex digits): for filters only."""
_BUILT_IN = {TITLE: "title", CREATED: "created", CHANGED: "changed"}


class Op(enum.Enum):
    EQUALS = "equals"
    NOT_EQUALS = "not equals"  # true for records without a value
    LESS = "less"
    AT_MOST = "at most"
    MORE = "more"
    AT_LEAST = "at least"
    ONE_OF = "one of"
    CONTAINS = "contains"
    STARTS = "starts with"
    EMPTY = "empty"
    NOT_EMPTY = "not empty"


class Shown(enum.Enum):
    """Which records a list has: the living, the deleted (the bin), or all, moved and erased ones too."""

    LIVING = "living"
    DELETED = "deleted"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. `value`: str, int or bool as the field has it; a tuple of them for ONE_OF; nothing for EMPTY."""

    field: str
    op: Op
    value: str | int | bool | tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """Records without a value come last, in either direction; equal ones in the order in which they arrived."""

    field: str = TITLE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A list: all conditions hold. `text` is what was typed into its search box; `homes` limits it to these logs."""

    type: str
    filters: tuple[Filter, ...] = ()
    sort: Sort = field(default_factory=Sort)
    text: str = ""
    shown: Shown = Shown.LIVING
    homes: tuple[LogId, ...] | None = None


@dataclass(slots=True)
class Where:
    """SQL conditions with their values."""

    terms: list[str]
    values: list[SqlValue]

    @property
    def sql(self) -> str:
        return " AND ".join(self.terms) or "1"

    def also(self, term: str, *values: SqlValue) -> Where:
        return Where([*self.terms, term], [*self.values, *values])


MANY = 1_000
"""Records with a text from which on a sorted list is read in its order."""
_IN_SHORT = "search_short MATCH ? AND rowid % 16 = ?"
_COMPARED = {Op.LESS: "<", Op.AT_MOST: "<=", Op.MORE: ">", Op.AT_LEAST: ">="}


def where(tx: Tx, table: Table, query: Query, numbers: Numbers, *, in_order: bool = False) -> Where:
    """The conditions of a query. `in_order`: for a few rows in the order of the query's sorting."""
    found = Where([], [])
    if query.shown is Shown.LIVING:
        found.terms.append("hidden = 0")
    elif query.shown is Shown.DELETED:
        found.terms.append("hidden = 1")
    if query.homes is not None:
        logs = [number for log in query.homes if (number := numbers.find_log(tx, log)) is not None]
        found.terms.append(f"log IN ({','.join('?' * len(logs))})")
        found.values.extend(logs)
    for one in query.filters:
        _add(found, table, one)
    if query.text.strip():
        _add_text(tx, found, table, query, in_order)
    return found


def text_alone(table: Table, query: Query) -> Where | None:
    """Conditions on the short index by itself, which has living records only, where a list is narrowed by its text
    and nothing else; else None."""
    alone = query.shown is Shown.LIVING and query.homes is None and not query.filters
    expression = match_expression(query.text) if alone and len(fold_text(query.text)) > 1 else ""
    return Where([_IN_SHORT], [expression, table.type.code]) if expression else None


def sort_sql(table: Table, sort: Sort) -> str:
    """The column to sort by."""
    if sort.field in _BUILT_IN:
        return _BUILT_IN[sort.field]
    return _placed(table, sort.field, sort_column(column_field(table, sort.field)))


def group_sql(table: Table, name: str) -> str:
    """The column to group by, or to sum: the value itself."""
    return (
        _BUILT_IN[name]
        if name in _BUILT_IN
        else _placed(table, name, value_column(column_field(table, name)))
    )


def _placed(table: Table, name: str, column: str) -> str:
    """The column, in the table itself or in that of the companion."""
    if "." not in name or table.companion is None:
        return column
    return companion_sql(table.name, table.companion.name, column)


def column_field(table: Table, name: str) -> Field:
    owner, dot, plain = name.partition(".")
    if dot:
        if table.companion is None or table.companion.type.name != owner:
            raise NotFound(f"{owner!r} is no companion of {table.type.name}")
        return column_field(table.companion, plain)
    one = table.type.by_name.get(name)
    if one is None or not one.column:
        raise NotFound(f"{name!r} is not a column of {table.type.name}")
    return one


def indexed_columns(table: Table) -> list[tuple[str, str]]:
    """(name of the index, its column): what lists sort by and what references are found by."""
    columns = ["title", "changed"]
    for one in table.type.columns:
        columns.append(sort_column(one))
        if sort_column(one) != value_column(one):
            columns.append(value_column(one))
    return [(quoted(f"i_{table.type.name}_{column.strip(chr(34))}"), column) for column in columns]


def _add_group(found: Where, one: Filter) -> None:
    groups = one.value if isinstance(one.value, tuple) else (one.value,)
    wanted: list[SqlValue] = [bytearray.fromhex(str(group)) for group in groups]
    has = f"log IN (SELECT id FROM logs WHERE substr(log, 2, 16) IN ({','.join('?' * len(wanted))}))"
    found.terms.append(f"NOT {has}" if one.op is Op.NOT_EQUALS else has)
    found.values.extend(wanted)


def _add(found: Where, table: Table, one: Filter) -> None:
    if one.field == GROUP:
        _add_group(found, one)
        return
    kind = None if one.field in _BUILT_IN else column_field(table, one.field).kind
    column = group_sql(table, one.field)
    folded = kind in TEXTS or one.field == TITLE
    if one.op is Op.EMPTY or one.op is Op.NOT_EMPTY:
        found.terms.append(f"{column} IS {'NOT ' if one.op is Op.NOT_EMPTY else ''}NULL")
    elif one.op is Op.ONE_OF:
        wanted = [_value(item, folded) for item in one.value] if isinstance(one.value, tuple) else []
        found.terms.append(f"{column} IN ({','.join('?' * len(wanted))})")
        found.values.extend(wanted)
    elif one.op is Op.CONTAINS or one.op is Op.STARTS:
        if kind in REFS:
            column = sort_sql(table, Sort(one.field))
        text = fold_text(str(one.value)) if folded or kind in REFS else str(one.value)
        if one.op is Op.STARTS:
            found.terms.append(f"{column} >= ? AND {column} < ?")
            found.values.extend((text, text + "\U0010ffff"))
        else:
            found.terms.append(f"instr({column}, ?) > 0")
            found.values.append(text)
    else:
        value = None if isinstance(one.value, tuple) else one.value
        sign = _COMPARED.get(one.op)
        if sign is not None:
            found.terms.append(f"{column} {sign} ?")
        else:
            found.terms.append(f"{column} {'IS' if one.op is Op.EQUALS else 'IS NOT'} ?")
        found.values.append(_value(value, folded))


def _value(value: str | int | bool | None, folded: bool) -> SqlValue:
    if isinstance(value, str) and folded:
        return fold_text(value)[:MOST] or None
    return value


def _add_text(tx: Tx, found: Where, table: Table, query: Query, in_order: bool) -> None:
    words = fold_text(query.text)
    if len(words) == 1:
        # One letter: the beginning of the title, by the B-tree. The short index has half of all records for it.
        begins = Where(["title >= ?", "title < ?"], [words, words + "\U0010ffff"])
        walk = in_order and _is_many(tx, table, query, table.name, begins.also("hidden = 0"))
        found.terms += [f"+{term}" if walk else term for term in begins.terms]
        found.values += begins.values
        return
    expression = match_expression(query.text)
    if not expression:
        found.terms.append("0")
        return
    has = Where([_IN_SHORT], [expression, table.type.code])
    walk = in_order and _is_many(tx, table, query, "search_short", has)
    found.terms.append(f"{'+id' if walk else 'id'} IN (SELECT rowid FROM search_short WHERE {has.sql})")
    found.values += has.values


def _is_many(tx: Tx, table: Table, query: Query, source: str, has: Where) -> bool:
    """Whether to walk the index that the list is sorted by until enough rows have the text: where many have it, that
    reads less than looking all of them up and sorting them. (Not by title: those with the text often stand together
    there, at the end of a long walk.) The database does so where it sees a `+` before what it could look them up
    by."""
    if query.sort.field == TITLE or query.shown is not Shown.LIVING:
        return False
    column = sort_sql(table, query.sort)
    index = next((name for name, indexed in indexed_columns(table) if indexed == column), "").strip('"')
    if tx.first("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", (index,)) is None:
        return False
    many = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {has.sql} LIMIT {MANY})"
    return tx.number(many, has.values) == MANY
