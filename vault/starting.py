"""What a new desk starts with: its keys, the roster that it has verified, and how it gets into it.

Pure but for randomness: no file, no database. `Vault` makes the database from a `Start`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.roster import Entry, RosterOperation
from protocol.state import RosterState
from protocol.wire import AppendRoster, BundleUpload, InvitationProof
from vault.account import identity_of, only_row, open_bundle, seal_bundle
from vault.exchange import Own
from vault.keys import Bundle, Derived, DeviceKey, Identity, Link
from vault.roster import (
    NewWorkspace,
    NotAMember,
    join_roster,
    plan_create_workspace,
    plan_device_add,
    plan_join,
    sign_entries,
)


@dataclass(frozen=True)
class Start:
    """`entries`: the roster so far. `entering`: what brings this desk into it, signed in `append`. `bundle`: the
    account's, new or as the server has it. `proof`: with it an invitee reads the roster before he is in it."""

    own: Own
    entries: Sequence[Entry]
    bundle: BundleUpload
    entering: Sequence[RosterOperation] = ()
    append: AppendRoster | None = None
    proof: InvitationProof | None = None


def found(derived: Derived, handle: str, now: int) -> tuple[Start, NewWorkspace]:
    """A workspace with its built-in roles and a first group."""
    identity, device = Identity.generate(), DeviceKey.generate()
    plan = plan_create_workspace(identity, device)
    entries, state = sign_entries(None, plan.operations, device, now)
    own = Own(state.workspace, plan.member, device, [identity.encryption])
    bundle = Bundle([]).with_identity(state.workspace, plan.member, identity)
    return Start(own, entries, seal_bundle(bundle, derived, handle, 1)), plan


def join(link: Link, entries: Sequence[Entry], derived: Derived, handle: str, now: int) -> Start:
    """An invitee's desk; see `Vault.join`."""
    state = join_roster(link.workspace, link.position, link.head, entries).state
    invitation = state.invitations.get(link.invitation)
    if invitation is None or invitation.token_key != link.token.public:
        raise NotAMember("the roster has no such invitation")
    identity, device = Identity.generate(), DeviceKey.generate()
    member = invitation.member
    operations = plan_join(link.workspace, link.invitation, member, link.token, identity, device)
    own = Own(link.workspace, member, device, [identity.encryption])
    bundle = Bundle([]).with_identity(link.workspace, member, identity)
    upload = seal_bundle(bundle, derived, handle, 1)
    proof = link.token.prove(link.workspace, link.invitation, derived.login.public)
    return Start(own, entries, upload, operations, _signed(state, operations, device, now), proof)


def sign_in(
    bundle: BundleUpload,
    entries: Sequence[Entry],
    derived: Derived,
    handle: str,
    now: int,
    known_head: tuple[int, bytes] | None,
) -> Start:
    """A new computer of a member; see `Vault.sign_in`."""
    opened = open_bundle(bundle, derived, handle)
    row = only_row(opened)
    state = join_roster(row.workspace, *(known_head or (1, row.workspace)), entries).state
    identity = identity_of(opened, state, row.member)
    if not state.members[row.member].active:
        raise NotAMember("the member is not active")
    device = DeviceKey.generate()
    operations = plan_device_add(row.member, identity.certify(row.workspace, row.member, device.public))
    own = Own(row.workspace, row.member, device, [identity.encryption])
    return Start(own, entries, bundle, operations, _signed(state, operations, device, now))


def _signed(
    state: RosterState, operations: Sequence[RosterOperation], device: DeviceKey, now: int
) -> AppendRoster:
    entries, _ = sign_entries(state, operations, device, now)
    return AppendRoster(state.head, entries)
