"""An owner's `adopt` at a desk that holds the branch to be dropped: what it follows, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from protocol.history import RosterHistory
from protocol.ids import Compartment, Level, Permission, Reach, Standing
from protocol.operations import Put
from protocol.roster import Access, Adopt, Branch, Confirm, Entry, Grant, RoleDefine, RosterOperation
from protocol.state import MemberStatus
from tests.support.desks import SCHEMA, SERVER, Desk, World
from vault import Vault
from vault.exchange import AdoptRefused, Fork
from vault.keys import Link
from vault.roster import (
    plan_group,
    plan_invite,
    plan_policy,
    plan_remove,
    plan_revoke,
    plan_standing,
    plan_suspend,
    sign_entries,
)
from vault.roster.local import LocalRoster
from vault.store import RecordKey


class Split:
    """Ann and Ben have gone on; the server shows the roster of before to Olga, an owner, who goes on from there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ann = world.ann
        self.olga = world.member("olga", standing=Standing.OWNER)
        self.ben = world.member("ben")
        self.dee = world.member("dee")
        world.sync_all()
        self.person: RecordKey = self.ann.add("person", name="Zoe")
        world.sync_all()
        self.old: list[Entry] = list(world.relay.entries)
        self.kept: list[Entry] = list(world.relay.entries)

    @property
    def state_kept(self) -> RosterHistory:
        return RosterHistory(self.kept)

    def go_on(self, operations: Sequence[RosterOperation], by: Desk) -> None:
        """On the branch that the server shows."""
        entries, _ = sign_entries(self.state_kept.head, operations, by.vault.own.device, 0)
        self.kept += entries

    def other(self, desk: Desk) -> LocalRoster:
        return desk.exchange.adopter.beside(self.kept)

    def fork(self, desk: Desk) -> Fork:
        found = desk.exchange.adopter.roster_fork(self.other(desk))
        assert found is not None
        return found

    def adopt(self, desk: Desk, by: Desk, branch: Branch | None = None) -> None:
        """Signed without what has to be repeated."""
        self.go_on([Adopt([branch or self.fork(desk).branch])], by)

    def as_it_was(self, desk: Desk) -> None:
        """`follow` refuses, and changes nothing."""
        head, ends = desk.exchange.roster_head(), desk.exchange.log_ends()
        with pytest.raises(AdoptRefused):
            desk.exchange.adopter.follow(self.other(desk))
        assert desk.exchange.roster_head() == head
        assert desk.exchange.log_ends() == ends
        desk.reopen()
        assert desk.exchange.roster_head() == head
        assert desk.field(self.person, "name") is not None


@pytest.fixture
def split(world: World) -> Split:
    return Split(world)


def something(split: Split) -> None:
    """Olga's branch has an entry that ours has not."""
    split.go_on(plan_invite([], 1_800_000_000).operations, split.olga)


def test_a_desk_changes_over_and_keeps_its_own_edits(split: Split) -> None:
    ann, person = split.ann, split.person
    before = ann.exchange.log_ends()[person.log].position
    ann.change_roster(plan_policy("managers-read-reports", 1))
    ann.put(person, name="Signed on the branch that is dropped")
    ann.sync()
    ann.put(person, phone="typed, and not sent")
    something(split)
    split.adopt(ann, split.olga)
    assert ann.exchange.adopter.follow(split.other(ann)) is not None
    assert ann.exchange.roster_head() == (len(split.kept), split.kept[-1].hash)
    assert ann.exchange.log_ends()[person.log].position == before
    assert ann.field(person, "name") == "Signed on the branch that is dropped"
    assert ann.field(person, "phone") == "typed, and not sent"
    with ann.vault.store.read() as tx:
        waiting = ann.exchange.desk.outbox.waiting(tx, person.log)
    assert [len(part.operations) for part in waiting] == [1, 1]
    puts = [operation for part in waiting for operation in part.operations if isinstance(operation, Put)]
    assert [put.seen for put in puts] == [before, before], "cut to what both branches have"
    assert ann.exchange.cursor() == 0
    ann.reopen()
    assert ann.exchange.roster_head() == (len(split.kept), split.kept[-1].hash)


def test_what_others_wrote_on_the_dropped_branch_is_theirs_to_send_again(split: Split) -> None:
    ann, ben, person = split.ann, split.ben, split.person
    ann.change_roster(plan_policy("managers-read-reports", 1))
    ben.sync()
    ben.put(person, phone="of Ben")
    ben.sync()
    ann.sync()
    assert ann.field(person, "phone") == "of Ben"
    something(split)
    split.adopt(ann, split.olga)
    for desk in (ann, ben):
        assert desk.exchange.adopter.follow(split.other(desk)) is not None
    assert ann.field(person, "phone") is None
    assert ben.field(person, "phone") == "of Ben"


