"""Desks for stories: each a real vault in a folder of its own, carried to a relay in memory by `sync`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protocol import wire
from protocol.ids import DIRECTORY_LOG, Compartment, GroupId, LogId, MemberId, RoleId, Standing
from protocol.roster import RosterOperation
from protocol.wire import ErrorCode
from tests.support.relay import Refused, Relay
from vault import Created, Entered, Vault
from vault.exchange import Exchange, LogRange
from vault.keys import Derived, Link, SecretKey
from vault.keys.derive import derive
from vault.profile import Profile, VaultKey
from vault.roster import name_fields, plan_invite, plan_remove
from vault.schema import Field, FieldKind, RecordType, Schema, Search
from vault.store import Record, RecordKey

SCHEMA = Schema(
    (
        RecordType(
            "name",
            1,
            "Name",
            "Names",
            Compartment.DIRECTORY,
            (Field("kind", "Kind"), Field("subject", "Subject"), Field("name", "Name", search=Search.TITLE)),
        ),
        RecordType(
            "person",
            2,
            "Person",
            "People",
            Compartment.CONTACTS,
            (
                Field("name", "Name", column=True, search=Search.TITLE),
                Field("phone", "Phone", column=True, search=Search.KEYS),
            ),
        ),
        RecordType(
            "deal",
            3,
            "Deal",
            "Deals",
            Compartment.SALES,
            (
                Field("title", "Title", column=True, search=Search.TITLE),
                Field("amount", "Amount", FieldKind.MONEY, column=True),
            ),
        ),
        RecordType(
            "product",
            4,
            "Product",
            "Products",
            Compartment.CATALOGUE,
            (Field("name", "Name", column=True, search=Search.TITLE),),
        ),
    )
)
NOW = 1_800_000_000
SERVER = "https://crm.example.org"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class Desk:
    """One person at one computer."""

    def __init__(self, world: World, name: str, vault: Vault, account: Account) -> None:
        self.world = world
        self.name = name
        self.vault = vault
        self.account = account

    @property
    def exchange(self) -> Exchange:
        return self.vault.exchange

    @property
    def member(self) -> MemberId:
        return self.vault.own.member

    # carrying

    def pull(self) -> None:
        relay, exchange = self.world.relay, self.exchange
        while True:
            page = relay.pull(self.member, exchange.cursor())
            self.fetch(exchange.accept(page).gaps)
            if not page.more:
                return

    def fetch(self, ranges: list[LogRange]) -> None:
        for wanted in ranges:
            log, position = wanted.log, wanted.from_position
            try:
                self.exchange.accept_log(log, self.world.relay.log(self.member, log, position))
            except Refused as refusal:
                assert refusal.code == ErrorCode.FORBIDDEN

    def check_heads(self) -> None:
        relay, exchange = self.world.relay, self.exchange
        heads = relay.heads(self.member)
        self.fetch(exchange.accept_heads(heads))
        for wanted in exchange.headers_wanted(heads):
            exchange.accept_headers(wanted.log, relay.headers(wanted.log, wanted.from_position))

    def push(self) -> None:
        races = 0
        while True:
            push = self.exchange.next_push(100, 1 << 22)
            if push is None:
                return
            try:
                reply = self.world.relay.push(push)
            except Refused as refusal:
                self.exchange.push_refused(push, refusal.code)
                races += 1
                assert refusal.code in (ErrorCode.ROSTER_MOVED, ErrorCode.LOG_MOVED), refusal.code
                assert races < 5
                self.pull()
                continue
            self.exchange.accept_push(push, reply)
            if reply.cursor != self.exchange.cursor():
                self.pull()

    def settle(self) -> None:
        operations = self.exchange.confirmations_due(int(self.world.clock()))
        if operations:
            self.change_roster(operations)

    def deliver_wraps(self) -> None:
        for log, generation in self.exchange.wraps_due():
            present = self.world.relay.wrap_list(log, generation).recipients
            self.world.relay.add_wraps(self.exchange.make_wraps(log, generation, present))

    def sync(self) -> None:
        self.pull()
        self.check_heads()
        self.settle()
        self.pull()
        self.check_heads()
        self.push()
        self.deliver_wraps()
        self.pull()

    def change_roster(self, operations: list[RosterOperation]) -> wire.AppendRoster:
        append = self.exchange.sign_roster(operations)
        self.world.relay.append_roster(append)
        self.exchange.roster_appended(append)
        return append

    # records

    def home(
        self, compartment: Compartment, owner: MemberId | None = None, group: GroupId | None = None
    ) -> LogId:
        return self.vault.home(group or self.world.group, compartment, owner)

    def add(self, type_name: str, **fields: str | int) -> RecordKey:
        compartment = SCHEMA.by_name[type_name].compartment
        with self.vault.editor.action() as action:
            return action.create(type_name, self.home(compartment), fields)

    def put(self, key: RecordKey, **fields: str | int) -> None:
        with self.vault.editor.action() as action:
            action.put(key, fields)

    def name_it(self, kind: str, subject: bytes, name: str) -> None:
        with self.vault.editor.action() as action:
            action.create("name", DIRECTORY_LOG, name_fields(kind, subject, name), subject)

    def record(self, key: RecordKey) -> Record | None:
        return self.vault.records.get(key)

    def shown(self, key: RecordKey) -> Record:
        found = self.record(key)
        assert found is not None
        return found

    def field(self, key: RecordKey, name: str) -> object:
        found = self.record(key)
        return None if found is None else found.fields.get(name)

    def keys_held(self, log: LogId) -> set[int]:
        logs = self.exchange.desk.logs
        with self.vault.store.read() as tx:
            return set(logs.keys(tx, log))

    def remove(self, member: MemberId) -> None:
        self.check_heads()
        self.change_roster(plan_remove(self.vault.roster, self.exchange.ends_to_cut(), member))

    def reopen(self) -> None:
        """Lock and unlock, as after a crash of the program or a night."""
        folder = self.vault.profile.folder
        self.vault.lock()
        self.open_again(folder)

    def open_again(self, folder: Path) -> None:
        self.vault = Vault.open(Profile.open(folder), self.account.key, SCHEMA, self.world.clock)


class Account:
    """What a person knows, and what the server keeps for her."""

    def __init__(self, handle: str, derived: Derived, key: VaultKey, bundle: wire.BundleUpload) -> None:
        self.handle = handle
        self.derived = derived
        self.key = key
        self.bundle = bundle


class World:
    """A relay, a founder's desk, and ways to get more desks."""

    def __init__(self, folder: Path, relay: Relay | None = None) -> None:
        self.folder = folder
        self.relay = relay or Relay()
        self.clock = Clock()
        self.desks: list[Desk] = []
        profile, key, derived = self.profile("ann")
        created: Created = Vault.create_workspace(profile, key, derived, SCHEMA, self.clock)
        self.relay.create(created.request)
        self.group = created.plan.group
        self.roles = created.plan.roles
        self.ann = self._desk("ann", created.vault, Account("ann", derived, key, created.bundle))

    def profile(self, name: str) -> tuple[Profile, VaultKey, Derived]:
        derived = derive(f"password of {name}", SecretKey.generate())
        handle = f"{name}@example.org"
        profile, key = Profile.create(self.folder / f"{name}-{len(self.desks)}", handle, SERVER, derived, NOW)
        return profile, key, derived

    def _desk(self, name: str, vault: Vault, account: Account) -> Desk:
        desk = Desk(self, name, vault, account)
        self.desks.append(desk)
        return desk

    def invite(
        self,
        name: str,
        role: str = "team-admin",
        *,
        grants: list[tuple[GroupId, RoleId]] | None = None,
        standing: Standing = Standing.MEMBER,
        by: Desk | None = None,
    ) -> Link:
        author = by or self.ann
        wanted = [(self.group, self.roles[role])] if grants is None else grants
        plan = plan_invite(wanted, int(self.clock()), standing=standing)
        author.change_roster(plan.operations)
        position, head = author.exchange.roster_head()
        workspace = author.vault.own.workspace
        return Link(SERVER, workspace, position, head, plan.invitation, plan.token)

    def join(self, name: str, link: Link) -> Desk:
        profile, key, derived = self.profile(name)
        entries = self.relay.roster().entries
        entered: Entered = Vault.join(profile, key, derived, SCHEMA, link, entries, self.clock)
        assert entered.bundle is not None
        self.relay.append_roster(entered.append)
        entered.vault.exchange.roster_appended(entered.append)
        return self._desk(name, entered.vault, Account(profile.handle, derived, key, entered.bundle))

    def member(self, name: str, role: str = "team-admin", standing: Standing = Standing.MEMBER) -> Desk:
        """Invited, joined, confirmed by Ann's client, with the keys of all that she may read."""
        desk = self.join(name, self.invite(name, role, standing=standing))
        self.ann.sync()
        desk.sync()
        self.ann.sync()
        desk.sync()
        return desk

    def second_computer(self, desk: Desk) -> Desk:
        account = desk.account
        folder = self.folder / f"{desk.name}-{len(self.desks)}"
        profile, key = Profile.create(folder, desk.vault.profile.handle, SERVER, account.derived, NOW)
        entries = self.relay.roster().entries
        entered = Vault.sign_in(profile, key, account.derived, SCHEMA, account.bundle, entries, self.clock)
        self.relay.append_roster(entered.append)
        entered.vault.exchange.roster_appended(entered.append)
        return self._desk(
            desk.name, entered.vault, Account(account.handle, account.derived, key, account.bundle)
        )

    def sync_all(self, rounds: int = 2) -> None:
        for _ in range(rounds):
            for desk in self.desks:
                desk.sync()

    def close(self) -> None:
        for desk in self.desks:
            desk.vault.lock()


@contextmanager
def world(folder: Path, relay: Relay | None = None) -> Iterator[World]:
    made = World(folder, relay)
    try:
        yield made
    finally:
        made.close()
