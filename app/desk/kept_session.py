"""The session of a desk, kept in its vault: whoever comes and goes on this computer signs in once, and types a code
of the second factor once for as long as the server lets a session live."""

from __future__ import annotations

import time
from collections.abc import Callable

from vault import Vault

_NAME = "desk/session"
_SECONDS = 86_400
_LONGEST = 60 * 86_400
_TIME = 8


class KeptSession:
    """One token, with the times from and until which it is good. It lies in the encrypted database and nowhere else."""

    def __init__(self, vault: Vault, clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._clock = clock

    def load(self) -> bytes:
        """The token, b"" where there is none that is young enough."""
        with self._vault.store.read() as tx:
            kept = self._vault.exchange.desk.logs.get(tx, _NAME) or b""
        since, until = (int.from_bytes(kept[at : at + _TIME], "big") for at in (0, _TIME))
        return kept[2 * _TIME :] if since <= self._clock() < until else b""

    def save(self, token: bytes, expires: int = 0) -> None:
        """Keep it until `expires` (Unix seconds by the server's clock; 0: a day); b"" forgets the one that was kept."""
        now = int(self._clock())
        until = min(expires, now + _LONGEST) if expires else now + _SECONDS
        times = b"".join(each.to_bytes(_TIME, "big") for each in (now, max(now, until)))
        with self._vault.store.write() as tx:
            self._vault.exchange.desk.logs.set(tx, _NAME, times + token if token else None)
