"""Vectors of commit headers: a log of two commits, and a third that may follow or may not."""

from __future__ import annotations

from typing import Any

from protocol import (
    NO_HASH,
    Compartment,
    Header,
    Kind,
    LogId,
    MemberRemove,
    Namespace,
    Revoke,
    bridge_detail,
    encode,
    rotate_detail,
)
from tests.protocol.logbook import Logbook
from tests.protocol.world import MANAGER, NORTH, Key, Person, World, seeded
from tests.vectors.rosters import base_world, entry_json

Vector = dict[str, Any]
SALES = LogId(NORTH, Compartment.SALES)
CONTACTS = LogId(NORTH, Compartment.CONTACTS)


def signed_json(header: Header, signature: bytes) -> dict[str, str]:
    return {"header": encode(header).hex(), "signature": signature.hex()}


class _Log:
    """The log before the vectors: Ann's rotate, Ben's first commit."""

    def __init__(self, world: World, log: LogId = SALES) -> None:
        self.book = Logbook(world, log)
        self.commits: list[dict[str, str]] = []
        self._take(world.ann, Kind.ROTATE)
        if log == SALES:
            self._take(world.people["ben"], Kind.DATA)
        if log == CONTACTS:
            for name in ("ben", "dee"):
                self._take(world.people[name], Kind.ROTATE)

    def _take(self, by: Person, kind: Kind) -> None:
        header = self.book.admit(by, kind)
        self.commits.append(signed_json(header, by.device.sign(Namespace.COMMIT, encode(header))))


def headers() -> dict[str, Any]:
    world = base_world()
    log = _Log(world)
    before = world.state.position
    catalogue = _Log(world, LogId(NORTH, Compartment.CATALOGUE))
    contacts = _Log(world, CONTACTS)
    world.do(MemberRemove(world.people["cy"].id, []))
    world.do(Revoke(world.people["ben"].id, NORTH, MANAGER, []))
    return {
        "about": "`commits` of `log` were admitted; then `header` follows, or is refused with `expect`. `roster` is "
        "base of roster.json and the entries of `more_roster`; Cy is removed at `removed_at`.",
        "more_roster": [entry_json(entry) for entry in world.history.entries(before)],
        "removed_at": before + 1,
        "logs": {
            "sales": {"log": SALES.encode().hex(), "commits": log.commits},
            "catalogue": {"log": catalogue.book.log.encode().hex(), "commits": catalogue.commits},
            "contacts": {"log": CONTACTS.encode().hex(), "commits": contacts.commits},
            "nowhere": {"log": LogId(NORTH, SALES.compartment, world.ann.id).encode().hex(), "commits": []},
            "empty": {"log": SALES.encode().hex(), "commits": []},
        },
        "vectors": [
            *_vectors(world, log.book, catalogue.book, before),
            *_bridges(world, contacts.book, before),
        ],
    }


def _bridges(world: World, contacts: Logbook, before: int) -> list[Vector]:
    """Of `contacts`, which has three generations; its third carries the second."""
    ann, cy, olga, sam = (world.people[name] for name in ("ann", "cy", "olga", "sam"))
    past: dict[str, Any] = {"roster_position": before, "roster_hash": world.history.hash_at(before)}
    now: dict[str, Any] = {"roster_position": world.state.position, "roster_hash": world.state.head}
    rows: list[tuple[str, str, str, Person, dict[str, Any]]] = [
        ("bridge", "a reader bridges the first generation", "ok", cy, {}),
        ("bridge-second", "the second", "ok", ann, {"detail": bridge_detail(2)}),
        ("bridge-newest", "the newest is no bridge's", "format", ann, {"detail": bridge_detail(3)}),
        ("bridge-none", "generation 0", "format", ann, {"detail": bridge_detail(0)}),
        ("bridge-old", "under a generation that has ended", "generation", ann, {"generation": 2}),
        ("bridge-stale", "on a stale log", "stale", ann, now),
        ("bridge-no-reader", "by who cannot read the log", "not-writer", olga, {}),
        ("bridge-support", "by a support member", "not-writer", sam, {}),
    ]
    made = []
    for name, about, expect, by, changes in rows:
        header = contacts.header(by, Kind.BRIDGE, **{"detail": bridge_detail(1), **past, **changes})
        signature = by.device.sign(Namespace.COMMIT, encode(header))
        made.append(
            {
                "name": name,
                "about": about,
                "expect": expect,
                "log": "contacts",
                **signed_json(header, signature),
            }
        )
    return made


