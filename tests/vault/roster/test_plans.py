"""Plans and previews, on rosters that are folded for real and with no vault around them."""

from __future__ import annotations

import pytest

from protocol.access import all_logs
from protocol.ids import Compartment, Level, LogId, Permission, Reach, Standing
from protocol.roster import Access, Confirm, Grant, MemberRemove, Revoke, RosterOperation, SetStanding
from protocol.state import MemberStatus, RosterState
from vault.keys import DeviceKey, Identity
from vault.roster import (
    ASSISTANT,
    BUILT_IN_ROLES,
    MANAGER,
    READ_ONLY,
    SALES_REP,
    TEAM_ADMIN,
    Effect,
    LogEnd,
    NewWorkspace,
    Refused,
    assume,
    cosign_grant,
    effects,
    plan_change_role,
    plan_create_workspace,
    plan_device_add,
    plan_device_revoke,
    plan_grant,
    plan_group,
    plan_invite,
    plan_join,
    plan_leave,
    plan_remove,
    plan_revoke,
    plan_role,
    plan_standing,
    preview,
    rotated_logs,
    sign_entries,
)

NOW = 1_800_000_000
CHAIN = bytes(range(32))


class Team:
    """A roster that Ann founded; people join it at once."""

    def __init__(self) -> None:
        self.identity, self.ann_device = Identity.generate(), DeviceKey.generate()
        self.plan: NewWorkspace = plan_create_workspace(self.identity, self.ann_device)
        _, self.state = sign_entries(None, self.plan.operations, self.ann_device, NOW)
        self.ann, self.group, self.roles = self.plan.member, self.plan.group, self.plan.roles

    def do(self, operations: list[RosterOperation], device: DeviceKey | None = None) -> RosterState:
        _, self.state = sign_entries(self.state, operations, device or self.ann_device, NOW)
        return self.state

    def person(
        self, role: str = "", standing: Standing = Standing.MEMBER
    ) -> tuple[bytes, DeviceKey, Identity]:
        grants = [(self.group, self.roles[role])] if role else []
        invited = plan_invite(grants, NOW, standing=standing)
        self.do(invited.operations)
        identity, device = Identity.generate(), DeviceKey.generate()
        workspace = self.state.workspace
        self.do(
            plan_join(workspace, invited.invitation, invited.member, invited.token, identity, device), device
        )

        self.do([Confirm(invited.invitation)])
        return invited.member, device, identity

    def heads(self) -> dict[LogId, LogEnd]:

        return {log: LogEnd(3, CHAIN) for log in all_logs(self.state)}


@pytest.fixture
def team() -> Team:
    return Team()


def test_new_workspace_has_its_roles_and_a_group(team: Team) -> None:
    assert set(team.roles) == {template.key for template in BUILT_IN_ROLES}
    assert set(team.state.roles) == set(team.roles.values())
    assert team.state.grants[team.ann, team.group] == {team.roles["team-admin"]}
    assert team.state.members[team.ann].standing is Standing.OWNER


def test_ids_of_roles_say_nothing_about_them() -> None:
    """Two workspaces give the same role other ids, so a server cannot tell which role is which by its id."""
    one, two = Team(), Team()
    assert not set(one.roles.values()) & set(two.roles.values())


@pytest.mark.parametrize(
    ("template", "sales", "margins", "contacts"),
    [
        (TEAM_ADMIN, (Level.WRITE, Reach.GROUP), Level.WRITE, Level.WRITE),
        (MANAGER, (Level.WRITE, Reach.GROUP), Level.WRITE, Level.WRITE),
        (SALES_REP, (Level.WRITE, Reach.OWN), Level.NONE, Level.WRITE),
        (ASSISTANT, None, Level.NONE, Level.WRITE),
        (READ_ONLY, (Level.READ, Reach.GROUP), Level.NONE, Level.READ),
    ],
)
def test_built_in_roles(
    template: object, sales: tuple[Level, Reach] | None, margins: Level, contacts: Level
) -> None:
    accesses = {access.compartment: access for access in template.accesses}  # type: ignore[attr-defined]
    found = accesses.get(Compartment.SALES)
    assert (None if found is None else (found.level, found.reach)) == sales
    found = accesses.get(Compartment.MARGINS)
    assert (Level.NONE if found is None else found.level) is margins
    assert accesses[Compartment.CONTACTS].level is contacts


