"""The account bundle against a server that keeps it."""

from __future__ import annotations

import pytest

from protocol.limits import MAX_BUNDLE
from vault.keys import Bundle, BundleIdentity, Identity, seal
from vault.keys.errors import BodyTooLarge, BundleRefused, OpenFailed
from vault.keys.labels import prefixed

KEY, WORKSPACE, MEMBER = b"\x07" * 32, b"\x01" * 32, b"\x02" * 16
FROZEN = bytes.fromhex(
    "0109090909090909090909090909090909090909090909090909090909090909097ceca84d9551c8339d2bb6824ef7be"
    "72c1e0e2a0a2a67f0d0794d789e3764155ca1054d70692fb591e1a205189a2b57a2638ac6b66652ac7e23b136b711fa5"
    "15d33416b6c7bf91fa5931315386bd51fb7c0147a15b021bf7d8b04c6738050a8d9e2f1b37707f5631a16f8741a87434"
    "674f67ee0dd35caa1e1e4800f9bae82660779c7914e27b68ca9746ce890ea6c227d6f25312c9d1f35c73b616349a1a42"
    "3cb1cf2edea404b7649a2bf5af8ae96da52d118c84505a840946a3875243f73139bd2239531fe18d7ed2cae55aecd23e"
    "4b576973137469ccf5c2afc5584a766f52"
)


def bundle() -> Bundle:
    return Bundle([BundleIdentity(WORKSPACE, MEMBER, bytes(range(128)))])


def test_format_is_stable() -> None:
    assert Bundle.open(FROZEN, KEY, "ann", 3) == bundle()


def test_round_trip_with_several_workspaces() -> None:
    identities = {bytes((number,)) * 32: Identity.generate() for number in range(5)}
    filled = Bundle([])
    for workspace, identity in identities.items():
        filled = filled.with_identity(workspace, MEMBER, identity)
    opened = Bundle.open(filled.seal(KEY, "ann", 1), KEY, "ann", 1)
    for workspace, identity in identities.items():
        assert opened.identity(workspace, MEMBER, identity.public) == identity


def test_one_identity_for_each_workspace() -> None:
    first, second = Identity.generate(), Identity.generate()
    replaced = Bundle([]).with_identity(WORKSPACE, MEMBER, first).with_identity(WORKSPACE, MEMBER, second)
    assert [row.identity for row in replaced.identities] == [second.to_bytes()]
    with pytest.raises(OpenFailed):
        Bundle([*bundle().identities, *bundle().identities])


@pytest.mark.A18
@pytest.mark.hostile
@pytest.mark.parametrize(
    ("key", "handle", "version"),
    [(bytes(32), "ann", 3), (KEY, "ben", 3), (KEY, "Ann", 3), (KEY, "", 3), (KEY, "ann", 2), (KEY, "ann", 4)],
)
def test_another_key_handle_or_version_is_refused(key: bytes, handle: str, version: int) -> None:
    with pytest.raises(OpenFailed):
        Bundle.open(FROZEN, key, handle, version)


@pytest.mark.A18
@pytest.mark.A33
@pytest.mark.hostile
def test_an_older_bundle_is_refused() -> None:
    with pytest.raises(BundleRefused):
        Bundle.open(FROZEN, KEY, "ann", 3, newest_seen=4)
    assert Bundle.open(FROZEN, KEY, "ann", 3, newest_seen=3) == bundle()


@pytest.mark.A18
@pytest.mark.hostile
def test_keys_that_are_not_the_rosters_are_refused() -> None:
    with pytest.raises(BundleRefused):
        bundle().identity(WORKSPACE, MEMBER, Identity.generate().public)
    genuine = Identity.from_bytes(bytes(range(128))).public
    for workspace, member in ((bytes(32), MEMBER), (WORKSPACE, bytes(16))):
        with pytest.raises(BundleRefused):
            bundle().identity(workspace, member, genuine)


@pytest.mark.A10
@pytest.mark.A23
def test_every_byte_flipped_is_refused_with_the_same_error() -> None:
    for index in range(len(FROZEN)):
        with pytest.raises(OpenFailed) as caught:
            Bundle.open(FROZEN[:index] + bytes((FROZEN[index] ^ 0x80,)) + FROZEN[index + 1 :], KEY, "ann", 3)
        assert caught.value.args == OpenFailed().args


@pytest.mark.A16
def test_null_truncated_and_retagged_bundles_are_refused() -> None:
    context = prefixed(b"tacit/v1/bundle")
    associated = b"\x92\xa3ann\x03"
    contents = [b"", b"\xc0", b"\x92\x02\x90", b"\x92\x01\xc0", b"\x92\x01\x91\x93\xc0\xc0\xc0", b"\x90"]
    contents.append(b"\x92\x01\x91\x93\xc4\x20" + WORKSPACE + b"\xc4\x10" + MEMBER + b"\xc4\x7f" + bytes(127))
    for content in contents:
        with pytest.raises(OpenFailed):
            Bundle.open(seal.seal_body(KEY, context, associated, content), KEY, "ann", 3)
    assert Bundle.open(seal.seal_body(KEY, context, associated, b"\x92\x01\x90"), KEY, "ann", 3) == Bundle([])
    for sealed in (b"", FROZEN[:-1], FROZEN + b"\0", bytes(MAX_BUNDLE + 1)):
        with pytest.raises(OpenFailed):
            Bundle.open(sealed, KEY, "ann", 3)


def test_bounded() -> None:
    rows = [
        BundleIdentity(number.to_bytes(32, "big"), MEMBER, Identity.generate().to_bytes())
        for number in range(500)
    ]
    with pytest.raises(BodyTooLarge):
        Bundle(rows).seal(KEY, "ann", 1)
