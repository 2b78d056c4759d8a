"""A hostile office: desks that write canaries, a relay that records what leaves them and lies to them, three oracles.

    1 no canary and no secret key in any byte that left a desk
    2 nothing that the server holds opens anything that it holds
    3 a lie ends in a typed error with words for people (or is asked about again), and the desk's state is as it was

`HostileOffice.lie` plays one lie and holds the third; `assert_oracles` the first two, at the end of a test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from protocol import wire
from protocol.codec import Message, encode
from protocol.commit import Commit, body_hash, parse_header
from protocol.ids import KEY_SIZE, LogId
from protocol.operations import Body, encode_body
from protocol.signing import Namespace
from tests.support.desks import SCHEMA, Desk, World
from tests.support.desks import world as make_world
from tests.support.lies import signer
from tests.support.relay import Relay
from tools.canaries import search
from vault.errors import VaultError
from vault.exchange import Accepted
from vault.keys import Bundle, OpenFailed, body_context, open_body
from vault.store import RecordKey

MARK = "Zq5Canary"
EMPTY_BODY = encode_body(Body(bytes(16), 1, 1, 0, []))


class RecordingRelay(Relay):
    """An honest relay until a test edits it; `sent` has every request that a desk made, as it went over the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, bytes]] = []

    def _record(self, name: str, request: Message) -> None:
        self.sent.append((name, encode(request)))

    def create(self, request: wire.CreateWorkspace) -> None:
        self._record("create", request)
        super().create(request)

    def append_roster(self, request: wire.AppendRoster) -> None:
        self._record("roster", request)
        super().append_roster(request)

    def push(self, push: wire.Push) -> wire.PushReply:
        self._record("push", push)
        return super().push(push)

    def add_wraps(self, request: wire.AddWraps) -> None:
        self._record("wraps", request)
        super().add_wraps(request)


@dataclass(frozen=True)
class Snapshot:
    """What a desk has: heads, roster, keys, records as it shows them, what waits to be sent."""

    ends: object
    roster: tuple[int, bytes]
    keys: object
    records: object
    waiting: int


def snapshot(desk: Desk) -> Snapshot:
    exchange = desk.exchange
    with desk.vault.store.read() as tx:
        logs = list(exchange.desk.logs.known_logs(tx))
        keys = {log: dict(exchange.desk.logs.keys(tx, log)) for log in logs}
        waiting = exchange.desk.outbox.count(tx)
    return Snapshot(exchange.log_ends(), exchange.roster_head(), keys, shown(desk), waiting)


def shown(desk: Desk) -> dict[tuple[bytes, str, bytes], object]:
    """Every record as this desk folded it, deleted ones and conflicts included."""
    found: dict[tuple[bytes, str, bytes], object] = {}
    for kind in SCHEMA.types:
        with desk.vault.store.read() as tx:
            rows = tx.all(f'SELECT r.rid, l.log FROM "r_{kind.name}" r JOIN logs l ON l.id = r.log')
        for rid, raw in rows:
            assert isinstance(rid, bytes) and isinstance(raw, bytes)
            key = RecordKey(LogId.decode(raw), kind.name, rid)
            record = desk.record(key)
            if record is not None:
                kept = [
                    (one.field, [value for value, _ in one.kept]) for one in desk.vault.history.conflicts(key)
                ]
                found[(raw, kind.name, rid)] = (dict(record.fields), record.deleted, kept)
    return found


@dataclass
class Outcome:
    """How a desk took a lie: the errors that it raised or stopped logs with, and the logs that it asks for again."""

    errors: list[VaultError] = field(default_factory=list)
    asks: list[LogId] = field(default_factory=list)

    @property
    def noticed(self) -> bool:
        return bool(self.errors or self.asks)


