"""Who holds a right to read and waits for the key: rights come with the roster, keys from a colleague's computer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.team import Named
from protocol.ids import Compartment, LogId, MemberId
from protocol.state import RosterState
from vault.exchange import Waiting

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class KeyWait:
    """`sure`: this desk holds the key and has not handed it over yet; else a colleague's may have done so already."""

    member: MemberId
    text: str
    sure: bool


def key_waits(state: RosterState, waiting: Iterable[Waiting], named: Named) -> list[KeyWait]:
    """One line for each member and each set of colleagues who can hand the keys over. What was handed is left out."""
    found: dict[tuple[MemberId, frozenset[MemberId], bool], list[LogId]] = {}
    for one in waiting:
        if one.handed is True:
            continue
        for member in one.members:
            found.setdefault((member, one.givers, one.handed is False), []).append(one.log)
    lines = [
        KeyWait(member, _words(state, logs, givers, sure, named), sure)
        for (member, givers, sure), logs in found.items()
    ]
    return sorted(lines, key=lambda one: named("member", one.member).casefold())


def _words(
    state: RosterState, logs: list[LogId], givers: frozenset[MemberId], sure: bool, named: Named
) -> str:
    what = join_words(sorted({_place(state, log, named) for log in logs})[:4])
    if len({_place(state, log, named) for log in logs}) > 4:
        what += " and more"
    if sure:
        return f"Has the right, not yet the key: {what}. This computer hands it over as soon as it is online."
    if not givers:
        return f"Has the right, not the key: {what}. Nobody who is still here has it."
    names = sorted((named("member", giver) for giver in givers), key=str.casefold)
    who = join_words([*names[:_MOST_NAMES], "another one"] if len(names) > _MOST_NAMES else names, "or")
    return (
        f"Has the right; the key is handed over by a colleague who has it: {what}. "
        f"Pending until {who} is online, if it was not done already."
    )


def _place(state: RosterState, log: LogId, named: Named) -> str:
    if log.compartment is Compartment.DIRECTORY:
        return "the names of the team"
    group = state.groups.get(log.group)
    where = "a private place" if group is not None and group.small else named("group", log.group)
    return f"{COMPARTMENT_WORDS[log.compartment]} of {where}"


__all__ = ["KeyWait", "key_waits"]
