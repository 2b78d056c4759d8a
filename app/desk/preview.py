"""What a change of access will do, as sentences and counts, before anything is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.crm.words import count
from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.team import Named
from protocol.ids import NO_ID, GroupId, Level, MemberId, Reach
from vault.roster.effects import Effect, Preview

_MOST_NAMES = 8
_MOST_ALIKE = 6
_LEVEL_WORDS = {Level.READ: "read", Level.WRITE: "read and write"}

Counted = Callable[[Sequence[Effect]], str]
"""Effects -> "1,204 deals", "" where nothing is counted."""


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Sentences for the confirm dialog: what is gained, what is lost, what happens to keys, and what else holds."""

    gains: tuple[str, ...]
    losses: tuple[str, ...]
    keys: str
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        lines = self.gains + self.losses + ((self.keys,) if self.keys else ())
        return (lines or ("Nothing changes in what anybody can read or write.",)) + self.notes


@dataclass(frozen=True, slots=True)
class _Line:
    """The same thing said of a member in some groups."""

    member: MemberId
    groups: tuple[GroupId, ...]
    words: str
    things: str
    effects: tuple[Effect, ...]


def uncounted(effects: Sequence[Effect]) -> str:
    """For where records are not counted."""
    del effects
    return ""


def describe(preview: Preview, named: Named, counted: Counted = uncounted) -> ChangeWords:
    """Effects by member, group and kind of change; what is said of several groups, or people, is said once."""
    sides: dict[bool, dict[tuple[MemberId, GroupId, str], list[tuple[str, list[Effect]]]]] = {
        True: {},
        False: {},
    }
    for effect in preview.effects:
        if effect.owner == NO_ID:
            side, words = _change(effect)
            sides[side].setdefault((effect.member, effect.group, words), []).append((_what(effect), [effect]))
    for first, of_reports in _of_reports(preview.effects).items():
        side, words = _change(first)
        owners = _people([one.owner for one in of_reports], named)
        what = f"{owners}’s {COMPARTMENT_WORDS[first.compartment]}"
        sides[side].setdefault((first.member, first.group, words), []).append((what, of_reports))
    return ChangeWords(
        _sentences(_lines(sides[True]), named, counted),
        _sentences(_lines(sides[False]), named, counted),
        _key_words(preview),
    )


def _change(effect: Effect) -> tuple[bool, str]:
    if effect.after > effect.before:
        return True, f"will {_LEVEL_WORDS[effect.after]}"
    if effect.after is Level.NONE:
        return False, "will no longer see"
    return False, "will still read, but no longer change,"


def _what(effect: Effect) -> str:
    words = COMPARTMENT_WORDS[effect.compartment]
    return f"their own {words}" if effect.reach is Reach.OWN else f"all {words}"


def _of_reports(effects: Iterable[Effect]) -> dict[Effect, list[Effect]]:
    """The same change of several reports' own records, as one: the effect without its owner -> all of them."""
    found: dict[Effect, list[Effect]] = {}
    for effect in effects:
        if effect.owner != NO_ID:
            found.setdefault(replace(effect, owner=NO_ID), []).append(effect)
    return found


def _people(owners: Iterable[MemberId], named: Named) -> str:
    names = sorted((named("member", owner) for owner in owners), key=str.casefold)
    more = len(names) - _MOST_NAMES
    return join_words(names if more <= 1 else [*names[:_MOST_NAMES], f"{more:,} more"])


def _lines(found: dict[tuple[MemberId, GroupId, str], list[tuple[str, list[Effect]]]]) -> list[_Line]:
    """Groups of which the same is said of a member share one line."""
    together: dict[tuple[MemberId, str, str], tuple[list[GroupId], list[Effect]]] = {}
    for (member, group, words), said in found.items():
        things = join_words(_without_repeated_all(what for what, _ in said))
        groups, effects = together.setdefault((member, words, things), ([], []))
        groups.append(group)
        effects += [effect for _, part in said for effect in part]
    return [
        _Line(member, tuple(groups), words, things, tuple(effects))
        for (member, words, things), (groups, effects) in together.items()
    ]


def _sentences(lines: Sequence[_Line], named: Named, counted: Counted) -> tuple[str, ...]:
    """People of whom the same is said share one sentence; where that still says nearly the same too often, they share
    one that counts people and groups."""
    alike: dict[tuple[str, str], dict[tuple[GroupId, ...], list[_Line]]] = {}
    for line in lines:
        alike.setdefault((line.words, line.things), {}).setdefault(line.groups, []).append(line)
    said: list[str] = []
    for (words, things), by_groups in alike.items():
        if len(by_groups) > _MOST_ALIKE:
            members = {line.member for same in by_groups.values() for line in same}
            groups = {group for each in by_groups for group in each}
            who, where = count(len(members), "person", "people"), count(len(groups), "group")
            effects = [one for same in by_groups.values() for line in same for one in line.effects]
            said.append(_sentence(f"{who} {words} {things}, in {where}", counted(effects)))
            continue
        for each, same in by_groups.items():
            who = _people([line.member for line in same], named)
            where = join_words(sorted((named("group", group) for group in each), key=str.casefold))
            effects = [one for line in same for one in line.effects]
            said.append(_sentence(f"{who} {words} {things} of {where}", counted(effects)))
    return tuple(said)


def _sentence(words: str, counted: str) -> str:
    return f"{words}: {counted}." if counted else f"{words}."


def _without_repeated_all(what: Iterable[str]) -> list[str]:
    """ "all people, all deals" reads better as "all people, deals"."""
    seen_all = False
    result = []
    for words in what:
        if words.startswith("all "):
            result.append(words.removeprefix("all ") if seen_all else words)
            seen_all = True
        else:
            result.append(words)
    return result


def _key_words(preview: Preview) -> str:
    number = len(preview.rotated)
    if not number:
        return ""
    keys = "One part gets a new key" if number == 1 else f"{number:,} parts get new keys"
    return (
        f"{keys} before anything else is written there. What was read until now may have been copied; "
        "what is written from now on stays closed."
    )
