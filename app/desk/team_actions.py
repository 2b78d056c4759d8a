"""What the Team Admin does: each change as a preview in sentences, and as the act itself.

Acts are online: they are signed at the newest roster head and appended by compare-and-swap. Where somebody was
faster, or a log moved on past a cut, everything is read again, planned again, and tried again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app.desk.directory import Directory
from app.desk.errors import DidNotFinish
from app.desk.inviting import MOST_AT_ONCE, Invitee, team_operations
from app.desk.preview import ChangeWords
from app.desk.previewing import Previewer
from app.desk.refusals import not_allowed
from app.desk.role_change import RoleChange, role_operations
from app.desk.server_account import ServerAccount
from app.desk.steps import OnStep, ignore_step
from protocol.ids import GroupId, InvitationId, MemberId, Permission, RoleId, Standing
from protocol.roster import Access, RosterOperation
from protocol.state import RosterState
from protocol.wire import ErrorCode
from sync_client import CancelToken, Round, ServerRefused, WorkspaceCalls
from vault import Vault
from vault.keys import Link
from vault.roster import (
    CATALOGUE_OF,
    MANAGERS_READ_REPORTS,
    SECOND_FACTOR,
    Heads,
    NewInvitation,
    Refused,
    judge,
    plan_change_role,
    plan_expire,
    plan_group,
    plan_group_archive,
    plan_invite,
    plan_leave,
    plan_policy,
    plan_remove,
    plan_reports_to,
    plan_role,
    plan_standing,
    plan_suspend,
)
from vault.roster.small import plan_small_group

TRIES = 12
Plan = Callable[[RosterState, Heads], list[RosterOperation]]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation to hand over by a way of one's own. `expires` in Unix seconds. All three hold the token."""

    link: str = field(repr=False)
    code: str = field(repr=False)
    qr: str = field(repr=False)
    member: MemberId
    expires: int


