"""Coming in: invitations, new computers, and what a server can try while somebody comes in."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.ids import Standing
from protocol.limits import VERSION
from protocol.roster import Confirm, DeviceAdd, Entry, EntryBody, Expired, Invite, Join, RosterOperation
from protocol.signing import Namespace
from protocol.state import InvitationStatus, MemberStatus
from tests.support.desks import SCHEMA, SERVER, Desk, World
from tests.support.relay import Refused
from vault import Vault
from vault.account import seal_bundle
from vault.exchange import NotAMember, NotConfirmed, RolledBack, RosterBroken, WrongWorkspace
from vault.keys import Bundle, DeviceKey, Identity, Link, OpenFailed, Token
from vault.keys.errors import BundleRefused
from vault.profile import Profile
from vault.roster import plan_expire, plan_invite, plan_join, plan_remove


def entry_by(world: World, device: DeviceKey, operation: RosterOperation) -> Entry:
    """An entry at the relay's head, well formed, signed by that device."""
    head = world.relay.history.head
    body = encode(EntryBody(VERSION, head.workspace, head.position + 1, head.head, device.id, 0, operation))
    return Entry(body, device.sign(Namespace.ROSTER_ENTRY, body))


def refused(desk: Desk, entry: Entry) -> None:
    """The page with this entry is refused whole."""
    position, head = desk.exchange.roster_head()
    page = wire.PullPage(position + 1, [entry], [], [], desk.exchange.cursor(), False)
    with pytest.raises(RosterBroken):
        desk.exchange.accept(page)
    assert desk.exchange.roster_head() == (position, head)


def test_invited_joined_confirmed(world: World) -> None:
    ben = world.join("ben", world.invite("ben"))
    with pytest.raises(NotConfirmed):
        ben.vault.require_active()
    assert ben.vault.me.status is MemberStatus.JOINED
    world.ann.sync()
    ben.sync()
    ben.vault.require_active()


def test_join_is_signed_again_when_the_roster_moved(world: World) -> None:
    link = world.invite("ben")
    profile, key, derived = world.profile("ben")
    entered = Vault.join(profile, key, derived, SCHEMA, link, world.relay.roster().entries, world.clock)
    world.invite("cy")
    with pytest.raises(Refused):
        world.relay.append_roster(entered.append)
    vault = entered.vault
    missing = world.relay.roster(vault.roster.position)
    vault.exchange.accept(wire.PullPage(missing.first, missing.entries, [], [], 0, False))
    again = vault.entering()
    assert again is not None
    world.relay.append_roster(again)
    vault.exchange.roster_appended(again)
    assert vault.entering() is None
    vault.lock()


def test_expired_invitation_is_not_confirmed(world: World) -> None:
    """Expiry is judged by an admin's client, by its own clock."""
    link = world.invite("ben")
    ben = world.join("ben", link)
    world.clock.now += 15 * 86_400
    world.ann.sync()
    ben.pull()
    assert world.relay.history.head.invitations[link.invitation].status is InvitationStatus.EXPIRED
    with pytest.raises(NotAMember):
        ben.vault.require_active()


def test_withdrawn_invitation_is_dead(world: World) -> None:
    link = world.invite("ben")
    world.ann.change_roster(plan_expire(link.invitation))
    with pytest.raises(Exception, match="invitation") as error:
        world.join("ben", link)
    assert getattr(error.value, "code", "") == "invitation-closed"
    for leftover in world.folder.glob("ben-*/vault.db"):
        leftover.unlink()


def test_second_join_is_invalid(world: World) -> None:
    link = world.invite("ben")
    world.join("ben", link)
    with pytest.raises(Exception, match="joined with this invitation") as error:
        world.join("thief", link)
    assert getattr(error.value, "code", "") == "invitation-closed"


@pytest.mark.hostile
@pytest.mark.A45
def test_link_with_a_newer_head_than_the_servers_past(world: World) -> None:
    """A45: the joiner sees a past that is shorter than the link's head, and refuses."""
    link = world.invite("ben")
    profile, key, derived = world.profile("ben")
    shorter = world.relay.roster().entries[:-1]
    with pytest.raises(RolledBack):
        Vault.join(profile, key, derived, SCHEMA, link, shorter, world.clock)
    profile.close()


@pytest.mark.hostile
@pytest.mark.A13
def test_fabricated_workspace_is_refused(world: World) -> None:
    """A13: the workspace's id is the hash of its genesis; another one cannot take its place."""
    link = world.invite("ben")
    other_profile, other_key, other_derived = world.profile("mallory")
    fabricated = Vault.create_workspace(other_profile, other_key, other_derived, SCHEMA, world.clock)
    profile, key, derived = world.profile("ben")
    with pytest.raises(WrongWorkspace):
        Vault.join(profile, key, derived, SCHEMA, link, fabricated.request.entries, world.clock)
    profile.close()
    fabricated.vault.lock()


@pytest.mark.hostile
@pytest.mark.A30
def test_diverted_invitation_needs_the_token(world: World) -> None:
    """A30: the server saw the invitation pass; without the token nobody joins with it."""
    link = world.invite("ben")
    identity, device = Identity.generate(), DeviceKey.generate()
    member = world.relay.history.head.invitations[link.invitation].member
    operations = plan_join(link.workspace, link.invitation, member, Token.generate(), identity, device)
    refused(world.ann, entry_by(world, device, operations[0]))


