"""What one person can see, and why: group by group, compartment by compartment, from the roster alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.desk.access_words import COMPARTMENT_TITLES, COMPARTMENT_WORDS, join_words, permission_sentence
from app.desk.record_counts import count_words
from app.desk.team import Named
from protocol.access import Reason, ReasonKind, level, permissions, why
from protocol.ids import (
    GROUP_COMPARTMENTS,
    NO_ID,
    Compartment,
    GroupId,
    Level,
    LogId,
    MemberId,
    Reach,
)
from protocol.reading import descendants
from protocol.state import RosterState
from vault.roster import Effect

Count = Callable[[Sequence[Effect]], dict[str, int]]
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One compartment of one group. `level` is the best on any of its records; `what` a sentence without a subject;
    `why` the reasons, each as it stands behind "because"; `counted` what this desk can count there."""

    compartment: Compartment
    level: Level
    what: str
    why: tuple[str, ...]
    counted: str = ""

    @property
    def title(self) -> str:
        return COMPARTMENT_TITLES[self.compartment]


@dataclass(frozen=True, slots=True)
class SeenGroup:
    group: GroupId
    name: str
    archived: bool
    roles: tuple[str, ...]
    seen: tuple[Seen, ...]
    may: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """`groups` by name. `private`: how many private places the person is in; `note`: why there is nothing at all."""

    groups: tuple[SeenGroup, ...]
    private: int
    note: str


def effective_access(
    state: RosterState, member: MemberId, named: Named, counted: Count | None = None
) -> Effective:
    """Everything that `member` can see now. Costs his groups and those below him, not the whole roster."""
    person = state.members[member]
    if not person.active:
        return Effective((), 0, _INACTIVE[person.status.value])
    held = dict(state.grants.groups_of(member))
    groups = {group for group, roles in held.items() if roles}
    groups |= {serving for group in groups if (serving := state.policies.catalogue_of.get(group)) is not None}
    if person.support is not None and state.policies.support_allowed:
        groups.add(person.support.group)
    below = descendants(state, member) if state.policies.managers_read_reports else frozenset()
    private = sum(state.groups[group].small for group in groups)
    found = [
        SeenGroup(
            group,
            named("group", group),
            state.groups[group].archived,
            tuple(sorted(named("role", role) for role in held.get(group, ()))),
            tuple(
                _seen(state, member, group, compartment, below, named, counted)
                for compartment in GROUP_COMPARTMENTS
            ),
            permission_sentence(permissions(state, member, group)),
        )
        for group in groups
        if not state.groups[group].small
    ]
    note = "" if found else "In no group: sees the names of people, groups and roles, and nothing else."
    return Effective(tuple(sorted(found, key=lambda one: one.name.casefold())), private, note)


_INACTIVE = {
    "invited": "Has not joined yet: has no keys, and sees nothing.",
    "joined": "Has joined and is not confirmed yet: has no keys, and sees nothing.",
    "suspended": "Is suspended: gets no keys any more. What was read before may have been kept.",
    "left": "Has left: gets no keys any more. What was read before may have been kept.",
    "removed": "Was removed: gets no keys any more. What was read before may have been kept.",
}


def _seen(
    state: RosterState,
    member: MemberId,
    group: GroupId,
    compartment: Compartment,
    below: frozenset[MemberId],
    named: Named,
    counted: Count | None,
) -> Seen:
    shared = LogId(group, compartment)
    own = shared if compartment is Compartment.CATALOGUE else LogId(group, compartment, member)
    on_all = level(state, member, shared)
    on_own = level(state, member, own)
    reports = [
        report
        for report in below
        if compartment in state.own.get((report, group), frozenset())
        and level(state, member, LogId(group, compartment, report)) > on_all
    ]
    parts: list[str] = []
    reasons: list[str] = []
    effects: list[Effect] = []

    def add(words: str, log: LogId, reach: Reach, at: Level, owner: MemberId = NO_ID) -> None:
        if words:
            parts.append(words)
        if len(reasons) < _MOST_NAMES:  # those below are many, and seen for the same reason
            reasons.extend(reason_words(one, group, named) for one in why(state, member, log)[:3])
        effects.append(Effect(member, group, compartment, reach, Level.NONE, at, owner))

    if on_all is not Level.NONE:
        does = "reads and writes" if on_all is Level.WRITE else "reads"
        add(f"{does} all of the group", shared, Reach.GROUP, on_all)
    if on_own > on_all:
        does = "reads and writes" if on_own is Level.WRITE else "reads"
        add(
            f"{does} {'only ' if on_all is Level.NONE and not reports else ''}their own",
            own,
            Reach.OWN,
            on_own,
        )
    if reports:
        best = max(level(state, member, LogId(group, compartment, one)) for one in reports)
        does = "reads and writes" if best is Level.WRITE else "reads"
        for place, report in enumerate(sorted(reports)):
            words = f"{does} those of {_names(reports, named)}" if not place else ""
            add(words, LogId(group, compartment, report), Reach.OWN, best, report)
    if not parts:
        return Seen(compartment, Level.NONE, f"No key: does not see {COMPARTMENT_WORDS[compartment]}", ())
    words = join_words(parts)
    count = count_words(counted(effects)) if counted is not None else ""
    return Seen(
        compartment,
        max(effect.after for effect in effects),
        words[0].upper() + words[1:],
        tuple(dict.fromkeys(reasons)),
        count,
    )


def _names(members: Iterable[MemberId], named: Named) -> str:
    names = sorted((named("member", one) for one in members), key=str.casefold)
    more = len(names) - _MOST_NAMES
    return join_words(names if more <= 1 else [*names[:_MOST_NAMES], f"{more:,} more"])


def reason_words(reason: Reason, group: GroupId, named: Named) -> str:
    """What stands behind "because": "as Manager", "as Team lead, who reads the own records of the people below"."""
    role = named("role", reason.role) if reason.role != NO_ID else ""
    if reason.kind is ReasonKind.DIRECTORY:
        return "every member reads the names"
    if reason.kind is ReasonKind.OWN:
        return f"as {role}, only what is their own"
    if reason.kind is ReasonKind.ROLE:
        return f"as {role}"
    if reason.kind is ReasonKind.MANAGER:
        return f"as {role}, who reads the own records of the people below"
    if reason.kind is ReasonKind.CATALOGUE:
        return f"as {role}: everybody of a group reads its catalogue"
    if reason.kind is ReasonKind.SERVED:
        return f"as {role} of {named('group', reason.group)}, which uses this catalogue"
    return f"let in as support for {named('group', group)}"


__all__ = ["Effective", "Seen", "SeenGroup", "effective_access", "reason_words"]
