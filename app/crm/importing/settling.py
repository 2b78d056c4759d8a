"""Settles what a read row or card is: a new record, a change of one that exists, or nothing; and what it
refers to.

Shared by tables and cards. References that name something unknown make it, stay empty, or refuse the row, as
the plan says; what is made that way comes before the draft that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.crm.draft import Draft, Value, is_reference
from app.crm.errors import ValueRefused
from app.crm.importing.books import Book, Books, Entry, Keys, all_keys, keys_of, title_key
from app.crm.importing.plan import MATCH_WITHIN, RECORD, OnMatch, OnMissing
from app.crm.importing.report import Report
from app.crm.items import split_item
from app.crm.schema import SCHEMA, pipeline_fields


class Settler:
    """One import of one type. `group` is where the row at hand goes; the caller sets it per row."""

    def __init__(
        self,
        type: str,
        books: Books,
        report: Report,
        *,
        matching: tuple[str, ...],
        on_match: OnMatch,
        on_missing: OnMissing,
        correct: bool = True,
    ) -> None:
        self.group = ""
        self._type = type
        self._books = books
        self._book = books.of(type)
        self._report = report
        self._matching = matching
        self._on_match = on_match
        self._on_missing = on_missing
        self._correct = correct
        self._extra: list[Draft] = []
        # What this very import has made, by what makes two of its rows the same.
        self._fresh = Book(type)
        self._within = MATCH_WITHIN.get(type, ("external_id",))

    def take_extra(self) -> list[Draft]:
        """Drafts made for names only since the last call; they go before the draft that names them."""
        extra, self._extra = self._extra, []
        return extra

    def resolve(self, type: str, text: str, line: int, column: str) -> tuple[str, str] | None:
        """(reference, name) of the record called `text`. Raises ValueRefused where unknown names are
        refused.
        """
        book = self._books.of(type)
        if is_reference(text):
            # Our own export writes the reference where it knows no name; it is never the name of something
            # new.
            entry = book.get(RECORD, text)
            if entry is None:
                self._report.notice("A reference to a record that is not here was left empty", line)
                return None
            return entry.record, entry.title
        entry = book.named(text, near=self._correct)
        if entry is not None:
            entry.wanted = True
            if entry.title and entry.title.casefold() != text.casefold():
                self._report.correct(line, column, text, entry.title)
            return entry.record, entry.title or text
        label = SCHEMA.by_name[type].label.lower()
        if self._on_missing is OnMissing.REFUSE:
            raise ValueRefused(f"there is no {label} called “{text[:80]}”")
        if self._on_missing is OnMissing.LEAVE:
            self._report.notice(f"There is no {label} called “{text[:80]}”; the field was left empty", line)
            return None
        fields: dict[str, Value] = pipeline_fields(text) if type == "pipeline" else {"name": text}
        entry = Entry(self._books.mint(type), text, group=self.group, wanted=True)
        book.add(entry, {"name": [title_key(type, text)]})
        self._extra.append(Draft(type, text, fields, self.group, entry.record))
        self._report.notice(f"The {label} “{text[:80]}” did not exist and was made", line)
        return entry.record, text

    def link_company(self, fields: dict[str, Value], line: int) -> None:
        """Give a person whose organisation is a text the company of that name, if there is one or it may be
        made.
        """
        organisation = fields.get("organisation")
        if not isinstance(organisation, str) or not organisation or fields.get("company"):
            return
        if (
            self._on_missing is not OnMissing.CREATE
            and self._books.of("company").named(organisation, near=False) is None
        ):
            return  # the text stays, nothing is lost
        found = self.resolve("company", organisation, line, "Organisation")
        if found is not None:
            fields["company"] = found[0]

    def settle(self, key: str, read: Mapping[str, Value]) -> Draft | None:
        """The draft of a row, None where nothing is to be done (it is counted as skipped then)."""
        record = read.get(RECORD)
        fields = (
            {name: value for name, value in read.items() if name != RECORD} if record is not None else read
        )
        keys = all_keys(self._type, read)
        if self._on_match is not OnMatch.CREATE:
            entry = self._match(read, keys)
            if entry is not None:
                changed = changes(fields, entry.fields) if self._on_match is OnMatch.UPDATE else {}
                if not changed:
                    self._report.skipped += 1
                    return None
                entry.fields = {**entry.fields, **changed}
                return Draft(self._type, key, changed, entry.group or self.group, entry.record, exists=True)
        name = fields.get("name")
        title = name if isinstance(name, str) else ""
        entry = self._book.get("name", keys["name"][0]) if title and keys["name"] else None
        if entry is None or entry.written:
            entry = Entry(self._books.mint(self._type), title)
        entry.written, entry.group, entry.fields = True, self.group, read
        self._book.add(entry, keys)
        self._fresh.add(entry, {kind: keys[kind] for kind in self._within})
        return Draft(self._type, key, fields, self.group, entry.record)

    def _match(self, fields: Mapping[str, Value], keys: Keys) -> Entry | None:
        """The record that a row means: one that was there before, or one that this import made already."""
        for kind in self._matching:
            for key in keys[kind]:
                entry = self._fresh.get(kind, key)
                if entry is not None and not _contradicts(fields, entry.fields, (RECORD, "external_id")):
                    return entry
                entry = self._book.get(kind, key)
                if entry is None or not entry.exists:
                    continue
                if kind == "name" and self._type == "person" and _other_person(fields, entry.fields):
                    continue
                if kind == "name" and _contradicts(fields, entry.fields, ("external_id",)):
                    continue
                return entry
        return None


def _other_person(fields: Mapping[str, Value], existing: Mapping[str, Value]) -> bool:
    """The same name, but both have mails and share none: two people."""
    mine, theirs = set(keys_of("person", "emails", fields)), set(keys_of("person", "emails", existing))
    return bool(mine) and bool(theirs) and not mine & theirs


def _contradicts(fields: Mapping[str, Value], others: Mapping[str, Value], ids: tuple[str, ...]) -> bool:
    """Both have an id of one kind, and not the same: two records, whatever they are called."""
    return any(fields.get(one) and others.get(one) and fields[one] != others[one] for one in ids)


def changes(fields: Mapping[str, Value], existing: Mapping[str, Value]) -> dict[str, Value]:
    """What `fields` add to an existing record: equal values and items that it has already are left out."""
    there = {
        (split_item(name)[0], value.get("value", "").casefold())
        for name, value in existing.items()
        if isinstance(value, dict)
    }
    changed: dict[str, Value] = {}
    for name, value in fields.items():
        field, key = split_item(name)
        if key and isinstance(value, dict) and (field, value.get("value", "").casefold()) in there:
            continue
        if not key and name in existing and existing[name] == value:
            continue
        changed[name] = value
    return changed
