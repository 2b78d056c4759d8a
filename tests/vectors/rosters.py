"""Vectors of the roster: one history that is valid, and entries that follow it or do not."""

from __future__ import annotations

from typing import Any

from protocol import (
    VERSION,
    Compartment,
    DeviceAdd,
    DeviceRevoke,
    Entry,
    Grant,
    IdentityKeys,
    LogId,
    MemberLeave,
    MemberRemove,
    Namespace,
    Policy,
    Rekey,
    ReportsTo,
    Standing,
    all_logs,
    encode,
    home_log,
    readers,
    writers,
)
from tests.protocol.world import (
    MANAGER,
    NORTH,
    READER,
    REP,
    SOUTH,
    Key,
    Person,
    World,
    body_of,
    cut,
    seeded,
)
from tests.vectors.grown import grow, grown, let_in_again
from tests.vectors.refusals import Case, refused_access, refused_people

Vector = dict[str, Any]
SALES = LogId(NORTH, Compartment.SALES)


def entry_json(entry: Entry) -> dict[str, str]:
    return {"body": entry.body.hex(), "signature": entry.signature.hex()}


def base_world() -> World:
    """Ann founds; Olga is an admin, Ben a manager, Cy reads, Dee is a rep under Cy; Eve is only invited, Finn was
    removed, and Ben's third device revoked. Then as `grow` says."""
    world = World()
    world.group()
    world.admit("olga", Standing.ADMIN)
    for name, role in (("ben", MANAGER), ("cy", READER), ("dee", REP)):
        world.grant(world.admit(name), role)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    world.do(ReportsTo(world.people["dee"].id, world.people["cy"].id, []))
    world.do(MemberRemove(world.admit("finn").id, []))
    world.do(DeviceRevoke(world.add_device(world.people["ben"], 3).id, []))
    eve = world.people["eve"] = Person("eve")
    world.invite(eve, by=world.people["olga"])
    grow(world)
    return world


def roster() -> dict[str, Any]:
    world = base_world()
    vectors = [
        _judged(world, name, about, expect, make(world))
        for name, about, expect, make in (*_valid(), *_refused(), *grown())
    ]
    return {
        "about": "`base` folds without refusal to `head`; then `entry` follows it, or is refused with `expect`.",
        "workspace": world.workspace.hex(),
        "head": world.state.head.hex(),
        "base": [entry_json(entry) for entry in world.history.entries()],
        "vectors": vectors,
    }


def _judged(world: World, name: str, about: str, expect: str, entry: Entry) -> Vector:
    vector: Vector = {"name": name, "about": about, "expect": expect, "entry": entry_json(entry)}
    if expect == "ok":
        vector["hash"] = entry.hash.hex()
    return vector


def _valid() -> list[Case]:
    def rekey(world: World) -> Entry:
        ben = world.people["ben"]
        keys = IdentityKeys(ben.keys.signing, Person("ben", 2).keys.encryption)
        signature = ben.identity.sign(Namespace.REKEY, world.rekey_bytes(ben, keys))
        return world.entry(Rekey(ben.id, keys, signature, b"", b""), ben)

    def own_grant(world: World) -> Entry:
        olga, owner = world.people["olga"], world.ann.device
        signature = world.grant_cosignature(owner, olga, READER)
        return world.entry(Grant(olga.id, NORTH, READER, owner.id, signature), olga)

    def device(world: World) -> Entry:
        ben, new = world.people["ben"], Key("device", "ben", 2)
        return world.entry(DeviceAdd(ben.id, ben.certify(world.workspace, new)), new)

    return [
        ("join", "the invitee's device signs, the token signs her keys", "ok", _join),
        ("device-adds-itself", "a new device, certified by the identity, signs its own entry", "ok", device),
        ("rekey-encryption", "a new encryption key under the identity's signature", "ok", rekey),
        ("own-grant-cosigned", "an admin's grant to himself with an owner's signature", "ok", own_grant),
        (
            "remove-with-cuts",
            "a removal that names where the member's commits end",
            "ok",
            lambda w: w.entry(
                MemberRemove(w.people["ben"].id, [cut(LogId(NORTH, Compartment.CONTACTS), 0), cut(SALES, 7)])
            ),
        ),
        ("leave", "a member leaves", "ok", lambda w: w.entry(MemberLeave([]), w.people["cy"])),
        (
            "grant-by-manager",
            "a member whose role has manage-group grants in that group",
            "ok",
            lambda w: w.entry(Grant(w.people["cy"].id, NORTH, REP, b"", b""), w.people["ben"]),
        ),
    ]


def _join(world: World) -> Entry:
    eve = world.people["eve"]
    return world.entry(world.join_operation(eve, Key("token", "eve")), eve)


def _refused() -> list[Case]:
    return [*_refused_chain(), *refused_people(), *refused_access()]


