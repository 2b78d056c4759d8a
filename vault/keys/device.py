"""A device's signing key. It signs everything of every day and lives in the vault's database."""

from __future__ import annotations

from protocol.ids import DeviceId
from protocol.signing import device_id
from vault.keys.signer import Signer


class DeviceKey(Signer):
    """An Ed25519 key; the device's id is derived from its public half."""

    __slots__ = ()

    @property
    def id(self) -> DeviceId:
        """16 bytes."""
        return device_id(self.public)
