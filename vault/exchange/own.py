"""Who this desk is: workspace, member, device key, encryption keys. Kept in the vault's database only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from protocol.ids import DeviceId, MemberId, WorkspaceId
from vault.keys import DeviceKey, EncryptionKey
from vault.store import Logs, Tx

_WORKSPACE = "own/workspace"
_MEMBER = "own/member"
_DEVICE = "own/device"
_FORMER = "own/former-devices"
_ENCRYPTION = "own/encryption"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode


@dataclass(frozen=True)
class Own:
    """`private`: this account's encryption keys, the newest last. `former`: devices that this vault was before."""

    workspace: WorkspaceId
    member: MemberId
    device: DeviceKey
    private: Sequence[EncryptionKey]
    former: Sequence[DeviceId] = ()


def save_own(tx: Tx, logs: Logs, own: Own) -> None:
    logs.set(tx, _WORKSPACE, own.workspace)
    logs.set(tx, _MEMBER, own.member)
    logs.set(tx, _DEVICE, own.device.to_bytes())
    logs.set(tx, _FORMER, _encode(list(own.former)))
    logs.set(tx, _ENCRYPTION, _encode([key.to_bytes() for key in own.private]))


def load_own(tx: Tx, logs: Logs) -> Own | None:
    """None for a vault that has no workspace yet."""
    workspace, member = logs.get(tx, _WORKSPACE), logs.get(tx, _MEMBER)
    device, former, private = logs.get(tx, _DEVICE), logs.get(tx, _FORMER), logs.get(tx, _ENCRYPTION)
    if workspace is None or member is None or device is None or private is None:
        return None
    return Own(
        workspace,
        member,
        DeviceKey.from_bytes(device),
        [EncryptionKey.from_bytes(raw) for raw in _decode(private)],
        _decode(former) if former is not None else (),
    )
