"""Wraps: HPKE to a member's key, bound to workspace, log, generation and recipient."""

from __future__ import annotations

import itertools
import os

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol.ids import Compartment, LogId
from protocol.limits import ENCRYPTION_KEY_SIZE, WRAP_SIZE
from protocol.signing import key_id
from vault.keys import EncryptionKey, Identity, unwrap, wrap
from vault.keys.encryption import public_pair
from vault.keys.errors import OpenFailed

WORKSPACE, KEY = b"\x01" * 32, b"\x0a" * 32
LOG = LogId(b"\x11" * 16, Compartment.SALES, b"\x22" * 16)
RECIPIENT = Identity.from_bytes(bytes(range(128)))
FROZEN = bytes.fromhex(
    "fb3b5c5cb2be9b31cde0180856c756f70eff8046243f1443c45dc06440549066fb22793e42534020ff4a07e3de386c28"
    "ea37b38ef54f2bf6bd43c5d65334a99db00be0eec9d23c6ef1b4a382c99a98fbe592078304f7d6ee009623c3adfd0b09"
    "2ae3012bcf5e5c61b4c9d366a2e403e8be43fd8f9f005c23b92124feaa8879b00040d95597f9bf3f2fb51c0dc2f1b02c"
    "95dc9fcd1b9fc425634f9aa4f78642ab15f1b6652880aa899043d90c8c1775c8d682bc7d27778bdf249c842a7c1da0fd"
    "25116d6bf92b60f408ba5e3c6c7b7b720895d101a6fb005edc35ad630c300738b5576045b41c2eefdd4767278adb5dc9"
    "0d9593a368c57b779585b341752e19b40a0fd5bba7e467101bc2911bd30f2d397cee60ec15f5f2d02a4dd72804065400"
    "4d1019f2733432bb66c5a3342ad2656ad65f14adde6e36e9ceae600a1a88f25a7cf9113876f08b95064016f7720197be"
    "9ba75dfbbb352e1bc7de097b0b45c92b6bdc8a32ca44c09b51a67dc00c9dc4f37196c679d5ef9f6ee228faeaadf12755"
    "83128bcefd6e9887845781cac722232e160553611284125ca89c614a032d63474957e706b675b0c6af900ee3a074ea27"
    "63e83ae622dc92419cb04d58aa4f642983aaf25d0cba9532d08f94ea327a7ae4af07d25175386e1f681d956d740f55cd"
    "cef2ad8990a8ad1ea8059890e0e37fd1d03cc683661ec6fab0ae0a2cc7fcd8e1e944b8d4d973a8378252bf8282061f9b"
    "07c32bfec6483f6c94bbda2cefe541d5beeada41c3c8911c486eb80cdf8435add2076f9d0722f70b95c548db9696b83e"
    "54a1c11a24bed02d576e9bfece803bae5ac023b910f55fe086ad98df389537a7dc57819b6aaf985e3e1fef19558974d8"
    "607ccb45df0c274ff1dc6f9d57f207201b907ec1316d76055233a4191b62524bbc05621323344281896f3ffbb46d8cb6"
    "254fc946b87e715c8267e3c67cd05d1a44c9a9f48ca662de6b7880898d0f532fde9e17954b63f9918529c3dbefb124ab"
    "b47517143d6484f5b00d360951ad0c4f506282bd9ed7cd42cd513474fa0716f0781eaa716ae43a1348bac2808c939d89"
    "00036cebd15fc42a1ee2c3f9481225a5099a8121f23092648ce63d52d40ae2d89b9b5e0cf7426380bf5997516e313e56"
    "0bf633fb22f14eca33cabc5e2ca68a6d2d484b15913c607302518e3b36c3c0fefac4b853246e5827426a13783ecd3b64"
    "83d3b43de6bb3e86acbdc88c9117768551043e744a92aa0364ee777d4fbb08a5cdb73861144bf3d86ac4665fa9bef842"
    "e7bc34392d67c02f00ef5bc5e0ab14584b6eb6eeedc085fa47cc3b12ea29356243ecba35d346d226ae78fdc1df80d596"
    "b4f4263dbce454a84b7498b50fee31f27a4a6ff17ca643a2d094fbeabd591621a7dad7169ab6403350094f5e32838dea"
    "8551edd6be98b05c247995b345a9fbb7b384f0da5f53d33516c157a62c3a3909bad51d40b71e29b428efbf3de1f59e61"
    "1247f2a8325ed6e7cabc6f28da2960c3cf7d7a165cd97fc24094b9fda4f8f1e427c559a005de054f3ab94608898ce1f2"
    "91d8b5d9ad6e2870801ac986e315974d1c3fcca0b092d101764661f8fb534ad9fbdffeecfe4b5252628bb712a18c071f"
    "2c965cabae9871eec44632f60e6b21a0"
)