def _vectors(world: World, sales: Logbook, catalogue: Logbook, before: int) -> list[Vector]:
    ann, ben, cy, dee = (world.people[name] for name in ("ann", "ben", "cy", "dee"))
    past: dict[str, Any] = {"roster_position": before, "roster_hash": world.history.hash_at(before)}
    older: dict[str, Any] = {"roster_position": before - 1, "roster_hash": world.history.hash_at(before - 1)}
    empty, nowhere = Logbook(world, SALES), Logbook(world, LogId(NORTH, SALES.compartment, ann.id))
    made: list[Vector] = []

    def add(
        name: str,
        about: str,
        expect: str,
        by: Person | Key,
        kind: Kind = Kind.DATA,
        book: Logbook = sales,
        **changes: Any,
    ) -> None:
        key = by.device if isinstance(by, Person) else by
        header = book.header(key, kind, **{**past, **changes})
        books = {"sales": sales, "catalogue": catalogue, "empty": empty, "nowhere": nowhere}
        log = next(name for name, known in books.items() if known is book)
        signature = key.sign(Namespace.COMMIT, encode(header))
        made.append(
            {"name": name, "about": about, "expect": expect, "log": log, **signed_json(header, signature)}
        )

    now: dict[str, Any] = {"roster_position": world.state.position, "roster_hash": world.state.head}
    add("data", "an honest commit", "ok", ben)
    add("rotate", "a rotate of the next generation", "ok", ann, Kind.ROTATE)
    add("rotate-when-stale", "a stale log takes a rotate", "ok", ann, Kind.ROTATE, **now)
    add(
        "seen-earlier",
        "a state seen that is not the head",
        "ok",
        ann,
        seen_position=1,
        seen_chain=sales.chains[1],
    )
    add("number", "a reader draws a number in the catalogue", "ok", dee, Kind.NUMBER, catalogue)
    add("first", "a log begins with a rotate", "ok", ann, Kind.ROTATE, empty)
    add("first-data", "a log does not begin with data", "first-rotate", ann, book=empty, generation=1)
    add(
        "first-generation",
        "a first rotate of generation 2",
        "generation",
        ann,
        Kind.ROTATE,
        empty,
        generation=2,
    )
    add(
        "first-carries",
        "a first rotate that carries a key",
        "format",
        ann,
        Kind.ROTATE,
        empty,
        detail=rotate_detail(seeded("k"), 1),
    )
    add("workspace", "another workspace", "workspace", ann, workspace=seeded("w"))
    add("log", "another log", "log", ann, log=LogId(NORTH, Compartment.MARGINS).encode())
    add("pack", "pack is reserved", "reserved", ann, Kind.PACK)
    add("countersign", "countersign is reserved", "reserved", ann, Kind.COUNTERSIGN)
    add("counter-skipped", "a commit of this device was dropped", "counter", ben, counter=3)
    add("counter-again", "a commit of this device again", "counter", ben, counter=1)
    add("previous", "another commit before it", "previous", ben, previous=NO_HASH)
    add("seen-ahead", "seen what comes later", "seen-position", ann, seen_position=3)
    add("seen-fork", "seen another head", "seen-chain", ann, seen_chain=seeded("fork"))
    add("ghost", "a device that the roster does not know", "author-unknown", Key("ghost"))
    add("revoked-device", "a device that was revoked", "author-revoked", Key("device", "ben", 3))
    add("own-of-a-manager", "an own log where nobody had own reach", "log-unknown", ann, Kind.ROTATE, nowhere)
    add("roster-back", "an older roster position than before", "roster-back", ann, **older)
    add(
        "roster-ahead", "a roster position that is not there", "roster-ahead", ann, roster_position=before + 9
    )
    add("roster-fork", "another roster", "roster-hash", ann, roster_hash=seeded("fork"))
    add("reader-writes", "a reader without writing", "not-writer", cy)
    add("own-reach-writes", "own reach is not the group's", "not-writer", dee)
    add("removed-writes", "a member who was removed", "not-writer", cy, Kind.ROTATE, **now)
    add("revoked-writes", "a member whose role was revoked", "not-writer", ben, Kind.ROTATE, **now)
    add("stale", "data on a stale log", "stale", ann, **now)
    add("generation-early", "a generation that has not begun", "generation", ann, generation=2)
    add("rotate-skips", "a rotate that skips a number", "generation", ann, Kind.ROTATE, generation=3)
    add(
        "rotate-without-key",
        "a later rotate that carries no key",
        "carried-generation",
        ann,
        Kind.ROTATE,
        detail=rotate_detail(seeded("k"), 0),
    )
    add("number-in-sales", "numbers are drawn in catalogues", "number-log", ann, Kind.NUMBER)
    add("reader-in-catalogue", "a reader writes the catalogue", "not-writer", dee, book=catalogue)
    made.append(
        {
            **made[0],
            "name": "signature",
            "about": "another commit's signature",
            "expect": "signature",
            "signature": made[1]["signature"],
        }
    )
    return made
