"""An identity's encryption key: ML-KEM-768 with X25519, as HPKE's MLKEM768_X25519 takes it.

Public: ML-KEM encapsulation key (1,184 bytes) || X25519 public key (32). Private: ML-KEM seed (64) || X25519
private key (32).
"""

from __future__ import annotations

from typing import Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from protocol.limits import ENCRYPTION_KEY_SIZE
from vault.keys.errors import OpenFailed
from vault.keys.hidden import Hidden

_SEED = 64
_X25519 = 32
PRIVATE_SIZE = _SEED + _X25519


class EncryptionKey(Hidden):
    """The private key to which log keys are wrapped. It lives in the vault's database."""

    __slots__ = ("_pair", "_public", "_raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PRIVATE_SIZE:
            raise OpenFailed
        self._raw = bytes(raw)
        lattice = MLKEM768PrivateKey.from_seed_bytes(self._raw[:_SEED])
        curve = X25519PrivateKey.from_private_bytes(self._raw[_SEED:])
        self._pair = MLKEM768X25519PrivateKey(lattice, curve)
        self._public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def _secret(self) -> bytes:
        return self._raw

    @classmethod
    def generate(cls) -> Self:
        lattice, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
        return cls(lattice.private_bytes_raw() + curve.private_bytes_raw())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """From the 96 bytes of `to_bytes`; raises OpenFailed for any other length."""
        return cls(data)

    def to_bytes(self) -> bytes:
        """The private key, 96 bytes: to be sealed, never shown."""
        return self._raw

    @property
    def public(self) -> bytes:
        """The public key, 1,216 bytes, as the roster has it."""
        return self._public

    @property
    def pair(self) -> MLKEM768X25519PrivateKey:
        """For `vault.keys.wraps`."""
        return self._pair


def public_pair(public: bytes) -> MLKEM768X25519PublicKey:
    """The 1,216 bytes of a roster's encryption key, parsed; raises ValueError."""
    if len(public) != ENCRYPTION_KEY_SIZE:
        raise ValueError("an encryption key has 1,216 bytes")
    lattice = MLKEM768PublicKey.from_public_bytes(public[:-_X25519])
    return MLKEM768X25519PublicKey(lattice, X25519PublicKey.from_public_bytes(public[-_X25519:]))
