"""Revoking computers: cuts, a new identity key, a new Secret Key; in an order that a crash at any point survives.

    1 `prepare`: the operations, the new keys and the bundle that goes to the server are kept in the vault. Nothing has
      left this computer; the new Emergency Kit is shown now, before anything depends on it
    2 `send`: from here on it is finished, by this or by the next start
    3 the bundle with the new identity replaces the old one at the server, under the new unlock key
    4 the roster takes `device revoke` and `re-key` (`unfinished` signs them again until it has them)
    5 the profile is sealed under the new unlock key, the keychain gets the new Secret Key; `finished`

Between 3 and 4 the bundle's keys are not the roster's: other computers are refused until 4 is done. The Secret Key
lies in the vault from 1 to 5, so a crash never loses it, and its owner has it on paper since before 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from protocol.codec import Message, decode, encode
from protocol.ids import DeviceId, MemberId
from protocol.limits import MAX_BUNDLE
from protocol.roster import Rekey, RosterOperation
from protocol.state import RosterState
from protocol.wire import AppendRoster, BundleUpload, ReplaceBundle
from vault.account import seal_bundle
from vault.exchange import Exchange
from vault.keys import Bundle, Derived, EncryptionKey, Identity, SecretKey
from vault.roster import plan_device_revoke, plan_rekey
from vault.store import Logs, Store

_PENDING = "roster/revoking"
_LIMIT = MAX_BUNDLE + (1 << 16)


class _Kept(Message, frozen=True):
    devices: list[bytes]
    rekey: Rekey
    encryption: bytes
    secret_key: bytes  # empty where it stays
    replace: ReplaceBundle
    sending: bool


@dataclass(frozen=True)
class Pending:
    """A revocation that was begun. `secret_key` is None where the account keeps its own."""

    devices: Sequence[DeviceId]
    replace: ReplaceBundle
    secret_key: SecretKey | None = field(repr=False)
    sending: bool


def replacement(
    bundle: Bundle, derived: Derived, handle: str, known: int, *, new_login: bool = True
) -> ReplaceBundle:
    """The bundle under a new password or Secret Key, in place of version `known`."""
    upload: BundleUpload = seal_bundle(bundle, derived, handle, known + 1)
    return ReplaceBundle(known, upload, derived.login.public if new_login else b"")


class Revoking:
    """The revocations of one vault; at most one at a time. Any thread."""

    def __init__(
        self,
        store: Store,
        logs: Logs,
        exchange: Exchange,
        handle: str,
        take_key: Callable[[EncryptionKey], None],
    ) -> None:
        self._store, self._logs, self._exchange = store, logs, exchange
        self._handle = handle
        self._take_key = take_key

    def prepare(
        self,
        devices: Sequence[DeviceId],
        bundle: Bundle,
        version: int,
        identity: Identity,
        derived: Derived,
        secret_key: SecretKey | None,
    ) -> None:
        """Step 1, in place of an earlier one that was never sent. `version` is the server's bundle's; `derived` comes
        of the password and `secret_key`, or of the present one where that is None."""
        present = self._kept()
        if present is not None and present.sending:
            raise ValueError("a revocation is under way")
        own = self._exchange.desk.own
        rekey, renewed = plan_rekey(own.workspace, own.member, identity)
        changed = bundle.with_identity(own.workspace, own.member, renewed)
        replace = replacement(changed, derived, self._handle, version, new_login=secret_key is not None)
        raw = b"" if secret_key is None else secret_key.raw
        self._save(_Kept(list(devices), rekey, renewed.encryption.to_bytes(), raw, replace, False))

    def pending(self) -> Pending | None:
        """What was begun and not finished."""
        kept = self._kept()
        if kept is None:
            return None
        secret_key = SecretKey(kept.secret_key) if kept.secret_key else None
        return Pending(kept.devices, kept.replace, secret_key, kept.sending)

    def send(self) -> Pending:
        """Step 2: there is no way back. This desk opens what is wrapped to the new key from now on."""
        kept = self._kept()
        if kept is None:
            raise ValueError("nothing was prepared")
        self._take_key(EncryptionKey.from_bytes(kept.encryption))
        self._save(_Kept(kept.devices, kept.rekey, kept.encryption, kept.secret_key, kept.replace, True))
        pending = self.pending()
        assert pending is not None
        return pending

    def unfinished(self) -> AppendRoster | None:
        """Step 4, signed at the newest roster and log heads; None where nothing is sent, or the roster has it."""
        kept = self._kept()
        if kept is None or not kept.sending:
            return None
        state = self._exchange.desk.roster.state
        person = state.members.get(kept.rekey.member)
        if person is None or not person.active:
            return None
        operations = _operations(state, self._exchange, kept, person.identity == kept.rekey.identity)
        return self._exchange.sign_roster(operations) if operations else None

    def finished(self) -> None:
        """Step 5 is done, or the revocation that was never sent is given up."""
        with self._store.write() as tx:
            self._logs.set(tx, _PENDING, None)

    def _kept(self) -> _Kept | None:
        with self._store.read() as tx:
            stored = self._logs.get(tx, _PENDING)
        return None if stored is None else decode(stored, _Kept, _LIMIT)

    def _save(self, kept: _Kept) -> None:
        with self._store.write() as tx:
            self._logs.set(tx, _PENDING, encode(kept))


def _operations(state: RosterState, exchange: Exchange, kept: _Kept, rekeyed: bool) -> list[RosterOperation]:
    """What the roster lacks: a computer that an admin revoked meanwhile is not revoked twice."""
    open_still = [one for one in kept.devices if one in state.devices and not state.devices[one].revoked]
    operations: list[RosterOperation] = []
    ends = exchange.ends_to_cut()
    for device in open_still:
        operations += plan_device_revoke(state, ends, device)
    return operations if rekeyed else [*operations, kept.rekey]


def own_devices(state: RosterState, member: MemberId) -> list[DeviceId]:
    """The member's devices that are not revoked, in the order in which they were added."""
    mine = [device for device in state.devices.values() if device.member == member and not device.revoked]
    return [device.id for device in sorted(mine, key=lambda one: one.added_at)]
