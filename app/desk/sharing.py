"""A record for oneself alone, or for oneself and one other person.

Such a record lives in a small group (`app.desk.small_groups`), which is made here when it is needed and used again for
the next record. The record goes there with what hangs on it and with its commercial fields, by an ordinary move.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.desk.errors import NotAllowed
from app.desk.moving import Cancelled, Destination, Moved, MovePlan, Moving, Progress
from app.desk.seeing import Named, Seer, who_sees
from app.desk.small_groups import PRIVATE, find_small, is_small, members_of
from app.desk.team_actions import TeamActions
from protocol.ids import GroupId, MemberId, RoleId
from protocol.state import MemberStatus
from vault import Vault
from vault.roster.small import role_for_small_groups, with_small_group
from vault.store import RecordKey

SHARED_TYPES = ("person", "company", "deal")


class Sharing:
    """What talks to the server says that it is slow."""

    def __init__(self, vault: Vault, actions: TeamActions, moving: Moving, named: Named) -> None:
        self._vault = vault
        self._actions = actions
        self._moving = moving
        self._named = named

    def who_sees(self, record: RecordKey) -> list[Seer]:
        """Everybody who can read the record, with the reasons."""
        return who_sees(self._vault.roster, self._me, record, self._named)

    def partners(self) -> list[tuple[MemberId, str]]:
        """Members with whom a record can be shared, by name."""
        found = [
            (member.id, self._named("member", member.id))
            for member in self._vault.roster.members.values()
            if member.status is MemberStatus.ACTIVE and member.id != self._me and member.support is None
        ]
        return sorted(found, key=lambda pair: pair[1].casefold())

    def shared_with(self, record: RecordKey) -> frozenset[MemberId] | None:
        """Who is in the small group where the record is; None where it is in no small group."""
        state = self._vault.roster
        return members_of(state, record.log.group) if is_small(state, record.log.group) else None

    def plan(self, keys: Sequence[RecordKey], other: MemberId | None) -> MovePlan:
        """What it would do to share these with `other`, or (None) with nobody: in words, before anything is made.
        Raises NotAllowed."""
        state = self._vault.roster
        group = find_small(state, self._me, other)
        if group is None:
            state, group = with_small_group(state, self._vault.device, self._members(other), self._role())
        return self._moving.plan(keys, Destination(group=group), state, self.where(other))

    def share(
        self,
        keys: Sequence[RecordKey],
        other: MemberId | None,
        progress: Progress = lambda done, total: None,
        cancelled: Cancelled = lambda: False,
    ) -> Moved:
        """Do it (slow where the small group has to be made). Raises NotAllowed, SyncError, VaultError."""
        group = find_small(self._vault.roster, self._me, other) or self._make(other)
        plan = self._moving.plan(keys, Destination(group=group))
        if not plan.moves and plan.kept:
            raise NotAllowed(f"This cannot be moved: {plan.kept[0].reason}")
        return self._moving.perform(plan, progress, cancelled)

    def where(self, other: MemberId | None) -> str:
        """What the place is called."""
        return PRIVATE if other is None else f"Shared with {self._named('member', other)}"

    @property
    def _me(self) -> MemberId:
        return self._vault.own.member

    def _members(self, other: MemberId | None) -> list[MemberId]:
        return [self._me] if other is None else [self._me, other]

    def _make(self, other: MemberId | None) -> GroupId:
        return self._actions.create_small_group(self._members(other), self._role())

    def _role(self) -> RoleId:
        role = role_for_small_groups(self._vault.roster)
        if role is None:
            raise NotAllowed(
                "This workspace has no role that reads and writes everything, which private records need. Ask an admin "
                "to define one."
            )
        return role


__all__ = ["SHARED_TYPES", "Sharing"]
