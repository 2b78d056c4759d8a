"""People of random teams: keys from a small stock, made once for all rosters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from protocol.fold_keys import rekey_message
from protocol.fold_members import certificate_message, join_message
from protocol.fold_recovery import enrolment_message
from protocol.ids import NO_HASH
from protocol.limits import ENCRYPTION_KEY_SIZE
from protocol.roster import DeviceCertificate, IdentityKeys, Join, RecoveryEnrol, Rekey, Trustee
from protocol.signing import Namespace
from tests.protocol.world import Key, seeded

REQUESTS = [seeded("request", n) for n in range(2)]


@cache
def key(*words: object) -> Key:
    return Key(*words)


@cache
def encryption(name: str, version: int) -> bytes:
    return seeded("encryption", name, version, size=ENCRYPTION_KEY_SIZE)


@dataclass
class Actor:
    """Somebody, in the team or not. `account` is his at the server; `devices` counts his; `version` his identities."""

    name: str
    account: int
    id: bytes
    version: int = 1
    devices: int = 1

    @property
    def identity(self) -> Key:
        """The signing key stays; it is the encryption key that changes."""
        return key("identity", self.name)

    @property
    def keys(self) -> IdentityKeys:
        return IdentityKeys(self.identity.public, encryption(self.name, self.version))

    @property
    def token(self) -> Key:
        return key("token", self.name)

    @property
    def invitation(self) -> bytes:
        return seeded("invitation", self.id.hex(), size=16)

    def device(self, number: int) -> Key:
        return key("device", self.name, number)

    def all_devices(self) -> list[Key]:
        return [self.device(number) for number in range(1, self.devices + 1)]

    def certificate(self, workspace: bytes, device: Key) -> DeviceCertificate:
        message = certificate_message(workspace, self.id, device.public)
        return DeviceCertificate(device.public, self.identity.sign(Namespace.DEVICE_CERTIFICATE, message))

    def founding(self) -> DeviceCertificate:
        return self.certificate(NO_HASH, self.device(1))

    def join(self, workspace: bytes) -> Join:
        device = self.device(1)
        message = join_message(
            workspace, self.invitation, self.keys.signing, self.keys.encryption, device.public
        )
        return Join(
            self.invitation,
            self.keys,
            self.certificate(workspace, device),
            self.token.sign(Namespace.JOIN, message),
        )

    def rekey(self, workspace: bytes) -> Rekey:
        new = IdentityKeys(self.identity.public, encryption(self.name, self.version + 1))
        signature = self.identity.sign(Namespace.REKEY, rekey_message(workspace, self.id, new))
        return Rekey(self.id, new, signature, b"", b"")

    def enrol(self, workspace: bytes, head: bytes, threshold: int, trustees: list[bytes]) -> RecoveryEnrol:
        named = [Trustee(trustee, seeded("share", self.name)) for trustee in sorted(trustees)]
        message = enrolment_message(workspace, head, self.id, threshold, named)
        return RecoveryEnrol(self.id, threshold, named, self.identity.sign(Namespace.RECOVERY_ENROL, message))
