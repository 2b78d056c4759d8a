"""The session of a desk's own calls, kept in its vault: programs that come and go sign in once a day."""

from __future__ import annotations

import time
from collections.abc import Callable

from vault import Vault

_NAME = "desk/session"
_SECONDS = 86_400
_TIME = 8


class KeptSession:
    """One token, with the time when it was given. It lies in the encrypted database and nowhere else."""

    def __init__(self, vault: Vault, clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._clock = clock

    def load(self) -> bytes:
        """The token, b"" where there is none that is young enough."""
        with self._vault.store.read() as tx:
            kept = self._vault.exchange.desk.logs.get(tx, _NAME) or b""
        since = self._clock() - int.from_bytes(kept[:_TIME], "big")
        return kept[_TIME:] if 0 <= since < _SECONDS else b""

    def save(self, token: bytes) -> None:
        """Keep it; b"" forgets the one that was kept."""
        value = int(self._clock()).to_bytes(_TIME, "big") + token if token else None
        with self._vault.store.write() as tx:
            self._vault.exchange.desk.logs.set(tx, _NAME, value)
