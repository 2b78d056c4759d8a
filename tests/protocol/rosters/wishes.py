"""What somebody of a random team wishes next: most of it is allowed, the rest has to be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from protocol.ids import (
    NO_ID,
    Compartment,
    Standing,
)
from protocol.roster import (
    Adopt,
    Branch,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
    Expired,
    Grant,
    GroupArchive,
    GroupCreate,
    Invite,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Policy,
    RecoveryRelease,
    ReportsTo,
    Revoke,
    RoleGrant,
    RosterOperation,
    SetStanding,
    SupportGrant,
)
from tests.protocol.rosters.actors import REQUESTS, Actor
from tests.protocol.rosters.opening import GROUPS, ROLES, any_role
from tests.protocol.world import seeded

if TYPE_CHECKING:
    from tests.protocol.rosters.team import Team

Wish = Callable[["Team"], tuple[Actor, RosterOperation]]


def _invite(team: Team) -> tuple[Actor, RosterOperation]:
    new, rng = team.new_actor(), team.rng
    standing = rng.choice([Standing.MEMBER] * 3 + [Standing.ADMIN, Standing.OWNER])
    grants = [RoleGrant(team.group(), rng.choice(ROLES)) for _ in range(rng.choice([0, 1, 1, 2]))]
    return team.author(), Invite(new.invitation, new.id, new.token.public, standing, grants, 9)


def _support(team: Team) -> tuple[Actor, RosterOperation]:
    new = team.new_actor()
    wanted = sorted(team.rng.sample(list(Compartment)[1:], team.rng.randint(1, 3)))
    return team.author(), SupportGrant(new.invitation, new.id, new.token.public, 9, team.group(), wanted, 99)


def _invited(team: Team, *, joined: bool) -> Actor:
    waiting = [
        a
        for a in team.actors
        if (i := team.model.invited.get(a.invitation)) and i.open and (a.id in team.model.keys) == joined
    ]
    if waiting and team.rng.random() < 0.95:
        return team.rng.choice(waiting)
    return team.rng.choice(team.actors)


def _enter(team: Team) -> tuple[Actor, RosterOperation]:
    """The next step of somebody's coming in: an invitation where nobody waits."""
    open_ = [i for i in team.model.invited.values() if i.open]
    if not open_ or team.rng.random() < 0.2:
        return _invite(team) if team.rng.random() < 0.7 else _support(team)
    joined = any(i.member in team.model.keys for i in open_)
    return _confirm(team) if joined and team.rng.random() < 0.7 else _join(team)


def _join(team: Team) -> tuple[Actor, RosterOperation]:
    actor = _invited(team, joined=False)
    return actor, actor.join(team.workspace)


def _confirm(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), Confirm(_invited(team, joined=True).invitation)


def _expired(team: Team) -> tuple[Actor, RosterOperation]:
    who = team.target()
    if team.model.support and team.rng.random() < 0.6:
        known = [a for a in team.actors if a.id in team.model.support]
        who = team.rng.choice(known)
    return team.author(admin=False), Expired(who.invitation)


def _group_create(team: Team) -> tuple[Actor, RosterOperation]:
    author = team.author(admin=team.rng.random() < 0.5)
    group = team.rng.choice([*GROUPS[1:], seeded("private", len(team.taken), size=16)])
    if team.rng.random() < 0.5:
        members = {author.id, *(team.target().id for _ in range(team.rng.choice([0, 1, 1, 2])))}
        grants = [MemberGrant(member, team.rng.choice(ROLES)) for member in sorted(members)]
        return author, GroupCreate(group, grants, True)
    return author, GroupCreate(group, [MemberGrant(team.target().id, team.rng.choice(ROLES))])


def _grant(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), Grant(team.target().id, team.group(), team.rng.choice(ROLES), b"", b"")