class TeamActions:
    """Slow (they talk to the server), except the previews. Raise SyncError, VaultError, DeskError."""

    def __init__(
        self, vault: Vault, account: ServerAccount, directory: Directory, turn: threading.Lock
    ) -> None:
        """`turn` is the syncer's: rounds for one vault take turns."""
        self._vault = vault
        self._account = account
        self._directory = directory
        self._turn = turn
        self._previewer = Previewer(vault, directory.name)

    # invitations

    def invite(
        self,
        name: str,
        grants: Sequence[tuple[GroupId, RoleId]],
        days: int = 14,
        standing: Standing = Standing.MEMBER,
    ) -> Invited:
        """Mint a member, name her in the directory, and give the link."""
        new = plan_invite(grants, int(time.time()), days, standing)
        self._append(lambda state, heads: list(new.operations))
        self._directory.write({("member", new.member): name})
        return self._invited(new)

    def invite_all(self, people: Sequence[Invitee], days: int = 14) -> list[Invited]:
        """Mint all of them, with their places in the tree, in one append; one link for each, in their order.

        Raises ValueError for more than `MOST_AT_ONCE`.
        """
        if len(people) > MOST_AT_ONCE:
            raise ValueError(f"no more than {MOST_AT_ONCE} people are invited at once")
        now = int(time.time())
        new = [plan_invite(person.grants, now, days, person.standing) for person in people]
        self._append(lambda state, heads: team_operations(state, heads, people, new))
        self._directory.write(
            {("member", one.member): person.name for person, one in zip(people, new, strict=True)}
        )
        return [self._invited(one) for one in new]

    def invite_with(self, new: NewInvitation, name: str) -> Invited:
        """Append an invitation that was planned elsewhere, name the member, give the link."""
        self._append(lambda state, heads: list(new.operations))
        self._directory.write({("member", new.member): name})
        return self._invited(new)

    def apply(self, plan: Plan) -> None:
        """Any plan: read what is new, plan, sign, append; again where others were faster."""
        self._append(plan)

    def _invited(self, new: NewInvitation) -> Invited:
        state = self._vault.roster
        link = Link(
            self._vault.profile.server, state.workspace, state.position, state.head, new.invitation, new.token
        )
        return Invited(link.text(), link.code(), link.qr_text(), new.member, new.expires)

    def preview_invite(self, grants: Sequence[tuple[GroupId, RoleId]], name: str) -> ChangeWords:
        """What the invitee will see once she has joined."""
        state = self._vault.roster
        held: dict[GroupId, list[str]] = {}
        for group, role in grants:
            held.setdefault(group, []).append(self._directory.name("role", role))
        lines = [
            f"{name or 'The invitee'} will be {' and '.join(roles)} in {self._directory.name('group', group)}."
            for group, roles in held.items()
            if group in state.groups
        ]
        return ChangeWords(tuple(lines), (), "")

    def withdraw(self, invitation: InvitationId) -> None:
        self._append(lambda state, heads: plan_expire(invitation))

    # people

    def preview_remove(self, member: MemberId) -> ChangeWords:
        return self._preview(lambda state, heads: plan_remove(state, heads, member))

    def remove(self, member: MemberId, on_step: OnStep = ignore_step) -> None:
        """Remove for good, then give every log that the member read a new key."""
        self._append(lambda state, heads: plan_remove(state, heads, member), on_step)

    def preview_leave(self) -> ChangeWords:
        """What the user loses, and whether he may go."""
        me = self._vault.own.member
        words = self._preview(lambda state, heads: plan_leave(state, heads, me))
        lost = self._previewer.words(
            self._vault.roster, plan_remove(self._vault.roster, {}, me), self._vault.exchange.log_ends()
        )
        return replace(words, gains=lost.gains, losses=lost.losses, keys=lost.keys)

    def leave(self) -> None:
        me = self._vault.own.member
        self._append(lambda state, heads: plan_leave(state, heads, me))

    def preview_suspend(self, member: MemberId, suspended: bool) -> ChangeWords:
        return self._preview(lambda state, heads: plan_suspend(state, heads, member, suspended))

    def suspend(self, member: MemberId, suspended: bool, on_step: OnStep = ignore_step) -> None:
        self._append(lambda state, heads: plan_suspend(state, heads, member, suspended), on_step)

    def preview_standing(self, member: MemberId, standing: Standing) -> ChangeWords:
        return self._preview(lambda state, heads: plan_standing(state, heads, member, standing))

    def set_standing(self, member: MemberId, standing: Standing) -> None:
        self._append(lambda state, heads: plan_standing(state, heads, member, standing))

    def preview_reports_to(self, member: MemberId, manager: MemberId | None) -> ChangeWords:
        return self._preview(lambda state, heads: plan_reports_to(state, heads, member, manager))

    def reports_to(self, member: MemberId, manager: MemberId | None) -> None:
        self._append(lambda state, heads: plan_reports_to(state, heads, member, manager))

    def preview_managers_read_reports(self, chosen: bool) -> ChangeWords:
        return self._preview(lambda state, heads: _managers_read(state, chosen))

    def managers_read_reports(self, chosen: bool) -> None:
        """Whether managers read the own records of those below them, at any distance. Only owners may say so."""
        self._append(lambda state, heads: _managers_read(state, chosen))

    def second_factor_policy(self, demanded: int) -> None:
        """Who must have a second factor: 0 nobody, 1 admins and owners, 2 everybody. Only owners may say so; the server
        holds sessions to it from then on."""
        self._append(lambda state, heads: _second_factor(state, demanded))

    def preview_catalogue_of(self, group: GroupId, other: GroupId | None) -> ChangeWords:
        return self._preview(lambda state, heads: _catalogue_of(state, group, other))

    def catalogue_of(self, group: GroupId, other: GroupId | None) -> None:
        """`other`'s catalogue (products, prices, pipelines) serves `group` too; None: its own does. Only owners may
        say so."""
        self._append(lambda state, heads: _catalogue_of(state, group, other))

    def preview_catalogues(self, changes: Sequence[tuple[GroupId, GroupId | None]]) -> ChangeWords:
        """Several at once: (group, the one whose catalogue is to serve it)."""
        return self._preview(lambda state, heads: _catalogues(state, changes))

    def set_catalogues(self, changes: Sequence[tuple[GroupId, GroupId | None]]) -> None:
        self._append(lambda state, heads: _catalogues(state, changes))

    # groups and roles

    def preview_role(self, member: MemberId, group: GroupId, role: RoleId | None) -> ChangeWords:
        return self._preview(lambda state, heads: plan_change_role(state, heads, member, group, role))

    def set_role(self, member: MemberId, group: GroupId, role: RoleId | None) -> None:
        """`role` becomes the member's only role in the group; None takes the member out of it."""
        self._append(lambda state, heads: plan_change_role(state, heads, member, group, role))

    def preview_roles(self, changes: Sequence[RoleChange]) -> ChangeWords:
        """All of them together."""
        return self._preview(lambda state, heads: role_operations(state, heads, changes))

    def set_roles(self, changes: Sequence[RoleChange], on_step: OnStep = ignore_step) -> None:
        """Several at once, all or none: what the sharing dialog collected."""
        self._append(lambda state, heads: role_operations(state, heads, changes), on_step)

    def create_group(self, name: str, grants: Sequence[tuple[MemberId, RoleId]]) -> GroupId:
        new = plan_group(grants)
        self._append(lambda state, heads: list(new.operations))
        self._directory.write({("group", new.group): name})
        return new.group

    def create_small_group(self, members: Sequence[MemberId], role: RoleId) -> GroupId:
        """A group of the user and at most one other, without a name: see `app.desk.sharing`."""
        new = plan_small_group(members, role)
        self._append(lambda state, heads: list(new.operations))
        return new.group

    def preview_archive_group(self, group: GroupId, archived: bool) -> ChangeWords:
        return self._preview(lambda state, heads: plan_group_archive(state, heads, group, archived))

    def archive_group(self, group: GroupId, archived: bool) -> None:
        self._append(lambda state, heads: plan_group_archive(state, heads, group, archived))

    def preview_define_role(
        self, accesses: Sequence[Access], permissions: Permission, role: RoleId | None
    ) -> ChangeWords:
        return self._preview(lambda state, heads: plan_role(state, heads, accesses, permissions, role))

    def define_role(
        self, name: str, accesses: Sequence[Access], permissions: Permission, role: RoleId | None = None
    ) -> None:
        """A new role (None), or an existing one changed for everybody who has it."""
        known = set(self._vault.roster.roles)
        chosen = role
        if chosen is None:
            fresh = plan_role(self._vault.roster, {}, accesses, permissions)
            self._append(lambda state, heads: fresh)
            chosen = next(iter(set(self._vault.roster.roles) - known))
        else:
            self._append(lambda state, heads: plan_role(state, heads, accesses, permissions, role))
        self._directory.write({("role", chosen): name})

    def rename(self, kind: str, subject: bytes, name: str) -> None:
        """Not slow: names are records of the directory."""
        self._directory.write({(kind, subject): name})

    # within

    def _preview(self, plan: Plan) -> ChangeWords:
        """Raises NotAllowed where the rules refuse it to this user, before anything is signed."""
        state, ends = self._vault.roster, self._vault.exchange.log_ends()
        try:
            operations = plan(state, ends)
            judge(state, operations, self._vault.device)
        except Refused as refused:
            raise not_allowed(refused, state, self._directory.name) from refused
        return self._previewer.words(state, operations, ends)

    def _append(self, plan: Plan, on_step: OnStep = ignore_step) -> None:
        """Pull, plan, sign, append; again where the server says that something moved. Then push, so that the
        keys of what was taken away are new before anything else is written."""
        exchange = self._vault.exchange
        cancel = CancelToken()
        with self._account.calls(self._vault.roster.workspace) as calls:
            rounds = Round(calls, exchange, turn=self._turn)
            for _ in range(TRIES):
                on_step("Reading what is new")
                rounds.catch_up(cancel)
                operations = plan(self._vault.roster, exchange.ends_to_cut())
                if not operations:
                    return
                on_step("Signing the change")
                if self._try(calls, operations):
                    on_step("Handing out keys")
                    rounds.run(cancel)
                    return
        raise DidNotFinish("Others are changing the team at the same moment. Try again.")

    def _try(self, calls: WorkspaceCalls, operations: Sequence[RosterOperation]) -> bool:
        exchange = self._vault.exchange
        try:
            append = exchange.sign_roster(operations)
        except Refused as refused:
            raise not_allowed(refused, self._vault.roster, self._directory.name) from refused
        try:
            calls.append_roster(append)
        except ServerRefused as refusal:
            if refusal.code in (ErrorCode.ROSTER_MOVED, ErrorCode.LOG_MOVED):
                return False
            raise
        exchange.roster_appended(append)
        return True


def _managers_read(state: RosterState, chosen: bool) -> list[RosterOperation]:
    """Nothing where it is so already."""
    same = state.policies.managers_read_reports is chosen
    return [] if same else plan_policy(MANAGERS_READ_REPORTS, int(chosen))


def _second_factor(state: RosterState, demanded: int) -> list[RosterOperation]:
    """Nothing where it is so already."""
    return [] if state.policies.second_factor == demanded else plan_policy(SECOND_FACTOR, demanded)


def _catalogue_of(state: RosterState, group: GroupId, other: GroupId | None) -> list[RosterOperation]:
    """Nothing where it is so already."""
    same = state.policies.catalogue_of.get(group) == other
    return [] if same else plan_policy(CATALOGUE_OF, 0, group, other or b"")


def _catalogues(
    state: RosterState, changes: Sequence[tuple[GroupId, GroupId | None]]
) -> list[RosterOperation]:
    return [operation for group, other in changes for operation in _catalogue_of(state, group, other)]


__all__ = ["Invited", "OnStep", "RoleChange", "TeamActions"]
