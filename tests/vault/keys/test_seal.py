"""The seal as attacks see it: every byte, every length, every context, two keys, bombs, one error."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

import pytest
import zstandard
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from protocol.limits import MAX_BODY, MAX_OPENED, SEAL_OVERHEAD
from vault.keys import seal
from vault.keys.errors import BodyTooLarge, OpenFailed
from vault.keys.padding import padme

KEY = b"\x07" * 32
CONTEXT, ASSOCIATED = b"context", b"associated"
SEALED = bytes.fromhex(
    "0109090909090909090909090909090909090909090909090909090909090909093cc30b3429deb54a4bc8e1e57f084f"
    "a1ab2be4c0848c96df433cc7b6d95d993d46655e7c21d0f6e02d46b20052bf3c0182c4b52c57b45f4388"
)
SEALED_BODY = bytes.fromhex(
    "0109090909090909090909090909090909090909090909090909090909090909093cc30b3429deb54a4bc8e1e57f084f"
    "a1ab2be4c0848c96df433cc7b6d95d993d36093f0c6711bc657929f62fb9a463f9fc390613f3affd0aef2ec1b6da276c"
    "c3d2737f4a39d59fc69c75548d8c11"
)


def by_hand(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, bytes]:
    """Message key and commitment, by RFC 5869 written again from its text."""
    label = b"tacit/v1/seal"
    info = bytes((len(label),)) + label + len(context).to_bytes(2, "big") + context
    pseudorandom = hmac.digest(salt, key, hashlib.sha256)
    first = hmac.digest(pseudorandom, info + b"\x01", hashlib.sha256)
    return first, hmac.digest(pseudorandom, first + info + b"\x02", hashlib.sha256)


def test_format_is_stable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda size: b"\x09" * size)
    assert seal.seal(KEY, CONTEXT, ASSOCIATED, b"plaintext") == SEALED
    assert seal.open_sealed(KEY, CONTEXT, ASSOCIATED, SEALED) == b"plaintext"
    assert seal.open_body(KEY, CONTEXT, ASSOCIATED, SEALED_BODY) == b"plaintext" * 10


def test_is_the_construction_of_its_docstring() -> None:
    sealed = seal.seal(KEY, CONTEXT, ASSOCIATED, b"plaintext")
    message_key, commitment = by_hand(KEY, sealed[1:33], CONTEXT)
    assert sealed[0] == 1
    assert sealed[33:65] == commitment
    assert AESGCM(message_key).decrypt(bytes(12), sealed[65:], ASSOCIATED) == b"plaintext"
    assert len(sealed) == len(b"plaintext") + SEAL_OVERHEAD


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_round_trip(context: bytes, associated: bytes, plaintext: bytes) -> None:
    sealed = seal.seal(KEY, context, associated, plaintext)
    assert seal.open_sealed(KEY, context, associated, sealed) == plaintext
    body = seal.seal_body(KEY, context, associated, plaintext)
    assert seal.open_body(KEY, context, associated, body) == plaintext


def test_no_two_seals_are_alike() -> None:
    assert len({seal.seal(KEY, b"", b"", b"same") for _ in range(100)}) == 100


@pytest.mark.A10
@pytest.mark.A16
def test_every_bit_flipped_is_refused() -> None:
    for index in range(len(SEALED)):
        for bit in range(8):
            mauled = bytearray(SEALED)
            mauled[index] ^= 1 << bit
            with pytest.raises(OpenFailed):
                seal.open_sealed(KEY, CONTEXT, ASSOCIATED, bytes(mauled))


@pytest.mark.A16
def test_truncated_extended_and_empty_are_refused() -> None:
    for end in range(len(SEALED)):
        with pytest.raises(OpenFailed):
            seal.open_sealed(KEY, CONTEXT, ASSOCIATED, SEALED[:end])
    for mauled in (SEALED + b"\0", b"\0" + SEALED, SEALED * 2, bytes(len(SEALED)), SEALED[1:]):
        with pytest.raises(OpenFailed):
            seal.open_sealed(KEY, CONTEXT, ASSOCIATED, mauled)


@pytest.mark.A16
@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_byte_is_refused(version: int) -> None:
    with pytest.raises(OpenFailed):
        seal.open_sealed(KEY, CONTEXT, ASSOCIATED, bytes((version,)) + SEALED[1:])


@pytest.mark.A10
def test_wrong_key_context_or_associated_data_is_refused() -> None:
    for key, context, associated in (
        (b"\x08" * 32, CONTEXT, ASSOCIATED),
        (KEY, b"other", ASSOCIATED),
        (KEY, b"", ASSOCIATED),
        (KEY, CONTEXT, b"other"),
        (KEY, CONTEXT + ASSOCIATED, b""),
        (KEY, ASSOCIATED, CONTEXT),
    ):
        with pytest.raises(OpenFailed):
            seal.open_sealed(key, context, associated, SEALED)


def test_parts_of_two_seals_do_not_mix() -> None:
    one, two = (seal.seal(KEY, CONTEXT, ASSOCIATED, text) for text in (b"plaintext", b"PLAINTEXT"))
    for start, end in ((1, 33), (33, 65), (65, len(one)), (1, 65), (33, len(one))):
        with pytest.raises(OpenFailed):
            seal.open_sealed(KEY, CONTEXT, ASSOCIATED, one[:start] + two[start:end] + one[end:])


def gf_multiply(x: int, y: int) -> int:
    """Multiplication in GCM's field (NIST SP 800-38D, 6.3)."""
    product, factor = 0, x
    for bit in range(127, -1, -1):
        if y >> bit & 1:
            product ^= factor
        factor = factor >> 1 ^ (0xE1 << 120 if factor & 1 else 0)
    return product