def _revoke(team: Team) -> tuple[Actor, RosterOperation]:
    held = sorted(team.model.held)
    if held and team.rng.random() < 0.9:
        return team.author(), Revoke(*team.rng.choice(held), team.cuts())
    return team.author(), Revoke(team.target().id, team.group(), team.rng.choice(ROLES), [])


def _reports_to(team: Team) -> tuple[Actor, RosterOperation]:
    manager = NO_ID if team.rng.random() < 0.2 else team.target().id
    return team.author(), ReportsTo(team.target().id, manager, team.cuts())


def _policy(team: Team) -> tuple[Actor, RosterOperation]:
    value = team.rng.randint(0, 1)
    match team.rng.randint(0, 4):
        case 0:
            return team.author(), Policy("managers-read-reports", value, b"", b"")
        case 1 | 2:
            return team.author(), Policy("support-allowed", value, b"", b"")
        case 3:
            other = team.rng.choice([b"", team.group(), team.group()])
            return team.author(), Policy("catalogue-of", 0, team.group(), other)
        case _:
            return team.author(), Policy("second-factor", team.rng.randint(0, 2), b"", b"")


def _device_add(team: Team) -> tuple[Actor, RosterOperation]:
    actor = team.author(admin=False)
    new = actor.device(actor.devices + 1)
    return actor, DeviceAdd(actor.id, actor.certificate(team.workspace, new))


def _device_revoke(team: Team) -> tuple[Actor, RosterOperation]:
    target = team.target()
    author = target if team.rng.random() < 0.6 else team.author()
    device = target.device(team.rng.randint(1, target.devices))
    return author, DeviceRevoke(device.id, team.cuts())


def _rekey(team: Team) -> tuple[Actor, RosterOperation]:
    actor = team.author(admin=False)
    return actor, actor.rekey(team.workspace)


def _enrol(team: Team) -> tuple[Actor, RosterOperation]:
    actor = team.author(admin=False)
    others = [a.id for a in team.present() if a.id != actor.id]
    chosen = team.rng.sample(others, min(len(others), team.rng.choice([0, 2, 3])))
    threshold = min(2, len(chosen)) if team.rng.random() < 0.9 else 3
    return actor, actor.enrol(team.workspace, team.head[1], threshold, chosen)


def _release(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(admin=False), RecoveryRelease(team.target().id, team.rng.choice(REQUESTS))


def _adopt(team: Team) -> tuple[Actor, RosterOperation]:
    position = team.rng.randint(1, team.head[0])
    kept = team.server.history.hash_at(position)
    branches = [Branch(b"", position, kept, seeded("dropped"))]
    if team.rng.random() < 0.5:
        log = team.rng.choice(sorted(team.model.logs()))
        branches.append(Branch(log.encode(), 3, seeded("kept"), seeded("dropped")))
    return team.author(), Adopt(branches)


def _role_define(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), any_role(team.rng, team.rng.choice(ROLES))


def _archive(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), GroupArchive(team.group(), team.rng.random() < 0.4, team.cuts())


def _suspend(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), MemberSuspend(team.target().id, team.rng.random() < 0.5, team.cuts())


def _remove(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), MemberRemove(team.target().id, team.cuts())


def _leave(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(admin=False), MemberLeave(team.cuts())


def _set_standing(team: Team) -> tuple[Actor, RosterOperation]:
    return team.author(), SetStanding(team.target().id, team.rng.choice(list(Standing)), [])


WISHES: dict[Wish, int] = {
    _enter: 30,
    _expired: 4,
    _group_create: 6,
    _grant: 16,
    _revoke: 8,
    _reports_to: 6,
    _policy: 10,
    _device_add: 5,
    _device_revoke: 4,
    _rekey: 3,
    _enrol: 3,
    _release: 2,
    _adopt: 1,
    _role_define: 5,
    _archive: 3,
    _suspend: 5,
    _remove: 4,
    _leave: 1,
    _set_standing: 4,
}
