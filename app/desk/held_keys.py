"""Of which logs a desk holds keys, and why: the answer to "what can this computer open?", in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.team import Named
from protocol.access import ReasonKind, why
from protocol.ids import Compartment, LogId, MemberId
from protocol.state import RosterState


@dataclass(frozen=True, slots=True)
class KeysHeld:
    """`logs` logs are open to the desk for one `reason`."""

    logs: int
    reason: str


def keys_held(state: RosterState, me: MemberId, logs: Iterable[LogId], named: Named) -> list[KeysHeld]:
    """The logs (those whose keys the desk holds) by the reason for which it holds them, in their order."""
    reasons = Counter(_reason(state, me, log, named) for log in sorted(logs, key=_order))
    return [KeysHeld(number, reason) for reason, number in reasons.items()]


def _order(log: LogId) -> tuple[bool, bytes, bool, LogId]:
    return log.compartment is not Compartment.DIRECTORY, log.group, log.is_own, log


def _reason(state: RosterState, me: MemberId, log: LogId, named: Named) -> str:
    if log.compartment is Compartment.DIRECTORY:
        return "names of people, groups and roles: every member reads them"
    what, group = COMPARTMENT_WORDS[log.compartment], named("group", log.group)
    if log.group in state.groups and state.groups[log.group].small:
        group = "a private place"
    reasons = why(state, me, log)
    if not reasons:
        return f"{what} of {group}: read in earlier times, closed for what is written now"
    kind = reasons[0].kind
    roles = join_words(sorted({named("role", one.role) for one in reasons if one.kind is kind}))
    if kind is ReasonKind.SERVED:
        return f"{what} of {group}: this catalogue serves a further group"
    if kind is ReasonKind.CATALOGUE:
        return f"{what} of {group}: everybody of the group reads them"
    if kind is ReasonKind.SUPPORT:
        return f"{what} of {group}: let in as support, reading only"
    if not log.is_own:
        return f"{what} of {group}, shared by the group: as {roles}"
    if kind is ReasonKind.OWN:
        return f"{what} of {group}, one's own: as {roles}"
    if kind is ReasonKind.MANAGER:
        return f"{what} of {group}, each report's own: a manager reads those of the people below"
    if log.owner == me:
        return f"{what} of {group}, one's own: as {roles}"
    return f"{what} of {group}, each member's own: as {roles}, who reads all of the group"


__all__ = ["KeysHeld", "keys_held"]
