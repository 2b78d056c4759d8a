"""Recovery by trustees at the server: who may leave, see, ask and answer what."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from protocol import wire
from protocol import wire_recovery as recovery
from protocol.codec import encode
from protocol.fold_recovery import enrolment_message
from protocol.limits import ENCRYPTION_KEY_SIZE
from protocol.roster import RecoveryEnrol, RecoveryRelease, Trustee
from protocol.signing import Namespace
from protocol.wire import ErrorCode, Route
from server.workspaces.recovery import MOST_REQUESTS, REQUEST_SECONDS
from tests.protocol.world import MANAGER, Key, Person
from tests.server.client import Client
from tests.server.conftest import Team
from tests.server.test_push import refuses
from tests.support.server import RunningServer, running_server

NOTHING = recovery.RecoveryCollected(0, 0, b"", [], 0, [], 0)


@dataclass
class Scene:
    """Ann has enrolled Ben and Cy; both are needed."""

    team: Team
    ben: tuple[Person, Client]
    cy: tuple[Person, Client]

    @property
    def ann(self) -> Client:
        return self.team.ann

    def path(self, route: Route) -> str:
        return self.team.ann.path(route, self.team.world)

    def enrol(self) -> recovery.RecoveryUpload:
        world = self.team.world
        trustees = sorted((person.id for person, _ in (self.ben, self.cy)))
        named = [Trustee(member, os.urandom(32)) for member in trustees]
        message = enrolment_message(world.workspace, world.state.head, world.ann.id, 2, named)
        signature = world.ann.identity.sign(Namespace.RECOVERY_ENROL, message)
        self.team.do(RecoveryEnrol(world.ann.id, 2, named, signature))
        shares = [recovery.WrappedShare(member, os.urandom(1_168)) for member in trustees]
        return recovery.RecoveryUpload(world.state.head, os.urandom(209), shares)

    def put(self, upload: recovery.RecoveryUpload, client: Client | None = None) -> None:
        (client or self.ann).ask("PUT", self.path(Route.RECOVERY), wire.Done, upload)

    def shares(self, client: Client) -> recovery.RecoveryShares:
        return client.ask("GET", self.path(Route.RECOVERY_SHARES), recovery.RecoveryShares)

    def ask(self, key: bytes, handle: str = "") -> recovery.RecoveryAsked:
        stranger = Client(self.team.origin, "stranger")
        wanted = recovery.RequestRecovery(handle or self.ann.handle, key)
        try:
            return stranger.ask("POST", Route.RECOVERY_REQUEST, recovery.RecoveryAsked, wanted)
        finally:
            stranger.close()

    def collect(self, key: bytes, handle: str = "") -> recovery.RecoveryCollected:
        stranger = Client(self.team.origin, "stranger")
        wanted = recovery.CollectRecovery(handle or self.ann.handle, key, 0)
        try:
            return stranger.ask("POST", Route.RECOVERY_COLLECT, recovery.RecoveryCollected, wanted)
        finally:
            stranger.close()

    def request(self, key: bytes) -> bytes:
        world = self.team.world
        return recovery.request_digest(world.workspace, world.ann.id, key)

    def release(self, who: tuple[Person, Client], key: bytes) -> None:
        world = self.team.world
        person, client = who
        self.team.do(RecoveryRelease(world.ann.id, self.request(key)), by=person, client=client)

    def answer(self, who: tuple[Person, Client], key: bytes) -> None:
        wanted = recovery.ReleaseShare(self.team.world.ann.id, self.request(key), os.urandom(1_168))
        who[1].ask("POST", self.path(Route.RECOVERY_RELEASE), wire.Done, wanted)


@pytest.fixture
def scene(team: Team) -> Scene:
    return Scene(team, team.admit("ben", MANAGER), team.admit("cy", MANAGER))


def a_key() -> bytes:
    return os.urandom(ENCRYPTION_KEY_SIZE)


def test_the_whole_way(scene: Scene) -> None:
    upload = scene.enrol()
    scene.put(upload)
    scene.put(upload)  # the reply was lost
    held = scene.shares(scene.ben[1]).held
    assert [(one.member, one.enrolment) for one in held] == [(scene.team.world.ann.id, upload.enrolment)]
    key = a_key()
    asked = scene.ask(key)
    assert (asked.workspace, asked.member) == (scene.team.world.workspace, scene.team.world.ann.id)
    assert scene.ask(key) == asked
    for client in (scene.ben[1], scene.cy[1], scene.ann):  # her own desks see it too
        assert [one.request_key for one in scene.shares(client).requests] == [key]
    assert scene.collect(key) == NOTHING
    scene.release(scene.ben, key)
    scene.answer(scene.ben, key)
    first = scene.collect(key)
    assert (first.given, first.needed, first.box, first.shares, first.roster) == (1, 2, b"", [], [])
    scene.release(scene.cy, key)
    scene.answer(scene.cy, key)
    found = scene.collect(key)
    assert (found.given, found.box, found.bundle_version) == (2, upload.box, 1)
    assert found.roster == list(scene.team.world.history.entries())

    statement = recovery.AccountRecovery(
        scene.team.world.workspace,
        scene.team.world.ann.id,
        scene.ann.handle,
        scene.request(key),
        Key("login", "new").public,
        wire.BundleUpload(2, b"new bundle"),
    )
    signature = scene.team.world.ann.identity.sign(Namespace.ACCOUNT_RECOVERY, encode(statement))
    wanted = recovery.RecoverAccount(statement, signature)
    stranger = Client(scene.team.origin, "stranger")
    stranger.ask("POST", Route.RECOVERY_ACCOUNT, wire.Done, wanted)
    stranger.ask("POST", Route.RECOVERY_ACCOUNT, wire.Done, wanted)  # the reply was lost
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        scene.ann.ask("GET", Route.ACCOUNT, wire.Account)  # her session ended with the old key
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        scene.ann.log_in()
    scene.ann.log_in(key=Key("login", "new"))
    assert scene.ann.ask("GET", Route.ACCOUNT, wire.Account).bundle == statement.bundle
    assert scene.shares(scene.ben[1]).requests == []
    stranger.close()


@pytest.mark.hostile
@pytest.mark.A02
def test_an_account_is_not_recovered_without_its_identity_and_its_trustees(scene: Scene) -> None:
    upload = scene.enrol()
    scene.put(upload)
    key = a_key()
    scene.ask(key)
    world = scene.team.world

    def attempt(signer: Key, request: bytes, version: int = 2) -> None:
        statement = recovery.AccountRecovery(
            world.workspace,
            world.ann.id,
            scene.ann.handle,
            request,
            Key("login", "thief").public,
            wire.BundleUpload(version, b"b"),
        )
        signed = recovery.RecoverAccount(
            statement, signer.sign(Namespace.ACCOUNT_RECOVERY, encode(statement))
        )
        scene.ben[1].ask("POST", Route.RECOVERY_ACCOUNT, wire.Done, signed)

    with refuses(403, ErrorCode.FORBIDDEN):
        attempt(world.ann.identity, scene.request(key))  # nobody has released
    scene.release(scene.ben, key)
    with refuses(403, ErrorCode.FORBIDDEN):
        attempt(world.ann.identity, scene.request(key))  # one has, two are needed
    scene.release(scene.cy, key)
    for wrong in (world.ann.device, scene.ben[0].identity, Key("thief")):
        with refuses(403, ErrorCode.FORBIDDEN):
            attempt(wrong, scene.request(key))
    with refuses(403, ErrorCode.FORBIDDEN):
        attempt(world.ann.identity, scene.request(a_key()))
    with refuses(409, ErrorCode.BUNDLE_MOVED):
        attempt(world.ann.identity, scene.request(key), version=3)
    attempt(world.ann.identity, scene.request(key))


@pytest.mark.hostile
@pytest.mark.A02
def test_nothing_is_told_about_handles_that_nobody_has(scene: Scene) -> None:
    key = a_key()
    first, again = scene.ask(key, "nobody@example.org"), scene.ask(a_key(), "nobody@example.org")
    assert first == again
    assert (len(first.workspace), len(first.member)) == (32, 16)
    other = scene.ask(key, "somebody@example.org")
    assert other.workspace != first.workspace
    assert scene.ask(key).workspace not in (first.workspace, scene.team.world.workspace)  # not enrolled
    assert scene.collect(key, "nobody@example.org") == scene.collect(key) == NOTHING


@pytest.mark.hostile
def test_only_the_member_leaves_a_box_and_only_for_what_stands(scene: Scene) -> None:
    old = scene.enrol()
    upload = scene.enrol()
    with refuses(409, ErrorCode.ROSTER_MOVED):
        scene.put(old)
    with refuses(409, ErrorCode.ROSTER_MOVED):
        scene.put(upload, scene.ben[1])
    with refuses(400, ErrorCode.MALFORMED):
        scene.put(recovery.RecoveryUpload(upload.enrolment, upload.box, upload.shares[:1]))
    mallory = scene.team.client("mallory")
    with refuses(404, ErrorCode.NOT_FOUND):
        scene.put(upload, mallory)
    with refuses(404, ErrorCode.NOT_FOUND):
        scene.shares(mallory)
    scene.put(upload)


@pytest.mark.hostile
def test_a_trustee_answers_after_his_release_and_nobody_else_does(scene: Scene) -> None:
    scene.put(scene.enrol())
    key = a_key()
    scene.ask(key)
    with refuses(403, ErrorCode.FORBIDDEN):
        scene.answer(scene.ben, key)
    scene.release(scene.ben, key)
    with refuses(403, ErrorCode.FORBIDDEN):
        scene.answer(scene.cy, key)
    unknown = a_key()
    scene.release(scene.cy, unknown)
    with refuses(404, ErrorCode.NOT_FOUND):
        scene.answer(scene.cy, unknown)
    scene.answer(scene.ben, key)
    assert scene.collect(key).given == 1


def test_a_new_enrolment_ends_what_was_asked_under_the_old(scene: Scene) -> None:
    scene.put(scene.enrol())
    key = a_key()
    scene.ask(key)
    scene.release(scene.ben, key)
    scene.answer(scene.ben, key)
    upload = scene.enrol()
    assert scene.shares(scene.ben[1]).held == []  # the old ones stand for nothing
    scene.put(upload)
    assert scene.shares(scene.ben[1]).requests == []
    assert scene.collect(key) == NOTHING


@pytest.mark.hostile
def test_too_many_requests_push_out_those_that_nobody_answered(scene: Scene) -> None:
    scene.put(scene.enrol())
    answered = a_key()
    scene.ask(answered)
    scene.release(scene.ben, answered)
    for _ in range(20):
        scene.ask(a_key())
    left = scene.shares(scene.ben[1]).requests
    assert len(left) == 16
    assert answered in {one.request_key for one in left}


@pytest.mark.hostile
@pytest.mark.A02
def test_no_address_alone_pushes_a_request_out(tmp_path: Path) -> None:
    """Whoever knows a handle could else keep its owner out for as long as he likes."""
    with running_server(tmp_path) as server:
        asked = [_status(server.origin, a_key()) for _ in range(MOST_REQUESTS)]
        assert asked.count(200) < MOST_REQUESTS
        assert set(asked) == {200, 429}
        assert server.errors() == ""


def _status(origin: str, key: bytes) -> int:
    stranger = Client(origin, "stranger")
    wanted = recovery.RequestRecovery("ann@example.org", key)
    try:
        return stranger.raw("POST", Route.RECOVERY_REQUEST, encode(wanted)).status_code
    finally:
        stranger.close()


@pytest.mark.hostile
def test_requests_and_answers_use_up_nothing_of_the_workspace(scene: Scene, server: RunningServer) -> None:
    """Nobody needs a session to ask: the team could not write any more once its space was used up."""
    scene.put(scene.enrol())
    before = _stored(scene, server)
    key = a_key()
    scene.ask(key)
    for _ in range(20):
        scene.ask(a_key())
    assert _stored(scene, server) == before
    scene.ask(key)
    scene.release(scene.ben, key)
    before = _stored(scene, server)
    for _ in range(3):
        scene.answer(scene.ben, key)
    assert _stored(scene, server) == before


def _sql(scene: Scene, server: RunningServer, statement: str) -> list[tuple[int, ...]]:
    path = server.data / "workspaces" / f"{scene.team.world.workspace.hex()}.db"
    with closing(sqlite3.connect(path, timeout=30)) as database:
        found = database.execute(statement).fetchall()
        database.commit()
    return found


def _stored(scene: Scene, server: RunningServer) -> int:
    return _sql(scene, server, "SELECT stored FROM usage")[0][0]


@pytest.mark.hostile
@pytest.mark.A31
def test_A31_a_request_that_is_over_shows_no_roster(scene: Scene, server: RunningServer) -> None:
    """Its key is known to every trustee: one who was removed would read the roster with it for ever."""
    scene.put(scene.enrol())
    key = a_key()
    scene.ask(key)
    for trustee in (scene.ben, scene.cy):
        scene.release(trustee, key)
        scene.answer(trustee, key)
    assert scene.collect(key).roster
    _sql(scene, server, f"UPDATE recovery_requests SET time = time - {REQUEST_SECONDS}")
    assert scene.collect(key) == NOTHING
    with refuses(403, ErrorCode.FORBIDDEN):
        _recover(scene, scene.request(key))


def _recover(scene: Scene, request: bytes, version: int = 2, handle: str = "", login: bytes = b"") -> None:
    world = scene.team.world
    statement = recovery.AccountRecovery(
        world.workspace,
        world.ann.id,
        handle or scene.ann.handle,
        request,
        login or Key("login", "new", version).public,
        wire.BundleUpload(version, b"bundle"),
    )
    signature = world.ann.identity.sign(Namespace.ACCOUNT_RECOVERY, encode(statement))
    wanted = recovery.RecoverAccount(statement, signature)
    stranger = Client(scene.team.origin, "stranger")
    try:
        stranger.ask("POST", Route.RECOVERY_ACCOUNT, wire.Done, wanted)
    finally:
        stranger.close()


@pytest.mark.hostile
@pytest.mark.A02
def test_a_request_serves_once(scene: Scene) -> None:
    """The releases stay in the roster for ever: with the identity's key alone they must not serve again."""
    scene.put(scene.enrol())
    key = a_key()
    scene.ask(key)
    for trustee in (scene.ben, scene.cy):
        scene.release(trustee, key)
        scene.answer(trustee, key)
    _recover(scene, scene.request(key))
    with refuses(403, ErrorCode.FORBIDDEN):
        _recover(scene, scene.request(key), version=3)


@pytest.mark.hostile
def test_a_refused_recovery_does_not_tell_whose_handle_there_is(scene: Scene) -> None:
    for handle in (scene.ann.handle, "nobody@example.org"):
        with refuses(400, ErrorCode.MALFORMED):
            _recover(scene, bytes(32), handle=handle, login=b"short")
        with refuses(403, ErrorCode.FORBIDDEN):
            _recover(scene, bytes(32), handle=handle)


@pytest.mark.hostile
def test_sizes_are_judged_first(scene: Scene) -> None:
    with refuses(400, ErrorCode.MALFORMED):
        scene.ask(b"short")
    with refuses(400, ErrorCode.MALFORMED):
        scene.collect(b"short")
    upload = scene.enrol()
    with refuses(413, ErrorCode.TOO_LARGE):
        scene.put(recovery.RecoveryUpload(upload.enrolment, bytes(1 << 17), upload.shares))
