"""Who can see a record, and why; and what a move of records changes about that. All in words, from the roster alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.crm.margins import companion_type
from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.small_groups import is_small
from protocol import access
from protocol.access import Reason, ReasonKind
from protocol.ids import Level, LogId, MemberId
from protocol.state import RosterState
from vault.moves import companion_home
from vault.store import RecordKey

Named = Callable[[str, bytes], str]
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who can read a record. `reasons` are sentences without a subject: "Manager in Central: sees all deals
    and quotes of the group". `margins` says whether the commercial fields are open too (None: there are none)."""

    member: MemberId
    name: str
    is_me: bool
    level: Level
    reasons: tuple[str, ...]
    margins: bool | None

    @property
    def does(self) -> str:
        return "Can change it" if self.level is Level.WRITE else "Can read it"


def who_sees(state: RosterState, me: MemberId, record: RecordKey, named: Named) -> list[Seer]:
    """Everybody who can read the record, the user first, then by name."""
    companion = companion_type(record.type)
    margins = None if companion is None else companion_home(state, companion.compartment, record.log)
    found = []
    for member in access.readers(state, record.log):
        found.append(
            Seer(
                member,
                named("member", member),
                member == me,
                access.level(state, member, record.log),
                _reasons(state, member, record.log, named),
                None if margins is None else access.level(state, member, margins) >= Level.READ,
            )
        )
    return sorted(found, key=lambda one: (not one.is_me, one.name.casefold()))


def _reasons(state: RosterState, member: MemberId, log: LogId, named: Named) -> tuple[str, ...]:
    found = (reason_words(state, member, log, one, named) for one in access.why(state, member, log))
    return tuple(dict.fromkeys(found))


def reason_words(state: RosterState, member: MemberId, log: LogId, reason: Reason, named: Named) -> str:
    """One reason, as it stands behind a name."""
    what = COMPARTMENT_WORDS[log.compartment]
    group = named("group", log.group)
    role = named("role", reason.role)
    if reason.kind is ReasonKind.DIRECTORY:
        return "every member of the workspace reads it"
    if is_small(state, log.group):
        creator = state.groups[log.group].creator
        if creator == member:
            return "keeps it" if len(access.readers(state, log)) < 2 else "shares it"
        return f"{named('member', creator)} shares it" if creator in state.members else "shared"
    if reason.kind is ReasonKind.OWN:
        return f"it is theirs: {role} in {group}"
    if reason.kind is ReasonKind.ROLE:
        return f"{role} in {group}: sees all {what} of the group"
    if reason.kind is ReasonKind.MANAGER:
        return f"{named('member', reason.member)} reports to them: {role} in {group}"
    if reason.kind is ReasonKind.CATALOGUE:
        return f"{role} in {group}: everybody there reads {what}"
    if reason.kind is ReasonKind.SERVED:
        return f"{role} in {named('group', reason.group)}, which {group}'s catalogue serves"
    return f"let in as support for {named('group', reason.group)}, reading only"


@dataclass(frozen=True, slots=True)
class Sight:
    """Who gains and who loses sight of some records, as sentences."""

    gains: tuple[str, ...]
    losses: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.gains or self.losses)

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.losses, *self.gains) or ("The same people see them as before.",)


def sight_of(
    state: RosterState, me: MemberId, moves: Mapping[tuple[str, LogId, LogId], int], named: Named
) -> Sight:
    """What moves change; `moves` counts records by (type, old home, new home)."""
    gains: dict[MemberId, int] = {}
    losses: dict[MemberId, int] = {}
    commercial: dict[MemberId, int] = {}
    commercial_lost: dict[MemberId, int] = {}
    total = sum(moves.values())
    for (type_name, old, new), count in moves.items():
        before, after = access.readers(state, old), access.readers(state, new)
        for member in after - before:
            gains[member] = gains.get(member, 0) + count
        for member in before - after:
            losses[member] = losses.get(member, 0) + count
        companion = companion_type(type_name)
        if companion is not None:
            old_margins = companion_home(state, companion.compartment, old)
            new_margins = companion_home(state, companion.compartment, new)
            had, has = access.readers(state, old_margins), access.readers(state, new_margins)
            for member in has - had:
                commercial[member] = commercial.get(member, 0) + count
            for member in (had - has) & after:  # of the others, that they lose the record says it
                commercial_lost[member] = commercial_lost.get(member, 0) + count
    them = "it" if total == 1 else "them"

    def words(found: dict[MemberId, int], verb: str, of: str = "") -> tuple[str, ...]:
        by_count: dict[int, list[MemberId]] = {}
        for member, count in found.items():
            by_count.setdefault(count, []).append(member)
        lines = []
        for count, members in sorted(by_count.items(), reverse=True):
            what = them if count == total else f"{count:,} of them"
            if of:
                its = "its" if total == 1 else "their"
                what = f"{its} {of}" if count == total else f"{of} of {count:,} of them"
            lines.append(f"{people(members, me, named)} {verb} {what}.")
        return tuple(lines)

    more = words(commercial, "will also see", "costs and margins")
    less = words(commercial_lost, "will no longer see", "costs and margins")
    return Sight(words(gains, "will see") + more, words(losses, "will no longer see") + less)


def people(members: Iterable[MemberId], me: MemberId, named: Named, most: int = MOST_NAMES) -> str:
    """ "You", "Cy", "You, Cy and Dee", "Cy, Dee, Eli and 3 others"."""
    listed = list(members)
    names = sorted((named("member", one) for one in listed if one != me), key=str.casefold)
    if me in listed:
        names.insert(0, "You")
    if len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most:,} others"]
    return join_words(names)


def finishers(state: RosterState, old: LogId, new: LogId) -> frozenset[MemberId]:
    """Whose desk can make the copy of a record that is moved from the one log to the other: they read it where it is
    and write where it goes."""
    return access.readers(state, old) & access.writers(state, new)


__all__ = ["Seer", "Sight", "finishers", "people", "reason_words", "sight_of", "who_sees"]
