"""An Ed25519 private key (RFC 8032) that signs in a namespace, and shows only its public half."""

from __future__ import annotations

import secrets
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.ids import KEY_SIZE
from protocol.signing import Namespace, signed_message
from vault.keys.errors import OpenFailed
from vault.keys.hidden import Hidden


class Signer(Hidden):
    """Base of device, identity signing, login and token keys. The private key is a 32-byte seed."""

    __slots__ = ("_key", "_public", "_seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != KEY_SIZE:
            raise OpenFailed
        self._seed = bytes(seed)
        self._key = Ed25519PrivateKey.from_private_bytes(self._seed)
        self._public = self._key.public_key().public_bytes_raw()

    def _secret(self) -> bytes:
        return self._seed

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(KEY_SIZE))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """From the 32 bytes of `to_bytes`; raises OpenFailed for any other length."""
        return cls(data)

    def to_bytes(self) -> bytes:
        """The private seed, 32 bytes: to be sealed, never shown."""
        return self._seed

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._public

    def sign(self, namespace: Namespace, body: bytes) -> bytes:
        """The signature, 64 bytes, over `body` in `namespace` (`protocol.signing.verify` is its other half)."""
        return self._key.sign(signed_message(namespace, body))
