"""Vectors of the roster: support and small groups; what stands in its base history beside the plain things."""

from __future__ import annotations

from protocol import (
    Compartment,
    Confirm,
    Expired,
    Grant,
    GroupCreate,
    Invite,
    MemberGrant,
    MemberLeave,
    Policy,
    ReportsTo,
    Revoke,
    RoleGrant,
    SetStanding,
    Standing,
)
from tests.protocol.world import (
    MANAGER,
    NORTH,
    READER,
    REP,
    Key,
    Person,
    World,
    invitation_id,
    seeded,
)
from tests.vectors.recovering import branches, enrol, recovery
from tests.vectors.refusals import Case

PRIVATE = seeded("private", size=16)
ON, OFF = (Policy("support-allowed", value, b"", b"") for value in (1, 0))


def grow(world: World) -> None:
    """Sam is in for support, Pat has joined for it, and it is switched off; Dee shares a small group with Cy; Ben is
    enrolled for recovery by Cy and Olga."""
    people = world.people
    world.support("sam")
    pat = people["pat"] = Person("pat")
    world.do(world.support_grant(pat))
    world.do(world.join_operation(pat, Key("token", "pat")), pat)
    world.do(OFF)
    grants = [MemberGrant(people["dee"].id, MANAGER), MemberGrant(people["cy"].id, READER)]
    world.do(GroupCreate(PRIVATE, grants, True), people["dee"])
    world.do(enrol(world, "ben", 2, "cy", "olga"), people["ben"])


def let_in_again(world: World) -> None:
    """Sam and Pat are ended, and Tess is in for support of the north."""
    for name in ("sam", "pat"):
        world.do(Expired(invitation_id(world.people[name])), world.people["dee"])
    world.support("tess", NORTH, Compartment.CATALOGUE, Compartment.SALES)


def grown() -> list[Case]:
    """Each by somebody of the base, after `grow`."""
    return [*_support(), *_small(), *recovery(), *branches()]


def _support() -> list[Case]:
    new = seeded("new", size=16)
    return [
        ("support-end", "anybody ends support", "ok", lambda w: w.entry(_end(w, "sam"), w.people["dee"])),
        (
            "support-end-joined",
            "before it was confirmed",
            "ok",
            lambda w: w.entry(_end(w, "pat"), w.people["sam"]),
        ),
        (
            "support-leaves",
            "a support member leaves",
            "ok",
            lambda w: w.entry(MemberLeave([]), w.people["sam"]),
        ),
        (
            "support-end-other",
            "a member ends no other membership",
            "not-admin",
            lambda w: w.entry(_end(w, "eve"), w.people["dee"]),
        ),
        (
            "support-grant-off",
            "support while the policy is off",
            "support-off",
            lambda w: w.entry(w.support_grant(Person("tess"))),
        ),
        (
            "support-grant-by-admin",
            "support let in by an admin",
            "not-owner",
            lambda w: w.entry(w.support_grant(Person("tess")), w.people["olga"]),
        ),
        (
            "support-confirm-off",
            "support confirmed while the policy is off",
            "support-off",
            lambda w: w.entry(Confirm(invitation_id(w.people["pat"]))),
        ),
        ("support-on-again", "on while support from before stands", "support", lambda w: w.entry(ON)),
        (
            "support-by-admin",
            "the policy by an admin",
            "not-owner",
            lambda w: w.entry(ON, w.people["olga"]),
        ),
        (
            "support-role",
            "a role for a support member",
            "support",
            lambda w: w.entry(Grant(w.people["sam"].id, NORTH, READER, b"", b"")),
        ),
        (
            "support-in-group",
            "a support member in a new group",
            "support",
            lambda w: w.entry(GroupCreate(new, [MemberGrant(w.people["sam"].id, READER)])),
        ),
        (
            "support-standing",
            "a standing for a support member",
            "support",
            lambda w: w.entry(SetStanding(w.people["sam"].id, Standing.ADMIN, [])),
        ),
        (
            "support-manager",
            "somebody reports to a support member",
            "support",
            lambda w: w.entry(ReportsTo(w.people["dee"].id, w.people["sam"].id, [])),
        ),
        (
            "support-trustee",
            "a support member as trustee",
            "support",
            lambda w: w.entry(enrol(w, "cy", 2, "ann", "sam"), w.people["cy"]),
        ),
        (
            "support-makes-group",
            "a support member makes a small group",
            "support",
            lambda w: w.entry(
                GroupCreate(new, [MemberGrant(w.people["sam"].id, READER)], True), w.people["sam"]
            ),
        ),
        (
            "second-factor",
            "administrators need a second factor",
            "ok",
            lambda w: w.entry(Policy("second-factor", 1, b"", b"")),
        ),
        (
            "second-factor-three",
            "a value that the policy has not",
            "policy",
            lambda w: w.entry(Policy("second-factor", 3, b"", b"")),
        ),
    ]


