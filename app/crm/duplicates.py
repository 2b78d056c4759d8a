"""Records that are probably the same: while one is typed, and over a whole list.

Two records are compared by what identifies people and companies: mail, telephone, web domain, external id,
and the name, exactly or nearly. The index holds normalised keys only and is built from any iterable of
records; it grows and shrinks with single records, so a window keeps one while it is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from app.crm.draft import Existing, Value
from app.crm.emails import email_key
from app.crm.items import split_item
from app.crm.naming import display_name, name_key, person_key, words_of
from app.crm.phones import phone_key

NEAR_NAME = 88.0
SAME, LIKELY, POSSIBLE = 1.0, 0.9, 0.7
_BLOCK_LIMIT = 400  # names compared one by one for one record; a list of a million Smiths stays quick
_PUBLIC = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "icloud.com",
        "gmx.at",
        "gmx.de",
        "web.de",
    ]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same; `score` from 0 to 1, `reasons` in plain words, the strongest first."""

    record: str
    title: str
    score: float
    reasons: tuple[str, ...]


def keys(type: str, fields: Mapping[str, Value], region: str = "") -> dict[str, str]:
    """Normalised keys of a record, each with the words that explain a match by it.

    `region` is the country (two letters) of numbers without one. Keys are "mail:…", "phone:…", "site:…",
    "id:…", "name:…".
    """
    found: dict[str, str] = {}
    for name, value in fields.items():
        field = split_item(name)[0]
        text = value.get("value", "") if isinstance(value, dict) else ""
        if field == "emails" and (key := email_key(text)):
            found[f"mail:{key}"] = f"the same e-mail {text}"
        elif field == "phones" and (key := phone_key(text, region)):
            found[f"phone:{key}"] = f"the same phone {text}"
    site = fields.get("website")
    if type == "company" and isinstance(site, str) and (host := _host(site)):
        found[f"site:{host}"] = f"the same web page {host}"
    external = fields.get("external_id")
    if isinstance(external, str) and external.strip():
        found[f"id:{external.strip()}"] = f"the same external id {external.strip()}"
    title = _title(type, fields)
    key = person_key(title) if type == "person" else name_key(title)
    if key:
        found[f"name:{key}"] = "the same name"
    return found


def _title(type: str, fields: Mapping[str, Value]) -> str:
    if type == "person":
        return display_name(fields)
    name = fields.get("name")
    return name if isinstance(name, str) else ""


def _host(site: str) -> str:
    try:
        host = urlsplit(site if "//" in site else f"//{site}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return host if "." in host and host not in _PUBLIC else ""


@dataclass(slots=True)
class _Known:
    title: str
    name: str
    keys: tuple[str, ...]
    blocks: tuple[str, ...]


class DuplicateIndex:
    """The keys of all records of one type."""

    def __init__(self, type: str, records: Iterable[Existing] = (), region: str = "") -> None:
        self._type, self._region = type, region
        self._known: dict[str, _Known] = {}
        self._by_key: dict[str, dict[str, None]] = {}
        self._by_block: dict[str, dict[str, None]] = {}
        for one in records:
            self.add(one.record, one.fields)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, record: str, fields: Mapping[str, Value]) -> None:
        """Put a record in, or put its new state in the place of the old one."""
        self.remove(record)
        title = _title(self._type, fields)
        found = tuple(keys(self._type, fields, self._region))
        known = _Known(title, " ".join(words_of(title)), found, _blocks(title))
        self._known[record] = known
        for key in known.keys:
            self._by_key.setdefault(key, {})[record] = None
        for block in known.blocks:
            self._by_block.setdefault(block, {})[record] = None

    def remove(self, record: str) -> None:
        """Take a record out; nothing happens when it is not in."""
        known = self._known.pop(record, None)
        if known is None:
            return
        for key in known.keys:
            self._by_key[key].pop(record, None)
        for block in known.blocks:
            self._by_block[block].pop(record, None)

    def candidates(self, fields: Mapping[str, Value], *, itself: str = "", most: int = 5) -> list[Candidate]:
        """The records that these fields may already be, best first; `itself` is left out. Quick enough per
        key press.
        """
        scores: dict[str, float] = {}
        reasons: dict[str, list[str]] = {}
        for key, reason in keys(self._type, fields, self._region).items():
            score = POSSIBLE if key.startswith("name:") and self._type == "person" else LIKELY
            for record in self._by_key.get(key, ()):
                # Two independent signs make each other stronger.
                before = scores.get(record, 0.0)
                scores[record] = SAME if before else score
                reasons.setdefault(record, []).append(reason)
        title = _title(self._type, fields)
        for record, likeness in self._near(title):
            if record not in scores:
                scores[record] = POSSIBLE * likeness / 100
                reasons[record] = [f"a name much like it: {self._known[record].title}"]
        scores.pop(itself, None)
        best = sorted(scores, key=lambda one: (-scores[one], self._known[one].title, one))[:most]
        return [
            Candidate(one, self._known[one].title, round(scores[one], 3), tuple(reasons[one])) for one in best
        ]

    def pairs(self) -> Iterator[tuple[str, Candidate]]:
        """Every pair of records that are probably the same, once: (record, the other one).

        Two people who share nothing but their name, and have mail addresses of their own, are two people.
        """
        seen: set[tuple[str, str]] = set()
        for key, records in self._by_key.items():
            if len(records) < 2 or len(records) > _BLOCK_LIMIT:
                continue
            for record in records:
                for other in records:
                    pair = (record, other) if record < other else (other, record)
                    if record == other or pair in seen:
                        continue
                    seen.add(pair)
                    found = self._compared(*pair, key)
                    if found.reasons != ("the same name",) or not self._both_have_mail(*pair):
                        yield pair[0], found

    def _both_have_mail(self, record: str, other: str) -> bool:
        return all(any(key.startswith("mail:") for key in self._known[one].keys) for one in (record, other))

    def _compared(self, record: str, other: str, key: str) -> Candidate:
        shared = [one for one in self._known[record].keys if one in self._known[other].keys]
        words = {"mail": "the same e-mail", "phone": "the same phone", "site": "the same web page",
                 "id": "the same external id", "name": "the same name"}  # fmt: skip
        reasons = tuple(dict.fromkeys(words[one.partition(":")[0]] for one in shared or [key]))
        score = SAME if len(reasons) > 1 else POSSIBLE if reasons == (words["name"],) else LIKELY
        return Candidate(other, self._known[other].title, score, reasons)

    def _near(self, title: str) -> Iterator[tuple[str, float]]:
        wanted = " ".join(words_of(title))
        if len(wanted) < 4:
            return
        looked: dict[str, None] = {}
        for block in _blocks(title):
            for record in self._by_block.get(block, ()):
                looked[record] = None
                if len(looked) >= _BLOCK_LIMIT:
                    break
        for record in looked:
            likeness = fuzz.token_sort_ratio(wanted, self._known[record].name, score_cutoff=NEAR_NAME)
            if likeness >= NEAR_NAME:
                yield record, likeness


def _blocks(title: str) -> tuple[str, ...]:
    """The beginnings of the words of a name: names that share none are not compared."""
    return tuple(dict.fromkeys(word[:3] for word in words_of(title) if len(word) > 1))