def test_removal_cuts_every_log_that_the_member_writes(team: Team) -> None:
    rep, _, _ = team.person("sales-rep")
    heads = team.heads()
    plan = plan_remove(team.state, heads, rep)
    assert isinstance(plan[0], MemberRemove)
    named = {LogId.decode(cut.log) for cut in plan[0].cuts}
    group = team.group
    assert named == {
        LogId(bytes(16), Compartment.DIRECTORY),
        LogId(group, Compartment.CONTACTS),
        LogId(group, Compartment.SALES, rep),
        LogId(group, Compartment.DOCUMENTS, rep),
    }
    assert team.do(plan).members[rep].status is MemberStatus.REMOVED


def test_logs_without_commits_end_at_0(team: Team) -> None:
    rep, device, _ = team.person("sales-rep")
    empty = {log: LogEnd(0, bytes(32)) for log in team.heads()}
    plan = plan_remove(team.state, empty, rep)
    assert isinstance(plan[0], MemberRemove)
    assert {(cut.position, cut.chain) for cut in plan[0].cuts} == {(0, bytes(32))}
    state = team.do(plan)
    assert LogId(team.group, Compartment.SALES, rep) in state.cuts[device.id]


def test_a_removal_fits_however_many_logs_there_are(team: Team) -> None:
    """Logs that were begun are named before those that were not."""
    rep, _, _ = team.person("manager")
    others = [team.person("sales-rep")[0] for _ in range(4)]
    begun = LogId(team.group, Compartment.SALES, others[-1])
    heads = {LogId(team.group, Compartment.SALES, other): LogEnd(0, bytes(32)) for other in others}
    heads[begun] = LogEnd(7, b"c" * 32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vault.roster.cuts.MOST_CUTS", 2)
        plan = plan_remove(team.state, heads, rep)
    assert isinstance(plan[0], MemberRemove)
    assert len(plan[0].cuts) == 2 and begun.encode() in {cut.log for cut in plan[0].cuts}
    team.do(plan)


def test_leaving_cuts_and_is_signed_by_the_member(team: Team) -> None:
    ben, device, _ = team.person("manager")
    state = team.do(plan_leave(team.state, team.heads(), ben), device)
    assert state.members[ben].status is MemberStatus.LEFT
    assert LogId(team.group, Compartment.SALES) in state.cuts[device.id]


def test_change_of_role_is_a_grant_and_a_revoke_with_cuts(team: Team) -> None:
    ben, _, _ = team.person("manager")
    plan = plan_change_role(team.state, team.heads(), ben, team.group, team.roles["assistant"])
    assert [type(operation) for operation in plan] == [Grant, Revoke]
    revoke = plan[1]
    assert isinstance(revoke, Revoke)
    named = {LogId.decode(cut.log).compartment for cut in revoke.cuts}
    # Contacts too: an assistant lacks permissions there that a manager had.
    assert {Compartment.SALES, Compartment.MARGINS, Compartment.CATALOGUE} <= named
    state = team.do(plan)
    assert state.grants[ben, team.group] == {team.roles["assistant"]}
    assert plan_change_role(state, team.heads(), ben, team.group, team.roles["assistant"]) == []


def test_taking_all_roles_away(team: Team) -> None:
    ben, _, _ = team.person("manager")
    plan = plan_change_role(team.state, team.heads(), ben, team.group, None)
    assert (ben, team.group) not in team.do(plan).grants


def test_effects_say_who_loses_what(team: Team) -> None:
    rep, _, _ = team.person("sales-rep")
    plan = plan_revoke(team.state, team.heads(), rep, team.group, team.roles["sales-rep"])
    found = effects(team.state, plan)
    assert set(found) == {
        Effect(rep, team.group, Compartment.CATALOGUE, Reach.GROUP, Level.READ, Level.NONE),
        Effect(rep, team.group, Compartment.CONTACTS, Reach.GROUP, Level.WRITE, Level.NONE),
        Effect(rep, team.group, Compartment.SALES, Reach.OWN, Level.WRITE, Level.NONE),
        Effect(rep, team.group, Compartment.DOCUMENTS, Reach.OWN, Level.WRITE, Level.NONE),
    }


def test_effects_of_a_grant_and_of_a_new_group(team: Team) -> None:
    ben, _, _ = team.person()
    gained = effects(team.state, plan_grant(ben, team.group, team.roles["read-only"]))
    assert {(effect.compartment, effect.before, effect.after) for effect in gained} == {
        (compartment, Level.NONE, Level.READ)
        for compartment in (
            Compartment.CATALOGUE,
            Compartment.CONTACTS,
            Compartment.SALES,
            Compartment.DOCUMENTS,
        )
    }
    new = plan_group([(ben, team.roles["manager"])])
    assert {effect.group for effect in effects(team.state, new.operations)} == {new.group}
    assert rotated_logs(team.state, new.operations, team.heads()) == []


def test_preview_names_the_logs_that_get_a_new_key(team: Team) -> None:
    ben, _, _ = team.person("assistant")
    shown = preview(team.state, plan_remove(team.state, team.heads(), ben), team.heads())
    assert {log.compartment for log in shown.rotated} == {
        Compartment.DIRECTORY,
        Compartment.CATALOGUE,
        Compartment.CONTACTS,
        Compartment.DOCUMENTS,
    }


def test_role_narrowed_cuts_its_holders(team: Team) -> None:
    ben, _, _ = team.person("manager")
    accesses = [Access(Compartment.CONTACTS, Level.READ, Reach.GROUP)]
    plan = plan_role(team.state, team.heads(), accesses, Permission(0), team.roles["manager"])
    state = team.do(plan)
    device = next(iter(state.members[ben].devices))
    assert LogId(team.group, Compartment.CONTACTS) in state.cuts[device]


def test_standing_and_its_directory_cut(team: Team) -> None:
    eve, _, _ = team.person(standing=Standing.ADMIN)
    up = plan_standing(team.state, team.heads(), eve, Standing.OWNER)
    assert isinstance(up[0], SetStanding) and up[0].cuts == []
    team.do(up)
    down = plan_standing(team.state, team.heads(), eve, Standing.MEMBER)
    assert isinstance(down[0], SetStanding) and len(down[0].cuts) == 1
    team.do(down)


def test_last_owner_stays(team: Team) -> None:
    with pytest.raises(Refused) as refusal:
        plan_standing(team.state, {}, team.ann, Standing.MEMBER)
    assert refusal.value.code == "last-owner"


def test_admin_grants_to_himself_with_an_owners_signature(team: Team) -> None:
    eve, device, _ = team.person(standing=Standing.ADMIN)
    role = team.roles["manager"]
    with pytest.raises(Refused):
        team.do(plan_grant(eve, team.group, role), device)
    cosigned = cosign_grant(team.state, team.ann_device, eve, team.group, role)
    state = team.do(plan_grant(eve, team.group, role, cosigned), device)
    assert role in state.grants[eve, team.group]


def test_new_computer_and_its_end(team: Team) -> None:
    ben, _, identity = team.person("manager")
    second = DeviceKey.generate()
    certificate = identity.certify(team.state.workspace, ben, second.public)
    team.do(plan_device_add(ben, certificate), second)
    state = team.do(plan_device_revoke(team.state, team.heads(), second.id))
    assert state.devices[second.id].revoked
    assert LogId(team.group, Compartment.SALES) in state.cuts[second.id]


def test_invitations_have_a_term(team: Team) -> None:
    for days in (0, 61):
        with pytest.raises(ValueError, match="days"):
            plan_invite([], NOW, days)
    assert plan_invite([], NOW, 1).expires == NOW + 86_400


def test_assume_judges_as_the_fold(team: Team) -> None:
    with pytest.raises(Refused) as refusal:
        assume(team.state, plan_grant(bytes(16), bytes(16), team.roles["manager"]))
    assert refusal.value.code == "group-unknown"
    ben, _, _ = team.person("manager")
    heads = team.heads()
    for plan in (
        plan_remove(team.state, heads, ben),
        plan_revoke(team.state, heads, ben, team.group, team.roles["manager"]),
    ):
        assumed = assume(team.state, plan)
        _, real = sign_entries(team.state, plan, team.ann_device, NOW)
        assert (assumed.members, assumed.grants, assumed.roles) == (real.members, real.grants, real.roles)
