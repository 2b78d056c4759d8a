"""One card becomes the fields of a person; what is not kept is listed with its reason.

Versions differ less than programs do: whatever Android, Gmail, Evolution, iPhone and Outlook write as X-
properties for partners, managers, anniversaries and messengers goes where the standard's own property would
go.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.crm.draft import Value
from app.crm.errors import ValueRefused
from app.crm.importing.cells import clean_text
from app.crm.importing.limits import Limits
from app.crm.importing.plan import RECORD
from app.crm.importing.report import Dropped
from app.crm.importing.vcard import values
from app.crm.importing.vcard.lines import UNFINISHED, Broken, Line
from app.crm.items import item_field, key_at, tag_key
from app.crm.naming import display_name
from app.crm.words import ADDRESS_PARTS, one_line_address

MESSENGERS = {
    "X-AIM": "AIM", "X-ICQ": "ICQ", "X-JABBER": "XMPP", "X-MSN": "MSN", "X-YAHOO": "Yahoo", "X-SKYPE": "Skype",
    "X-SKYPE-USERNAME": "Skype", "X-GOOGLE-TALK": "Google Talk", "X-GTALK": "Google Talk", "X-QQ": "QQ",
    "X-TWITTER": "Twitter", "X-GADUGADU": "Gadu-Gadu", "X-GROUPWISE": "GroupWise", "X-MS-IMADDRESS": "",
    "X-MATRIX": "Matrix", "X-SIGNAL": "Signal",
}  # fmt: skip
RELATIONS = {
    "X-EVOLUTION-SPOUSE": "spouse", "X-EVOLUTION-MANAGER": "manager", "X-EVOLUTION-ASSISTANT": "assistant",
    "X-SPOUSE": "spouse", "X-MANAGER": "manager", "X-ASSISTANT": "assistant", "X-MS-SPOUSE": "spouse",
    "X-MS-MANAGER": "manager", "X-MS-ASSISTANT": "assistant", "X-ABRELATEDNAMES": "", "RELATED": "",
}  # fmt: skip
ANNIVERSARIES = {"ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY"}
PLAIN = {
    "X-PHONETIC-FIRST-NAME": "phonetic_given",
    "X-PHONETIC-LAST-NAME": "phonetic_family",
    "TITLE": "title",
    "ROLE": "role",
    "UID": "external_id",
    "X-TACIT-RECORD": RECORD,
}
OTHER = {"GEO": "geo", "TZ": "time zone", "GENDER": "gender", "LANG": "language"}
ABOUT_THE_CARD = "it describes the file, not the person"
REASONS = {
    "VERSION": "",  # read, and written anew by every export
    "PRODID": ABOUT_THE_CARD,
    "REV": ABOUT_THE_CARD,
    "PROFILE": ABOUT_THE_CARD,
    "SOURCE": ABOUT_THE_CARD,
    "NAME": ABOUT_THE_CARD,
    "MAILER": ABOUT_THE_CARD,
    "CLIENTPIDMAP": ABOUT_THE_CARD,
    "XML": ABOUT_THE_CARD,
    "X-COUCHDB-APPLICATION-ANNOTATIONS": ABOUT_THE_CARD,
    "X-EVOLUTION-FILE-AS": "names are filed by their parts here",
    "SORT-STRING": "names are filed by their parts here",
    "X-MS-OL-DESIGN": "it is how Outlook paints the card",
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS": "no address is the one for letters here",
    "X-ABADR": "it is how an address is laid out",
    "LOGO": "pictures other than the photo are not kept",
    "SOUND": "sounds are not kept",
    "KEY": "keys that come from a file are not trusted",
    "CLASS": "who may read a record is decided by its group",
    "X-ABSHOWAS": "cards of companies are kept as people",
    "KIND": "cards of companies are kept as people",
}
_GROUP_KINDS = {"X-ADDRESSBOOKSERVER-KIND", "KIND"}


def record_size(fields: Mapping[str, Value]) -> int:
    """Bytes of a record's texts, about."""
    size = 0
    for value in fields.values():
        texts = value.values() if isinstance(value, dict) else (value,) if isinstance(value, str) else ()
        size += sum(len(text) if text.isascii() else len(text.encode("utf-8", "replace")) for text in texts)
    return size


@dataclass
class Card:
    """What a card says. `refused` is why it cannot be imported, "" where it can."""

    line: int
    version: str = "3.0"
    fields: dict[str, Value] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    refused: str = ""

    @property
    def name(self) -> str:
        name = self.fields.get("name")
        return name if isinstance(name, str) else ""


def read_card(start: int, lines: list[Line | Broken], limits: Limits) -> Card:
    """The fields of one card; never raises: what cannot be read is listed in `dropped` or `refused`."""
    card = Card(start)
    _Reader(card, lines, limits).read()
    card.dropped = [replace(one, card=card.name) for one in card.dropped]
    return card


