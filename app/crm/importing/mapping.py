"""Suggests which column goes where, by headers first and by what the columns hold second.

A suggestion carries its confidence (0 to 1) and the reason in words, so that a window can show the doubtful
ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.crm.exporting.columns import RECORD_COLUMN
from app.crm.importing.columns import ColumnProfile, Looks
from app.crm.importing.dates import DateOrder
from app.crm.importing.numbers import NumberFormat
from app.crm.importing.ours import own_targets, own_type
from app.crm.importing.plan import ColumnMap, Placement, Plan, Target, field_of
from app.crm.importing.synonyms import BY_TYPE, NUMBERED_FIELDS, NUMBERED_PARTS, SYSTEMS, TYPE_WORDS
from app.crm.margins import all_fields
from app.crm.naming import words_of
from vault.schema import FieldKind

_HOPE = 0.3  # share of fitting values below which a column is left out
SURE, LIKELY, SIMILAR, BY_CONTENT = 0.95, 0.9, 0.7, 0.5
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"(?P<kind>[a-z ]+?) (?P<number>\d{1,2}) (?P<part>[a-z ]+)")
_FITTING = {
    FieldKind.DATE: {Looks.DATE},
    FieldKind.DATETIME: {Looks.DATE},
    FieldKind.MONEY: {Looks.NUMBER},
    FieldKind.INTEGER: {Looks.NUMBER},
    FieldKind.PERCENT: {Looks.NUMBER},
}


@dataclass(frozen=True, slots=True)
class ColumnSuggestion:
    """One column: its way (None: leave it out), how sure that is, and why. `ask` names a choice a person must
    make.
    """

    column: int
    header: str
    map: ColumnMap | None
    confidence: float
    reason: str
    ask: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A mapping of a whole table into one record type."""

    type: str
    system: str
    confidence: float
    columns: tuple[ColumnSuggestion, ...]
    unescape: bool = False

    @property
    def questions(self) -> tuple[ColumnSuggestion, ...]:
        """Columns that need a choice before the import can run."""
        return tuple(one for one in self.columns if one.ask)

    def plan(self, group: str = "") -> Plan:
        """The plan as suggested."""
        maps = tuple(one.map for one in self.columns if one.map is not None)
        return Plan(self.type, maps, placement=Placement(group), unescape=self.unescape)


def header_words(header: str) -> str:
    """A header for comparing: "AccountName", "account_name" and "Account Name" are the same."""
    spaced = _CAMEL.sub(" ", header) if not header.isupper() else header
    return " ".join(words_of(spaced.replace("_", " ").replace("'", " ")))


def suggest(profiles: tuple[ColumnProfile, ...], type: str = "") -> Suggestion:
    """The best mapping, into `type` or into the record type that fits best."""
    ours = next((profile for profile in profiles if profile.header == RECORD_COLUMN), None)
    if ours is not None:
        known = type or (own_type(ours.examples[0]) if ours.examples else "")
        if known in BY_TYPE:
            return _own(profiles, known)
    types = (type,) if type else tuple(BY_TYPE)
    return max((_suggest(profiles, one) for one in types), key=lambda one: one.confidence)


def _own(profiles: tuple[ColumnProfile, ...], type: str) -> Suggestion:
    """Our own export: its headers are known, and nothing has to be guessed."""
    targets = own_targets(type)
    columns: list[ColumnSuggestion] = []
    for profile in profiles:
        target = targets.get(profile.header)
        one = ColumnMap(profile.index, target, numbers=NumberFormat.POINT) if target is not None else None
        columns.append(
            ColumnSuggestion(profile.index, profile.header, one, 1.0 if one else 0.0, "written by Tacit")
        )
    return Suggestion(type, "Tacit", 1.0, tuple(columns), unescape=True)


def _suggest(profiles: tuple[ColumnProfile, ...], type: str) -> Suggestion:
    candidates = sorted(
        (
            (score, profile.index, target, why)
            for profile in profiles
            for score, target, why in _candidates(profile, type)
        ),
        key=lambda one: (-one[0], one[1]),
    )
    taken: set[str] = set()
    chosen: dict[int, tuple[float, Target, str]] = {}
    for score, index, target, why in candidates:
        if index not in chosen and str(target) not in taken:
            taken.add(str(target))
            chosen[index] = (score, target, why)
    columns = tuple(_column(profile, type, chosen.get(profile.index)) for profile in profiles)
    words = {header_words(profile.header) for profile in profiles}
    system = next((name for name, marks in SYSTEMS.items() if words.issuperset(marks)), "")
    return Suggestion(type, system, _confidence(columns, type, taken, words), columns)


def _confidence(columns: tuple[ColumnSuggestion, ...], type: str, taken: set[str], words: set[str]) -> float:
    """How well a whole table fits a type: the mean over its columns, more for its own words, less without a
    name.
    """
    if not columns:
        return 0.0
    mean = sum(one.confidence for one in columns) / len(columns)
    own = sum(any(word.split(" ")[0] == mark for mark in TYPE_WORDS[type]) for word in words if " " in word)
    named = {
        "person": taken & {"name", "given", "family"} and len(taken) > 1,
        "deal": taken & {"stage", "amount", "close_date"},
        "product": "name" in taken and taken & {"price", "series", "external_id"},
        "task": "title" in taken and taken & {"due", "done"},
        "note": "body" in taken and any(target.startswith("about") for target in taken),
    }.get(type, "name" in taken)
    return min(1.0, mean + 0.2 * own / len(columns)) * (1.0 if named else 0.4)


