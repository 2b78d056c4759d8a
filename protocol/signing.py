"""Ed25519 (RFC 8032) signatures, each over a namespace of its own, so that none is valid as another type.

The signed message is `len(namespace) (1 byte) || namespace || body`. The namespaces are the only ones there are.
Only verification lives here; whoever holds a private key signs with `signed_message`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol.errors import SignatureInvalid
from protocol.ids import KEY_SIZE, SIGNATURE_SIZE, sha256


class Namespace(enum.Enum):
    """What a signature or a hash is about. Values are bytes of the protocol and never change."""

    ROSTER_ENTRY = b"tacit/v1/roster-entry"
    JOIN = b"tacit/v1/join"
    DEVICE_CERTIFICATE = b"tacit/v1/device-certificate"
    REKEY = b"tacit/v1/re-key"
    COSIGN = b"tacit/v1/co-sign"
    COMMIT = b"tacit/v1/commit"
    CHAIN = b"tacit/v1/chain"
    BODY = b"tacit/v1/body"
    LOG_KEY = b"tacit/v1/log-key"
    WRAP = b"tacit/v1/wrap"
    SEAL = b"tacit/v1/seal"
    DEVICE_ID = b"tacit/v1/device-id"
    KEY_ID = b"tacit/v1/key-id"
    LOGIN = b"tacit/v1/login"
    ACCOUNT_FROM_INVITATION = b"tacit/v1/account-from-invitation"
    BUNDLE = b"tacit/v1/bundle"
    FILE_CHUNK = b"tacit/v1/file-chunk"
    CHECK_CODE = b"tacit/v1/check-code"
    MOVED_RECORD = b"tacit/v1/moved-record"
    EVENT = b"tacit/v1/event"
    RECOVERY_ENROL = b"tacit/v1/recovery-enrol"
    RECOVERY_SHARE = b"tacit/v1/recovery-share"
    RECOVERY_REQUEST = b"tacit/v1/recovery-request"
    RECOVERY_BOX = b"tacit/v1/recovery-box"
    ACCOUNT_RECOVERY = b"tacit/v1/account-recovery"
    ACCOUNT_SUCCESSION = b"tacit/v1/account-succession"
    OPERATOR_JOURNAL = b"tacit/v1/operator-journal"


def signed_message(namespace: Namespace, body: bytes) -> bytes:
    """The exact bytes that are signed."""
    return bytes((len(namespace.value),)) + namespace.value + body


def digest(namespace: Namespace, *parts: bytes) -> bytes:
    """SHA-256 over the namespace (length-prefixed) and the parts, each of which has a fixed length or is last."""
    return sha256(bytes((len(namespace.value),)), namespace.value, *parts)


def verify(namespace: Namespace, public_key: bytes, body: bytes, signature: bytes) -> None:
    """Raise SignatureInvalid unless `signature` is `public_key`'s over `body` in `namespace`."""
    if len(public_key) != KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        raise SignatureInvalid("a key is 32 bytes and a signature 64")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed_message(namespace, body))
    except InvalidSignature:
        raise SignatureInvalid(f"{namespace.value.decode()}: signature does not verify") from None
    except ValueError:
        raise SignatureInvalid("not an Ed25519 public key") from None


Verifier = Callable[[Namespace, bytes, bytes, bytes], None]
"""`verify`, or what takes its place for things whose signatures were verified before."""


def verified_before(namespace: Namespace, public_key: bytes, body: bytes, signature: bytes) -> None:
    """The verifier for what this program verified earlier and kept where nobody else writes."""


def device_id(signing_key: bytes) -> bytes:
    """A device's id: the first 16 bytes of the hash of its public signing key (32 bytes)."""
    return digest(Namespace.DEVICE_ID, signing_key)[:16]


def key_id(encryption_key: bytes) -> bytes:
    """The id of an identity's public encryption key (1,216 bytes): 32 bytes."""
    return digest(Namespace.KEY_ID, encryption_key)