def test_without_an_adopt_nothing_is_followed(split: Split) -> None:
    split.ann.change_roster(plan_policy("managers-read-reports", 1))
    something(split)
    assert split.ann.exchange.adopter.follow(split.other(split.ann)) is None


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_an_owner_by_the_old_branch_only_decides_nothing(split: Split) -> None:
    """He was removed; the server shows the past in which he was not, and has him sign."""
    split.ann.remove(split.olga.member)
    something(split)
    split.adopt(split.ann, split.olga)
    split.as_it_was(split.ann)


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_an_owner_who_is_admin_by_now_decides_nothing(split: Split) -> None:
    ann = split.ann
    operations = plan_standing(
        ann.vault.roster, ann.exchange.ends_to_cut(), split.olga.member, Standing.ADMIN
    )
    ann.change_roster(operations)
    something(split)
    split.adopt(ann, split.olga)
    split.as_it_was(ann)


@pytest.mark.hostile
@pytest.mark.A50
@pytest.mark.parametrize("what", ["removal", "suspension", "role", "standing", "policy"])
def test_A50_what_was_taken_away_has_to_be_taken_away_again(split: Split, what: str) -> None:
    """An honest owner who does not know of it, and a server that hides it, bring nobody back."""
    ann, dee = split.ann, split.dee
    state, ends, member = ann.vault.roster, ann.exchange.ends_to_cut(), dee.member
    (group, role) = next((g, r) for (m, g), roles in state.grants.items() if m == member for r in roles)
    done = {
        "removal": lambda: plan_remove(state, ends, member),
        "suspension": lambda: plan_suspend(state, ends, member, True),
        "role": lambda: plan_revoke(state, ends, member, group, role),
        "standing": lambda: plan_remove(state, ends, member),
        "policy": lambda: plan_policy("second-factor", 2),
    }
    ann.change_roster(done[what]())
    something(split)
    split.adopt(ann, split.olga)
    split.as_it_was(ann)


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_a_repeated_removal_with_a_later_cut_is_not_enough(split: Split) -> None:
    """The removed colleague wrote on the branch that the server shows: the cut there has to lie before it."""
    ann, dee, person = split.ann, split.dee, split.person
    ann.remove(dee.member)
    something(split)
    heads = {
        log: type(end)(end.position + 5, b"x" * 32) if log == person.log else end
        for log, end in ann.exchange.ends_to_cut().items()
    }
    split.go_on(plan_remove(split.state_kept.head, heads, dee.member), split.olga)
    split.adopt(ann, split.olga)
    split.as_it_was(ann)


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_an_adopt_of_other_hashes_is_none(split: Split) -> None:
    ann = split.ann
    ann.change_roster(plan_policy("managers-read-reports", 1))
    something(split)
    fork = split.fork(ann)
    split.adopt(ann, split.olga, Branch(b"", fork.position, fork.theirs, b"\x07" * 32))
    assert ann.exchange.adopter.follow(split.other(ann)) is None
    assert ann.exchange.roster_head()[0] == fork.ours_to


def test_an_owners_plan_repeats_everything_and_is_followed(split: Split) -> None:
    """Removal, suspension, role, policy, withdrawn invitation: by Ann, who is an owner in both."""
    ann, ben = split.ann, split.ben
    roster = ann.vault.roster
    ann.change_roster(plan_remove(roster, ann.exchange.ends_to_cut(), split.dee.member))
    ann.change_roster(plan_suspend(ann.vault.roster, ann.exchange.ends_to_cut(), ben.member, True))
    ann.change_roster(plan_policy("second-factor", 1))
    ann.change_roster(plan_group([(ann.member, next(iter(roster.roles)))]).operations)
    something(split)
    other = split.other(ann)
    heads = split.world.relay.heads(ann.member)
    append = ann.exchange.adopter.plan(other, [split.fork(ann)], heads)
    split.kept += append.entries
    assert ann.exchange.adopter.follow(split.other(ann)) is not None
    members = ann.vault.roster.members
    assert members[split.dee.member].status is MemberStatus.REMOVED
    assert members[ben.member].status is MemberStatus.SUSPENDED
    assert ann.vault.roster.policies.second_factor == 1
    assert ann.exchange.adopter.roster_fork(split.other(ann)) is None


