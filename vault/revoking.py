"""Revoking a computer: cuts, new identity key, new Secret Key; in an order that a crash at any point survives.

    1 the new encryption key and the operations are kept in the vault (`begin`)
    2 the bundle with the new identity replaces the old one at the server, under the new unlock key
    3 the roster takes `device revoke` and `re-key` (`unfinished` signs them again until it has them)

Between 2 and 3 the bundle's keys are not the roster's: other computers are refused until 3 is done, which any later
start of this one completes.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocol.codec import Message, decode, encode
from protocol.ids import DeviceId
from protocol.limits import MAX_BUNDLE
from protocol.roster import Rekey, RosterOperation
from protocol.wire import AppendRoster, BundleUpload, ReplaceBundle
from vault.account import seal_bundle
from vault.exchange import Exchange, Own
from vault.keys import Bundle, Derived, EncryptionKey, Identity
from vault.roster import plan_device_revoke, plan_rekey
from vault.store import Logs, Tx

_PENDING = "roster/revoking"


class _Pending(Message, frozen=True):
    device: bytes
    rekey: Rekey


@dataclass(frozen=True)
class Revocation:
    """Carry `replace`, then `append`; then seal the profile under the new unlock key, lock, and open again. `append`
    is void when the roster moves meanwhile: `Vault.unfinished` signs it anew."""

    replace: ReplaceBundle
    append: AppendRoster
    encryption: EncryptionKey


def replacement(bundle: Bundle, derived: Derived, handle: str, known: int) -> ReplaceBundle:
    """The bundle under a new password or Secret Key, in place of version `known`."""
    upload: BundleUpload = seal_bundle(bundle, derived, handle, known + 1)
    return ReplaceBundle(known, upload, derived.login.public)


def begin(tx: Tx, logs: Logs, own: Own, device: DeviceId, identity: Identity) -> tuple[Rekey, Identity]:
    """Step 1: the operations and the renewed identity, kept for a restart."""
    rekey, renewed = plan_rekey(own.workspace, own.member, identity)
    logs.set(tx, _PENDING, encode(_Pending(device, rekey)))
    return rekey, renewed


def sign(exchange: Exchange, device: DeviceId, rekey: Rekey) -> AppendRoster:
    """Step 3, at the newest roster and log heads."""
    state = exchange.desk.roster.state
    operations: list[RosterOperation] = [rekey]
    if device in state.devices and not state.devices[device].revoked:
        operations = plan_device_revoke(state, exchange.ends_to_cut(), device, rekey)
    return exchange.sign_roster(operations)


def unfinished(tx: Tx, logs: Logs, exchange: Exchange) -> tuple[DeviceId, Rekey] | None:
    """What was begun and is not in the roster yet."""
    stored = logs.get(tx, _PENDING)
    if stored is None:
        return None
    pending = decode(stored, _Pending, MAX_BUNDLE)
    person = exchange.desk.roster.state.members.get(pending.rekey.member)
    if person is None or not person.active or person.identity == pending.rekey.identity:
        return None
    return pending.device, pending.rekey
