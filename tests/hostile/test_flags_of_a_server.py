"""A reply has its fields and no others: there is no place for a flag that turns something on or off (A03, A15), or
for a cost, a version or a key that a server would choose (A01, A05, A09)."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
import pytest

from protocol import codec, wire
from protocol.errors import FormatError
from protocol.ids import Compartment
from protocol.limits import VERSION
from tests.support.desks import SCHEMA, SERVER, World
from vault import Vault
from vault.keys import OpenFailed, SecretKey
from vault.keys.derive import derive
from vault.keys.errors import UnknownKeyVersion
from vault.profile import Profile

pytestmark = [pytest.mark.hostile]

REPLIES = [
    wire.Challenge(bytes(32)),
    wire.Session(bytes(32), 1),
    wire.Account("ann", wire.BundleUpload(1, bytes(200)), []),
    wire.RosterPage(1, [], 0),
    wire.PullPage(0, [], [], [], 0, False),
    wire.Heads(1, bytes(32), []),
    wire.LogPage(1, [], 0),
    wire.HeaderPage(1, [], 0),
    wire.PushReply([], 0, 0),
    wire.WrapList([]),
    wire.Done(),
]


@pytest.mark.A03
@pytest.mark.A15
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
@pytest.mark.parametrize("flag", [True, 1, b"\x01", "recovery", {"recover_to": bytes(32)}, None])
def test_A03_a_reply_with_a_flag_more_is_no_reply(reply: Any, flag: object) -> None:
    fields = msgspec.msgpack.decode(codec.encode(reply))
    assert codec.decode(codec.encode(reply), type(reply), 1 << 20) == reply
    with pytest.raises(FormatError):
        codec.decode(msgspec.msgpack.encode([*fields, flag]), type(reply), 1 << 20)


@pytest.mark.A03
def test_A03_nothing_that_is_sent_has_a_place_for_a_secret() -> None:
    """Requests hold public keys, sealed bytes, signatures, ids, numbers: no private key, password or seed."""
    words = ("private", "secret", "password", "seed", "unlock", "unsealed", "plain")
    for name, kind in inspect.getmembers(wire, inspect.isclass):
        for field in getattr(kind, "__struct_fields__", ()):
            assert not any(word in field for word in words), (name, field)


@pytest.mark.A09
def test_A09_no_cost_comes_from_anywhere_but_the_version(fast_kdf: None) -> None:
    assert list(inspect.signature(derive).parameters) == ["password", "secret_key", "version"]
    for version in {0, 2, 255} - {VERSION}:
        with pytest.raises(UnknownKeyVersion):
            derive("a password", SecretKey(bytes(16)), version)


@pytest.mark.A01
@pytest.mark.A05
def test_A01_a_key_is_wrapped_to_the_rosters_readers_and_nobody_else(world: World) -> None:
    """Whatever a server lists as lacking, or as there: a wrap goes to a key of the folded roster or is not made."""
    ann = world.ann
    ann.add("person", name="Zoe")
    ann.sync()
    ben = world.member("ben", "assistant")
    log = ann.home(Compartment.CONTACTS)
    known = {person.identity.encryption for person in ann.vault.roster.members.values() if person.identity}
    for present in ([], [bytes(32)], [b"k" * 32] * 3):
        made = ann.exchange.make_wraps(log, 1, list(present))
        assert len(made.wraps) == len(known) == 2
    for wraps in (push.wraps for push in world.relay.pushes):
        for wrap in wraps:
            assert wrap.recipient in {wrap.recipient for wrap in made.wraps}
    assert ben.exchange.has_key(log)


@pytest.mark.A18
@pytest.mark.A23
def test_A18_a_bundle_of_the_servers_own_opens_nothing(world: World) -> None:
    """Another account's bundle, the account's own of another version, truncated, bent: no profile, one error."""
    account, entries = world.ann.account, world.relay.roster().entries
    other = world.member("ben").account.bundle
    good = account.bundle
    lies = [
        other,
        wire.BundleUpload(good.version + 1, good.sealed),
        wire.BundleUpload(good.version, good.sealed[:-1]),
    ]
    lies += [
        wire.BundleUpload(
            good.version, good.sealed[:at] + bytes([good.sealed[at] ^ 1]) + good.sealed[at + 1 :]
        )
        for at in range(0, len(good.sealed), 97)
    ]
    raised = set()
    for number, lie in enumerate(lies):
        handle = world.ann.vault.profile.handle
        folder = world.folder / f"lie-{number}"
        profile, key = Profile.create(folder, handle, SERVER, account.derived, 0)
        with pytest.raises(OpenFailed) as caught:
            Vault.sign_in(profile, key, account.derived, SCHEMA, lie, entries, world.clock)
        profile.close()
        raised.add((type(caught.value), str(caught.value)))
        assert not (folder / "vault.db").exists()
    assert len(raised) == 1
