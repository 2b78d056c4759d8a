"""Labels of keys that never leave this computer's hands, one for each use (RFC 5869, `info`).

What both sides of the protocol must agree on has its namespace in `protocol.signing`; these are the vault's
own.
"""

from __future__ import annotations

import enum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Label(enum.Enum):
    """Values are part of the format and never change."""

    PASSWORD_SALT = b"tacit/v1/password-salt"
    UNLOCK_KEY = b"tacit/v1/unlock-key"
    LOGIN_SEED = b"tacit/v1/login-seed"
    TOKEN_SEED = b"tacit/v1/invitation-token"
    VAULT_KEY = b"tacit/v1/vault-key"
    SECRET_KEY_TEXT = b"tacit/v1/secret-key-text"
    LINK_TEXT = b"tacit/v1/link-text"
    KIT_TEXT = b"tacit/v1/kit-text"
    NEXT_KEY = b"tacit/v1/next-secret-key"
    TRANSFER_TEXT = b"tacit/v1/transfer-text"
    TRANSFER_KEY = b"tacit/v1/transfer-key"
    TRANSFER_ID = b"tacit/v1/transfer-id"
    TRANSFER_PINS = b"tacit/v1/transfer-pins"
    RECOVERY_WRAP = b"tacit/v1/recovery-wrap"
    RECOVERY_ANSWER = b"tacit/v1/recovery-answer"
    RECOVERY_CODE = b"tacit/v1/recovery-code"


def prefixed(label: bytes, *parts: bytes) -> bytes:
    """Unambiguous concatenation: the label's length in one byte and the label, then each part after its
    length in two bytes, big-endian."""
    joined = bytes((len(label),)) + label
    for part in parts:
        joined += len(part).to_bytes(2, "big") + part
    return joined


def hkdf(key: bytes, salt: bytes | None, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869); `salt` None is 32 zero bytes."""
    return HKDF(SHA256(), length, salt, info).derive(key)


def subkey(key: bytes, label: Label) -> bytes:
    """32 bytes for one use."""
    return hkdf(key, None, prefixed(label.value), 32)
