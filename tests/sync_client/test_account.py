"""Signing in: what is signed, and for whom."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.codec import decode, encode
from protocol.limits import MAX_REQUEST
from protocol.signing import Namespace
from sync_client import Credentials, Http, sign_in
from tests.sync_client.scripted import reply, scripted


@pytest.mark.hostile
@pytest.mark.A44
def test_A44_a_relayed_challenge_is_signed_for_the_server_that_relays_it() -> None:
    """The honest server's challenge, handed on by another: the statement names the address that was dialled."""
    challenge = bytes(range(32))
    replies = iter([encode(wire.Challenge(challenge)), encode(wire.Session(b"t" * 32, 1))])
    signed: list[tuple[Namespace, wire.LoginStatement]] = []

    def sign(namespace: Namespace, body: bytes) -> bytes:
        signed.append((namespace, decode(body, wire.LoginStatement, MAX_REQUEST)))
        return bytes(64)

    with scripted(lambda s: s.sendall(reply(next(replies)))) as server:
        http = Http(server.origin)
        sign_in(http, Credentials("ann", sign))
        http.close()
    ((namespace, statement),) = signed
    assert namespace is Namespace.LOGIN
    assert (statement.challenge, statement.origin, statement.handle) == (challenge, server.origin, "ann")
    assert http.session_token == b"t" * 32