def test_format_is_stable() -> None:
    """A wrap that was made when the format was written still opens."""
    assert len(FROZEN) == WRAP_SIZE
    assert RECIPIENT.unwrap(WORKSPACE, LOG, 3, FROZEN) == KEY
    assert unwrap(RECIPIENT.encryption, WORKSPACE, LOG, 3, FROZEN) == KEY


def test_is_hpke_with_the_context_in_info() -> None:
    label = b"tacit/v1/wrap"
    info = bytes((len(label),)) + label
    for part in (WORKSPACE, LOG.encode(), (3).to_bytes(8, "big"), key_id(RECIPIENT.encryption.public)):
        info += len(part).to_bytes(2, "big") + part
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    sealed = wrap(KEY, WORKSPACE, LOG, 3, RECIPIENT.encryption.public)
    assert suite.decrypt(sealed, RECIPIENT.encryption.pair, info) == KEY


def test_sizes_are_the_protocols() -> None:
    key = EncryptionKey.generate()
    assert len(key.public) == ENCRYPTION_KEY_SIZE == 1184 + 32
    assert len(key.to_bytes()) == 96
    assert len(wrap(KEY, WORKSPACE, LOG, 1, key.public)) == WRAP_SIZE
    assert EncryptionKey.from_bytes(key.to_bytes()).public == key.public


@pytest.mark.A12
@pytest.mark.A14
def test_opens_only_in_its_own_place() -> None:
    shared = LogId(LOG.group, Compartment.SALES)
    places = list(itertools.product((WORKSPACE, bytes(32)), (LOG, shared), (3, 4)))
    for place in places:
        sealed = wrap(KEY, *place, RECIPIENT.encryption.public)
        assert RECIPIENT.unwrap(*place, sealed) == KEY
        for other in places:
            if other != place:
                with pytest.raises(OpenFailed):
                    RECIPIENT.unwrap(*other, sealed)


def test_another_member_opens_nothing() -> None:
    with pytest.raises(OpenFailed):
        Identity.generate().unwrap(WORKSPACE, LOG, 3, FROZEN)


@pytest.mark.A10
def test_every_byte_flipped_is_refused() -> None:
    for index in range(WRAP_SIZE):
        with pytest.raises(OpenFailed):
            RECIPIENT.unwrap(
                WORKSPACE, LOG, 3, FROZEN[:index] + bytes((FROZEN[index] ^ 1,)) + FROZEN[index + 1 :]
            )


@pytest.mark.A16
@pytest.mark.parametrize("size", [0, 1, 1_120, WRAP_SIZE - 1, WRAP_SIZE + 1])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(OpenFailed):
        RECIPIENT.unwrap(WORKSPACE, LOG, 3, (FROZEN + b"\0")[:size])


@pytest.mark.A16
@pytest.mark.parametrize("plaintext", [b"", bytes(31), bytes(33)])
def test_a_wrapped_thing_that_is_no_key_is_refused(plaintext: bytes) -> None:
    label = b"tacit/v1/wrap"
    info = bytes((len(label),)) + label
    for part in (WORKSPACE, LOG.encode(), (3).to_bytes(8, "big"), key_id(RECIPIENT.encryption.public)):
        info += len(part).to_bytes(2, "big") + part
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    with pytest.raises(OpenFailed):
        RECIPIENT.unwrap(
            WORKSPACE, LOG, 3, suite.encrypt(plaintext, public_pair(RECIPIENT.encryption.public), info)
        )


@pytest.mark.hostile
@pytest.mark.parametrize(
    "public",
    [
        b"",
        bytes(ENCRYPTION_KEY_SIZE - 1),
        b"\xff" * ENCRYPTION_KEY_SIZE,
        RECIPIENT.encryption.public[:1184] + bytes(32),
        os.urandom(ENCRYPTION_KEY_SIZE),
    ],
    ids=["empty", "short", "no lattice key", "point of low order", "random"],
)
def test_a_member_with_an_unusable_key_does_not_stop_a_rotation(public: bytes) -> None:
    assert len(wrap(KEY, WORKSPACE, LOG, 3, public)) == WRAP_SIZE


def test_only_log_keys_are_wrapped() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        wrap(b"short", WORKSPACE, LOG, 3, RECIPIENT.encryption.public)
