"""Vectors of encodings, bodies, signatures and hashes."""

from __future__ import annotations

import hashlib
from typing import Any

from protocol import (
    NO_HASH,
    Body,
    Compartment,
    Delete,
    Entry,
    Erase,
    IdentityKeys,
    LogId,
    Moved,
    Namespace,
    Operation,
    Put,
    Restore,
    body_hash,
    chain_hash,
    commit_hash,
    device_id,
    encode,
    encode_body,
    key_id,
    signed_message,
)
from tests.protocol.logbook import Logbook
from tests.protocol.world import NORTH, Key, Person, World, seeded
from tests.vectors import second
from vault.keys import check_code, key_hash, moved_id, workspace_code

Vector = dict[str, Any]
SALES = LogId(NORTH, Compartment.SALES)
RECORD, ACTION = seeded("record", size=16), seeded("action", size=16)


def _vector(name: str, about: str, expect: str, **rest: Any) -> Vector:
    return {"name": name, "about": about, "expect": expect, **rest}


def encodings() -> dict[str, Any]:
    """Headers and log ids in their one encoding, and in others."""
    world = World()
    header = Logbook(world, SALES).header(world.ann, generation=1)
    good, log = encode(header), SALES.encode()
    owner, workspace = seeded("owner", size=16), header.workspace

    def changed(**changes: Any) -> bytes:
        return encode(
            type(header)(**{n: changes.get(n, getattr(header, n)) for n in type(header).__struct_fields__})
        )

    rows: list[tuple[str, str, str, str, bytes]] = [
        ("header", "the one encoding", "ok", "header", good),
        ("header-trailing", "a byte after it", "format", "header", good + b"\0"),
        ("header-cut", "the last byte missing", "format", "header", good[:-1]),
        (
            "header-array16",
            "the array's length in three bytes",
            "format",
            "header",
            b"\xdc\x00\x0e" + good[1:],
        ),
        ("header-uint8", "1 as an unsigned byte", "format", "header", good[:1] + b"\xcc\x01" + good[2:]),
        ("header-int16", "1 as a signed number", "format", "header", good[:1] + b"\xd1\x00\x01" + good[2:]),
        (
            "header-float",
            "1 as a float",
            "format",
            "header",
            good[:1] + b"\xcb\x3f\xf0" + bytes(6) + good[2:],
        ),
        (
            "header-bin16",
            "bytes with a longer length",
            "format",
            "header",
            good.replace(b"\xc4\x20" + workspace, b"\xc5\x00\x20" + workspace),
        ),
        ("header-str", "bytes as text", "format", "header", good.replace(b"\xc4\x10", b"\xb0", 1)),
        ("header-map", "a map instead of an array", "format", "header", b"\x80"),
        ("header-more", "a field too many", "format", "header", b"\x9f" + good[1:] + b"\xc0"),
        ("header-fewer", "a field too few", "format", "header", b"\x9d" + good[1:-34]),
        ("header-empty", "nothing", "format", "header", b""),
        ("header-large", "more bytes than a header may have", "too-large", "header", bytes(513)),
        ("header-version", "a version that is not known", "version", "header", changed(version=2)),
        ("header-kind", "a kind that is not known", "format", "header", changed(kind=7)),
        ("header-generation", "generation 0", "format", "header", changed(generation=0)),
        ("header-counter", "counter 0", "format", "header", changed(counter=0)),
        ("header-position", "a position of 2^53", "format", "header", changed(seen_position=1 << 53)),
        ("header-detail", "data with a detail", "format", "header", changed(detail=b"x")),
        ("log-shared", "a shared log", "ok", "log", log),
        ("log-own", "an own log", "ok", "log", log[:17] + owner),
        ("log-directory", "the directory", "ok", "log", bytes(33)),
        ("log-short", "32 bytes", "format", "log", log[:-1]),
        ("log-compartment", "a compartment that is not known", "format", "log", b"\x06" + log[1:]),
        ("log-directory-group", "a directory of a group", "format", "log", b"\x00" + log[1:]),
        ("log-catalogue-own", "an own log in a catalogue", "format", "log", b"\x01" + log[1:17] + owner),
        ("log-no-group", "a compartment of no group", "format", "log", b"\x03" + bytes(32)),
    ]
    return {
        "about": "`bytes` parse as what `as` says, or are refused with `expect`.",
        "vectors": [_vector(n, a, e, **{"as": k, "bytes": data.hex()}) for n, a, e, k, data in rows],
    }


