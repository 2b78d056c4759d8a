"""A small workspace for tests: people with deterministic keys, and a roster that they write.

`World.do` appends an operation and returns the new state; `World.entry` only makes the entry, so that a test can
bend it. Nothing here checks anything: the fold does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import (
    ENCRYPTION_KEY_SIZE,
    MAX_ROSTER_ENTRY,
    NO_HASH,
    VERSION,
    Access,
    Compartment,
    Confirm,
    Cut,
    DeviceAdd,
    DeviceCertificate,
    Entry,
    EntryBody,
    Genesis,
    Grant,
    GroupCreate,
    IdentityKeys,
    Invite,
    Join,
    Level,
    LogId,
    MemberGrant,
    Namespace,
    Permission,
    Policy,
    ProtocolError,
    Reach,
    RecoveryEnrol,
    RoleDefine,
    RoleGrant,
    RosterHistory,
    RosterOperation,
    RosterRefused,
    RosterState,
    Standing,
    SupportGrant,
    Trustee,
    certificate_message,
    decode,
    device_id,
    encode,
    enrolment_message,
    grant_message,
    join_message,
    rekey_message,
    signed_message,
)

NOW = 1_700_000_000


def seeded(*words: object, size: int = 32) -> bytes:
    """Deterministic bytes for a name."""
    return hashlib.shake_256("/".join(map(str, words)).encode()).digest(size)


class Key:
    """An Ed25519 key made from a name."""

    def __init__(self, *words: object) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seeded("key", *words))
        self.public = self._private.public_key().public_bytes_raw()
        self.id = device_id(self.public)

    def sign(self, namespace: Namespace, body: bytes) -> bytes:
        return self.sign_bytes(signed_message(namespace, body))

    def sign_bytes(self, message: bytes) -> bytes:
        return self._private.sign(message)


@dataclass
class Person:
    """Somebody with an identity and a first device. `version` counts his identities."""

    name: str
    version: int = 1
    id: bytes = b""
    device: Key = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.id or seeded("member", self.name, size=16)
        self.device = Key("device", self.name, 1)

    @property
    def identity(self) -> Key:
        return Key("identity", self.name, self.version)

    @property
    def keys(self) -> IdentityKeys:
        encryption = seeded("encryption", self.name, self.version, size=ENCRYPTION_KEY_SIZE)
        return IdentityKeys(self.identity.public, encryption)

    def certify(self, workspace: bytes, device: Key) -> DeviceCertificate:
        message = certificate_message(workspace, self.id, device.public)
        return DeviceCertificate(device.public, self.identity.sign(Namespace.DEVICE_CERTIFICATE, message))


REP, MANAGER, READER, LEAD = (seeded("role", name, size=16) for name in ("rep", "manager", "reader", "lead"))
NORTH, SOUTH = (seeded("group", name, size=16) for name in ("north", "south"))


def access(compartment: Compartment, level: Level, reach: Reach = Reach.GROUP) -> Access:
    return Access(compartment, level, reach)


ROLES = {
    REP: RoleDefine(
        REP,
        [
            access(Compartment.CONTACTS, Level.WRITE),
            access(Compartment.SALES, Level.WRITE, Reach.OWN),
            access(Compartment.MARGINS, Level.READ, Reach.OWN),
        ],
        Permission.DELETE | Permission.RESTORE,
        [],
    ),
    MANAGER: RoleDefine(
        MANAGER,
        [
            access(Compartment.CATALOGUE, Level.WRITE),
            access(Compartment.CONTACTS, Level.WRITE),
            access(Compartment.SALES, Level.WRITE),
            access(Compartment.MARGINS, Level.WRITE),
            access(Compartment.DOCUMENTS, Level.WRITE),
        ],
        Permission.DELETE | Permission.RESTORE | Permission.MANAGE_CATALOGUE | Permission.MANAGE_GROUP,
        [],
    ),
    READER: RoleDefine(
        READER,
        [access(Compartment.CONTACTS, Level.READ), access(Compartment.SALES, Level.READ)],
        Permission(0),
        [],
    ),
    LEAD: RoleDefine(LEAD, [access(Compartment.SALES, Level.READ, Reach.OWN)], Permission(0), []),
}


class World:
    """Ann founds the workspace; everybody else comes by `admit`."""

    def __init__(self, founder: str = "ann") -> None:
        self.ann = Person(founder)
        genesis = Genesis(
            seeded("nonce", founder), self.ann.id, self.ann.keys, self.ann.certify(NO_HASH, self.ann.device)
        )
        self.genesis = sign_body(
            EntryBody(VERSION, NO_HASH, 1, NO_HASH, self.ann.device.id, NOW, genesis), self.ann.device
        )
        self.history = RosterHistory([self.genesis])
        self.people = {founder: self.ann}

    @property
    def state(self) -> RosterState:
        return self.history.head

    @property
    def workspace(self) -> bytes:
        return self.state.workspace

    def body(self, operation: RosterOperation, by: Key, **changes: Any) -> EntryBody:
        fields: dict[str, Any] = {
            "version": VERSION,
            "workspace": self.workspace,
            "position": self.state.position + 1,
            "previous": self.state.head,
            "author": by.id,
            "time": NOW + self.state.position,
            "operation": operation,
        }
        return EntryBody(**{**fields, **changes})

    def entry(self, operation: RosterOperation, by: Person | Key | None = None, **changes: Any) -> Entry:
        key = self._key(by)
        return sign_body(self.body(operation, key, **changes), key)

    def do(self, operation: RosterOperation, by: Person | Key | None = None) -> RosterState:
        return self.history.append(self.entry(operation, by))

    def operation_at(self, position: int) -> RosterOperation:
        return body_of(self.history.entry(position)).operation

    def _key(self, by: Person | Key | None) -> Key:
        if by is None:
            return self.ann.device
        return by.device if isinstance(by, Person) else by

    def invite(
        self,
        person: Person,
        by: Person | None = None,
        standing: Standing = Standing.MEMBER,
        grants: list[RoleGrant] | None = None,
    ) -> Key:
        """Append an invitation; its token's key."""
        token = Key("token", person.name)
        self.do(
            Invite(invitation_id(person), person.id, token.public, standing, grants or [], NOW + 86_400), by
        )
        return token

    def join_operation(self, person: Person, token: Key) -> Join:
        keys, device = person.keys, person.device
        message = join_message(
            self.workspace, invitation_id(person), keys.signing, keys.encryption, device.public
        )
        return Join(
            invitation_id(person),
            keys,
            person.certify(self.workspace, device),
            token.sign(Namespace.JOIN, message),
        )

    def admit(
        self,
        name: str,
        standing: Standing = Standing.MEMBER,
        by: Person | None = None,
        grants: list[RoleGrant] | None = None,
    ) -> Person:
        """Invite, join, confirm."""
        person = self.people[name] = Person(name)
        token = self.invite(person, by, standing, grants)
        self.do(self.join_operation(person, token), person)
        self.do(Confirm(invitation_id(person)), by)
        return person

    def support_grant(
        self, person: Person, group: bytes = NORTH, compartments: list[Compartment] | None = None
    ) -> SupportGrant:
        """Contacts and the catalogue of the north, for a day, where nothing else is said."""
        wanted = [Compartment.CATALOGUE, Compartment.CONTACTS] if compartments is None else compartments
        token = Key("token", person.name)
        return SupportGrant(
            invitation_id(person), person.id, token.public, NOW + 86_400, group, wanted, NOW + 86_400
        )

    def support(self, name: str = "sam", group: bytes = NORTH, *compartments: Compartment) -> Person:
        """Let somebody in for support: policy, grant, join, confirm."""
        if not self.state.policies.support_allowed:
            self.do(Policy("support-allowed", 1, b"", b""))
        person = self.people[name] = Person(name)
        self.do(self.support_grant(person, group, [*compartments] or None))
        self.do(self.join_operation(person, Key("token", name)), person)
        self.do(Confirm(invitation_id(person)))
        return person

    def enrolment(self, person: Person, threshold: int, trustees: list[Person]) -> RecoveryEnrol:
        """Trustees in ascending order, each with a digest, under the person's identity."""
        named = [
            Trustee(trustee.id, seeded("share", person.name, trustee.name))
            for trustee in sorted(trustees, key=lambda trustee: trustee.id)
        ]
        message = enrolment_message(self.workspace, self.state.head, person.id, threshold, named)
        signature = person.identity.sign(Namespace.RECOVERY_ENROL, message)
        return RecoveryEnrol(person.id, threshold, named, signature)

    def group(self, group: bytes = NORTH, role: bytes = MANAGER, member: Person | None = None) -> None:
        """Define the roles where they are not, and create the group with one grant (Ann as manager)."""
        for known, definition in ROLES.items():
            if known not in self.state.roles:
                self.do(definition)
        self.do(GroupCreate(group, [MemberGrant((member or self.ann).id, role)]))

    def grant(
        self, person: Person, role: bytes, group: bytes = NORTH, by: Person | None = None
    ) -> RosterState:
        return self.do(Grant(person.id, group, role, b"", b""), by)

    def add_device(self, person: Person, number: int) -> Key:
        """A further device of the person, which adds itself."""
        device = Key("device", person.name, number)
        self.do(DeviceAdd(person.id, person.certify(self.workspace, device)), device)
        return device

    def grant_cosignature(self, by: Key, person: Person, role: bytes, group: bytes = NORTH) -> bytes:
        message = grant_message(self.workspace, self.state.head, person.id, group, role)
        return by.sign(Namespace.COSIGN, message)

    def rekey_bytes(self, person: Person, keys: IdentityKeys) -> bytes:
        return rekey_message(self.workspace, person.id, keys)


def invitation_id(person: Person) -> bytes:
    return seeded("invitation", person.name, size=16)


def sign_body(body: EntryBody, key: Key) -> Entry:
    encoded = encode(body)
    return Entry(encoded, key.sign(Namespace.ROSTER_ENTRY, encoded))


def body_of(entry: Entry) -> EntryBody:
    return decode(entry.body, EntryBody, MAX_ROSTER_ENTRY)


def cut(log: LogId, position: int) -> Cut:
    return Cut(log.encode(), position, seeded("chain", log.encode().hex(), position) if position else NO_HASH)


@contextmanager
def refused(code: str, error: type[ProtocolError] = RosterRefused) -> Iterator[None]:
    """The block must be refused for exactly this reason."""
    with pytest.raises(error) as caught:
        yield
    assert caught.value.code == code, f"{caught.value.code}: {caught.value}"
