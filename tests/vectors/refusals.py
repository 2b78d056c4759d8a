"""Vectors of the roster: operations that the rules do not allow, about people and about access."""

from __future__ import annotations

from collections.abc import Callable

from protocol import (
    Compartment,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
    Entry,
    Expired,
    Grant,
    GroupArchive,
    GroupCreate,
    IdentityKeys,
    Invite,
    LogId,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Namespace,
    Permission,
    Policy,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    SetStanding,
    Standing,
)
from tests.protocol.world import (
    LEAD,
    NORTH,
    READER,
    REP,
    ROLES,
    SOUTH,
    Key,
    Person,
    World,
    cut,
    invitation_id,
    seeded,
)

Case = tuple[str, str, str, Callable[[World], Entry]]
"""Name, what it is about, expected code, and the entry made in a world."""

SALES = LogId(NORTH, Compartment.SALES)


def refused_people() -> list[Case]:
    new = seeded("new", size=16)
    token = Key("token", "new").public

    def forged_device(world: World) -> Entry:
        mallory, device = Person("mallory", id=world.people["ben"].id), Key("device", "mallory", 1)
        return world.entry(DeviceAdd(mallory.id, mallory.certify(world.workspace, device)), device)

    def forged_join(world: World) -> Entry:
        eve = world.people["eve"]
        return world.entry(world.join_operation(eve, Key("guess")), eve)

    return [
        ("join-without-token", "a join that the token did not sign", "signature", forged_join),
        ("device-without-identity", "a device that the identity did not certify", "signature", forged_device),
        (
            "device-again",
            "a device that is there already",
            "device-exists",
            lambda w: w.entry(
                DeviceAdd(w.people["ben"].id, w.people["ben"].certify(w.workspace, w.people["ben"].device)),
                w.people["ben"],
            ),
        ),
        (
            "device-of-another",
            "a device added by another member",
            "author-other",
            lambda w: w.entry(
                DeviceAdd(w.people["ben"].id, w.people["ben"].certify(w.workspace, Key("device", "ben", 2)))
            ),
        ),
        (
            "device-by-member",
            "another member's device revoked by a member",
            "not-admin",
            lambda w: w.entry(DeviceRevoke(w.people["cy"].device.id, []), w.people["ben"]),
        ),
        (
            "device-itself",
            "a device that revokes itself",
            "author-other",
            lambda w: w.entry(DeviceRevoke(w.people["ben"].device.id, []), w.people["ben"]),
        ),
        (
            "device-gone",
            "a device revoked twice",
            "device-gone",
            lambda w: w.entry(DeviceRevoke(Key("device", "ben", 3).id, [])),
        ),
        (
            "device-nowhere",
            "a device that is not there revoked",
            "device-unknown",
            lambda w: w.entry(DeviceRevoke(new, [])),
        ),
        (
            "confirm-nobody",
            "an invitation that is not there",
            "invitation-unknown",
            lambda w: w.entry(Confirm(new)),
        ),
        (
            "confirm-unjoined",
            "confirming before anybody joined",
            "invitation-closed",
            lambda w: w.entry(Confirm(invitation_id(w.people["eve"]))),
        ),
        ("join-again", "an invitation that was used", "invitation-closed", _join_again),
        (
            "expired-by-member",
            "withdrawing an invitation is an admin's",
            "not-admin",
            lambda w: w.entry(Expired(invitation_id(w.people["eve"])), w.people["ben"]),
        ),
        (
            "invite-by-member",
            "inviting is an admin's",
            "not-admin",
            lambda w: w.entry(Invite(new, new, token, Standing.MEMBER, [], 9), w.people["ben"]),
        ),
        (
            "invite-admin-by-admin",
            "inviting an admin is an owner's",
            "not-owner",
            lambda w: w.entry(Invite(new, new, token, Standing.ADMIN, [], 9), w.people["olga"]),
        ),
        (
            "invite-member-again",
            "a member's id that was used",
            "member-exists",
            lambda w: w.entry(Invite(new, w.people["ben"].id, token, Standing.MEMBER, [], 9)),
        ),
        (
            "invite-id-again",
            "an invitation's id that was used",
            "invitation-exists",
            lambda w: w.entry(Invite(invitation_id(w.people["ben"]), new, token, Standing.MEMBER, [], 9)),
        ),
        (
            "invite-zero-member",
            "a member id of zeros",
            "format",
            lambda w: w.entry(Invite(new, bytes(16), token, Standing.MEMBER, [], 9)),
        ),
        (
            "remove-owner-by-admin",
            "removing an owner is an owner's",
            "not-owner",
            lambda w: w.entry(MemberRemove(w.ann.id, []), w.people["olga"]),
        ),
        (
            "remove-last-owner",
            "the last owner removed",
            "last-owner",
            lambda w: w.entry(MemberRemove(w.ann.id, [])),
        ),
        (
            "lower-last-owner",
            "the last owner lowered",
            "last-owner",
            lambda w: w.entry(SetStanding(w.ann.id, Standing.ADMIN, [])),
        ),
        ("leave-last-owner", "the last owner leaves", "last-owner", lambda w: w.entry(MemberLeave([]))),
        ("remove-unknown", "removing nobody", "member-unknown", lambda w: w.entry(MemberRemove(new, []))),
        (
            "reinstate-active",
            "reinstating an active member",
            "member-status",
            lambda w: w.entry(MemberSuspend(w.people["ben"].id, False, [])),
        ),
        (
            "raise-oneself",
            "an admin makes himself owner",
            "not-owner",
            lambda w: w.entry(SetStanding(w.people["olga"].id, Standing.OWNER, []), w.people["olga"]),
        ),
        ("rekey-other", "re-keying somebody else", "author-other", _rekey_other),
        ("rekey-same", "re-keying to keys that were used", "key-reused", _rekey_same),
        ("rekey-without-cosigner", "a new signing key without an admin", "cosigner", _rekey_alone),
    ]