def bodies() -> dict[str, Any]:
    """Opened bodies of DATA commits."""
    put = Put(
        "deal",
        RECORD,
        {"amount": {"currency": "EUR", "value": 125000}, "name": "Ünï", "open": True, "x": None},
        3,
    )
    everything: list[Operation] = [
        put,
        Delete("deal", RECORD, 3),
        Restore("deal", RECORD, 4),
        Moved("deal", RECORD, SALES.encode(), 5),
    ]
    good = encode_body(Body(ACTION, 1, 2, 1_700_000_000, [put]))
    name = b"\xa4name"
    rows: list[tuple[str, str, str, bytes]] = [
        ("put", "one put", "ok", good),
        (
            "all",
            "every kind of operation",
            "ok",
            encode_body(Body(ACTION, 2, 2, 0, [*everything, Erase("deal", RECORD)])),
        ),
        ("none", "no operations", "ok", encode_body(Body(ACTION, 1, 1, 0, []))),
        ("map-order", "fields that are not sorted", "format", good.replace(b"\xa6amount", b"\xa6zmount")),
        ("map-twice", "a field twice", "format", good.replace(b"\xa4open", name)),
        ("trailing", "a byte after it", "format", good + b"\0"),
        ("float", "a float as a value", "format", good.replace(b"\xc3", b"\xcb\x3f\xf8" + bytes(6))),
        ("bytes", "bytes as a value", "format", good.replace(b"\xc3", b"\xc4\x01\x00")),
        ("part-zero", "part 0", "format", encode_body(Body(ACTION, 0, 1, 0, []))),
        ("part-beyond", "part 3 of 2", "format", encode_body(Body(ACTION, 3, 2, 0, []))),
        ("action-short", "an action of 15 bytes", "format", encode_body(Body(ACTION[:15], 1, 1, 0, []))),
        (
            "record-short",
            "a record of 15 bytes",
            "format",
            encode_body(Body(ACTION, 1, 1, 0, [Delete("deal", RECORD[:15], 0)])),
        ),
        (
            "type-empty",
            "a type without a name",
            "format",
            encode_body(Body(ACTION, 1, 1, 0, [Delete("", RECORD, 0)])),
        ),
        (
            "seen-negative",
            "a position below 0",
            "format",
            encode_body(Body(ACTION, 1, 1, 0, [Delete("deal", RECORD, -1)])),
        ),
        (
            "operation-unknown",
            "an operation that is not known",
            "format",
            encode([ACTION, 1, 1, 0, [[9, "deal", RECORD]]]),
        ),
        (
            "fields-many",
            "more fields than a put may have",
            "too-large",
            encode_body(
                Body(ACTION, 1, 1, 0, [Put("deal", RECORD, {f"f{n:04}": 0 for n in range(1001)}, 0)])
            ),
        ),
    ]
    return {
        "about": "`bytes` parse as the opened body of a commit of the kind `as`, or are refused with `expect`.",
        "vectors": [
            *(_vector(n, a, e, **{"as": "data", "bytes": data.hex()}) for n, a, e, data in rows),
            *_key_bodies(),
        ],
    }


def _key_bodies() -> list[Vector]:
    """Opened bodies that carry a key, written by `second.py`."""
    key = seeded("log-key")
    rows: list[tuple[str, str, str, str, bytes]] = [
        ("rotate", "a rotate that carries a key", "ok", "rotate", second.message([key])),
        ("rotate-first", "a log's first rotate", "ok", "rotate", second.message([b""])),
        ("bridge", "a bridge", "ok", "bridge", second.message([key])),
        ("bridge-two", "a bridge with two keys", "format", "bridge", second.message([key, key])),
        ("bridge-text", "a key as text", "format", "bridge", second.message(["k" * 32])),
        (
            "bridge-large",
            "more than such a body may have",
            "too-large",
            "bridge",
            second.message([bytes(1024)]),
        ),
    ]
    return [_vector(n, a, e, **{"as": k, "bytes": data.hex()}) for n, a, e, k, data in rows]


def signatures() -> dict[str, Any]:
    """Each namespace's signature, and the same bytes asked for under the next one."""
    key, body = Key("signer"), b"body"
    spaces = list(Namespace)
    rows: list[Vector] = []
    for index, space in enumerate(spaces):
        other = spaces[(index + 1) % len(spaces)]
        common = {"key": key.public.hex(), "body": body.hex()}
        signature = key.sign(space, body).hex()
        value = space.value.decode()
        rows.append(
            _vector(
                f"{space.name.lower()}",
                "its own namespace",
                "ok",
                namespace=value,
                signature=signature,
                message=signed_message(space, body).hex(),
                **common,
            )
        )
        rows.append(
            _vector(
                f"{space.name.lower()}-as-{other.name.lower()}",
                f"made as {value}",
                "signature",
                namespace=other.value.decode(),
                signature=signature,
                **common,
            )
        )
    return {"about": "`signature` is `key`'s over `body` in `namespace`, or is refused.", "vectors": rows}


