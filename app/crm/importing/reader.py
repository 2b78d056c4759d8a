"""From a row of a table to the fields of a draft, as the plan says.

A `RowReader` is made once per import: each column becomes one small function that puts its value into the
row's fields. Cells are text and stay text: nothing in them is run, loaded or rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.crm.draft import Value
from app.crm.errors import ValueRefused
from app.crm.escaping import unescape_cell
from app.crm.importing.cells import clean_line, clean_text, converter, split_tags, split_values
from app.crm.importing.known import KNOWN, corrected
from app.crm.importing.limits import DEFAULT_LIMITS
from app.crm.importing.numbers import parse_money
from app.crm.importing.ours import parse_more
from app.crm.importing.plan import CLOSE_DATE, MORE, STATUS, ColumnMap, Plan, Target, field_of
from app.crm.importing.table import Row
from app.crm.items import item_field, key_at, split_item, tag_key
from app.crm.naming import display_name
from app.crm.words import one_line_address
from vault.schema import FieldKind

Slots = dict[tuple[str, str], dict[str, str]]
Put = Callable[[str, dict[str, Value], Slots, int], None]
# Finds or announces the record called so: (type, text, line, column header) -> (reference, its name), or None
# where the field stays empty. Raises ValueRefused where the plan wants such rows refused.
Resolve = Callable[[str, str, int, str], tuple[str, str] | None]
Correct = Callable[[int, str, str, str], None]
_CLOSED = ("won", "lost")
_CACHE = 20_000


class RowRefused(Exception):
    """A row that cannot be imported: the column's header and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class RowReader:
    """Reads rows of one table by one plan."""

    def __init__(self, plan: Plan, header: tuple[str, ...], resolve: Resolve, correct: Correct) -> None:
        self._plan = plan
        self._header = header
        self._resolve = resolve
        self._correct = correct
        self._type = plan.type
        self._constants = dict(plan.constants)
        self._titles: dict[str, str] = {}  # of one row: what its references are called
        # Two passes: what a status overrules, and the names that titles are made of, has to be there before.
        ordered = sorted(plan.columns, key=lambda one: one.target.field in (STATUS, CLOSE_DATE, MORE))
        self._puts = [(one.column, self._header[one.column], self._put(one)) for one in ordered]

    def read(self, row: Row) -> dict[str, Value]:
        """The fields of one row. Raises RowRefused."""
        fields: dict[str, Value] = dict(self._constants)
        slots: Slots = {}
        cells, line = row.cells, row.line
        width = len(cells)
        unescape = self._plan.unescape
        self._titles.clear()
        for column, header, put in self._puts:
            if column >= width:
                continue
            cell = cells[column].strip()
            if not cell:
                continue
            if unescape:
                cell = unescape_cell(cell)
            try:
                put(cell, fields, slots, line)
            except ValueRefused as refused:
                raise RowRefused(header, refused.reason) from None
        if slots:
            _items(slots, fields)
        self._finish(fields)
        if len(fields) > DEFAULT_LIMITS.card_fields:
            raise RowRefused("", "the row has more values than a record can hold")
        return fields

    def _finish(self, fields: dict[str, Value]) -> None:
        if self._type == "deal":
            if CLOSE_DATE in fields:
                day = fields.pop(CLOSE_DATE)
                field = "closed" if fields.get("stage") in _CLOSED else "expected_close"
                fields.setdefault(field, day)
            if not fields.get("name"):
                names = [
                    self._titles[part] for part in ("company", "product", "person") if part in self._titles
                ]
                title = " – ".join(names) or fields.get("external_id")
                if title:
                    fields["name"] = title
        elif self._type == "person" and not fields.get("name"):
            name = display_name(fields)
            if name:
                fields["name"] = name
        for field_ in self._plan.record_type.fields:
            if field_.required and not fields.get(field_.name):
                raise RowRefused("", f"there is no {field_.label.lower()}")

    def _put(self, one: ColumnMap) -> Put:
        field = field_of(self._type, one.target)
        assert field is not None  # the plan was checked
        name = field.name
        if name == STATUS:
            return self._status(one)
        if name == MORE:
            return _more
        if field.kind is FieldKind.LIST:
            return self._tags(name) if name == "tags" else self._item(one)
        if field.kind is FieldKind.REF:
            target = field.target or one.target.part
            return self._reference(name, target, self._header[one.column])
        if field.kind is FieldKind.MONEY:
            return self._money(name, one)
        words = KNOWN.get((self._type, name)) if self._plan.correct else None
        if words is not None:
            return self._known(name, words, self._header[one.column])
        convert = converter(field, one, self._plan)

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            fields[name] = convert(cell)

        return put

    def _status(self, one: ColumnMap) -> Put:
        stage_field = field_of("deal", Target("stage"))
        assert stage_field is not None
        convert = converter(stage_field, one, self._plan)

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            key = convert(cell)
            if key in _CLOSED or "stage" not in fields:
                fields["stage"] = key

        return put

    def _reference(self, name: str, target: str, header: str) -> Put:
        resolve, titles = self._resolve, self._titles

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            text = clean_line(cell)
            titles[name] = text
            found = resolve(target, text, line, header)
            if found is not None:
                fields[name], titles[name] = found

        return put

    def _money(self, name: str, one: ColumnMap) -> Put:
        cache: dict[str, tuple[int, str]] = {}
        has_currency = "currency" in self._plan.record_type.by_name

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            known = cache.get(cell)
            if known is None:
                known = parse_money(cell, one.numbers, one.scale)
                if len(cache) < _CACHE:
                    cache[cell] = known
            fields[name] = known[0]
            if known[1] and has_currency:
                fields["currency"] = known[1]

        return put

    def _known(self, name: str, words: tuple[str, ...], header: str) -> Put:
        correct = self._correct

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            text = clean_line(cell)
            better = corrected(text, words)
            if better != text:
                correct(line, header, text, better)
            fields[name] = better

        return put

    def _tags(self, name: str) -> Put:
        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            for tag in split_tags(cell):
                fields[item_field(name, tag_key(tag))] = {"value": tag}

        return put

    def _item(self, one: ColumnMap) -> Put:
        target = one.target
        field, slot, part, label = target.field, target.slot, target.part, target.label
        clean = clean_text if part == "street" or field in ("addresses", "custom") else clean_line

        def put(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
            if part == "label":
                # Google marks the first choice with a star: "* Home".
                _slot(slots, field, slot, label)["label"] = clean_line(cell).removeprefix("* ").casefold()
                return
            for number, value in enumerate(split_values(cell)):
                _slot(slots, field, f"{slot}+{number}" if number else slot, label)[part] = clean(value)

        return put


def _more(cell: str, fields: dict[str, Value], slots: Slots, line: int) -> None:
    """Our own export's last column. An item that stands in columns too is taken from here, where it is
    whole.
    """
    for name, value in parse_more(cell).items():
        field = split_item(name)[0]
        if isinstance(value, dict):
            for key in [
                key
                for key, item in slots.items()
                if key[0] == field and item.get("value") == value.get("value")
            ]:
                del slots[key]
        fields[name] = value


def _slot(slots: Slots, field: str, slot: str, label: str) -> dict[str, str]:
    item = slots.get((field, slot))
    if item is None:
        item = slots[(field, slot)] = {"label": label} if label else {}
    return item


def _items(slots: Slots, fields: dict[str, Value]) -> None:
    """Slots with a value become items, in the order of their columns; labels alone are dropped."""
    places: dict[str, int] = {}
    for (field, slot), item in slots.items():
        if "label" not in item and "+" in slot:
            item.update(
                {"label": label} if (label := slots.get((field, slot.split("+")[0]), {}).get("label")) else {}
            )
        if field == "addresses":
            parts = one_line_address(item)
            item["value"] = parts or item.get("value", "")
        if not item.get("value"):
            continue
        place = places.get(field, 0)
        places[field] = place + 1
        fields[item_field(field, key_at(place, item["value"]))] = _ordered(item)


def _ordered(item: Mapping[str, str]) -> dict[str, str]:
    """The value first, empty parts left out."""
    return {"value": item["value"]} | {part: text for part, text in item.items() if part != "value" and text}
