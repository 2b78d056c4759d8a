"""What brings an account forward again after the server came back from a backup: its newest sealed bundle, and who
signed that it is.

At each change of the keys (a password, a revoked computer) the old login key signs its successor and the hash of the
bundle. The statements are kept, and of the bundles the newest only: no seal under an earlier unlock key lies here.
"""

from __future__ import annotations

from collections.abc import Callable

from protocol.codec import Message, decode, encode
from protocol.ids import sha256
from protocol.limits import MAX_BUNDLE, MAX_SUCCESSIONS
from protocol.signing import Namespace
from protocol.wire import BundleUpload, Login
from protocol.wire_security import LoginForward, Succession, SuccessionStatement
from vault.keys import LoginKey
from vault.store import Logs, Store

_NAME = "account/forward"
_LIMIT = MAX_BUNDLE + (1 << 16)

MakeForward = Callable[[Login], LoginForward]


class _Kept(Message, frozen=True):
    bundle: BundleUpload
    login_key: bytes
    successions: list[Succession]


class Forwarding:
    """Of one vault; any thread."""

    def __init__(self, store: Store, logs: Logs, handle: str) -> None:
        self._store, self._logs, self._handle = store, logs, handle

    def seen(self, bundle: BundleUpload, login: LoginKey) -> None:
        """The server has this bundle, which opened, and this login key."""
        kept = self._kept()
        if kept is None or (bundle.version > kept.bundle.version and kept.login_key == login.public):
            self._save(_Kept(bundle, login.public, [] if kept is None else kept.successions))
        elif bundle.version > kept.bundle.version:
            self._save(_Kept(bundle, login.public, []))  # nobody here has signed how it came to be

    def changed(self, bundle: BundleUpload, before: LoginKey, after: LoginKey, known: int) -> None:
        """The server has taken the bundle with the login key `after` in the place of `before`, with which it had at
        least version `known` of the bundle."""
        kept = self._kept()
        if kept is not None and kept.bundle.version >= bundle.version:
            return
        chain = kept.successions if kept is not None and kept.login_key == before.public else []
        step = self._signed(bundle, max(1, known), before, after.public)
        self._save(_Kept(bundle, after.public, [*chain, step][1 - MAX_SUCCESSIONS :]))

    def maker(self, login: LoginKey) -> MakeForward | None:
        """What makes the request that brings the server to the newest bundle, by the key that goes with it; None
        where this desk does not have it, or has other keys than its."""
        kept = self._kept()
        if kept is None or kept.login_key != login.public or kept.bundle.version < 2:
            return None
        own = self._signed(
            kept.bundle, 1, login, login.public
        )  # where the login key was the same all the time
        successions = [*kept.successions, own]
        return lambda proof: LoginForward(proof, successions, kept.bundle)

    def _signed(self, bundle: BundleUpload, first: int, by: LoginKey, login_key: bytes) -> Succession:
        said = SuccessionStatement(self._handle, first, bundle.version, login_key, sha256(bundle.sealed))
        return Succession(said, by.sign(Namespace.ACCOUNT_SUCCESSION, encode(said)))

    def _kept(self) -> _Kept | None:
        with self._store.read() as tx:
            stored = self._logs.get(tx, _NAME)
        return None if stored is None else decode(stored, _Kept, _LIMIT)

    def _save(self, kept: _Kept) -> None:
        with self._store.write() as tx:
            self._logs.set(tx, _NAME, encode(kept))