def gf_inverse(x: int) -> int:
    result, power, exponent = 1 << 127, x, (1 << 128) - 2
    while exponent:
        if exponent & 1:
            result = gf_multiply(result, power)
        power = gf_multiply(power, power)
        exponent >>= 1
    return result


def hash_key_and_mask(key: bytes) -> tuple[int, int]:
    """GCM's H = E(0) and the block that masks the tag for a nonce of zeros (SP 800-38D, 7.1)."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return int.from_bytes(encryptor.update(bytes(16))), int.from_bytes(encryptor.update(bytes(15) + b"\x01"))


def two_key_ciphertext(one: bytes, two: bytes) -> bytes:
    """A GCM ciphertext and tag (nonce of zeros, no associated data) that opens under both keys: two blocks, of which
    the first is free and the second solves tag(one) = tag(two), a linear equation in GCM's field."""
    (h1, mask1), (h2, mask2) = hash_key_and_mask(one), hash_key_and_mask(two)
    first, lengths = int.from_bytes(b"first block free"), 256

    def tag_without_second(h: int, mask: int) -> int:
        cubed = gf_multiply(gf_multiply(h, h), h)
        return gf_multiply(first, cubed) ^ gf_multiply(lengths, h) ^ mask

    difference = tag_without_second(h1, mask1) ^ tag_without_second(h2, mask2)
    second = gf_multiply(difference, gf_inverse(gf_multiply(h1, h1) ^ gf_multiply(h2, h2)))
    tag = tag_without_second(h1, mask1) ^ gf_multiply(second, gf_multiply(h1, h1))
    return first.to_bytes(16) + second.to_bytes(16) + tag.to_bytes(16)


@pytest.mark.A34
@pytest.mark.hostile
def test_one_ciphertext_for_two_keys_opens_under_neither_or_one() -> None:
    """GCM alone opens the forged ciphertext under both message keys; the commitment lets one of them through."""
    keys, salt = (os.urandom(32), os.urandom(32)), os.urandom(32)
    derived = [by_hand(key, salt, CONTEXT) for key in keys]
    forged = two_key_ciphertext(derived[0][0], derived[1][0])
    for message_key, _ in derived:
        AESGCM(message_key).decrypt(bytes(12), forged, None)  # the attack works on GCM
    for key, (_, commitment) in zip(keys, derived, strict=True):
        sealed = b"\x01" + salt + commitment + forged
        assert seal.open_sealed(key, CONTEXT, b"", sealed)
        for other in keys:
            if other != key:
                with pytest.raises(OpenFailed):
                    seal.open_sealed(other, CONTEXT, b"", sealed)


