"""Every signed type against every verifier (A26): no signature of one kind passes as another, for any namespace that
there is now or that is added; and everything that Tacit signs is signed in a namespace of its own."""

from __future__ import annotations

import itertools

import pytest

from protocol.errors import SignatureInvalid
from protocol.signing import Namespace, digest, signed_message, verify
from vault.keys import DeviceKey

pytestmark = [pytest.mark.hostile, pytest.mark.A26]

BODIES = [b"", b"\x00", b"tacit/v1/", bytes(32), bytes(range(200))]


def test_A26_every_namespace_against_every_other() -> None:
    key = DeviceKey.generate()
    signed = {(name, body): key.sign(name, body) for name in Namespace for body in BODIES}
    for (made, body), signature in signed.items():
        for wanted in Namespace:
            if wanted is made:
                verify(wanted, key.public, body, signature)
                continue
            with pytest.raises(SignatureInvalid):
                verify(wanted, key.public, body, signature)


def test_A26_no_message_of_one_kind_can_be_read_as_another() -> None:
    """The length before the name makes the beginnings prefix-free: whatever the bodies, the messages differ."""
    starts = {name: signed_message(name, b"") for name in Namespace}
    for first, second in itertools.permutations(starts, 2):
        assert not starts[first].startswith(starts[second]), (first, second)
    for name, start in starts.items():
        assert start[0] == len(name.value) == len(start) - 1
    assert len({name.value for name in Namespace}) == len(Namespace)


def test_A26_hashes_are_kept_apart_too() -> None:
    for body in BODIES:
        assert len({digest(name, body) for name in Namespace}) == len(Namespace)


def test_A26_another_key_another_body_a_bent_signature() -> None:
    key, other = DeviceKey.generate(), DeviceKey.generate()
    for name in Namespace:
        signature = key.sign(name, b"body")
        bent = [signature[:at] + bytes((signature[at] ^ 1,)) + signature[at + 1 :] for at in range(64)]
        wrong = [(other.public, b"body", signature), (key.public, b"Body", signature)]
        wrong += [(key.public, b"body", one) for one in bent]
        wrong += [(key.public[:-1], b"body", signature), (key.public, b"body", signature + b"\0")]
        wrong += [(key.public, b"body", b""), (b"", b"body", signature), (bytes(32), b"body", signature)]
        for public, body, claimed in wrong:
            with pytest.raises(SignatureInvalid):
                verify(name, public, body, claimed)
