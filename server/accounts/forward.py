"""Bringing an account forward that came back from a backup: each login key has signed what took its place.

No session is enough for it, and none is needed: the first signature is by the login key that the server has, and
whoever holds that could log in and replace the bundle anyway. The last key also signs the login that it comes with.
"""

from __future__ import annotations

from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.ids import KEY_SIZE, sha256
from protocol.signing import Namespace, verify
from protocol.wire_security import LoginForward


def key_after(key: bytes, version: int, handle: str, forward: LoginForward) -> bytes | None:
    """The login key at the end of the successions that begin at this key and bundle version; None where they do not
    lead to the bundle that comes with them, or not to a later one. What does not apply is passed over: a client
    cannot know how old the server's copy is."""
    first, reached = version, b""
    for succession in forward.successions:
        said = succession.statement
        if said.handle != handle or len(said.login_key) != KEY_SIZE:
            continue
        try:
            verify(Namespace.ACCOUNT_SUCCESSION, key, encode(said), succession.signature)
        except SignatureInvalid:
            continue
        # Last: how long it takes tells nobody which version an account has, or that there is none.
        if not said.first <= version < said.version:
            continue
        key, version, reached = said.login_key, said.version, said.bundle_hash
    bundle = forward.bundle
    if version <= first or version != bundle.version or reached != sha256(bundle.sealed):
        return None
    return key
