"""The one seal: everything that Tacit encrypts under a symmetric key is in this format.

    version (1) || salt (32) || key commitment (32) || AES-256-GCM ciphertext and tag (16)

    message key (32) || commitment (32) = HKDF-SHA256(key, salt, info = namespace and context, each after its length)

The message key serves once (its salt is 32 random bytes), so the nonce is twelve zero bytes. GCM alone does
not commit to its key: one ciphertext can be made to open under two (Len, Grubbs and Ristenpart, "Partitioning
Oracle Attacks", 2021). The commitment does, and is compared first, in constant time. There is one error,
OpenFailed, and opening does the same work whatever is wrong. No negotiation: one suite, one version byte,
exact lengths.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol.commit import body_hash
from protocol.ids import KEY_SIZE
from protocol.limits import MAX_BODY, MAX_OPENED, SEAL_OVERHEAD, VERSION
from protocol.signing import Namespace
from vault.keys import padding
from vault.keys.errors import BodyTooLarge, OpenFailed
from vault.keys.labels import hkdf, prefixed

_SALT = 32
_COMMITMENT = 32
_NONCE = bytes(12)
_START = 1 + _SALT + _COMMITMENT


def _keys(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, bytes]:
    if len(key) != KEY_SIZE:
        raise ValueError("a key has 32 bytes")
    both = hkdf(key, salt, prefixed(Namespace.SEAL.value, context), KEY_SIZE + _COMMITMENT)
    return both[:KEY_SIZE], both[KEY_SIZE:]


def seal(key: bytes, context: bytes, associated: bytes, plaintext: bytes) -> bytes:
    """Seal under `key` (32 bytes). `context` says what the thing is (at most 65,535 bytes), `associated` is
    authenticated with it."""
    return _seal(key, context, associated, plaintext, secrets.token_bytes(_SALT))


def _seal(key: bytes, context: bytes, associated: bytes, plaintext: bytes, salt: bytes) -> bytes:
    message_key, commitment = _keys(key, salt, context)
    return bytes((VERSION,)) + salt + commitment + AESGCM(message_key).encrypt(_NONCE, plaintext, associated)


def open_sealed(key: bytes, context: bytes, associated: bytes, sealed: bytes) -> bytes:
    """The plaintext, or OpenFailed. Never anything in between, and never a reason."""
    if len(sealed) < SEAL_OVERHEAD:  # what everybody can see
        raise OpenFailed
    salt, commitment = sealed[1 : 1 + _SALT], sealed[1 + _SALT : _START]
    message_key, expected = _keys(key, salt, context)
    genuine = hmac.compare_digest(expected + bytes((VERSION,)), commitment + sealed[:1])
    plaintext: bytes | None
    try:
        # Decrypted also where the commitment is wrong, so that both take the same time; the result is dropped.
        plaintext = AESGCM(message_key).decrypt(_NONCE, sealed[_START:], associated)
    except InvalidTag:
        plaintext = None
    if plaintext is None or not genuine:
        raise OpenFailed
    return plaintext


def seal_body(
    key: bytes, context: bytes, associated: bytes, plaintext: bytes, limit: int = MAX_BODY
) -> bytes:
    """Compress, pad (Padmé), seal. Raises BodyTooLarge where `plaintext` or the sealed bytes exceed their
    limits."""
    if len(plaintext) > MAX_OPENED:
        raise BodyTooLarge(f"{len(plaintext)} bytes, at most {MAX_OPENED} allowed")
    packed = padding.pack(plaintext)
    if len(packed) + SEAL_OVERHEAD > limit:
        raise BodyTooLarge(f"{len(packed) + SEAL_OVERHEAD} bytes sealed, at most {limit} allowed")
    return seal(key, context, associated, packed)


def open_body(key: bytes, context: bytes, associated: bytes, sealed: bytes, limit: int = MAX_BODY) -> bytes:
    """Undo `seal_body`; at most MAX_OPENED bytes come out. Raises OpenFailed, the same for a bomb as for a
    wrong key."""
    if len(sealed) > limit:
        raise OpenFailed
    packed = open_sealed(key, context, associated, sealed)
    try:
        return padding.unpack(packed, MAX_OPENED)
    except ValueError:
        raise OpenFailed from None


@dataclass(frozen=True, slots=True)
class OpenedBody:
    """`salt` (32 bytes) and `frame` (zstd): with key and header, what the sealed bytes can be made of again."""

    plaintext: bytes
    salt: bytes
    frame: bytes


def open_body_kept(key: bytes, context: bytes, associated: bytes, sealed: bytes) -> OpenedBody:
    """As `open_body`, with what `seal_body_again` needs. Raises OpenFailed."""
    if len(sealed) > MAX_BODY:
        raise OpenFailed
    packed = open_sealed(key, context, associated, sealed)
    try:
        plaintext = padding.unpack(packed, MAX_OPENED)
    except ValueError:
        raise OpenFailed from None
    return OpenedBody(plaintext, sealed[1 : 1 + _SALT], padding.frame_of(packed))


def seal_body_again(
    key: bytes, context: bytes, associated: bytes, salt: bytes, frame: bytes, expected_hash: bytes
) -> bytes:
    """The very bytes that were opened, made again from what was kept of them. Raises OpenFailed where they are not the
    body whose hash the signed header names: a salt serves one plaintext, so nothing else may ever leave."""
    sealed = _seal(key, context, associated, padding.repack(frame), salt)
    if body_hash(sealed) != expected_hash:
        raise OpenFailed
    return sealed
