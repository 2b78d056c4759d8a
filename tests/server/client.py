"""A client of the wire alone: messages out, messages in, no vault. And a device that signs commits on logs."""

from __future__ import annotations

import base64
import os
import time
from typing import TypeVar

import requests

from protocol import wire
from protocol.access import recipients
from protocol.admission import LogState, advance
from protocol.codec import Message, decode, encode
from protocol.commit import Commit, Header, Kind, body_hash, parse_header, rotate_detail
from protocol.ids import LogId
from protocol.limits import MAX_REQUEST, VERSION, WRAP_SIZE
from protocol.signing import Namespace, key_id
from protocol.state import RosterState
from protocol.wire import Route
from tests.protocol.world import Key, World, seeded

M = TypeVar("M", bound=Message)


class Refused(Exception):
    """An error reply."""

    def __init__(self, status: int, code: str, headers: dict[str, str]) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.headers = headers


class Client:
    """One account at one server. `key` is the login key."""

    def __init__(self, origin: str, handle: str, verify: str | bool = True) -> None:
        self.origin = origin
        self.handle = handle
        self.key = Key("login", handle)
        self.token = b""
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = verify

    def close(self) -> None:
        self.http.close()

    def raw(
        self, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        sent = dict(headers or {})
        if self.token and "authorization" not in sent:
            sent["authorization"] = "Bearer " + base64.urlsafe_b64encode(self.token).decode().rstrip("=")
        return self.http.request(method, self.origin + path, data=data, headers=sent, timeout=60)

    def ask(self, method: str, path: str, as_type: type[M], body: Message | bytes | None = None) -> M:
        data = body if isinstance(body, bytes) or body is None else encode(body)
        return decode(self.content(method, path, data), as_type, MAX_REQUEST)

    def content(self, method: str, path: str, data: bytes | None = None) -> bytes:
        response = self.raw(method, path, data)
        if response.status_code != 200:
            error = decode(response.content, wire.ErrorReply, 1 << 16)
            raise Refused(
                response.status_code, error.code, {k.lower(): v for k, v in response.headers.items()}
            )
        return response.content

    # accounts

    def sign_up(self, admission: wire.SignupCode | wire.InvitationProof | None = None) -> None:
        wanted = wire.CreateAccount(
            self.handle,
            self.key.public,
            wire.BundleUpload(1, b"sealed bundle of " + self.handle.encode()),
            admission or wire.SignupCode(""),
        )
        self.ask("POST", Route.ACCOUNTS, wire.Done, wanted)

    def challenge(self) -> bytes:
        return self.ask("POST", Route.CHALLENGE, wire.Challenge, wire.ChallengeRequest(self.handle)).challenge

    def statement(self, **changes: object) -> wire.LoginStatement:
        fields: dict[str, object] = {
            "challenge": b"",
            "origin": self.origin,
            "handle": self.handle,
            "time": int(time.time()),
        }
        fields.update(changes)
        if not fields["challenge"]:
            fields["challenge"] = self.challenge()
        return wire.LoginStatement(**fields)  # type: ignore[arg-type]

    def log_in(self, statement: wire.LoginStatement | None = None, key: Key | None = None) -> None:
        statement = statement or self.statement()
        signature = (key or self.key).sign(Namespace.LOGIN, encode(statement))
        wanted = wire.Login(statement, signature, "test desk")
        self.token = self.ask("POST", Route.LOGIN, wire.Session, wanted).token

    # workspaces

    def path(self, route: Route, world: World, **parts: str) -> str:
        return str(route).format(workspace=world.workspace.hex(), **parts)

    def append_roster(self, world: World, *entries: object, head: bytes | None = None) -> None:
        wanted = wire.AppendRoster(world.state.head if head is None else head, list(entries))  # type: ignore[arg-type]
        self.ask("POST", self.path(Route.ROSTER, world), wire.Done, wanted)

    def push(self, world: World, *commits: Commit, wraps: list[wire.Wrap] | None = None) -> wire.PushReply:
        return self.ask(
            "POST", self.path(Route.PUSH, world), wire.PushReply, wire.Push(list(commits), wraps or [])
        )

    def pull(self, world: World, cursor: int = 0) -> wire.PullPage:
        return self.ask("GET", self.path(Route.PULL, world) + f"?cursor={cursor}", wire.PullPage)

    def pull_all(self, world: World) -> list[wire.PlacedCommit]:
        found: list[wire.PlacedCommit] = []
        cursor, more = 0, True
        while more:
            page = self.pull(world, cursor)
            found += page.commits
            cursor, more = page.cursor, page.more
        return found

    def heads(self, world: World) -> wire.Heads:
        return self.ask("GET", self.path(Route.HEADS, world), wire.Heads)

    def log(self, world: World, log: LogId, first: int = 1) -> wire.LogPage:
        path = self.path(Route.LOG, world, log=log.encode().hex()) + f"?from={first}"
        return self.ask("GET", path, wire.LogPage)

    def headers(self, world: World, log: LogId, first: int = 1) -> wire.HeaderPage:
        path = self.path(Route.HEADERS, world, log=log.encode().hex()) + f"?from={first}"
        return self.ask("GET", path, wire.HeaderPage)

    def chunk_path(self, world: World, log: LogId, file: bytes, index: int) -> str:
        return self.path(Route.FILE_CHUNK, world, log=log.encode().hex(), file=file.hex(), index=str(index))


class Writer:
    """A log as one writer knows it: makes signed commits that follow each other. Bodies are random bytes."""

    def __init__(self, world: World, log: LogId) -> None:
        self.world = world
        self.log = log
        self.state = LogState.empty(log)

    def make(
        self,
        device: Key,
        kind: Kind = Kind.DATA,
        body: bytes | None = None,
        state: LogState | None = None,
        **changes: object,
    ) -> Commit:
        """A commit as the next one of the log, not yet counted as stored."""
        state = state or self.state
        body = os.urandom(200) if body is None else body
        roster: RosterState = self.world.state
        end = state.end_of(device.id)
        generation = state.generation + (kind is Kind.ROTATE)
        fields: dict[str, object] = {
            "version": VERSION,
            "kind": kind,
            "workspace": self.world.workspace,
            "log": self.log.encode(),
            "generation": generation,
            "author": device.id,
            "counter": end.counter + 1,
            "previous": end.hash,
            "seen_position": state.position,
            "seen_chain": state.chain,
            "roster_position": roster.position,
            "roster_hash": roster.head,
            "detail": b"",
            "body_hash": body_hash(body),
        }
        if kind is Kind.ROTATE:
            fields["detail"] = rotate_detail(seeded("key", self.log, generation), state.generation)
        fields.update(changes)
        header = encode(Header(**fields))  # type: ignore[arg-type]
        return Commit(header, device.sign(Namespace.COMMIT, header), body)

    def took(self, *commits: Commit) -> None:
        """The server has stored these."""
        for commit in commits:
            self.state = advance(self.state, parse_header(commit.header), commit.signature)

    def chain_of(self, device: Key, count: int, size: int = 200) -> list[Commit]:
        """Several commits of a device that has seen nothing since; not yet counted as stored."""
        before, commits = self.state, []
        for _ in range(count):
            body = os.urandom(size)
            commit = self.make(device, body=body, seen_position=before.position, seen_chain=before.chain)
            commits.append(commit)
            self.took(commit)
        self.state = before
        return commits

    def wraps(self, generation: int | None = None) -> list[wire.Wrap]:
        """A wrap for every reader; the sealed bytes are random, which the server cannot tell."""
        generation = self.state.generation + 1 if generation is None else generation
        keys = recipients(self.world.state, self.log).values()
        return [
            wire.Wrap(self.log.encode(), generation, key_id(k.encryption), os.urandom(WRAP_SIZE))
            for k in keys
        ]