@pytest.mark.A17
@pytest.mark.A23
def test_one_error_whatever_failed() -> None:
    """Commitment, tag, padding, compression, version, length: the same class, the same words, no cause to follow."""
    bad_padding = seal.seal(KEY, CONTEXT, ASSOCIATED, b"\xff" * 64)
    bad_tag = SEALED[:-1] + bytes((SEALED[-1] ^ 1,))
    bad_commitment = SEALED[:40] + bytes((SEALED[40] ^ 1,)) + SEALED[41:]
    seen = set()
    for mauled in (bad_padding, bad_tag, bad_commitment, SEALED[:80], b"\x02" + SEALED[1:], SEALED):
        with pytest.raises(OpenFailed) as caught:
            seal.open_body(KEY, CONTEXT, ASSOCIATED, mauled)
        seen.add((type(caught.value), str(caught.value), caught.value.args, caught.value.__cause__))
    assert len(seen) == 1


@pytest.mark.A17
def test_the_same_work_whatever_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong commitment does not spare the decryption, so time does not tell which check failed."""
    decrypted: list[bytes] = []

    class Counting:
        def __init__(self, key: bytes) -> None:
            self.real = AESGCM(key)

        def decrypt(self, nonce: bytes, data: bytes, associated: bytes) -> bytes:
            decrypted.append(data)
            return self.real.decrypt(nonce, data, associated)

    monkeypatch.setattr(seal, "AESGCM", Counting)
    for index in (0, 1, 33, 65, len(SEALED) - 1):
        decrypted.clear()
        with pytest.raises(OpenFailed):
            mauled = SEALED[:index] + bytes((SEALED[index] ^ 1,)) + SEALED[index + 1 :]
            seal.open_sealed(KEY, CONTEXT, ASSOCIATED, mauled)
        assert len(decrypted) == 1


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_has_32_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal.seal(bytes(size), b"", b"", b"")


def test_sizes_of_bodies_are_padded() -> None:
    sizes = {len(seal.seal_body(KEY, b"", b"", os.urandom(size))) for size in range(1_000, 2_000)}
    assert len(sizes) < 40
    assert all(padme(size - SEAL_OVERHEAD) == size - SEAL_OVERHEAD for size in sizes)


def test_too_large_to_seal() -> None:
    with pytest.raises(BodyTooLarge):
        seal.seal_body(KEY, b"", b"", os.urandom(MAX_BODY))
    with pytest.raises(BodyTooLarge):
        seal.seal_body(KEY, b"", b"", bytes(MAX_OPENED + 1))
    largest = seal.seal_body(KEY, b"", b"", bytes(MAX_OPENED))
    assert seal.open_body(KEY, b"", b"", largest) == bytes(MAX_OPENED)


@pytest.mark.A46
@pytest.mark.hostile
def test_a_decompression_bomb_is_refused() -> None:
    frame = zstandard.ZstdCompressor(level=19).compress(bytes(MAX_OPENED + 1))
    packed = len(frame).to_bytes(4, "big") + frame
    bomb = seal.seal(KEY, b"", b"", packed.ljust(padme(len(packed)), b"\0"))
    with pytest.raises(OpenFailed):
        seal.open_body(KEY, b"", b"", bomb)


@pytest.mark.A43
def test_more_than_the_limit_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = seal.seal_body(KEY, b"", b"", os.urandom(1_000))
    assert seal.open_body(KEY, b"", b"", genuine, len(genuine))

    def never(*_: object) -> bytes:
        raise AssertionError("opened")

    monkeypatch.setattr(seal, "open_sealed", never)
    for sealed, limit in ((genuine, len(genuine) - 1), (bytes(MAX_BODY + 1), MAX_BODY)):
        with pytest.raises(OpenFailed):
            seal.open_body(KEY, b"", b"", sealed, limit)
