"""Every route with messages that were bent: at the bytes, at any leaf, and inside what is signed.

Never a 500, and what is refused has changed nothing. Signed things are signed again after bending, by a device that
may: a client of ours would not, a member who writes his own would.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol import wire
from protocol.codec import encode
from protocol.commit import Commit, Kind, parse_header
from protocol.ids import Standing
from protocol.roster import Cut, Entry, Grant, Invite, MemberRemove, Policy, ReportsTo
from protocol.signing import Namespace
from protocol.wire import Route
from tests.protocol.world import MANAGER, NORTH, READER, Key, Person
from tests.server.client import Client, Writer
from tests.server.conftest import CONTACTS, Team, found_team
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.hostile

INTEGERS = [
    -(1 << 63),
    -1,
    0,
    1,
    2,
    255,
    (1 << 31) - 1,
    1 << 32,
    1 << 53,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 1,
]
SIZES = [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200]
leaves = st.one_of(
    st.sampled_from(INTEGERS),
    st.sampled_from(SIZES).map(bytes),
    st.binary(max_size=80),
    st.sampled_from(
        ["", "\0", "'; DROP TABLE accounts; --", "../../x", "\u202e", "\U0001f600" * 40, "x" * 300]
    ),
    st.text(max_size=20),
    st.sampled_from([None, True, 0.0, float("inf"), [], {}, [[]], {"a": 1}, {1: 2}]),
)
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def places(tree: object, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield path
    if isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from places(item, (*path, index))


def changed(tree: Any, path: tuple[int, ...], leaf: object, how: str) -> Any:
    """A copy with the item at `path` replaced, taken out, or there twice."""
    if not path:
        return leaf
    copy = list(tree)
    if len(path) > 1:
        copy[path[0]] = changed(tree[path[0]], path[1:], leaf, how)
    elif how == "twice":
        copy.insert(path[0], copy[path[0]])
    elif how == "out":
        del copy[path[0]]
    else:
        copy[path[0]] = leaf
    return copy


@st.composite
def bent(draw: st.DrawFn, message: bytes) -> bytes:
    if draw(st.booleans()):
        tree = msgspec.msgpack.decode(message)
        path = draw(st.sampled_from(list(places(tree))))
        return msgspec.msgpack.encode(
            changed(tree, path, draw(leaves), draw(st.sampled_from(["new", "out", "twice"])))
        )
    place = draw(st.integers(0, len(message)))
    return message[:place] + draw(st.binary(max_size=9)) + message[place + draw(st.integers(0, 9)) :]


@dataclass
class Target:
    """A team on a server of its own, and what lies there."""

    server: RunningServer
    team: Team
    writer: Writer
    reader: Client
    invited: Person
    token: Key

    def stored(self) -> bytes:
        """A digest of all that requests may change, but for challenges, sessions and refused logins."""
        digest = hashlib.sha256()
        tables: dict[str, tuple[str, ...]] = {"server.db": ("accounts", "memberships")}
        workspace = f"workspaces/{self.team.world.workspace.hex()}.db"
        tables[workspace] = ("usage", "links", "roster", "logs", "commits", "bodies", "wraps", "chunks")
        for name, each in tables.items():
            path = Path(self.server.data / name).absolute()
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
                for table in each:
                    for row in connection.execute(f"SELECT * FROM {table}"):
                        digest.update(repr(row).encode())
        return digest.digest()

    def send(self, client: Client, method: str, path: str, data: bytes | None) -> None:
        before = self.stored()
        reply = client.raw(method, path, data)
        assert reply.status_code < 500 or reply.status_code == 507, (method, path, data)
        if reply.status_code != 200:
            code, text = msgspec.msgpack.decode(reply.content)
            assert code and len(text) <= 300
            assert self.stored() == before, (reply.status_code, code)
        self.server_is_well()

    def server_is_well(self) -> None:
        assert '"failed"' not in self.server.journal.read_text(encoding="utf-8")
        assert self.server.errors() == ""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    rates = ("--door-rate", "100000", "--session-rate", "1000000")
    with running_server(tmp_path_factory.mktemp("fuzz"), *rates) as server:
        team = found_team(server.origin)
        writer = team.start_log()
        _, reader = team.admit("rita", READER)
        invited, token = team.invite("ines")
        yield Target(server, team, writer, reader, invited, token)
        team.close()


def messages(target: Target) -> dict[str, tuple[str, str, bytes]]:
    """A valid message for each route that takes one."""
    team = target.team
    world, ann = team.world, team.ann
    login_key = Key("login", "fuzz").public
    proof = team.proof(target.invited, target.token, login_key)
    commit = target.writer.make(world.ann.device)
    rotate = target.writer.make(world.ann.device, Kind.ROTATE)
    wraps = target.writer.wraps()
    invite = Invite(bytes(15) + b"1", bytes(15) + b"2", bytes(32), Standing.MEMBER, [], int(time.time()) + 60)
    bundle = wire.BundleUpload(1, b"sealed")
    statement = wire.LoginStatement(bytes(32), ann.origin, ann.handle, int(time.time()))
    account = wire.CreateAccount("new@example.org", login_key, bundle, wire.SignupCode(""))
    invited = wire.CreateAccount("new2@example.org", login_key, bundle, proof)

    def of(route: Route) -> str:
        return ann.path(route, world)

    found: dict[str, tuple[str, str, object]] = {
        "account": ("POST", Route.ACCOUNTS, account),
        "invited": ("POST", Route.ACCOUNTS, invited),
        "challenge": ("POST", Route.CHALLENGE, wire.ChallengeRequest("a@b")),
        "login": ("POST", Route.LOGIN, wire.Login(statement, bytes(64), "desk")),
        "bundle": ("PUT", Route.ACCOUNT, wire.ReplaceBundle(1, wire.BundleUpload(2, b"x"), b"")),
        "end": ("POST", Route.SESSIONS, wire.EndSession(bytes(16))),
        "found": ("POST", Route.WORKSPACES, wire.CreateWorkspace(list(world.history.entries())[:3])),
        "roster": ("POST", of(Route.ROSTER), wire.AppendRoster(world.state.head, [world.entry(invite)])),
        "join": ("POST", of(Route.JOIN), wire.ReadForJoin(proof, login_key, 0)),
        "push": ("POST", of(Route.PUSH), wire.Push([commit], [])),
        "rotate": ("POST", of(Route.PUSH), wire.Push([rotate], wraps)),
        "wraps": ("POST", of(Route.WRAPS), wire.AddWraps(target.writer.wraps(1))),
    }
    return {name: (method, str(path), encode(body)) for name, (method, path, body) in found.items()}


ROUTES = ["account", "invited", "challenge", "login", "bundle", "end"]
ROUTES += ["found", "roster", "join", "push", "rotate", "wraps"]


@pytest.mark.parametrize("name", ROUTES)
def test_bent_messages(target: Target, name: str) -> None:
    method, path, body = messages(target)[name]

    @QUICK
    @given(bent(body))
    def play(data: bytes) -> None:
        if data == body:
            return
        target.send(target.team.ann, method, path, data)
        if name in ("roster", "push", "rotate", "wraps"):
            catch_up(target)

    play()


def catch_up(target: Target) -> None:
    """Some bent messages are valid ones: take what was stored, so that the next are not just late."""
    team = target.team
    page = team.ann.pull(team.world)
    for entry in page.roster[team.world.state.position :]:
        team.world.history.append(entry)
    target.writer.took(*team.ann.log(team.world, CONTACTS, target.writer.state.position + 1).commits)


def test_signed_headers(target: Target) -> None:
    """Each field of a header as no client would set it, under a signature that verifies."""
    team = target.team
    fields = list(parse_header(target.writer.make(team.world.ann.device).header).__struct_fields__)

    @QUICK
    @given(
        st.lists(st.tuples(st.sampled_from(range(len(fields))), leaves), min_size=1, max_size=2),
        st.booleans(),
    )
    def play(changes: list[tuple[int, object]], rotates: bool) -> None:
        device = team.world.ann.device
        made = target.writer.make(device, Kind.ROTATE if rotates else Kind.DATA)
        tree = msgspec.msgpack.decode(made.header)
        for index, leaf in changes:
            tree[index] = leaf
        header = msgspec.msgpack.encode(tree)
        commit = Commit(header, device.sign(Namespace.COMMIT, header), made.body)
        push = encode(wire.Push([commit], target.writer.wraps() if rotates else []))
        target.send(team.ann, "POST", team.ann.path(Route.PUSH, team.world), push)
        catch_up(target)

    play()


def test_signed_entries(target: Target) -> None:
    """The same for entries of the roster: by the owner, and by a member who may not."""
    team = target.team
    world = team.world
    rita = world.people["rita"]
    zeros = [Cut(CONTACTS.encode(), 0, bytes(32))]
    makers: list[Callable[[], object]] = [
        lambda: Invite(bytes(15) + b"1", bytes(15) + b"2", bytes(32), Standing.MEMBER, [], 1),
        lambda: Grant(rita.id, NORTH, MANAGER, b"", b""),
        lambda: MemberRemove(rita.id, zeros),
        lambda: Policy("format-version", 1, b"", b""),
        lambda: ReportsTo(rita.id, world.ann.id, []),
    ]

    @QUICK
    @given(st.sampled_from(makers), st.data(), leaves, st.booleans())
    def play(maker: Callable[[], object], data: st.DataObject, leaf: object, as_member: bool) -> None:
        key = rita.device if as_member else world.ann.device
        client = target.reader if as_member else team.ann
        tree = msgspec.msgpack.decode(encode(world.body(maker(), key)))  # type: ignore[arg-type]
        path = data.draw(st.sampled_from([p for p in places(tree) if p]))
        body = msgspec.msgpack.encode(changed(tree, path, leaf, "new"))
        entry = Entry(body, key.sign(Namespace.ROSTER_ENTRY, body))
        wanted = encode(wire.AppendRoster(world.state.head, [entry]))
        target.send(client, "POST", client.path(Route.ROSTER, world), wanted)
        catch_up(target)

    play()


TAILS = ["pull?cursor=", "roster?from=", "wraps?generation=", "logs/{log}?from=", "logs/{log}/files/{file}/"]


@pytest.mark.parametrize("tail", TAILS)
def test_numbers_and_words_in_the_address(target: Target, tail: str) -> None:
    team = target.team
    tail = tail.format(log=CONTACTS.encode().hex(), file="0" * 32)
    words = st.one_of(
        st.sampled_from([str(n) for n in INTEGERS]),
        st.sampled_from(
            ["", "0x1", "1e9", "\u0661", "%00", "%ff", "1&cursor=2", "' OR 1=1 --", "..%2f..%2f", "9" * 5_000]
        ),
        st.text(alphabet="0123456789abcdef%&=./-", max_size=40),
    )

    @QUICK
    @given(words)
    def play(word: str) -> None:
        target.send(team.ann, "GET", f"/v1/workspaces/{team.world.workspace.hex()}/{tail}{word}", None)

    play()
