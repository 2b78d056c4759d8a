"""Wraps: a log key sealed to one member's public key, with HPKE (RFC 9180).

Base mode, single shot, MLKEM768_X25519, HKDF-SHA256, AES-256-GCM. HPKE's associated data is empty here, so the
whole context stands in `info`: workspace, log, generation (8 bytes) and the id of the recipient's key. A wrap
needs no signature: a key counts only if `logkey.check_key` finds its hash in the log's signed rotate commit.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol.ids import KEY_SIZE, LogId, WorkspaceId
from protocol.limits import WRAP_SIZE
from protocol.signing import Namespace, key_id
from vault.keys.encryption import EncryptionKey, public_pair
from vault.keys.errors import OpenFailed
from vault.keys.labels import prefixed

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _info(workspace: WorkspaceId, log: LogId, generation: int, recipient: bytes) -> bytes:
    number = generation.to_bytes(8, "big")
    return prefixed(Namespace.WRAP.value, workspace, log.encode(), number, key_id(recipient))


def wrap(key: bytes, workspace: WorkspaceId, log: LogId, generation: int, recipient_public: bytes) -> bytes:
    """`key` (32 bytes) sealed to the 1,216 bytes of a roster's encryption key; 1,168 bytes.

    To a public key that is no point or no lattice key nothing can be sealed. Only its owner can have put it
    into the roster, and he must not be able to stop the others' rotations: he gets random bytes, which open
    for nobody.
    """
    if len(key) != KEY_SIZE:
        raise ValueError("a log key has 32 bytes")
    info = _info(workspace, log, generation, recipient_public)
    try:
        return _SUITE.encrypt(key, public_pair(recipient_public), info)
    except ValueError:
        return secrets.token_bytes(WRAP_SIZE)


def unwrap(
    private: EncryptionKey, workspace: WorkspaceId, log: LogId, generation: int, sealed: bytes
) -> bytes:
    """The log key: 32 bytes, as the length of a wrap is exact. Raises OpenFailed whatever is wrong."""
    if len(sealed) != WRAP_SIZE:
        raise OpenFailed
    try:
        return _SUITE.decrypt(sealed, private.pair, _info(workspace, log, generation, private.public))
    except (InvalidTag, ValueError):
        raise OpenFailed from None