class _Reader:
    def __init__(self, card: Card, lines: list[Line | Broken], limits: Limits) -> None:
        self._card, self._fields, self._limits = card, card.fields, limits
        self._lines = lines
        self._labels: dict[str, str] = {}  # group -> what X-ABLabel says
        self._labelled = {one.group for one in lines if isinstance(one, Line) and one.name != "X-ABLABEL"}
        self._places: dict[str, int] = {}
        self._alternatives: set[tuple[str, str]] = set()
        self._postal: list[Line] = []  # LABEL lines, needed only where no address says the same

    def read(self) -> None:
        lines = [one for one in self._lines if isinstance(one, Line)]
        version = next((one.raw.strip() for one in lines if one.name == "VERSION"), "3.0")
        self._card.version = version if version in ("2.1", "3.0", "4.0") else "3.0"
        for one in lines:
            one.version = self._card.version
            if one.name == "X-ABLABEL" and one.group:
                self._labels[one.group] = values.apple_label(values.one_line(one))
        for line in self._lines:
            if isinstance(line, Broken):
                if line.reason == UNFINISHED:
                    self._card.refused = UNFINISHED
                else:
                    self._drop(line.number, line.name, line.text, line.reason)
                continue
            if not line.raw.strip():
                continue
            try:
                self._property(line)
            except ValueRefused as refused:
                self._drop_line(line, refused.reason)
        for line in self._postal:
            self._label_line(line)
        name = display_name(self._fields)
        if name:
            self._fields["name"] = name
        elif not self._card.refused:
            self._card.refused = "the card has no name, mail or number"
        if record_size(self._fields) > self._limits.record:
            self._card.refused = "the card holds more text than a record can"

    def _property(self, line: Line) -> None:
        name = line.name
        if line.param("ALTID"):
            key = (name, line.param("ALTID"))
            if key in self._alternatives:
                raise ValueRefused("another form of the same value was kept")
            self._alternatives.add(key)
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, line)
        elif name in MESSENGERS:
            self._messenger(line, MESSENGERS[name])
        elif name in RELATIONS:
            self._relation(line)
        elif name in ANNIVERSARIES:
            self._date(line, "anniversary")
        elif name in PLAIN:
            self._plain(PLAIN[name], values.one_line(line))
        elif name in OTHER:
            self._add("custom", {"value": values.one_line(line), "label": OTHER[name]})
        elif name in _GROUP_KINDS and line.raw.strip().lower() == "group":
            self._card.refused = "it is a list of people, not a person"
        elif name == "KIND" and line.raw.strip().lower() == "individual":
            return
        elif name in REASONS:
            if REASONS[name]:
                self._drop_line(line, REASONS[name])
        elif name != "X-ABLABEL":
            self._drop_line(line, "there is no field for it")
        elif line.group not in self._labelled:
            self._drop_line(line, "it labels nothing")

    # Names

    def _formatted(self, line: Line) -> None:
        text = values.one_line(line)
        if text:
            self._plain("name", text)

    def _structured_name(self, line: Line) -> None:
        for part, text in zip(
            ("family", "given", "middle", "prefix", "suffix"), values.structured(line), strict=False
        ):
            if text:
                self._plain(part, text)

    def _nickname(self, line: Line) -> None:
        known = self._fields.get("nickname")
        names = [known] if isinstance(known, str) else []
        names += [name for name in values.listed(line) if name not in names]
        self._fields["nickname"] = ", ".join(names)

    def _organisation(self, line: Line) -> None:
        parts = values.structured(line)
        name, units = parts[0], ", ".join(part for part in parts[1:] if part)
        if "organisation" in self._fields or "department" in self._fields:
            text = ", ".join(part for part in (name, units) if part)
            if text and text != self._fields.get("organisation"):
                self._add("custom", {"value": text, "label": "organisation"})
            return
        if name:
            self._fields["organisation"] = name
        if units:
            self._fields["department"] = units

    def _plain(self, field: str, text: str) -> None:
        """The first value of a plain field; further ones go to `custom`, so nothing is lost."""
        if not text:
            return
        if not self._fields.get(field):
            self._fields[field] = text
        elif self._fields[field] != text:
            self._add("custom", {"value": text, "label": field})

    # Items of lists

    def _add(self, field: str, item: dict[str, str]) -> None:
        item = {part: text for part, text in item.items() if text}
        if not item.get("value"):
            return
        for name, known in self._fields.items():
            if name.startswith(f"{field}/") and known == item:
                return
        if len(self._fields) >= self._limits.card_fields:
            raise ValueRefused("the card has more values than a record can hold")
        place = self._places.get(field, 0)
        self._places[field] = place + 1
        self._fields[item_field(field, key_at(place, item["value"]))] = item

    def _label(self, line: Line, default: str = "") -> str:
        return self._labels.get(line.group, "") or values.types_label(line.types) or default

    def _item(self, field: str, line: Line, value: str, label: str = "") -> None:
        pref = "1" if line.param("PREF") == "1" else ""
        self._add(field, {"value": value, "label": self._label(line, label), "pref": pref})

    def _phone(self, line: Line) -> None:
        self._item("phones", line, values.phone_text(line))

    def _email(self, line: Line) -> None:
        self._item("emails", line, values.one_line(line).removeprefix("mailto:"))

    def _url(self, line: Line) -> None:
        self._item("urls", line, values.one_line(line), "profile" if line.name == "X-SOCIALPROFILE" else "")

    def _impp(self, line: Line) -> None:
        scheme, colon, rest = values.one_line(line).partition(":")
        service = line.param("X-SERVICE-TYPE") or (scheme if colon and scheme != "x-im" else "")
        self._messenger(line, service, rest if colon else scheme)

    def _messenger(self, line: Line, service: str, value: str = "") -> None:
        text = value or values.one_line(line)
        self._add("messengers", {"value": text, "label": self._label(line), "service": service})

    def _custom(self, line: Line) -> None:
        self._item("custom", line, values.several_lines(line), "other")

    def _relation(self, line: Line) -> None:
        text = values.one_line(line)
        if line.name == "RELATED" and line.param("VALUE").lower() != "text" and ":" in text:
            raise ValueRefused("it is a link to another card, which has no name here")
        self._item("relations", line, text, RELATIONS[line.name] or "related")

    def _address(self, line: Line) -> None:
        parts = dict(zip(ADDRESS_PARTS, values.structured(line), strict=False))
        formatted = clean_text(line.param("LABEL").replace("\\n", "\n"))
        parts = {part: text for part, text in parts.items() if text}
        value = one_line_address(parts) or formatted
        pref = "1" if line.param("PREF") == "1" else ""
        self._add("addresses", {"value": value, "label": self._label(line), "pref": pref, **parts})

    def _label_line(self, line: Line) -> None:
        """LABEL (2.1, 3.0) is an address as printed; kept only where no ADR of the same kind says it in
        parts.
        """
        label = values.types_label(line.types)
        for name, item in self._fields.items():
            if name.startswith("addresses/") and isinstance(item, dict) and item.get("label", "") == label:
                self._drop_line(line, "the same address is kept in its parts")
                return
        text = values.several_lines(line)
        self._add("addresses", {"value": ", ".join(text.split("\n")), "label": label, "street": text})

    # Dates, texts, pictures

    def _birthday(self, line: Line) -> None:
        self._date(line, "birthday")

    def _other_date(self, line: Line) -> None:
        self._date(line, self._label(line, "date"))

    def _date(self, line: Line, label: str) -> None:
        if line.param("VALUE").lower() == "text":
            full, text = "", values.one_line(line)
        else:
            full, text = values.day_of(values.one_line(line))
        if label == "birthday" and full and not self._fields.get("birthday"):
            self._fields["birthday"] = full
        else:
            self._add("dates", {"value": full or text, "label": label})

    def _note(self, line: Line) -> None:
        text = values.several_lines(line)
        known = self._fields.get("notes")
        if isinstance(known, str) and text and text not in known:
            text = f"{known}\n\n{text}"
        elif isinstance(known, str):
            return
        if len(text) > self._limits.text:
            raise ValueRefused("the notes together are too long")
        self._fields["notes"] = text

    def _categories(self, line: Line) -> None:
        for tag in values.listed(line):
            if len(self._fields) >= self._limits.card_fields:
                raise ValueRefused("the card has more values than a record can hold")
            self._fields[item_field("tags", tag_key(tag))] = {"value": tag}

    def _photo(self, line: Line) -> None:
        if "photo" in self._fields:
            raise ValueRefused("a person has one photo here; the first was kept")
        picture, whole = values.picture(line, self._limits.photo)
        self._fields["photo"] = base64.b64encode(picture).decode()
        if not whole:
            self._drop_line(line, "its end is damaged in the file; the rest was kept")

    def _postal_label(self, line: Line) -> None:
        self._postal.append(line)

    def _drop_line(self, line: Line, reason: str) -> None:
        hidden = line.encoding in ("B", "BASE64") or values.is_base64(line.raw)
        shown = f"{len(line.raw):,} characters of data" if hidden else line.text()
        self._drop(line.number, line.name, shown, reason)

    def _drop(self, number: int, name: str, value: str, reason: str) -> None:
        self._card.dropped.append(Dropped(name, values.short(value), reason, line=number))


_HANDLERS: dict[str, Callable[[_Reader, Line], None]] = {
    "FN": _Reader._formatted,
    "N": _Reader._structured_name,
    "NICKNAME": _Reader._nickname,
    "X-NICKNAME": _Reader._nickname,
    "ORG": _Reader._organisation,
    "TEL": _Reader._phone,
    "EMAIL": _Reader._email,
    "URL": _Reader._url,
    "X-SOCIALPROFILE": _Reader._url,
    "IMPP": _Reader._impp,
    "ADR": _Reader._address,
    "LABEL": _Reader._postal_label,
    "BDAY": _Reader._birthday,
    "X-ABDATE": _Reader._other_date,
    "NOTE": _Reader._note,
    "CATEGORIES": _Reader._categories,
    "PHOTO": _Reader._photo,
    "X-TACIT-FIELD": _Reader._custom,
}
