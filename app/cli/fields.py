"""`FIELD=VALUE` as people type it, turned into the fields of a record.

name=Acme                     a plain field; nothing behind the `=` clears it
company=Acme                  a reference by name, or by TYPE:ID
owner=me                      a member by name, `me`, or the name of somebody who is no member
phones[work]=+43 1 234        one more item of a list, with its label
addresses[home].city=Vienna   parts with the same label make one item
tags=vip;trade fair           tags, several at once
phones/000100-1f3a9c20=       one item by its key (see `show --json`); nothing behind the `=` removes it
phones=                       all items of a list away
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.cli.errors import UsageError
from app.cli.kinds import field_named, reference_to
from app.crm import ValueRefused
from app.crm.importing import Target, typed_value
from app.crm.items import item_field, key_after, split_item, tag_key
from app.crm.words import one_line_address
from app.desk import Desk, member_of, member_value
from protocol.operations import Value
from vault.schema import Field, FieldKind, RecordType

ME = "me"


def read_fields(
    desk: Desk, kind: RecordType, typed: Sequence[str], there: Mapping[str, Value]
) -> dict[str, Value]:
    """The fields to write; `there` is what the record has now. Raises UsageError, NotFoundHere."""
    return _Typed(desk, kind, there).read(typed)


def plain_value(desk: Desk, kind: RecordType, field: Field, text: str) -> Value:
    """One value for a field that is no list. Raises UsageError, NotFoundHere."""
    try:
        value = typed_value(kind.name, field, text)
    except ValueRefused as refused:
        raise UsageError(f"{field.name}: {refused.reason}.") from None
    if isinstance(value, str) and field.kind is FieldKind.REF:
        return reference_to(desk, field, value)
    if isinstance(value, str) and field.kind is FieldKind.MEMBER:
        return member_typed(desk, value)
    if isinstance(value, dict):
        raise UsageError(f"{field.name} cannot be typed as one value.")
    return value


def member_typed(desk: Desk, text: str) -> str:
    """What a MEMBER field holds for `me`, a member's name, `member:ID`, or another name."""
    if text.casefold() == ME:
        return member_value(desk.me)
    if member_of(text) is not None:
        return text.lower()
    found = [one for one in desk.directory.find("member", text) if one in desk.vault.roster.members]
    if len(found) > 1:
        raise UsageError(f"More than one member is called “{text}”. Use member:ID (see `team list`).")
    return member_value(found[0]) if found else text


class _Typed:
    def __init__(self, desk: Desk, kind: RecordType, there: Mapping[str, Value]) -> None:
        self._desk, self._kind, self._there = desk, kind, there
        self._fields: dict[str, Value] = {}
        self._items: dict[tuple[str, str], dict[str, Value]] = {}

    def read(self, typed: Sequence[str]) -> dict[str, Value]:
        for text in typed:
            name, sign, value = text.partition("=")
            if not sign or not name.strip():
                raise UsageError(f"“{text}” is not FIELD=VALUE.")
            self._one(name.strip(), value.strip())
        for (field, slot), item in self._items.items():
            self._add_item(field, slot, item)
        return self._fields

    def _one(self, name: str, value: str) -> None:
        plain, key = split_item(name)
        if key:
            self._change_item(plain, name, value)
            return
        try:
            target = Target.of(name)
        except ValueError:
            field = field_named(self._kind, name)
            target = Target(field.name)
        else:
            field = field_named(self._kind, target.field)
        if field.kind is not FieldKind.LIST:
            self._fields[field.name] = plain_value(self._desk, self._kind, field, value)
        elif not value and not target.slot:
            self._fields.update(dict.fromkeys(self._keys_of(field.name)))
        elif field.name == "tags":
            for tag in filter(None, (part.strip() for part in value.split(";"))):
                self._fields[item_field("tags", tag_key(tag))] = {"value": tag}
        elif value:
            item = self._items.setdefault((field.name, target.slot), {})
            item[target.part] = value
            if target.label:
                item["label"] = target.label

    def _change_item(self, plain: str, name: str, value: str) -> None:
        there = self._there.get(name)
        if not isinstance(there, dict):
            raise UsageError(f"The record has no item “{name}”.")
        self._fields[name] = {**there, "value": value} if value else None
        field_named(self._kind, plain)

    def _add_item(self, field: str, slot: str, item: dict[str, Value]) -> None:
        parts = {part: text for part, text in item.items() if isinstance(text, str)}
        if "value" not in parts:
            parts["value"] = one_line_address(parts)
        keys = [
            split_item(name)[1]
            for name in (*self._keys_of(field), *self._fields)
            if split_item(name)[0] == field
        ]
        self._fields[item_field(field, key_after(keys))] = dict(parts)

    def _keys_of(self, field: str) -> list[str]:
        return [name for name in self._there if split_item(name)[0] == field and split_item(name)[1]]
