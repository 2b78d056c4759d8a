"""The vault of one profile, opened: records, editor, search, roster, exchange, behind one lock.

Made in one of four ways: `create_workspace` (the founder's first desk), `join` (an invitee's), `sign_in` (a new
computer of a member), `open` (every day after). The network is not the vault's: these take and give the structures
of `protocol.wire`, and whoever calls carries them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from protocol.access import home_log
from protocol.codec import decode, encode
from protocol.ids import Compartment, DeviceId, GroupId, LogId, MemberId
from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import DeviceAdd, Entry, Join
from protocol.state import Member, MemberStatus, RosterState
from protocol.wire import AppendRoster, BundleUpload, CreateWorkspace, InvitationProof, ReplaceBundle
from vault import starting
from vault.account import identity_of, only_row, open_bundle
from vault.exchange import Accepted, Confirmed, Exchange, Own, PinFile, load_own, save_own
from vault.forwarding import Forwarding
from vault.keys import Bundle, Derived, DeviceKey, EncryptionKey, Identity, Link
from vault.moves import Moves
from vault.profile import Profile, VaultKey
from vault.recovery import Enrolling, Trusting
from vault.revoking import Revoking, replacement
from vault.roster import (
    LocalRoster,
    NewWorkspace,
    NotAMember,
    NotConfirmed,
    plan_device_add,
    sign_entries,
)
from vault.schema import Schema
from vault.store import (
    Changes,
    Companions,
    Editor,
    Folder,
    History,
    Indexer,
    Logs,
    Mover,
    RecordKey,
    Records,
    Search,
    Store,
)

Clock = Callable[[], float]
Listener = Callable[[Changes], None]

PINS_NAME = "pins"
_BUNDLE_VERSION = "account/bundle-version"
_ENTERING = "roster/entering"
_PROOF = "roster/proof"


@dataclass(frozen=True)
class Created:
    """A new workspace at its founder's desk. Carry, in this order: account (bundle), login, `request`. Then name the
    group, the roles and the founder in the directory, through the editor."""

    vault: Vault
    plan: NewWorkspace
    bundle: BundleUpload
    request: CreateWorkspace


@dataclass(frozen=True)
class Entered:
    """A desk that wants in: by `join`, or as a new device. Carry `bundle` (None where the account has one already),
    then `append`; where the server says ROSTER_MOVED: pull, then `vault.entering()` signs it again."""

    vault: Vault
    bundle: BundleUpload | None
    append: AppendRoster


class Vault:
    """See the module. Threads: any. `lock` ends it; nothing of it may be used afterwards."""

    def __init__(self, profile: Profile, store: Store, own: Own, clock: Clock) -> None:
        self.profile = profile
        self.store = store
        self._own = own
        self._clock = clock
        self._listeners: list[Listener] = []
        self._logs = Logs(store.numbers)
        with store.read() as tx:
            roster = LocalRoster(own.workspace, self._logs.roster_entries(tx), verified=True)
        folder = Folder(store, own.member, own.device.id)
        self.exchange = Exchange(store, folder, own, roster, PinFile(profile.folder / PINS_NAME), clock)
        self.exchange.subscribe(self._came_in)
        self._roster = roster
        self.records = Records(store)
        self.search = Search(store)
        self.history = History(store)
        self.indexer = Indexer(store)
        self.editor = Editor(store, folder, clock, self._changed)
        self.mover = Mover(store, folder, self.editor)
        self.companions = Companions(store)
        self.moves = Moves(
            store, self.mover, self.companions, self.editor, lambda: self.roster, own.member, clock
        )
        self.enrolling = Enrolling(store, self._logs, self.exchange)
        self.forwarding = Forwarding(store, self._logs, profile.handle)
        self.trusting = Trusting(self.exchange)
        self.revoking = Revoking(store, self._logs, self.exchange, profile.handle, self.take_encryption_key)

    # the four ways

    @classmethod
    def create_workspace(
        cls, profile: Profile, key: VaultKey, derived: Derived, schema: Schema, clock: Clock = time.time
    ) -> Created:
        """A workspace with its built-in roles and a first group, at a desk that has just made its profile."""
        start, plan = starting.found(derived, profile.handle, int(clock()))
        vault = cls._new(profile, key, schema, start, clock)
        return Created(vault, plan, start.bundle, CreateWorkspace(list(start.entries)))

    @classmethod
    def join(
        cls,
        profile: Profile,
        key: VaultKey,
        derived: Derived,
        schema: Schema,
        link: Link,
        entries: Sequence[Entry],
        clock: Clock = time.time,
    ) -> Entered:
        """An invitee's desk. `entries`: the whole roster, as the server shows it to the link's token.

        Raises WrongWorkspace, RolledBack, Forked, RosterBroken where it does not hold against the link, NotAMember
        where the invitation is not in it.
        """
        start = starting.join(link, entries, derived, profile.handle, int(clock()))
        return cls._entered(profile, key, schema, start, clock, start.bundle)

    @classmethod
    def sign_in(
        cls,
        profile: Profile,
        key: VaultKey,
        derived: Derived,
        schema: Schema,
        bundle: BundleUpload,
        entries: Sequence[Entry],
        clock: Clock = time.time,
        known_head: tuple[int, bytes] | None = None,
    ) -> Entered:
        """A new computer of a member. The workspace is the one that the sealed bundle names, whatever the server
        lists; `entries` is its whole roster. `known_head`: the roster's position and hash on the Emergency Kit, where
        they were typed or scanned. `Vault.workspace_in` tells the id before there is a vault.

        Raises OpenFailed, BundleRefused (not the roster's keys), NotAMember, WrongWorkspace, RosterBroken,
        RolledBack and Forked (not the Kit's past).
        """
        start = starting.sign_in(bundle, entries, derived, profile.handle, int(clock()), known_head)
        return cls._entered(profile, key, schema, start, clock, None)

    @classmethod
    def _entered(
        cls,
        profile: Profile,
        key: VaultKey,
        schema: Schema,
        start: starting.Start,
        clock: Clock,
        bundle: BundleUpload | None,
    ) -> Entered:
        assert start.append is not None
        return Entered(cls._new(profile, key, schema, start, clock), bundle, start.append)

    @classmethod
    def open(cls, profile: Profile, key: VaultKey, schema: Schema, clock: Clock = time.time) -> Vault:
        """Every day: open what is there. Raises StoreError, NotAMember for a profile that was never set up."""
        store = Store.open(profile.database, key.raw, schema)
        try:
            with store.read() as tx:
                own = load_own(tx, Logs(store.numbers))
            if own is None:
                raise NotAMember("this profile has no workspace yet")
            return cls(profile, store, own, clock)
        except BaseException:
            store.close()
            raise

    @classmethod
    def _new(
        cls, profile: Profile, key: VaultKey, schema: Schema, start: starting.Start, clock: Clock
    ) -> Vault:
        store = Store.create(profile.database, key.raw, schema)
        try:
            logs = Logs(store.numbers)
            with store.write() as tx:
                save_own(tx, logs, start.own)
                for position, entry in enumerate(start.entries, 1):
                    logs.append_roster_entry(tx, position, entry)
                for operation in start.entering:
                    logs.set(tx, _ENTERING, encode(operation))
                if start.proof is not None:
                    logs.set(tx, _PROOF, encode(start.proof))
                logs.set_number(tx, _BUNDLE_VERSION, start.bundle.version)
            return cls(profile, store, start.own, clock)
        except BaseException:
            store.close()
            profile.database.unlink(missing_ok=True)
            raise

    @staticmethod
    def workspace_in(bundle: BundleUpload, derived: Derived, handle: str) -> bytes:
        """The workspace (32 bytes) that the account's sealed bundle names. Raises OpenFailed, NotAMember."""
        return only_row(open_bundle(bundle, derived, handle)).workspace

    # who, where

    @property
    def own(self) -> Own:
        return self._own

    @property
    def roster(self) -> RosterState:
        """The newest verified state; immutable."""
        return self._roster.state

    @property
    def me(self) -> Member:
        """This account's member. Raises NotAMember."""
        found = self.roster.members.get(self._own.member)
        if found is None:
            raise NotAMember("the roster does not have this member")
        return found

    def require_active(self) -> None:
        """Raise NotConfirmed while an admin's client has not confirmed, NotAMember after leaving or removal."""
        status = self.me.status
        if status in (MemberStatus.INVITED, MemberStatus.JOINED):
            raise NotConfirmed("not confirmed yet")
        if status is not MemberStatus.ACTIVE or self.is_revoked:
            raise NotAMember(status.value)

    @property
    def is_revoked(self) -> bool:
        """Whether this desk's device was revoked."""
        device = self.roster.devices.get(self._own.device.id)
        return device is not None and device.revoked

    @property
    def confirmed_by(self) -> Confirmed | None:
        """Which other member was the first to sign something that names this computer; None while none has."""
        return self.exchange.confirmed_by

    @property
    def is_rekeyed(self) -> bool:
        """Whether the member has a newer encryption key than this desk knows: a device of his was revoked
        elsewhere, and this desk has to ask for the new Emergency Kit (`open_account`, `take_encryption_key`)."""
        identity = self.me.identity
        known = {key.public for key in self._own.private}
        return identity is not None and identity.encryption not in known

    @property
    def device(self) -> DeviceId:
        return self._own.device.id

    def home(self, group: GroupId, compartment: Compartment, owner: MemberId | None = None) -> LogId:
        """Where a record that `owner` (by default this member) owns lives."""
        return home_log(self.roster, owner or self._own.member, group, compartment)

    # entering, devices, bundle

    def entering(self) -> AppendRoster | None:
        """The `join` or `device add` of this desk, signed at the newest head; None when the roster has it."""
        if self._own.device.id in self.roster.devices:
            return None
        with self.store.read() as tx:
            stored = self._logs.get(tx, _ENTERING)
        if stored is None:
            return None
        operation = decode(stored, Join | DeviceAdd, MAX_ROSTER_ENTRY)  # type: ignore[arg-type]
        return self.exchange.sign_roster([operation])

    def invitee_proof(self) -> InvitationProof | None:
        """With it somebody who was invited and is not in the roster yet reads it; None for all others."""
        with self.store.read() as tx:
            stored = self._logs.get(tx, _PROOF)
        if stored is None or self._own.device.id in self.roster.devices:
            return None
        return decode(stored, InvitationProof, MAX_ROSTER_ENTRY)

    def bundle_stored(self, version: int) -> None:
        """The server has the bundle in this version: from now on an older one is refused."""
        with self.store.write() as tx:
            if version > self._logs.get_number(tx, _BUNDLE_VERSION):
                self._logs.set_number(tx, _BUNDLE_VERSION, version)

    @property
    def bundle_version(self) -> int:
        """The newest version of the account's bundle that this desk has seen."""
        with self.store.read() as tx:
            return self._logs.get_number(tx, _BUNDLE_VERSION)

    def open_account(self, bundle: BundleUpload, derived: Derived) -> tuple[Bundle, Identity]:
        """The bundle and the identity in it, for an act that needs the signing key; drop both after it.

        Raises OpenFailed, BundleRefused (older than seen, or not the roster's keys), NotAMember.
        """
        opened = open_bundle(bundle, derived, self.profile.handle, self.bundle_version)
        return opened, identity_of(opened, self.roster, self._own.member)

    def take_encryption_key(self, key: EncryptionKey) -> None:
        """The member was re-keyed (a device was revoked): wraps to the new key open from now on. Earlier ones stay
        for what was written before."""
        if key not in self._own.private:
            self._own = replace(self._own, private=[*self._own.private, key])
            with self.store.write() as tx:
                save_own(tx, self._logs, self._own)
            self.exchange.desk.own = self._own

    def take_account_key(self, bundle: BundleUpload, derived: Derived) -> None:
        """`take_encryption_key` from the account's bundle, which a re-key elsewhere has put ahead of the roster that
        this desk knows; pull, then `open_account` judges it. Raises OpenFailed, BundleRefused, NotAMember."""
        opened = open_bundle(bundle, derived, self.profile.handle, self.bundle_version)
        row = only_row(opened, self._own.workspace)
        self.take_encryption_key(Identity.from_bytes(row.identity).encryption)

    def replace_bundle(self, bundle: Bundle, derived: Derived) -> ReplaceBundle:
        """The bundle under a new password or Secret Key. When the server has taken it: `bundle_stored`, then
        `Profile.change_unlock_key`."""
        return replacement(bundle, derived, self.profile.handle, self.bundle_version)

    def renew_device(self, identity: Identity) -> AppendRoster:
        """After a restored backup: a new device key, certified by the identity. Pull everything first, carry the
        result, then lock and open again."""
        device = DeviceKey.generate()
        certificate = identity.certify(self._own.workspace, self._own.member, device.public)
        operations = plan_device_add(self._own.member, certificate)
        signed, _ = sign_entries(self.roster, operations, device, int(self._clock()))
        former = [*self._own.former, self._own.device.id]
        renewed = Own(self._own.workspace, self._own.member, device, self._own.private, former)
        with self.store.write() as tx:
            save_own(tx, self._logs, renewed)
            self._logs.set(tx, _ENTERING, encode(operations[0]))
            self.exchange.desk.renewed(tx)
        return AppendRoster(self.roster.head, signed)

    def finish_moves(self) -> list[RecordKey]:
        """Make the copies of moved records that are due here: see `vault.moves.Moves.finish`."""
        return self.moves.finish()

    # announcing

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change, from here or from elsewhere, on the thread that made it; returns how
        to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _changed(self, changes: Changes) -> None:
        for listener in list(self._listeners):
            listener(changes)

    def _came_in(self, accepted: Accepted) -> None:
        self._changed(accepted.changes)

    def lock(self) -> None:
        """Close the database, drop the keys, give the profile's lock back."""
        try:
            self.exchange.desk.settle_pins()
        finally:
            self.store.close()
            self.profile.close()
            # The keys go with the last references to them; what is left cannot sign or open anything.
            self._own = replace(self._own, device=DeviceKey(secrets.token_bytes(32)), private=[])
            self.exchange.desk.own = self._own


__all__ = ["Created", "Entered", "Vault"]