@pytest.mark.hostile
@pytest.mark.A27
def test_join_with_swapped_keys_is_refused(world: World) -> None:
    """A27: the token signs the keys; the server cannot put its own in their place."""
    link = world.invite("ben")
    identity, device = Identity.generate(), DeviceKey.generate()
    member = world.relay.history.head.invitations[link.invitation].member
    plan = plan_join(link.workspace, link.invitation, member, link.token, identity, device)[0]
    assert isinstance(plan, Join)
    servers = Identity.generate()
    swapped = Join(plan.invitation, servers.public, plan.device, plan.token_signature)
    refused(world.ann, entry_by(world, device, swapped))


@pytest.mark.hostile
@pytest.mark.A24
def test_ghost_member_is_refused(world: World) -> None:
    """A24: nobody is a member whom no admin's device has signed in."""
    device = DeviceKey.generate()
    ghost = plan_invite([(world.group, world.roles["team-admin"])], int(world.clock()))
    refused(world.ann, entry_by(world, device, ghost.operations[0]))
    ben = world.member("ben")
    refused(world.ann, entry_by(world, ben.vault.own.device, ghost.operations[0]))


@pytest.mark.hostile
@pytest.mark.A25
def test_ghost_device_is_refused(world: World) -> None:
    """A25: a device needs the certificate of its member's identity."""
    device, servers = DeviceKey.generate(), Identity.generate()
    workspace, ann = world.ann.vault.own.workspace, world.ann.member
    ghost = DeviceAdd(ann, servers.certify(workspace, ann, device.public))
    refused(world.ann, entry_by(world, device, ghost))


def test_confirmation_by_a_plain_member_is_refused(world: World) -> None:
    ben = world.member("ben")
    link = world.invite("cy")
    world.join("cy", link)
    ben.pull()
    world.ann.pull()
    refused(world.ann, entry_by(world, ben.vault.own.device, Confirm(link.invitation)))
    refused(world.ann, entry_by(world, ben.vault.own.device, Expired(link.invitation)))


@pytest.mark.hostile
@pytest.mark.A49
def test_removed_admins_invitations_are_dead(world: World) -> None:
    """A49: an invitation dies with its author's right to make it."""
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.sync_all()
    link = world.invite("ben", grants=[], by=eve)
    world.ann.pull()
    ends = world.ann.exchange.log_ends()
    world.ann.change_roster(plan_remove(world.ann.vault.roster, ends, eve.member))
    assert world.relay.history.head.invitations[link.invitation].status is InvitationStatus.EXPIRED


@pytest.mark.hostile
@pytest.mark.A29
def test_admin_acting_before_his_removal_is_refused(world: World) -> None:
    """A29: a backdated roster entry does not fit behind what everybody has."""
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.sync_all()
    ghost = plan_invite([], int(world.clock())).operations[0]
    assert isinstance(ghost, Invite)
    world.ann.remove(eve.member)
    refused(world.ann, entry_by(world, eve.vault.own.device, ghost))


@pytest.mark.hostile
@pytest.mark.A18
def test_new_computer_takes_only_the_rosters_keys(world: World) -> None:
    """A18: a bundle with other keys than the roster's, or under another password, is no bundle."""
    account = world.ann.account
    workspace, member = world.ann.vault.own.workspace, world.ann.member
    handle = world.ann.vault.profile.handle
    false = Bundle([]).with_identity(workspace, member, Identity.generate())
    replaced = seal_bundle(false, account.derived, handle, 2)
    entries = world.relay.roster().entries
    for number, (bundle, error) in enumerate(
        [(replaced, BundleRefused), (wire.BundleUpload(1, bytes(600)), OpenFailed)]
    ):
        profile, key = Profile.create(world.folder / f"new-{number}", handle, SERVER, account.derived, 0)
        with pytest.raises(error):
            Vault.sign_in(profile, key, account.derived, SCHEMA, bundle, entries, world.clock)
        profile.close()


def test_new_computer_holds_the_kits_roster_head(world: World) -> None:
    account, handle = world.ann.account, world.ann.vault.profile.handle
    world.invite("ben")
    head = world.ann.exchange.roster_head()
    profile, key = Profile.create(world.folder / "kit", handle, SERVER, account.derived, 0)
    with pytest.raises(RolledBack):
        Vault.sign_in(
            profile,
            key,
            account.derived,
            SCHEMA,
            account.bundle,
            world.relay.roster().entries[:-1],
            world.clock,
            known_head=head,
        )
    profile.close()


def test_older_bundle_than_seen_is_refused(world: World) -> None:
    desk = world.ann
    desk.vault.bundle_stored(2)
    with pytest.raises(BundleRefused):
        desk.vault.open_account(desk.account.bundle, desk.account.derived)


def test_link_names_no_group_and_opens_once(world: World) -> None:
    link = world.invite("ben")
    again = Link.parse(link.text())
    assert again == link
    assert world.group not in link.token.raw


def test_link_with_another_token_is_no_invitation(world: World) -> None:
    link = world.invite("ben")
    profile, key, derived = world.profile("ben")
    other = Link(SERVER, link.workspace, link.position, link.head, link.invitation, Token.generate())
    with pytest.raises(NotAMember):
        Vault.join(profile, key, derived, SCHEMA, other, world.relay.roster().entries, world.clock)
    profile.close()


def test_removed_member_cannot_sign_in_on_a_new_computer(world: World) -> None:
    dee = world.member("dee")
    world.ann.remove(dee.member)
    handle = dee.vault.profile.handle
    profile, key = Profile.create(world.folder / "dees-new", handle, SERVER, dee.account.derived, 0)
    with pytest.raises(NotAMember):
        Vault.sign_in(
            profile,
            key,
            dee.account.derived,
            SCHEMA,
            dee.account.bundle,
            world.relay.roster().entries,
            world.clock,
        )
    profile.close()
