"""Which records there are: names, external ids and mails of each type, for matching rows and resolving
references.

One `Books` lives through an import of one or several tables. It is filled from the writer once per type, and
grows by what the import itself makes, so a deal finds the company that stood two lines or one file before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from app.crm.draft import Existing, Value, Writer, new_reference
from app.crm.emails import email_key
from app.crm.importing.plan import RECORD
from app.crm.items import split_item
from app.crm.naming import name_key, person_key
from app.crm.schema import SCHEMA
from vault.schema import FieldKind

NEAR = 90.0
CLEARLY = 5.0
KINDS = (RECORD, "external_id", "emails", "name")
_SHORTEST = 6
_LARGEST_BLOCK = 2_000
Keys = Mapping[str, Sequence[str]]
_DIGITS = re.compile(r"\d+", re.ASCII)


@dataclass
class Entry:
    """A record that is known. `written` is False while it is only announced by a name."""

    record: str
    title: str
    exists: bool = False
    written: bool = True
    wanted: bool = False  # something refers to it
    group: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


class Book:
    """The records of one type."""

    def __init__(self, type: str) -> None:
        self.type = type
        self._by: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
        # Names by their first letters and their digits: a near name is looked for among these only, so that a
        # table of a hundred thousand unknown names stays quick.
        self._blocks: dict[str, list[str]] = {}
        self._near: dict[str, Entry] = {}

    def add(self, entry: Entry, keys: Keys) -> None:
        """Make a record findable by its keys; the first one of a key stays."""
        self._by[RECORD].setdefault(entry.record, entry)
        for kind, found in keys.items():
            known = self._by[kind]
            for key in found:
                if key not in known:
                    known[key] = entry
                    if kind == "name":
                        self._blocks.setdefault(_block(key), []).append(key)

    def get(self, kind: str, key: str) -> Entry | None:
        """The record with exactly this key; `kind` is one of KINDS."""
        return self._by[kind].get(key)

    def named(self, text: str, near: bool = True) -> Entry | None:
        """The record called `text`: the same name but for case, spaces, accents, legal form; else a near one.

        Near means at least 90 % alike, clearly nearer than the next, and with the same digits: GTK 500 is not
        GTK 600.
        """
        key = title_key(self.type, text)
        names = self._by["name"]
        found = names.get(key) or self._near.get(key)
        if found is not None or not near or len(key) < _SHORTEST:
            return found
        block = self._blocks.get(_block(key), [])
        if len(block) > _LARGEST_BLOCK:
            return None  # names that are all alike: nothing among them is clearly the nearest
        best = process.extract(key, block, scorer=fuzz.ratio, score_cutoff=NEAR - CLEARLY, limit=2)
        clear = best and best[0][1] >= NEAR and (len(best) < 2 or best[0][1] - best[1][1] >= CLEARLY)
        if clear:
            found = self._near[key] = names[best[0][0]]
        return found

    def announced(self) -> list[Entry]:
        """Entries that were named and are not written yet."""
        seen: dict[str, Entry] = {}
        for entry in self._by["name"].values():
            if not entry.written:
                seen[entry.record] = entry
        return list(seen.values())


def _block(key: str) -> str:
    """What near names have in common: the first letters, and all digits."""
    return key[:2] + " " + " ".join(_DIGITS.findall(key))


def title_key(type: str, text: str) -> str:
    """The key of a name: for people whatever the order of its words."""
    return person_key(text) if type == "person" else name_key(text)


def keys_of(type: str, kind: str, fields: Mapping[str, Value]) -> list[str]:
    """The keys under which a record with these fields is found by external id, mail or name."""
    if kind == "emails":
        found = (
            email_key(value.get("value", ""))
            for name, value in fields.items()
            if isinstance(value, dict) and split_item(name)[0] == "emails"
        )
        return [key for key in found if key]
    value = fields.get("name" if kind == "name" else kind)
    if not isinstance(value, str) or not value:
        return []
    key = title_key(type, value) if kind == "name" else value.strip()
    return [key] if key else []


def all_keys(type: str, fields: Mapping[str, Value]) -> dict[str, list[str]]:
    """The keys of every kind."""
    return {kind: keys_of(type, kind, fields) for kind in KINDS}


class Books:
    """All types of one import."""

    def __init__(self, writer: Writer | None, mint: Callable[[str], str] = new_reference) -> None:
        """`writer` None: nothing is there yet (a preview without a store)."""
        self._writer = writer
        self.mint = mint
        self._books: dict[str, Book] = {}

    def of(self, type: str) -> Book:
        """The book of a type, read from the writer at first use."""
        book = self._books.get(type)
        if book is None:
            book = self._books[type] = Book(type)
            if self._writer is not None:
                for existing in self._writer.find(type, _asked(type)):
                    book.add(_entry(existing), all_keys(type, existing.fields))
        return book


def _asked(type: str) -> list[str]:
    """The fields that matching needs: keys, and lists whose items must not be doubled."""
    fields = SCHEMA.by_name[type].fields
    return [
        one.name
        for one in fields
        if one.name in ("name", "title", "external_id") or one.kind is FieldKind.LIST
    ]


def _entry(existing: Existing) -> Entry:
    name = existing.fields.get("name")
    return Entry(
        existing.record,
        name if isinstance(name, str) else "",
        exists=True,
        group=existing.group,
        fields=existing.fields,
    )
