"""A record in the making: which fields are asked for, where it may go and who will see it there, what it may double."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.crm.draft import Existing
from app.crm.duplicates import Candidate, DuplicateIndex
from app.crm.items import item_field, key_at
from app.crm.schema import SCHEMA
from app.desk import Desk
from app.desk.homes import GroupChoice, member_of, member_value
from app.desktop.viewmodels.places import place_of
from protocol.ids import GroupId, LogId
from protocol.operations import Value
from vault.schema import Field
from vault.store import Query, RecordKey

ASKED = {
    "person": ("name", "company", "title", "emails", "phones", "owner"),
    "company": ("name", "website", "sector", "location", "owner"),
    "deal": ("name", "company", "person", "amount", "stage", "expected_close", "owner"),
    "product": ("name", "series", "price", "external_id"),
    "task": ("title", "due", "about", "assignee", "notes"),
    "note": ("body", "about"),
}
DOUBLED = frozenset({"person", "company"})
_KEYS = ("name", "emails", "phones", "website", "external_id", "given", "family")
SINGLE = {"emails": "E-mail", "phones": "Phone"}


@dataclass(frozen=True, slots=True)
class Home:
    """Where the record would go, in words."""

    log: LogId
    words: str


def asked_fields(type_name: str) -> list[Field]:
    by_name = SCHEMA.by_name[type_name].by_name
    return [by_name[name] for name in ASKED[type_name]]


def first_values(desk: Desk, type_name: str, given: Mapping[str, object]) -> dict[str, Value]:
    """What the fields begin with: what was given, the user as owner, the first stage."""
    values: dict[str, Value] = {}
    by_name = SCHEMA.by_name[type_name].by_name
    for name in ("owner", "assignee"):
        if name in by_name:
            values[name] = member_value(desk.me)
    if type_name == "deal":
        values["stage"] = "prospecting"
    for name, value in given.items():
        if name in by_name and isinstance(value, str | int | bool):
            values[name] = value
    return values


def needs_group(type_name: str, fields: Mapping[str, Value]) -> bool:
    """Whether the user chooses the group: not where the record goes with the one it hangs on."""
    follows = SCHEMA.by_name[type_name].follows
    return not (follows and fields.get(follows))


def choices(desk: Desk, type_name: str) -> list[GroupChoice]:
    return desk.group_choices(type_name)


def home_of(desk: Desk, type_name: str, group: GroupId | None, fields: Mapping[str, Value]) -> Home | None:
    """None where nothing was chosen, or the user may not write there."""
    follows = SCHEMA.by_name[type_name].follows
    about = fields.get(follows) if follows else None
    if isinstance(about, str):
        key = desk.records.resolve(about)
        if key is None or not desk.may_write(key):
            return None
        log = key.log
    elif group is not None:
        log = desk.home_for(type_name, group, member_of(fields.get("owner")))
    else:
        return None
    return Home(log, place_of(desk, log).seen_by)


def create(desk: Desk, type_name: str, home: LogId, fields: Mapping[str, Value]) -> RecordKey:
    """Make it. Raises the errors of the editor."""
    kept = {name: value for name, value in fields.items() if value not in (None, "")}
    if type_name == "product":
        kept["active"] = True
    with desk.editor.action() as action:
        return action.create(type_name, home, kept)


def single_item(field: str, text: str) -> dict[str, Value]:
    """The first mail or telephone number of a new record, as the item of a list."""
    label = "mobile" if field == "phones" else "work"
    return {item_field(field, key_at(0, text)): {"value": text, "label": label}}


def missing(type_name: str, fields: Mapping[str, Value]) -> list[Field]:
    """Required fields without a value."""
    return [
        field for field in SCHEMA.by_name[type_name].fields if field.required and not fields.get(field.name)
    ]


def duplicate_index(desk: Desk, type_name: str) -> DuplicateIndex:
    """All records of the type, by what identifies them (slow for many; threads: any)."""
    return DuplicateIndex(type_name, _existing(desk, type_name))


def _existing(desk: Desk, type_name: str) -> Iterable[Existing]:
    for record in desk.records.each(Query(type_name)):
        fields = {
            name: _draft(value) for name, value in record.fields.items() if name.partition("/")[0] in _KEYS
        }
        yield Existing(record.key.ref, fields)


def _draft(value: Value) -> bool | int | str | dict[str, str] | None:
    if isinstance(value, dict):
        return {part: str(text) for part, text in value.items() if text is not None}
    return value


def candidates(index: DuplicateIndex, fields: Mapping[str, Value]) -> list[Candidate]:
    """Records that this may already be, the likeliest first."""
    return index.candidates({name: _draft(value) for name, value in fields.items()}, most=3)
