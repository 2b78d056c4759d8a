"""What a change of access will do, as sentences, before anything is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.team import Named
from protocol.ids import NO_ID, GroupId, Level, MemberId, Reach
from vault.roster.effects import Effect, Preview

_MOST_NAMES = 8
_LEVEL_WORDS = {Level.READ: "read", Level.WRITE: "read and write"}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Sentences for the confirm dialog: what is gained, what is lost, and what happens to keys."""

    gains: tuple[str, ...]
    losses: tuple[str, ...]
    keys: str

    @property
    def sentences(self) -> tuple[str, ...]:
        lines = self.gains + self.losses + ((self.keys,) if self.keys else ())
        return lines or ("Nothing changes in what anybody can read or write.",)


def describe(preview: Preview, named: Named) -> ChangeWords:
    """Group effects by member, group and kind of change, and say each group in one sentence."""
    gains: dict[tuple[MemberId, GroupId, str], list[str]] = {}
    losses: dict[tuple[MemberId, GroupId, str], list[str]] = {}
    for effect in preview.effects:
        if effect.owner != NO_ID:
            continue
        side, words = _change(effect)
        target = gains if side else losses
        target.setdefault((effect.member, effect.group, words), []).append(_what(effect))
    for effect, owners in _of_reports(preview.effects).items():
        side, words = _change(effect)
        target = gains if side else losses
        what = f"{_people(owners, named)}’s {COMPARTMENT_WORDS[effect.compartment]}"
        target.setdefault((effect.member, effect.group, words), []).append(what)
    return ChangeWords(_sentences(gains, named), _sentences(losses, named), _key_words(preview))


def _change(effect: Effect) -> tuple[bool, str]:
    if effect.after > effect.before:
        return True, f"will {_LEVEL_WORDS[effect.after]}"
    if effect.after is Level.NONE:
        return False, "will no longer see"
    return False, "will still read, but no longer change,"


def _what(effect: Effect) -> str:
    words = COMPARTMENT_WORDS[effect.compartment]
    return f"their own {words}" if effect.reach is Reach.OWN else f"all {words}"


def _of_reports(effects: Iterable[Effect]) -> dict[Effect, list[MemberId]]:
    """The same change of several reports' own records, as one: the effect without its owner -> the owners."""
    found: dict[Effect, list[MemberId]] = {}
    for effect in effects:
        if effect.owner != NO_ID:
            found.setdefault(replace(effect, owner=NO_ID), []).append(effect.owner)
    return found


def _people(owners: Iterable[MemberId], named: Named) -> str:
    names = sorted((named("member", owner) for owner in owners), key=str.casefold)
    more = len(names) - _MOST_NAMES
    return join_words(names if more <= 1 else [*names[:_MOST_NAMES], f"{more} more"])


def _sentences(found: dict[tuple[MemberId, GroupId, str], list[str]], named: Named) -> tuple[str, ...]:
    """Groups of which the same is said share one sentence, in the order of their names."""
    together: dict[tuple[MemberId, str, str], list[str]] = {}
    for (member, group, words), what in found.items():
        things = join_words(_without_repeated_all(what))
        together.setdefault((member, words, things), []).append(named("group", group))
    return tuple(
        f"{named('member', member)} {words} {things} of {join_words(sorted(groups, key=str.casefold))}."
        for (member, words, things), groups in together.items()
    )


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
    count = len(preview.rotated)
    if not count:
        return ""
    keys = "One part gets a new key" if count == 1 else f"{count} parts get new keys"
    return (
        f"{keys} before anything else is written there. What was read until now may have been copied; "
        "what is written from now on stays closed."
    )
