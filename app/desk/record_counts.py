"""How many records lie behind a change of access, as far as this desk can count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from app.crm.schema import SCHEMA
from app.crm.words import count
from protocol.ids import NO_ID, Compartment, LogId, Reach
from vault.roster import Effect
from vault.store import Records

COUNTED = {
    Compartment.CATALOGUE: ("product",),
    Compartment.CONTACTS: ("person", "company"),
    Compartment.SALES: ("deal",),
}
"""The types that a person thinks of in each compartment."""


class RecordCounts:
    """Of what this desk holds: whoever has no key for a log counts nothing there. Used on one thread."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._by_type: dict[str, Mapping[LogId, int]] = {}

    def behind(self, effects: Iterable[Effect]) -> Counter[str]:
        """Type -> number of records that the effects open or close; a record counts once."""
        logs: dict[str, set[LogId]] = {}
        for effect in effects:
            for type_name in COUNTED.get(effect.compartment, ()):
                logs.setdefault(type_name, set()).update(self._logs(effect, type_name))
        return Counter(
            {name: sum(self._of_type(name)[log] for log in found) for name, found in logs.items() if found}
        )

    def _logs(self, effect: Effect, type_name: str) -> list[LogId]:
        known = self._of_type(type_name)
        if effect.reach is Reach.OWN:
            owner = effect.member if effect.owner == NO_ID else effect.owner
            wanted = LogId(effect.group, effect.compartment, owner)
            return [wanted] if wanted in known else []
        return [log for log in known if log.group == effect.group and log.compartment is effect.compartment]

    def _of_type(self, type_name: str) -> Mapping[LogId, int]:
        found = self._by_type.get(type_name)
        if found is None:
            found = self._by_type[type_name] = self._records.by_log(type_name)
        return found


def count_words(found: Mapping[str, int]) -> str:
    """ "1,204 deals, 312 people"; "" for nothing."""
    words = []
    for type_name, number in found.items():
        if number:
            kind = SCHEMA.by_name[type_name]
            words.append(count(number, kind.label.lower(), kind.plural.lower()))
    return ", ".join(words)