def hashes() -> dict[str, Any]:
    """Every hash that a second implementation needs."""
    world, key = World(), seeded("log-key")
    header = Logbook(world, SALES).header(world.ann, generation=1)
    signature = world.ann.device.sign(Namespace.COMMIT, encode(header))
    commit = commit_hash(encode(header), signature)
    keys: IdentityKeys = Person("ann").keys
    entry: Entry = world.genesis
    rows: list[tuple[str, str, dict[str, str | int], bytes]] = [
        (
            "entry",
            "entry hash; of a genesis: the workspace",
            {"body": entry.body.hex(), "signature": entry.signature.hex()},
            entry.hash,
        ),
        ("commit", "commit hash", {"header": encode(header).hex(), "signature": signature.hex()}, commit),
        ("body", "hash of a sealed body", {"body": key.hex()}, body_hash(key)),
        (
            "chain",
            "first step of a chain",
            {"before": NO_HASH.hex(), "commit": commit.hex()},
            chain_hash(NO_HASH, commit),
        ),
        (
            "chain",
            "second step",
            {"before": chain_hash(NO_HASH, commit).hex(), "commit": commit.hex()},
            chain_hash(chain_hash(NO_HASH, commit), commit),
        ),
        (
            "device-id",
            "device id",
            {"key": world.ann.device.public.hex()},
            device_id(world.ann.device.public),
        ),
        ("key-id", "id of an encryption key", {"key": keys.encryption.hex()}, key_id(keys.encryption)),
        (
            "log-key",
            "hash of generation 3 of a log key",
            {
                "workspace": world.workspace.hex(),
                "log": SALES.encode().hex(),
                "generation": 3,
                "key": key.hex(),
            },
            key_hash(world.workspace, SALES, 3, key),
        ),
        (
            "moved",
            "id of a moved record",
            {"log": SALES.encode().hex(), "record": RECORD.hex(), "position": 77},
            moved_id(SALES, RECORD, 77),
        ),
        (
            "check-code",
            "check code of a member",
            {
                "workspace": world.workspace.hex(),
                "member": world.ann.id.hex(),
                "signing": keys.signing.hex(),
                "encryption": keys.encryption.hex(),
            },
            check_code(world.workspace, world.ann.id, keys).encode(),
        ),
        (
            "workspace-code",
            "check code of a workspace",
            {"workspace": world.workspace.hex()},
            workspace_code(world.workspace).encode(),
        ),
    ]
    return {
        "about": "`input` hashes to `output` (check codes: ASCII).",
        "vectors": [
            *_second_hashes(world),
            *(
                _vector(f"{what}-{n}", about, "ok", what=what, input=given, output=output.hex())
                for n, (what, about, given, output) in enumerate(rows)
            ),
        ],
    }


def _second_hashes(world: World) -> list[Vector]:
    """Hashes made by `second.py`."""
    workspace, member, trustee = world.workspace, world.ann.id, seeded("trustee", size=16)
    share, request = seeded("share", size=49), world.ann.keys.encryption
    fields: dict[str, second.Packed] = {"by": member.hex(), "what": "export", "at": 1_700_000_000, "count": 3}
    journal: list[second.Packed] = [1_700_000_000, "operator", "backup", "nightly"]
    both = {"workspace": workspace.hex(), "member": member.hex()}
    rows: list[tuple[str, str, dict[str, Any], bytes]] = [
        (
            "recovery-share",
            "what an enrolment names for a share",
            {**both, "trustee": trustee.hex(), "share": share.hex()},
            second.digest("recovery-share", workspace, member, trustee, share),
        ),
        (
            "recovery-request",
            "what a release names",
            {**both, "key": request.hex()},
            second.digest("recovery-request", workspace, member, request),
        ),
        (
            "event",
            "the record id of an event",
            {"member": member.hex(), "fields": second.message(fields).hex()},
            second.digest("event", member, second.message(fields))[:16],
        ),
        (
            "journal",
            "an entry of the operator's journal",
            {
                "workspace": workspace.hex(),
                "seq": 7,
                "previous": seeded("previous").hex(),
                "entry": second.message(journal).hex(),
            },
            second.digest(
                "operator-journal",
                workspace,
                (7).to_bytes(8, "big"),
                seeded("previous"),
                hashlib.sha256(second.message(journal)).digest(),
            ),
        ),
    ]
    return [
        _vector(what, about, "ok", what=what, input=given, output=output.hex())
        for what, about, given, output in rows
    ]