class HostileOffice:
    """Ann, who owns it, Ben (Manager) and Cy (Sales rep) on a relay; whatever they write is a canary."""

    def __init__(self, world: World, relay: RecordingRelay) -> None:
        self.world = world
        self.relay = relay
        self.canaries: list[str] = []
        self.ann = world.ann
        self.person = self.ann.add("person", name=self.canary(), phone=self.canary())
        self.deal = self.ann.add("deal", title=self.canary())
        self.ann.add("product", name=self.canary())
        self.ann.name_it("group", world.group, self.canary())
        self.ann.sync()
        self.ben = world.member("ben", "manager")
        self.cy = world.member("cy", "sales-rep")
        world.sync_all()

    def canary(self) -> str:
        made = f"{MARK}{len(self.canaries):04}"
        self.canaries.append(made)
        return made

    def news(self, count: int = 3) -> None:
        """Ann changes a person and a deal, `count` times each, in rounds of their own; nobody has pulled it yet."""
        for _ in range(count):
            self.ann.put(self.person, name=self.canary())
            self.ann.push()
            self.ann.put(self.deal, title=self.canary())
            self.ann.push()

    def page(self, desk: Desk) -> wire.PullPage:
        """The honest next page for that desk."""
        return Relay.pull(self.relay, desk.member, desk.exchange.cursor())

    # the third oracle

    def lie(self, desk: Desk, act: Callable[[], object], *, unmoved: bool = True) -> Outcome:
        """Play a lie: `act` hands the desk something. Errors are typed, have words and leak nothing; the state is
        as before (`unmoved`), and in any case no state that an honest server contradicts."""
        before = snapshot(desk)
        outcome = Outcome()
        try:
            done = act()
        except VaultError as raised:
            outcome.errors.append(raised)
        else:
            if isinstance(done, Accepted):
                outcome.errors += [stop.error for stop in done.stopped]
                outcome.asks += [gap.log for gap in done.gaps]
        for error in outcome.errors:
            self.assert_in_words(error)
        if unmoved:
            assert snapshot(desk) == before, "the lie changed something"
        self.assert_nothing_false(desk)
        return outcome

    def assert_in_words(self, error: VaultError) -> None:
        assert error.title and error.message and error.title != VaultError.title
        said = f"{error.title} {error.message} {error}"
        assert not any(canary in said for canary in self.canaries)

    def assert_nothing_false(self, desk: Desk) -> None:
        """Roster and logs as far as the desk has come are those of the honest relay."""
        position, head = desk.exchange.roster_head()
        assert self.relay.history.hash_at(position) == head
        for log, end in desk.exchange.log_ends().items():
            if end.position:
                assert self.relay.logs[log].chains[end.position - 1] == end.chain

    def heal(self, *desks: Desk) -> None:
        """The server is honest again, and people let stopped logs be tried again: all desks agree."""
        for desk in desks:
            for stop in desk.exchange.stopped():
                desk.exchange.resume(stop.log)
        self.world.sync_all()
        for desk in desks:
            assert desk.exchange.stopped() == []
            for log, end in desk.exchange.log_ends().items():
                assert end.position == self.relay.logs[log].state.position

    # the first two

    def assert_oracles(self) -> None:
        """Nothing leaked, and nothing that the server holds opens anything."""
        held = list(self.held())
        places = [*self.relay.sent, *((f"held {number}", data) for number, data in enumerate(held))]
        canaries: list[str | bytes] = [*self.canaries, *self.secrets()]
        assert list(search(canaries, places)) == []
        assert self.opened_by_the_server() == []

    def secrets(self) -> list[bytes]:
        """Every secret key of every desk."""
        found: list[bytes] = []
        for desk in self.world.desks:
            own, account = desk.vault.own, desk.account
            found += [own.device.to_bytes(), account.key.raw, account.derived.unlock_key]
            found.append(account.derived.login.to_bytes())
            found += [key.to_bytes() for key in own.private]
            with desk.vault.store.read() as tx:
                logs = desk.exchange.desk.logs
                for log in logs.known_logs(tx):
                    found += logs.keys(tx, log).values()
        return list(dict.fromkeys(found))

    def held(self) -> Iterator[bytes]:
        """All that the server has: roster, commits, wraps, bundles, login keys, handles."""
        for entry in self.relay.entries:
            yield encode(entry)
        for log in self.relay.logs.values():
            for commit in log.commits:
                yield encode(commit)
        for wrap in self.relay.wraps:
            yield encode(wrap)
        for desk in self.world.desks:
            yield encode(desk.account.bundle)
            yield desk.account.handle.encode() + desk.account.derived.login.public

    def opened_by_the_server(self) -> list[str]:
        """What opens with any 32 bytes among what the server holds, plain or hashed, as the key."""
        candidates: set[bytes] = {bytes(KEY_SIZE)}
        for data in self.held():
            for value in _values(data):
                candidates |= {
                    value[:KEY_SIZE].ljust(KEY_SIZE, b"\0"),
                    value[-KEY_SIZE:].rjust(KEY_SIZE, b"\0"),
                }
                candidates.add(hashlib.sha256(value).digest())
        opened = []
        workspace, account = self.ann.vault.own.workspace, self.ann.account
        for log, held in self.relay.logs.items():
            commit = held.commits[-1]
            if any(_opens_commit(workspace, log, commit, key) for key in candidates):
                opened.append(f"{log.compartment.name} {held.state.position}")
        if any(_opens_bundle(account.handle, account.bundle, key) for key in candidates):
            opened.append("bundle")
        return opened


def _opens_commit(workspace: bytes, log: LogId, commit: Commit, key: bytes) -> bool:
    header = parse_header(commit.header)
    try:
        open_body(key, body_context(workspace, log, header.generation), header.associated_data(), commit.body)
    except OpenFailed:
        return False
    return True


def _opens_bundle(handle: str, bundle: wire.BundleUpload, key: bytes) -> bool:
    try:
        Bundle.open(bundle.sealed, key, handle, bundle.version)
    except OpenFailed:
        return False
    return True


def _values(data: bytes) -> Iterator[bytes]:
    """Every byte string in a message, at any depth, and of what those are messages themselves."""
    try:
        value = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError):
        yield data
        return
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, str):
            yield one.encode()
        elif isinstance(one, bytes) and one:
            yield one
            if one[0] >> 4 == 0x9:  # an array inside: header or body of an entry
                yield from _values(one)


@contextmanager
def hostile_office(folder: Path) -> Iterator[HostileOffice]:
    """An office for the length of a block; the first two oracles are held at its end, whatever the test did."""
    relay = RecordingRelay()
    with make_world(folder, relay) as world:
        office = HostileOffice(world, relay)
        yield office
        office.assert_oracles()


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    """One bit changed."""
    return data[:at] + bytes((data[at] ^ (1 << bit),)) + data[at + 1 :]


def around(desk: Desk, log: LogId, body: bytes, generation: int = 0) -> Commit:
    """A commit by that desk's changed program around sealed bytes of somebody else's: header and signature hold."""
    honest = parse_header(signer(desk, log).data(EMPTY_BODY).header)
    header = msgspec.structs.replace(
        honest, body_hash=body_hash(body), generation=generation or honest.generation
    )
    encoded = encode(header)
    return Commit(encoded, desk.vault.own.device.sign(Namespace.COMMIT, encoded), body)
