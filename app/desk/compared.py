"""Check codes that were compared by voice: kept on this computer only, and void as soon as the keys change."""

from __future__ import annotations

from protocol.ids import MemberId, sha256
from vault import Vault


class Compared:
    """Threads: any; does not talk to the server."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def is_compared(self, member: MemberId, code: str) -> bool:
        """Whether exactly this code was found to be the same."""
        with self._vault.store.read() as tx:
            return self._vault.exchange.desk.logs.get(tx, _name(member)) == _digest(code)

    def remember(self, member: MemberId, code: str) -> None:
        """The codes were the same."""
        with self._vault.store.write() as tx:
            self._vault.exchange.desk.logs.set(tx, _name(member), _digest(code))


def _name(member: MemberId) -> str:
    return f"desk/compared/{member.hex()}"


def _digest(code: str) -> bytes:
    return sha256("".join(code.split()).encode())


__all__ = ["Compared"]