def _end(world: World, name: str) -> Expired:
    return Expired(invitation_id(world.people[name]))


def _small() -> list[Case]:
    new = seeded("new", size=16)

    def make(*members: tuple[str, bytes]) -> Case:
        name = "-".join(("small", *(member for member, _ in members)))
        expect = "ok" if members[0][0] == "ben" and len(members) < 3 else "group-small"
        about = f"a small group of {len(members)}, made by ben"
        return (
            name,
            about,
            expect,
            lambda w: w.entry(
                GroupCreate(new, [MemberGrant(w.people[member].id, role) for member, role in members], True),
                w.people["ben"],
            ),
        )

    return [
        make(("ben", MANAGER)),
        make(("ben", MANAGER), ("cy", READER)),
        make(("ben", MANAGER), ("cy", READER), ("dee", READER)),
        make(("cy", READER)),
        (
            "small-by-admin",
            "an admin in a small group that he creates",
            "ok",
            lambda w: w.entry(
                GroupCreate(new, [MemberGrant(w.people["olga"].id, READER)], True), w.people["olga"]
            ),
        ),
        (
            "group-by-member",
            "a member creates a group that is not small",
            "not-admin",
            lambda w: w.entry(GroupCreate(new, [MemberGrant(w.people["ben"].id, REP)]), w.people["ben"]),
        ),
        (
            "small-with-invited",
            "with somebody who has not joined",
            "member-status",
            lambda w: w.entry(
                GroupCreate(new, [MemberGrant(w.people[n].id, READER) for n in ("ben", "eve")], True),
                w.people["ben"],
            ),
        ),
        (
            "small-third",
            "a third member, by the owner",
            "group-small",
            lambda w: w.entry(Grant(w.people["ben"].id, PRIVATE, READER, b"", b"")),
        ),
        (
            "small-grant-by-admin",
            "an admin gives a role in a small group",
            "group-small",
            lambda w: w.entry(Grant(w.people["cy"].id, PRIVATE, REP, b"", b""), w.people["olga"]),
        ),
        (
            "small-revoke-by-second",
            "its second member takes a role",
            "group-small",
            lambda w: w.entry(Revoke(w.people["dee"].id, PRIVATE, MANAGER, []), w.people["cy"]),
        ),
        (
            "small-revoke",
            "its creator lets the second go",
            "ok",
            lambda w: w.entry(Revoke(w.people["cy"].id, PRIVATE, READER, []), w.people["dee"]),
        ),
        (
            "small-invite",
            "an invitation into a small group",
            "group-small",
            lambda w: w.entry(
                Invite(new, new, Key("t").public, Standing.MEMBER, [RoleGrant(PRIVATE, READER)], 9)
            ),
        ),
        (
            "small-catalogue",
            "a small group's catalogue for another",
            "group-small",
            lambda w: w.entry(Policy("catalogue-of", 0, NORTH, PRIVATE)),
        ),
    ]
