"""Recovery by k of n: a random key, its shares (Shamir), the box that it opens, and how shares travel.

The recovery key has 32 random bytes. The library (PyCryptodome, GF(2^128)) shares 16 bytes at a time, so each half is
shared by a random polynomial of its own and a share is the two values at the same point: 32 bytes. Fewer than k shares
say nothing at all about the key, and nothing about any further share (Shamir, "How to Share a Secret", 1979). That a
share is genuine shows by its digest in the signed roster, before it is used; that shares belong together shows by the
box, which opens or does not.

    box    = seal(recovery key, "recovery-box", workspace, member, enrolment; the identity's 128 bytes)
    wrap   = HPKE(trustee's encryption key,  "recovery-wrap",   workspace, member, trustee, enrolment; share)
    answer = HPKE(the request's key,         "recovery-answer", workspace, member, trustee, enrolment, request; share)

`enrolment` is the hash of the roster's entry, so nothing of an earlier enrolment opens as part of a later one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol.ids import KEY_SIZE, MemberId, WorkspaceId
from protocol.limits import MAX_TRUSTEES
from protocol.signing import Namespace, key_id
from protocol.wire_recovery import request_digest
from vault.keys import seal
from vault.keys.checkcode import code_of
from vault.keys.encryption import EncryptionKey, public_pair
from vault.keys.errors import OpenFailed
from vault.keys.identity import Identity
from vault.keys.labels import Label, prefixed

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_HALF = KEY_SIZE // 2
SHARE_SIZE = KEY_SIZE
LEAST = 2


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What everything of one enrolment is bound to: workspace (32 bytes), member (16), hash of the entry (32)."""

    workspace: WorkspaceId
    member: MemberId
    entry: bytes


def split(threshold: int, count: int) -> tuple[bytes, list[bytes]]:
    """A fresh recovery key (32 bytes) and `count` shares (32 bytes each), of which any `threshold` give it back.

    The n-th share belongs to point n, counted from 1. Raises ValueError for numbers that an enrolment cannot have.
    """
    if not LEAST <= threshold <= count <= MAX_TRUSTEES:
        raise ValueError(f"at least {LEAST} of at most {MAX_TRUSTEES}")
    key = secrets.token_bytes(KEY_SIZE)
    halves = [Shamir.split(threshold, count, half) for half in (key[:_HALF], key[_HALF:])]
    return key, [first + second for (_, first), (_, second) in zip(*halves, strict=True)]


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The recovery key from exactly as many shares as the threshold is, by their points (1 to n). Whether it is the
    right one shows when the box is opened. Raises OpenFailed for what can be no shares."""
    if not shares or any(len(share) != SHARE_SIZE or point < 1 for point, share in shares.items()):
        raise OpenFailed
    try:
        first = Shamir.combine([(point, share[:_HALF]) for point, share in shares.items()])
        second = Shamir.combine([(point, share[_HALF:]) for point, share in shares.items()])
    except ValueError:
        raise OpenFailed from None
    return first + second


def seal_box(key: bytes, of: Enrolment, identity: Identity) -> bytes:
    """The identity's private keys under the recovery key."""
    return seal.seal(key, _context(Namespace.RECOVERY_BOX.value, of), b"", identity.to_bytes())


def open_box(key: bytes, of: Enrolment, box: bytes) -> Identity:
    """Raises OpenFailed. Whether the identity is the roster's is the caller's to check."""
    return Identity.from_bytes(seal.open_sealed(key, _context(Namespace.RECOVERY_BOX.value, of), b"", box))


def wrap_share(share: bytes, of: Enrolment, trustee: MemberId, recipient_public: bytes) -> bytes:
    """A share for its trustee. To a public key that is none, random bytes, as `wraps.wrap`: he sees that they do not
    open."""
    return _sealed(share, recipient_public, _wrap_info(of, trustee, recipient_public))


def unwrap_share(private: EncryptionKey, of: Enrolment, trustee: MemberId, sealed: bytes) -> bytes:
    """Raises OpenFailed."""
    return _opened(private, _wrap_info(of, trustee, private.public), sealed)


def answer_request(share: bytes, of: Enrolment, trustee: MemberId, request_public: bytes) -> bytes:
    """A share for the computer that asks, by its request's key (1,216 bytes)."""
    return _sealed(share, request_public, _answer_info(of, trustee, request_public))


def open_answer(private: EncryptionKey, of: Enrolment, trustee: MemberId, sealed: bytes) -> bytes:
    """Raises OpenFailed."""
    return _opened(private, _answer_info(of, trustee, private.public), sealed)


def request_code(workspace: WorkspaceId, member: MemberId, request_public: bytes) -> str:
    """The check code of a request, thirty digits: workspace, member and key, as both screens show it. A server that
    puts another key, another member or another world in between shows another code on one of the two."""
    return code_of(prefixed(Label.RECOVERY_CODE.value, request_digest(workspace, member, request_public)))


def _sealed(share: bytes, public: bytes, info: bytes) -> bytes:
    if len(share) != SHARE_SIZE:
        raise ValueError(f"a share has {SHARE_SIZE} bytes")
    try:
        return _SUITE.encrypt(share, public_pair(public), info)
    except ValueError:
        return secrets.token_bytes(SHARE_SIZE)


def _opened(private: EncryptionKey, info: bytes, sealed: bytes) -> bytes:
    try:
        share = _SUITE.decrypt(sealed, private.pair, info)
    except (InvalidTag, ValueError):
        raise OpenFailed from None
    if len(share) != SHARE_SIZE:
        raise OpenFailed
    return share


def _context(label: bytes, of: Enrolment, *more: bytes) -> bytes:
    return prefixed(label, of.workspace, of.member, of.entry, *more)


def _wrap_info(of: Enrolment, trustee: MemberId, recipient: bytes) -> bytes:
    return _context(Label.RECOVERY_WRAP.value, of, trustee, key_id(recipient))


def _answer_info(of: Enrolment, trustee: MemberId, recipient: bytes) -> bytes:
    request = request_digest(of.workspace, of.member, recipient)
    return _context(Label.RECOVERY_ANSWER.value, of, trustee, key_id(recipient), request)