def test_somebody_who_was_let_in_again_is_cut_off_again_and_let_in(split: Split) -> None:
    ann, ben = split.ann, split.ben
    ann.change_roster(plan_suspend(ann.vault.roster, ann.exchange.ends_to_cut(), ben.member, True))
    ann.change_roster(plan_suspend(ann.vault.roster, ann.exchange.ends_to_cut(), ben.member, False))
    something(split)
    append = ann.exchange.adopter.plan(
        split.other(ann), [split.fork(ann)], split.world.relay.heads(ann.member)
    )
    split.kept += append.entries
    assert ann.exchange.adopter.follow(split.other(ann)) is not None
    assert ann.vault.roster.members[ben.member].active


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_a_role_taken_from_whoever_was_suspended_at_the_fork_stays_taken(split: Split) -> None:
    """Let in again by both branches, and by ours without the role that reads: Olga, who does not know, brings it back.
    She wrote nothing, so no cut shows it."""
    ann, dee, world = split.ann, split.dee.member, split.world
    role, accesses = b"r" * 16, [Access(Compartment.CONTACTS, Level.READ, Reach.GROUP)]
    state, ends = ann.vault.roster, ann.exchange.ends_to_cut()
    group, old = next((g, r) for (m, g), roles in state.grants.items() if m == dee for r in roles)
    ann.change_roster([RoleDefine(role, accesses, Permission(0), []), Grant(dee, group, role, b"", b"")])
    ann.change_roster(plan_revoke(ann.vault.roster, ends, dee, group, old))
    ann.change_roster(plan_suspend(ann.vault.roster, ann.exchange.ends_to_cut(), dee, True))
    split.kept = list(world.relay.entries)
    back = plan_suspend(ann.vault.roster, ann.exchange.ends_to_cut(), dee, False)
    ann.change_roster(back)
    ann.change_roster(plan_revoke(ann.vault.roster, ann.exchange.ends_to_cut(), dee, group, role))
    split.go_on(back, split.olga)
    split.adopt(ann, split.olga)
    split.as_it_was(ann)


@pytest.mark.hostile
@pytest.mark.A49
@pytest.mark.A50
def test_A49_whom_a_removed_admin_brought_in_on_the_other_branch_goes_with_him(split: Split) -> None:
    """The server shows a removed admin the past of before; there he lets a friend in. An owner who repeats the removal
    alone leaves the friend a member, and is not followed; an owner's plan removes both."""
    ann, world, dee = split.ann, split.world, split.dee
    ann.change_roster(plan_standing(ann.vault.roster, ann.exchange.ends_to_cut(), dee.member, Standing.ADMIN))
    world.sync_all()
    split.kept = list(world.relay.entries)
    ann.remove(dee.member)
    invited = plan_invite([(world.group, world.roles["team-admin"])], 1_800_000_000)
    split.go_on(invited.operations, dee)
    head = split.state_kept.head
    link = Link(SERVER, head.workspace, head.position, head.head, invited.invitation, invited.token)
    profile, key, derived = world.profile("mallory")
    entered = Vault.join(profile, key, derived, SCHEMA, link, split.kept, world.clock)
    split.kept += entered.append.entries
    mallory = entered.vault.own.member
    split.go_on([Confirm(invited.invitation)], dee)
    assert split.state_kept.head.members[mallory].active
    state, group = split.state_kept.head, world.group
    spare = next(role for role in state.roles if role not in state.grants[split.ben.member, group])
    split.go_on([Grant(split.ben.member, group, spare, b"", b"")], dee)
    before = list(split.kept)
    ends = ann.exchange.ends_to_cut()
    revoke = plan_revoke(split.state_kept.head, ends, split.ben.member, group, spare)
    for half in (revoke, plan_remove(split.state_kept.head, ends, mallory)):
        split.kept = list(before)
        split.go_on(half, split.olga)
        split.go_on(plan_remove(split.state_kept.head, ends, dee.member), split.olga)
        split.adopt(ann, split.olga)
        split.as_it_was(ann)
    split.kept = before
    append = ann.exchange.adopter.plan(split.other(ann), [split.fork(ann)], world.relay.heads(ann.member))
    split.kept += append.entries
    assert ann.exchange.adopter.follow(split.other(ann)) is not None
    assert ann.vault.roster.members[mallory].status is MemberStatus.REMOVED
    assert spare not in ann.vault.roster.grants[split.ben.member, group]
    entered.vault.lock()
