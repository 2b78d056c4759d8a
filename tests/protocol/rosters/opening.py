"""How random teams begin: roles, a group or two, some people. Two hundred beginnings, each verified once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from protocol.codec import encode
from protocol.history import RosterHistory
from protocol.ids import (
    NO_HASH,
    Compartment,
    Level,
    Permission,
    Reach,
    Standing,
)
from protocol.limits import VERSION
from protocol.roster import (
    Access,
    Confirm,
    Entry,
    EntryBody,
    Genesis,
    GroupCreate,
    Invite,
    MemberGrant,
    Policy,
    ReportsTo,
    RoleDefine,
    RoleGrant,
    RosterOperation,
    SupportGrant,
)
from protocol.signing import Namespace
from tests.protocol.rosters.actors import Actor
from tests.protocol.rosters.model import Model
from tests.protocol.world import Key, seeded

ROLES = [seeded("role", n, size=16) for n in range(4)]
GROUPS = [seeded("group", n, size=16) for n in range(3)]
OPENINGS = 200
C = Compartment


@dataclass(frozen=True)
class Taken:
    """An entry that the server took: its author's device and its operation."""

    position: int
    author: bytes
    operation: RosterOperation


@dataclass(frozen=True)
class Opening:
    """How a team begins: roles, a group, some people. Verified once, and where many rosters begin."""

    actors: tuple[Actor, ...]
    entries: tuple[Entry, ...]
    models: tuple[Model, ...]
    taken: tuple[Taken, ...]


def sign(workspace: bytes, head: tuple[int, bytes], by: Key, operation: RosterOperation) -> Entry:
    """The entry after `head`."""
    position, previous = head
    body = encode(EntryBody(VERSION, workspace, position + 1, previous, by.id, position, operation))
    return Entry(body, by.sign(Namespace.ROSTER_ENTRY, body))


def any_role(rng: Random, role: bytes) -> RoleDefine:
    """A level and a reach for some compartments, some permissions."""
    accesses = []
    permissions = Permission(rng.choice([0, 0, 1, 3, 8, 16, 27]))
    for compartment in (C.CONTACTS, C.SALES, C.MARGINS, C.DOCUMENTS):
        chance = rng.random()
        if chance < 0.55:
            level = rng.choice([Level.READ, Level.WRITE, Level.WRITE])
            accesses.append(Access(compartment, level, rng.choice([Reach.OWN, Reach.GROUP])))
        elif chance < 0.65:
            accesses.append(Access(compartment, Level.WRITE, Reach.OWN))
            accesses.append(Access(compartment, Level.READ, Reach.GROUP))
    return RoleDefine(role, accesses, permissions, [])


@cache
def opening_of(number: int) -> Opening:
    """Roles, a group or two, a policy or none, and three or four people besides the founder."""
    rng = Random(number)
    actors = [Actor(f"p{n}", n + 1, rng.randbytes(16)) for n in range(rng.choice([4, 5, 5]))]
    ann, others = actors[0], actors[1:]
    genesis = Genesis(rng.randbytes(32), ann.id, ann.keys, ann.founding())
    entries = [sign(NO_HASH, (0, NO_HASH), ann.device(1), genesis)]
    workspace = entries[0].hash
    wanted: list[tuple[Key, RosterOperation]] = [(ann.device(1), any_role(rng, role)) for role in ROLES]
    for group in GROUPS[: rng.choice([1, 2])]:
        wanted.append((ann.device(1), GroupCreate(group, [MemberGrant(ann.id, rng.choice(ROLES))])))
    if rng.random() < 0.5:
        wanted.append((ann.device(1), Policy("managers-read-reports", 1, b"", b"")))
    for actor in others:
        standing = rng.choice([Standing.MEMBER, Standing.MEMBER, Standing.ADMIN, Standing.OWNER])
        grants = [RoleGrant(GROUPS[0], rng.choice(ROLES))] if rng.random() < 0.8 else []
        invite = Invite(actor.invitation, actor.id, actor.token.public, standing, grants, 9)
        wanted += [
            (ann.device(1), invite),
            (actor.device(1), actor.join(workspace)),
            (ann.device(1), Confirm(actor.invitation)),
        ]
    if rng.random() < 0.3:
        sam = Actor(f"p{len(actors)}", len(actors) + 1, rng.randbytes(16))
        actors.append(sam)
        reads = sorted(rng.sample(list(Compartment)[1:], 3))
        grant = SupportGrant(sam.invitation, sam.id, sam.token.public, 9, GROUPS[0], reads, 99)
        wanted += [
            (ann.device(1), Policy("support-allowed", 1, b"", b"")),
            (ann.device(1), grant),
            (sam.device(1), sam.join(workspace)),
            (ann.device(1), Confirm(sam.invitation)),
        ]
    for below, above in zip(others[1:], others, strict=False):
        if rng.random() < 0.5:
            wanted.append((ann.device(1), ReportsTo(below.id, above.id, [])))
    models = [Model().after(ann.device(1).id, genesis)]
    taken = [Taken(1, ann.device(1).id, genesis)]
    for by, operation in wanted:
        entries.append(sign(workspace, (len(entries), entries[-1].hash), by, operation))
        models.append(models[-1].after(by.id, operation))
        taken.append(Taken(len(entries), by.id, operation))
    RosterHistory(entries)
    return Opening(tuple(actors), tuple(entries), tuple(models), tuple(taken))