def _refused_chain() -> list[Case]:
    policy = Policy("catalogue-of", 0, NORTH, SOUTH)
    leave = MemberLeave([])

    def cy(world: World) -> Person:
        return world.people["cy"]

    def other_namespace(world: World) -> Entry:
        body = encode(world.body(leave, cy(world).device))
        return Entry(body, cy(world).device.sign(Namespace.COMMIT, body))

    def trailing(world: World) -> Entry:
        body = encode(world.body(leave, cy(world).device)) + b"\0"
        return Entry(body, cy(world).device.sign(Namespace.ROSTER_ENTRY, body))

    def long_integer(world: World) -> Entry:
        body = encode(world.body(leave, cy(world).device))
        body = body[:1] + b"\xcc\x01" + body[2:]
        return Entry(body, cy(world).device.sign(Namespace.ROSTER_ENTRY, body))

    return [
        (
            "position-skipped",
            "a position that does not follow",
            "position",
            lambda w: w.entry(leave, cy(w), position=w.state.position + 2),
        ),
        (
            "position-again",
            "a position that is taken",
            "position",
            lambda w: w.entry(leave, cy(w), position=w.state.position),
        ),
        (
            "previous",
            "another entry before it",
            "previous",
            lambda w: w.entry(leave, cy(w), previous=seeded("p")),
        ),
        (
            "workspace",
            "another workspace",
            "workspace",
            lambda w: w.entry(leave, cy(w), workspace=seeded("w")),
        ),
        (
            "version",
            "a version byte that is not known",
            "version",
            lambda w: w.entry(leave, cy(w), version=VERSION + 1),
        ),
        ("genesis-again", "a genesis that is not first", "genesis", lambda w: w.entry(_genesis(w))),
        (
            "ghost",
            "a device that the roster does not know",
            "author-unknown",
            lambda w: w.entry(leave, Key("ghost")),
        ),
        (
            "joined-not-confirmed",
            "an author who was only invited",
            "author-unknown",
            lambda w: w.entry(leave, w.people["eve"]),
        ),
        ("other-namespace", "a commit's signature over an entry", "signature", other_namespace),
        (
            "other-signer",
            "signed by another device than it names",
            "signature",
            lambda w: Entry(w.entry(leave, cy(w)).body, w.entry(leave, w.people["ben"]).signature),
        ),
        (
            "signature-short",
            "a signature of 63 bytes",
            "format",
            lambda w: Entry(w.entry(leave, cy(w)).body, bytes(63)),
        ),
        (
            "author-revoked",
            "a device that was revoked",
            "author-revoked",
            lambda w: w.entry(leave, Key("device", "ben", 3)),
        ),
        (
            "author-removed",
            "a member who was removed",
            "author-inactive",
            lambda w: w.entry(leave, w.people["finn"]),
        ),
        ("trailing-byte", "a byte after the entry, signed with it", "format", trailing),
        ("long-integer", "the version in two bytes, signed so", "format", long_integer),
        (
            "format-version-higher",
            "a format version that this version does not know",
            "upgrade-needed",
            lambda w: w.entry(Policy("format-version", VERSION + 1, b"", b"")),
        ),
        (
            "format-version-lower",
            "the format version only rises",
            "policy",
            lambda w: w.entry(Policy("format-version", VERSION, b"", b"")),
        ),
        (
            "policy-by-admin",
            "policies are the owners'",
            "not-owner",
            lambda w: w.entry(policy, w.people["olga"]),
        ),
    ]


def _genesis(world: World) -> Any:
    return body_of(world.genesis).operation


def access_rules() -> dict[str, Any]:
    """Readers and writers of every log of the base history with support let in, and where records live."""
    world = base_world()
    before = world.state.position
    let_in_again(world)
    state = world.state
    logs = [
        {
            "name": f"log-{number:02}",
            "about": f"{log.compartment.name.lower()}, {'own' if log.is_own else 'shared'}",
            "expect": "ok",
            "log": log.encode().hex(),
            "readers": sorted(member.hex() for member in readers(state, log)),
            "writers": sorted(member.hex() for member in writers(state, log)),
        }
        for number, log in enumerate(all_logs(state))
    ]
    homes = [
        {
            "name": f"home-{name}-{compartment.name.lower()}",
            "about": f"where {name}'s records of {compartment.name.lower()} live",
            "expect": "ok",
            "member": world.people[name].id.hex(),
            "group": NORTH.hex(),
            "compartment": int(compartment),
            "home": home_log(state, world.people[name].id, NORTH, compartment).encode().hex(),
        }
        for name in ("ann", "dee")
        for compartment in (Compartment.CATALOGUE, Compartment.CONTACTS, Compartment.SALES)
    ]
    return {
        "about": "After `base` of roster.json and the entries of `more_roster`.",
        "more_roster": [entry_json(entry) for entry in world.history.entries(before)],
        "vectors": [*logs, *homes],
    }
