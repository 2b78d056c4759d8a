"""A member's identity in one workspace: a signing key and an encryption key.

Only the bundle holds the signing key; it is opened with the password to certify or revoke a device or to
re-key, and dropped. The encryption key is in the vault's database.
"""

from __future__ import annotations

from typing import Self

from protocol.codec import encode
from protocol.ids import KEY_SIZE, LogId, MemberId, WorkspaceId
from protocol.roster import DeviceCertificate, IdentityKeys
from protocol.signing import Namespace
from vault.keys import wraps
from vault.keys.encryption import PRIVATE_SIZE, EncryptionKey
from vault.keys.errors import OpenFailed
from vault.keys.hidden import Hidden
from vault.keys.signer import Signer

IDENTITY_SIZE = KEY_SIZE + PRIVATE_SIZE


class SigningKey(Signer):
    """The identity's Ed25519 key."""

    __slots__ = ()


class Identity(Hidden):
    """Both private keys, 128 bytes: signing seed (32), encryption key (96)."""

    __slots__ = ("encryption", "signing")

    def __init__(self, signing: SigningKey, encryption: EncryptionKey) -> None:
        self.signing = signing
        self.encryption = encryption

    def _secret(self) -> bytes:
        return self.to_bytes()

    @classmethod
    def generate(cls) -> Self:
        return cls(SigningKey.generate(), EncryptionKey.generate())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """From the 128 bytes of `to_bytes`; raises OpenFailed for any other length."""
        if len(data) != IDENTITY_SIZE:
            raise OpenFailed
        return cls(SigningKey(data[:KEY_SIZE]), EncryptionKey(data[KEY_SIZE:]))

    def to_bytes(self) -> bytes:
        """128 bytes: to be sealed in the bundle, never shown."""
        return self.signing.to_bytes() + self.encryption.to_bytes()

    @property
    def public(self) -> IdentityKeys:
        """As the roster has them."""
        return IdentityKeys(signing=self.signing.public, encryption=self.encryption.public)

    def certify(self, workspace: WorkspaceId, member: MemberId, device_public: bytes) -> DeviceCertificate:
        """Certify a device's public key (32 bytes); `workspace` is 32 zero bytes in a genesis."""
        body = encode([workspace, member, device_public])
        signature = self.signing.sign(Namespace.DEVICE_CERTIFICATE, body)
        return DeviceCertificate(signing=device_public, signature=signature)

    def sign_rekey(self, workspace: WorkspaceId, member: MemberId, successor: IdentityKeys) -> bytes:
        """The signature (64 bytes) with which this identity names its successor's keys."""
        body = encode([workspace, member, successor.signing, successor.encryption])
        return self.signing.sign(Namespace.REKEY, body)

    def with_new_encryption(self) -> Self:
        """The same signing key with a fresh encryption key, as a revoked device makes necessary."""
        return type(self)(self.signing, EncryptionKey.generate())

    def unwrap(self, workspace: WorkspaceId, log: LogId, generation: int, sealed: bytes) -> bytes:
        """The log key in a wrap; raises OpenFailed."""
        return wraps.unwrap(self.encryption, workspace, log, generation, sealed)
