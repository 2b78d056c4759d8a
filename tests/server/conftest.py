"""A server in a process of its own for the session, and a team on it with a workspace each test."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.commit import Kind
from protocol.ids import Compartment, LogId
from protocol.roster import Confirm, Invite, RoleGrant
from protocol.signing import Namespace
from protocol.wire import Route
from tests.protocol.world import (
    MANAGER,
    NORTH,
    ROLES,
    Key,
    Person,
    World,
    invitation_id,
)
from tests.server.client import Client, Writer
from tests.support.postgres import RunningPostgres, running_postgres
from tests.support.server import RunningServer, running_server

CONTACTS = LogId(NORTH, Compartment.CONTACTS)
SALES = LogId(NORTH, Compartment.SALES)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder: Path = tmp_path_factory.mktemp("server")
    with running_server(folder, "--door-rate", "100000", "--recovery-rate", "100000") as running:
        yield running
        assert running.errors() == ""


@pytest.fixture(scope="session")
def postgres() -> Iterator[RunningPostgres]:
    with running_postgres() as running:
        yield running


@dataclass
class Team:
    """Ann's workspace on a server: the roster as she knows it, everyone's client, one writer a log."""

    origin: str
    world: World
    ann: Client
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """An account that is logged in, and nobody's yet."""
        client = self.clients[name] = Client(self.origin, f"{name}-{self.world.ann.name}@example.org")
        client.sign_up()
        client.log_in()
        return client

    def do(self, *operations: object, by: Person | None = None, client: Client | None = None) -> None:
        """Append to the roster, here and at the server."""
        head = self.world.state.head
        entries = []
        for operation in operations:
            entries.append(self.world.entry(operation, by))  # type: ignore[arg-type]
            self.world.history.append(entries[-1])
        (client or self.ann).append_roster(self.world, *entries, head=head)

    def invite(self, name: str, grants: list[RoleGrant] | None = None) -> tuple[Person, Key]:
        person = self.world.people[name] = Person(f"{name}-{self.world.ann.name}")
        token = Key("token", person.name)
        expires = int(time.time()) + 3_600
        self.do(Invite(invitation_id(person), person.id, token.public, 0, grants or [], expires))  # type: ignore[arg-type]
        return person, token

    def proof(self, person: Person, token: Key, login_key: bytes) -> wire.InvitationProof:
        statement = encode([self.world.workspace, invitation_id(person), login_key])
        signature = token.sign(Namespace.ACCOUNT_FROM_INVITATION, statement)
        return wire.InvitationProof(self.world.workspace, invitation_id(person), signature)

    def admit(self, name: str, role: bytes | None = None) -> tuple[Person, Client]:
        """Invite, join, confirm: the whole way over the wire."""
        grants = [RoleGrant(NORTH, role)] if role is not None else []
        person, token = self.invite(name, grants)
        client = self.client(name)
        self.do(self.world.join_operation(person, token), by=person, client=client)
        self.do(Confirm(invitation_id(person)))
        return person, client

    def start_log(self, log: LogId = CONTACTS) -> Writer:
        writer = Writer(self.world, log)
        rotate = writer.make(self.world.ann.device, Kind.ROTATE)
        self.ann.push(self.world, rotate, wraps=writer.wraps())
        writer.took(rotate)
        return writer

    def close(self) -> None:
        for client in (self.ann, *self.clients.values()):
            client.close()


def found_team(origin: str) -> Team:
    world = World(f"ann{next(_numbers)}")
    ann = Client(origin, f"{world.ann.name}@example.org")
    ann.sign_up()
    ann.log_in()
    for definition in ROLES.values():
        world.do(definition)
    world.group(NORTH, MANAGER)
    entries = list(world.history.entries())
    ann.ask("POST", Route.WORKSPACES, wire.Done, wire.CreateWorkspace(entries))
    return Team(origin, world, ann)


@pytest.fixture
def team(server: RunningServer) -> Iterator[Team]:
    made = found_team(server.origin)
    yield made
    made.close()