@lru_cache(maxsize=16)
def _names(type: str) -> dict[str, str]:
    """Header words -> target, the first target that claims a word having it."""
    found: dict[str, str] = {}
    for target, names in BY_TYPE[type].items():
        for name in names.split("|"):
            found.setdefault(name, target)
    return found


def _candidates(profile: ColumnProfile, type: str) -> Iterable[tuple[float, Target, str]]:
    words = header_words(profile.header)
    names = _names(type)
    numbered = _numbered(words, type)
    if numbered is not None:
        yield SURE, numbered, "a numbered column"
    if words in names:
        yield (
            _weighed(SURE, profile, type, names[words]),
            Target.of(names[words]),
            f"called “{profile.header}”",
        )
    for mark in TYPE_WORDS[type]:
        rest = words.removeprefix(f"{mark} ")
        if rest != words and rest in names:
            yield (
                _weighed(LIKELY, profile, type, names[rest]),
                Target.of(names[rest]),
                f"called “{profile.header}”",
            )
    if words and words not in names and numbered is None:
        near = process.extractOne(words, names.keys(), scorer=fuzz.ratio, score_cutoff=86)
        if near is not None:
            target = names[near[0]]
            yield (
                _weighed(SIMILAR, profile, type, target),
                Target.of(target),
                f"“{profile.header}” is much like “{near[0]}”",
            )
    by_content = {Looks.EMAIL: "emails", Looks.PHONE: "phones", Looks.URL: "urls"}.get(profile.looks)
    if by_content and field_of(type, Target(by_content)) is not None:
        label = words if numbered is None else ""
        yield (
            BY_CONTENT,
            Target(by_content, f"column {profile.index}", label=label),
            f"its values are {by_content}",
        )


def _numbered(words: str, type: str) -> Target | None:
    found = _NUMBERED.fullmatch(words)
    if found is None:
        return None
    field = NUMBERED_FIELDS.get(found["kind"])
    part = NUMBERED_PARTS.get(found["part"])
    if field is None or part is None or field_of(type, Target(field)) is None:
        return None
    return Target(field, found["number"], part)


def _weighed(score: float, profile: ColumnProfile, type: str, target: str) -> float:
    """Less where the values contradict the kind of the field."""
    field = field_of(type, Target.of(target))
    fitting = _FITTING.get(field.kind) if field is not None else None
    if fitting is None or profile.looks in fitting or profile.looks is Looks.EMPTY:
        return score
    return score / 2


def _hopeless(profile: ColumnProfile, kind: FieldKind) -> bool:
    """Whether most rows would fail, were the column taken for this kind of field."""
    if profile.looks is Looks.EMPTY or kind not in _FITTING:
        return False
    share = profile.dated if kind in (FieldKind.DATE, FieldKind.DATETIME) else profile.numeric
    return share < _HOPE


def _column(profile: ColumnProfile, type: str, chosen: tuple[float, Target, str] | None) -> ColumnSuggestion:
    if chosen is None:
        return ColumnSuggestion(profile.index, profile.header, None, 0.0, "nothing it fits")
    score, target, why = chosen
    field = field_of(type, target)
    if field is not None and _hopeless(profile, field.kind):
        why += ", but its values are of another kind; it is left out"
        return ColumnSuggestion(profile.index, profile.header, None, round(score, 2), why)
    ask = ""
    order = profile.dates.order
    is_date = field is not None and field.kind in (FieldKind.DATE, FieldKind.DATETIME)
    if is_date and order is DateOrder.AMBIGUOUS:
        ask = "Which comes first in these dates, the day or the month?"
    if field is not None and field.kind is FieldKind.MONEY and profile.numbers.ambiguous:
        ask = f"Is “{profile.numbers.example}” a number of thousands, or does it have three decimals?"
    if is_date and profile.dates.mixed:
        why += f"; not all dates are written {order.value}"
    one = map_column(profile, type, target)
    return ColumnSuggestion(profile.index, profile.header, one, round(score, 2), why, ask)


def map_column(profile: ColumnProfile, type: str, target: Target) -> ColumnMap:
    """The way of a column into a target that a person has chosen, with the formats that were recognised in
    it.
    """
    field = field_of(type, target)
    is_date = field is not None and field.kind in (FieldKind.DATE, FieldKind.DATETIME)
    order = profile.dates.order
    dates = order if is_date and order is not DateOrder.NONE else DateOrder.YMD
    return ColumnMap(profile.index, target, dates, profile.numbers.format)


def choices_of(type: str) -> list[tuple[Target, str]]:
    """All targets that a column of this type's tables can be given, with words for a list to choose from."""
    by_name = all_fields(type)
    found: list[tuple[Target, str]] = []
    for text in BY_TYPE[type]:
        target = Target.of(text)
        field = by_name.get(target.field)
        words = [field.label if field is not None else target.field.replace("_", " ").capitalize()]
        if target.slot:
            words.append(target.slot)
        if target.part != "value":
            words.append(target.part)
        found.append((target, " – ".join(words)))
    return found
