"""A change of access in words: its effects, the records behind them, private places, and who never had a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.crm.words import count
from app.desk.access_words import join_words
from app.desk.preview import ChangeWords, describe
from app.desk.record_counts import RecordCounts, count_words
from app.desk.team import Named
from protocol.ids import NO_ID, Level, LogId, MemberId, Reach
from protocol.roster import Grant, MemberRemove, Revoke, RosterOperation
from protocol.state import MemberStatus, RosterState
from vault import Vault
from vault.roster import Effect, Heads, Preview, preview

_WITHOUT_KEYS = (MemberStatus.INVITED, MemberStatus.JOINED)


class Previewer:
    """Of one desk. Costs what the change touches, and one count of records by log."""

    def __init__(self, vault: Vault, named: Named) -> None:
        self._vault = vault
        self._named = named

    def words(self, state: RosterState, operations: Sequence[RosterOperation], ends: Heads) -> ChangeWords:
        """Raises Refused where the operations cannot be."""
        found = preview(state, operations, ends)
        shown = [effect for effect in found.effects if not self._is_small(state, effect)]
        private = len({effect.group for effect in found.effects} - {effect.group for effect in shown})
        counts = RecordCounts(self._vault.records)
        words = describe(
            Preview(tuple(shown), found.rotated), self._named, lambda some: count_words(counts.behind(some))
        )
        notes = [*self._never_readable(shown, ends), *self._not_in_yet(state, operations)]
        notes += _private(private)
        return replace(words, notes=(*words.notes, *notes))

    @staticmethod
    def _is_small(state: RosterState, effect: Effect) -> bool:
        group = state.groups.get(effect.group)
        return group is not None and group.small

    def _never_readable(self, effects: Sequence[Effect], ends: Heads) -> list[str]:
        """Of those who lose sight of something: who never held a key for it, so that nothing has to be undone."""
        lost = [effect for effect in effects if effect.before > Level.NONE and effect.after is Level.NONE]
        by_member: dict[MemberId, list[LogId]] = {}
        for effect in lost:
            by_member.setdefault(effect.member, []).append(_log(effect))
        waiting = self._undelivered() if by_member else {}
        known = [
            member for member, logs in by_member.items() if self._has_no_key(member, logs, waiting, ends)
        ]
        lines = []
        if known:
            names = sorted((self._named("member", member) for member in known[:8]), key=str.casefold)
            more = [f"{len(known) - 8:,} more"] if len(known) > 8 else []
            lines.append(
                f"No key was handed to {join_words(names + more)} so far: what is taken back here was never readable."
            )
        return lines

    @staticmethod
    def _has_no_key(
        member: MemberId, logs: Sequence[LogId], waiting: dict[LogId, frozenset[MemberId]], ends: Heads
    ) -> bool:
        """Each log was never begun, or its key still waits here to be handed over."""
        return all(
            log not in ends or not ends[log].position or member in waiting.get(log, ()) for log in logs
        )

    def _undelivered(self) -> dict[LogId, frozenset[MemberId]]:
        """Logs whose key this desk holds and has not handed to these."""
        return {
            one.log: one.members for one in self._vault.exchange.waiting_for_keys() if one.handed is False
        }

    def _not_in_yet(self, state: RosterState, operations: Sequence[RosterOperation]) -> list[str]:
        """Whoever was invited and is not in has no key: for him a change says what will be, or takes back nothing."""
        concerned = {
            operation.member
            for operation in operations
            if isinstance(operation, Grant | Revoke | MemberRemove)
        }
        names = sorted(
            (
                self._named("member", member)
                for member in concerned
                if member in state.members and state.members[member].status in _WITHOUT_KEYS
            ),
            key=str.casefold,
        )
        if not names:
            return []
        has = "has" if len(names) == 1 else "have"
        return [
            f"{join_words(names)} {has} not been let in yet and {has} no keys: nothing was readable so far, "
            "and this counts from the first day."
        ]


def _log(effect: Effect) -> LogId:
    if effect.reach is not Reach.OWN:
        return LogId(effect.group, effect.compartment)
    return LogId(effect.group, effect.compartment, effect.member if effect.owner == NO_ID else effect.owner)


def _private(places: int) -> list[str]:
    if not places:
        return []
    return [f"It changes {count(places, 'private place')} as well, whose names only its people know."]
