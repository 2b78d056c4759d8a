"""Writes people as vCard 3.0 (RFC 2426) or 4.0 (RFC 6350), through vobject; streamed from an iterator.

vobject knows 3.0; for 4.0 the differences are handled here: PREF as a parameter, pictures as `data:` links,
ANNIVERSARY, dates without a year. Labels of a person's own go the way Apple writes them (a group with
X-ABLabel), which all address books read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO, Literal

import vobject
from vobject.base import Component, ContentLine, backslashEscape

from app.crm.draft import Existing
from app.crm.errors import ExportFailed
from app.crm.exporting.report import LOOK_EVERY, ExportProgress, ExportReport, unwatched
from app.crm.importing.vcard.values import picture_kind
from app.crm.items import split_item
from app.crm.naming import display_name
from app.crm.words import ADDRESS_PARTS

Version = Literal["3.0", "4.0"]
PRODID = "-//Tacit//Tacit CRM//EN"
_TYPES = frozenset(
    [
        "home",
        "work",
        "cell",
        "fax",
        "pager",
        "voice",
        "video",
        "text",
        "textphone",
        "car",
        "isdn",
        "bbs",
        "modem",
        "pcs",
    ]
)
_WORDS = {"mobile": "cell"}
_UNSAFE = re.compile(r'["\x00-\x1f\x7f]')
_NO_YEAR = re.compile(r"--(\d{2})-(\d{2})", re.ASCII)
# Fields with a place in a card; the rest is counted as left out.
_PLACED = frozenset(
    [
        "name",
        "given",
        "family",
        "middle",
        "prefix",
        "suffix",
        "nickname",
        "phonetic_given",
        "phonetic_family",
        "organisation",
        "title",
        "role",
        "department",
        "phones",
        "emails",
        "addresses",
        "urls",
        "messengers",
        "relations",
        "birthday",
        "dates",
        "photo",
        "notes",
        "tags",
        "custom",
        "external_id",
    ]
)


def export_cards(
    records: Iterable[Existing],
    target: BinaryIO,
    version: Version = "3.0",
    *,
    progress: ExportProgress = unwatched,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """Write people as cards. Raises ExportFailed when the target cannot be written."""
    report = ExportReport()
    try:
        for number, record in enumerate(records):
            if number % LOOK_EVERY == 0:
                progress(number)
                if cancelled():
                    report.cancelled = True
                    break
            target.write(card_text(record, version).encode())
            report.written += 1
            for name, value in record.fields.items():
                field = split_item(name)[0]
                if field not in _PLACED and value not in (None, ""):
                    report.left_out[field] += 1
    except OSError as error:
        raise ExportFailed(f"The file cannot be written: {error.strerror}.") from error
    progress(report.written)
    return report


def card_text(record: Existing, version: Version = "3.0") -> str:
    """One person as a card, line ends CRLF."""
    return _Card(record, version).text()


class _Card:
    def __init__(self, record: Existing, version: Version) -> None:
        self._fields, self._four = record.fields, version == "4.0"
        self._card: Component = vobject.vCard()
        self._group = 0
        self._raw("VERSION", version)
        self._raw("PRODID", PRODID)
        if record.record:
            self._raw("X-TACIT-RECORD", record.record)

    def text(self) -> str:
        name = display_name(self._fields)
        self._line("FN", name)
        self._structured("N", [self._of(part) for part in ("family", "given", "middle", "prefix", "suffix")])
        organisation, department = self._of("organisation"), self._of("department")
        if organisation or department:
            self._structured("ORG", [organisation, department] if department else [organisation])
        for field, property in (
            ("nickname", "NICKNAME"),
            ("title", "TITLE"),
            ("role", "ROLE"),
            ("notes", "NOTE"),
            ("external_id", "UID"),
            ("phonetic_given", "X-PHONETIC-FIRST-NAME"),
            ("phonetic_family", "X-PHONETIC-LAST-NAME"),
        ):
            if self._of(field):
                self._line(property, self._of(field))
        self._dates()
        self._photo()
        self._items()
        tags = [item["value"] for _, item in self._list("tags") if item.get("value")]
        if tags:
            self._raw("CATEGORIES", ",".join(backslashEscape(tag) for tag in tags))
        return str(self._card.serialize(validate=False))

    def _of(self, field: str) -> str:
        value = self._fields.get(field)
        return value if isinstance(value, str) else ""

    def _list(self, field: str) -> list[tuple[str, dict[str, str]]]:
        found = [
            (name, value)
            for name, value in self._fields.items()
            if isinstance(value, dict) and split_item(name)[0] == field
        ]
        return sorted(found, key=lambda one: one[0])

    def _line(self, property: str, text: str) -> ContentLine:
        """A text value, escaped by vobject."""
        return self._raw(property, backslashEscape(text))

    def _raw(self, property: str, text: str) -> ContentLine:
        """A value that is written as it is (already escaped, or a link)."""
        line = ContentLine(property, {}, re.sub(r"[\r\n]+", " ", text), encoded=True)
        line.isNative = False
        self._card.contents.setdefault(property.lower(), []).append(line)
        return line

    def _structured(self, property: str, parts: list[str]) -> ContentLine:
        return self._raw(property, ";".join(backslashEscape(part) for part in parts))

    def _labelled(self, line: ContentLine, item: Mapping[str, str], default: str = "") -> None:
        """Types where all words of the label are types, else a group with X-ABLabel."""
        label = item.get("label", "") or default
        words = [_WORDS.get(word, word) for word in label.split()]
        types = [word.upper() for word in words] if words and _TYPES.issuperset(words) else []
        if item.get("pref") == "1":
            if self._four:
                line.params["PREF"] = ["1"]
            else:
                types.append("PREF")
        if types:
            line.params["TYPE"] = types
        if label and not _TYPES.issuperset(words):
            self._group += 1
            line.group = f"item{self._group}"
            self._line("X-ABLABEL", label).group = line.group

    def _items(self) -> None:
        for field, property in (("phones", "TEL"), ("emails", "EMAIL")):
            for _, item in self._list(field):
                self._labelled(self._line(property, item.get("value", "")), item)
        for _, item in self._list("urls"):
            self._labelled(self._raw("URL", item.get("value", "").replace("\\", "\\\\")), item)
        for _, item in self._list("addresses"):
            parts = [item.get(part, "") for part in ADDRESS_PARTS]
            if not any(parts):
                parts[2] = item.get("value", "")
            self._labelled(self._structured("ADR", parts), item)
        for _, item in self._list("messengers"):
            service = _UNSAFE.sub("", item.get("service", ""))
            scheme = re.sub(r"[^a-z0-9]", "", service.lower()) or "x-im"
            line = self._line("IMPP", f"{scheme}:{item.get('value', '')}")
            if service:
                line.params["X-SERVICE-TYPE"] = [service]
            self._labelled(line, item)
        for _, item in self._list("relations"):
            self._grouped("X-ABRELATEDNAMES", item, "related")
        for _, item in self._list("custom"):
            self._grouped("X-TACIT-FIELD", item, "other")

    def _grouped(self, property: str, item: Mapping[str, str], default: str) -> None:
        self._group += 1
        line = self._line(property, item.get("value", ""))
        line.group = f"item{self._group}"
        self._line("X-ABLABEL", item.get("label", "") or default).group = line.group

    def _dates(self) -> None:
        birthday = self._of("birthday")
        if birthday:
            self._raw("BDAY", birthday.replace("-", "") if self._four else birthday)
        anniversary = "ANNIVERSARY" if self._four else "X-ANNIVERSARY"
        for _, item in self._list("dates"):
            value, label = item.get("value", ""), item.get("label", "")
            partial = _NO_YEAR.fullmatch(value)
            if partial is not None and not self._four:
                value = f"1604-{partial[1]}-{partial[2]}"
            elif self._four and re.fullmatch(r"[\d-]+", value):
                value = value.replace("-", "") if partial is None else f"--{partial[1]}{partial[2]}"
            if label == "birthday" and not birthday:
                line = self._raw("BDAY", value)
                if partial is not None and not self._four:
                    line.params["X-APPLE-OMIT-YEAR"] = ["1604"]
            elif label == "anniversary":
                self._raw(anniversary, value)
            else:
                self._grouped("X-ABDATE", {"value": value, "label": label}, "date")

    def _photo(self) -> None:
        packed = "".join(self._of("photo").split())
        if not packed:
            return
        try:
            kind = picture_kind(base64.b64decode(packed[:64])) or "JPEG"
        except (binascii.Error, ValueError):
            return  # written by something else than this program; there is no picture to export
        if self._four:
            self._raw("PHOTO", f"data:image/{kind.lower()};base64,{packed}")
        else:
            self._raw("PHOTO", packed).params.update({"ENCODING": ["b"], "TYPE": [kind]})