def _join_again(world: World) -> Entry:
    dee = Person("dee", 2)
    dee.device = Key("device", "dee", 2)
    return world.entry(world.join_operation(dee, Key("token", "dee")), dee)


def _rekey(world: World, person: Person, keys: IdentityKeys, by: Person) -> Entry:
    signature = person.identity.sign(Namespace.REKEY, world.rekey_bytes(person, keys))
    return world.entry(Rekey(person.id, keys, signature, b"", b""), by)


def _rekey_other(world: World) -> Entry:
    ben = world.people["ben"]
    return _rekey(world, ben, IdentityKeys(ben.keys.signing, Person("ben", 2).keys.encryption), world.ann)


def _rekey_same(world: World) -> Entry:
    ben = world.people["ben"]
    return _rekey(world, ben, IdentityKeys(ben.keys.signing, world.ann.keys.encryption), ben)


def _rekey_alone(world: World) -> Entry:
    ben = world.people["ben"]
    return _rekey(world, ben, Person("ben", 2).keys, ben)


def refused_access() -> list[Case]:
    new = seeded("new", size=16)
    twice = RoleDefine(new, [ROLES[READER].accesses[0]] * 2, ROLES[READER].permissions, [])
    unknown = RoleDefine(new, [], Permission(1 << 20), [])
    return [
        ("role-twice", "two levels for one compartment and reach", "role-access", lambda w: w.entry(twice)),
        ("role-permission", "a permission bit that is not defined", "format", lambda w: w.entry(unknown)),
        ("role-same", "a role defined as it is", "no-change", lambda w: w.entry(ROLES[REP])),
        (
            "role-by-member",
            "defining roles is an admin's",
            "not-admin",
            lambda w: w.entry(RoleDefine(new, [], ROLES[READER].permissions, []), w.people["ben"]),
        ),
        (
            "group-again",
            "a group's id that was used",
            "group-exists",
            lambda w: w.entry(GroupCreate(NORTH, [MemberGrant(w.ann.id, REP)])),
        ),
        (
            "group-empty",
            "a group that nobody could start",
            "grants-empty",
            lambda w: w.entry(GroupCreate(SOUTH, [])),
        ),
        (
            "group-with-oneself",
            "an admin in a group that he creates",
            "own-grant",
            lambda w: w.entry(GroupCreate(SOUTH, [MemberGrant(w.people["olga"].id, REP)]), w.people["olga"]),
        ),
        (
            "archive-again",
            "reopening a group that is open",
            "no-change",
            lambda w: w.entry(GroupArchive(NORTH, False, [])),
        ),
        (
            "grant-again",
            "a role that he has",
            "grant-exists",
            lambda w: w.entry(Grant(w.people["dee"].id, NORTH, REP, b"", b"")),
        ),
        (
            "grant-unknown-group",
            "a group that is not there",
            "group-unknown",
            lambda w: w.entry(Grant(w.people["dee"].id, SOUTH, REP, b"", b"")),
        ),
        (
            "grant-unknown-role",
            "a role that is not there",
            "role-unknown",
            lambda w: w.entry(Grant(w.people["dee"].id, NORTH, new, b"", b"")),
        ),
        (
            "grant-by-member",
            "granting without manage-group",
            "not-manager",
            lambda w: w.entry(Grant(w.people["cy"].id, NORTH, REP, b"", b""), w.people["dee"]),
        ),
        (
            "grant-to-oneself",
            "an admin's grant to himself alone",
            "own-grant",
            lambda w: w.entry(Grant(w.people["olga"].id, NORTH, REP, b"", b""), w.people["olga"]),
        ),
        (
            "grant-cosigned-by-admin",
            "a grant to oneself cosigned by no owner",
            "cosigner",
            _cosigned_by_admin,
        ),
        ("grant-cosigned-for-nothing", "a cosigner where none belongs", "cosigner", _cosigned_for_nothing),
        (
            "revoke-missing",
            "a role that he has not",
            "grant-unknown",
            lambda w: w.entry(Revoke(w.people["dee"].id, NORTH, LEAD, [])),
        ),
        (
            "cycle",
            "reporting to one's own report",
            "cycle",
            lambda w: w.entry(ReportsTo(w.people["cy"].id, w.people["dee"].id, [])),
        ),
        (
            "report-to-author",
            "an admin puts somebody under himself",
            "own-grant",
            lambda w: w.entry(ReportsTo(w.people["ben"].id, w.people["olga"].id, []), w.people["olga"]),
        ),
        (
            "policy-unknown",
            "a policy that is not known",
            "policy",
            lambda w: w.entry(Policy("colour", 1, b"", b"")),
        ),
        (
            "policy-again",
            "a policy that is so already",
            "no-change",
            lambda w: w.entry(Policy("managers-read-reports", 1, b"", b"")),
        ),
        (
            "cuts-out-of-order",
            "cuts that do not stand in the order of their logs",
            "cut",
            lambda w: w.entry(
                MemberRemove(w.people["ben"].id, [cut(SALES, 1), cut(LogId(NORTH, Compartment.CONTACTS), 1)])
            ),
        ),
        (
            "cut-unknown-log",
            "a cut in a group that is not there",
            "cut-log",
            lambda w: w.entry(MemberRemove(w.people["ben"].id, [cut(LogId(SOUTH, Compartment.SALES), 1)])),
        ),
        (
            "cut-nothing-taken",
            "a cut in a log that the member could not write",
            "cut-log",
            lambda w: w.entry(MemberRemove(w.people["cy"].id, [cut(SALES, 1)])),
        ),
    ]


def _cosigned_by_admin(world: World) -> Entry:
    olga = world.people["olga"]
    signature = world.grant_cosignature(olga.device, olga, REP)
    return world.entry(Grant(olga.id, NORTH, REP, olga.device.id, signature), olga)


def _cosigned_for_nothing(world: World) -> Entry:
    cy = world.people["cy"]
    signature = world.grant_cosignature(world.ann.device, cy, REP)
    return world.entry(Grant(cy.id, NORTH, REP, world.ann.device.id, signature))
