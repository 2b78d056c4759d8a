"""Open workspaces: one object each, within a bound, opened anew after a failure; sessions by a clock of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.commit import Kind
from protocol.signing import Namespace
from server.accounts import Sessions, challenge_for, log_in
from server.errors import LoginRefused, NotFound, OverQuota, Unauthenticated
from server.settings import Bounds, Settings
from server.storage import AccountRow, SqliteFolder
from server.storage.accounts import SqlAccountTx
from server.workspaces import Workspaces, create_workspace, heads, push
from tests.protocol.world import MANAGER, NORTH, ROLES, Key, World
from tests.server.client import Writer
from tests.server.conftest import CONTACTS


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[SqliteFolder]:
    made = SqliteFolder(tmp_path)
    with made.write_accounts() as tx:
        for number, name in enumerate(("ann", "ben"), 1):
            tx.add_account(name, AccountRow(number, name, bytes(32), 1, b"sealed"), 0, None)
    yield made
    made.close()


@dataclass
class Opened:
    """Workspaces over a folder, and what they announced."""

    folder: SqliteFolder
    bounds: Bounds = field(default_factory=Bounds)
    told: list[tuple[bytes, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workspaces = Workspaces(self.folder, self.bounds, lambda w, c, _: self.told.append((w, c)))

    def found(self, name: str, account: int = 1) -> World:
        world = World(name)
        for definition in ROLES.values():
            world.do(definition)
        world.group(NORTH, MANAGER)
        create_workspace(self.workspaces, account, wire.CreateWorkspace(list(world.history.entries())))
        return world


@pytest.fixture
def opened(folder: SqliteFolder) -> Iterator[Opened]:
    made = Opened(folder, Bounds(open_workspaces=2, workspaces_of_account=4))
    yield made
    made.workspaces.close()


def started(opened: Opened, world: World) -> Writer:
    writer = Writer(world, CONTACTS)
    rotate = writer.make(world.ann.device, Kind.ROTATE)
    with opened.workspaces.use(world.workspace) as workspace:
        push(workspace, 1, wire.Push([rotate], writer.wraps()))
    writer.took(rotate)
    return writer


def test_one_object_for_all_who_ask(opened: Opened) -> None:
    world = opened.found("ann")
    opened.workspaces.close()
    barrier = threading.Barrier(8)
    kept = threading.Barrier(8)

    def ask(_: int) -> int:
        barrier.wait()
        with opened.workspaces.use(world.workspace) as workspace:
            kept.wait()
            return id(workspace)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_the_longest_unused_is_closed_and_comes_back(opened: Opened) -> None:
    worlds = [opened.found(name) for name in ("ann", "abe", "ada")]
    writer = started(opened, worlds[0])
    for world in worlds[1:]:
        with opened.workspaces.use(world.workspace):
            assert opened.workspaces.open_count <= 2
    with opened.workspaces.use(worlds[0].workspace) as workspace:  # read again from its file
        assert workspace.log_state(CONTACTS) == writer.state
        assert heads(workspace, 1).logs[0].chain == writer.state.chain
        commit = writer.make(worlds[0].ann.device)
        assert push(workspace, 1, wire.Push([commit], [])).placements[0].position == 2


def test_one_in_use_stays_open(opened: Opened) -> None:
    worlds = [opened.found(name) for name in ("ann", "abe", "ada")]
    with opened.workspaces.use(worlds[0].workspace) as first:
        for world in worlds[1:]:
            with opened.workspaces.use(world.workspace):
                pass
        assert heads(first, 1).roster_position == worlds[0].state.position


def test_what_fails_in_between_is_opened_anew(opened: Opened) -> None:
    world = opened.found("ann")
    with opened.workspaces.use(world.workspace) as workspace:
        with pytest.raises(ZeroDivisionError), workspace.changing():
            raise ZeroDivisionError
        with opened.workspaces.use(world.workspace) as other:
            assert other is not workspace
            assert heads(other, 1).roster_hash == world.state.head


def test_nothing_is_kept_of_what_is_not_there(opened: Opened) -> None:
    for n in range(5):
        with pytest.raises(NotFound), opened.workspaces.use(bytes([n]) * 32):
            pass
    assert opened.workspaces.open_count == 0
    assert opened.workspaces._opening == {}


def test_a_creation_that_was_cut_short(opened: Opened) -> None:
    """The file is there, the genesis is not: nobody sees a workspace, and the founder finishes it."""
    world = World("ann")
    opened.folder.create_workspace(world.workspace).close()
    with opened.workspaces.use(world.workspace) as workspace, pytest.raises(NotFound):
        heads(workspace, 1)
    opened.found("ann")


def test_an_account_founds_some_workspaces_only(opened: Opened) -> None:
    for name in "abcd":
        opened.found(name)
    with pytest.raises(OverQuota):
        opened.found("e")
    opened.found("a")  # the same again is no more
    opened.found("f", account=2)


def test_announcements_rise(opened: Opened) -> None:
    world = opened.found("ann")
    started(opened, world)
    cursors = [cursor for _, cursor in opened.told]
    assert cursors == sorted(cursors)
    assert cursors[-1] == world.state.position + 2  # a wrap and a rotate


def test_sessions_end_by_the_clock(folder: SqliteFolder, tmp_path: Path) -> None:
    now = [1_000.0]
    ended: list[bytes] = []
    settings = Settings(tmp_path, clock=lambda: now[0], bounds=Bounds(session_seconds=1_000))
    sessions = Sessions(folder, settings, ended.append)
    with folder.write_accounts() as tx:
        made = sessions.begin(tx, 1, "desk")
    assert made.expires == 2_000
    caller = sessions.caller(made.token)
    assert sessions.remembered(made.token) == caller
    now[0] = 1_011.0
    assert sessions.remembered(made.token) is None  # asked again after a moment
    now[0] = 1_500.0
    sessions.caller(made.token)
    assert sessions.listed(caller).sessions[0].last_seen == 1_500
    now[0] = 2_000.0
    with pytest.raises(Unauthenticated):
        sessions.caller(made.token)
    assert sessions.listed(caller).sessions == []
    assert ended == []


@pytest.mark.hostile
def test_a_login_while_the_key_is_replaced(folder: SqliteFolder) -> None:
    """The thief's login began under the old key; the owner's change of password comes before its end."""
    key, settings = Key("login", "ann"), Settings(folder.folder, frozenset({"https://a"}))
    sessions = Sessions(folder, settings, lambda _: None)
    with folder.write_accounts() as tx:
        tx.set_login_key(1, key.public)
    challenge = challenge_for(folder, settings, "ann").challenge
    statement = wire.LoginStatement(challenge, "https://a", "ann", settings.now())
    login = wire.Login(statement, key.sign(Namespace.LOGIN, encode(statement)), "")

    class Between(SqliteFolder):
        """The same folder; the key is replaced before the second transaction."""

        begun = 0

        def __init__(self) -> None:
            pass

        @contextmanager
        def write_accounts(self) -> Iterator[SqlAccountTx]:
            self.begun += 1
            with folder.write_accounts() as tx:
                if self.begun == 2:
                    tx.set_login_key(1, Key("another").public)
                yield tx

    with pytest.raises(LoginRefused):
        log_in(Between(), settings, sessions, settings.origins, "127.0.0.1", login)
    with folder.read_accounts() as tx:
        assert tx.sessions(1) == []
