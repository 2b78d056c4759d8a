"""Identities, devices and what they sign."""

from __future__ import annotations

import hashlib
import os

import pytest

from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.signing import Namespace, device_id, verify
from vault.keys import DeviceKey, Identity
from vault.keys.errors import OpenFailed

WORKSPACE, MEMBER = b"\x01" * 32, b"\x02" * 16


def test_format_is_stable() -> None:
    identity = Identity.from_bytes(bytes(range(128)))
    assert identity.public.signing.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert hashlib.sha256(identity.public.encryption).hexdigest() == (
        "835e5f9243911d419cc56a3015ba94b0befce1f6a6c9709d0638569bf7c44a38"
    )
    assert identity.to_bytes() == bytes(range(128))


def test_rfc_8032_test_1() -> None:
    device = DeviceKey.from_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert device.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_generated_identities_differ_and_round_trip() -> None:
    one, two = Identity.generate(), Identity.generate()
    assert one != two
    assert Identity.from_bytes(one.to_bytes()) == one
    assert (len(one.public.signing), len(one.public.encryption)) == (32, 1216)


@pytest.mark.A16
@pytest.mark.parametrize("size", [0, 32, 127, 129])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(OpenFailed):
        Identity.from_bytes(bytes(size))
    with pytest.raises(OpenFailed):
        DeviceKey.from_bytes(bytes(size) if size != 32 else bytes(33))


@pytest.mark.A25
def test_a_certificate_is_the_identitys_over_workspace_member_and_device() -> None:
    identity, device = Identity.generate(), DeviceKey.generate()
    certificate = identity.certify(WORKSPACE, MEMBER, device.public)
    assert certificate.signing == device.public
    signed = encode([WORKSPACE, MEMBER, device.public])
    verify(Namespace.DEVICE_CERTIFICATE, identity.public.signing, signed, certificate.signature)
    for other in (
        encode([bytes(32), MEMBER, device.public]),
        encode([WORKSPACE, bytes(16), device.public]),
        encode([WORKSPACE, MEMBER, DeviceKey.generate().public]),
    ):
        with pytest.raises(SignatureInvalid):
            verify(Namespace.DEVICE_CERTIFICATE, identity.public.signing, other, certificate.signature)


@pytest.mark.A26
def test_a_signature_counts_in_its_own_namespace_only() -> None:
    device, body = DeviceKey.generate(), os.urandom(50)
    for namespace in Namespace:
        signature = device.sign(namespace, body)
        for other in Namespace:
            if other is namespace:
                verify(other, device.public, body, signature)
            else:
                with pytest.raises(SignatureInvalid):
                    verify(other, device.public, body, signature)


def test_a_new_encryption_key_is_signed_by_the_present_identity() -> None:
    identity = Identity.generate()
    successor = identity.with_new_encryption()
    assert successor.public.signing == identity.public.signing
    assert successor.public.encryption != identity.public.encryption
    signature = identity.sign_rekey(WORKSPACE, MEMBER, successor.public)
    signed = encode([WORKSPACE, MEMBER, successor.public.signing, successor.public.encryption])
    verify(Namespace.REKEY, identity.public.signing, signed, signature)


def test_a_devices_id_is_that_of_its_key() -> None:
    device = DeviceKey.generate()
    assert device.id == device_id(device.public)
    assert len(device.id) == 16
