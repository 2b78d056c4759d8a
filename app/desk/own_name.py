"""The name that a newcomer gives himself, kept until his desk has read the directory.

Whoever invited him has named him there. Written before that was seen, his own name would be an edit against an edit:
a conflict in the record of his name, which nobody could settle in any list. So it waits, and is written only where
it differs.
"""

from __future__ import annotations

from app.desk.directory import Directory, shown_name
from protocol.ids import DIRECTORY_LOG
from vault import Vault

_WAITING = "desk/own-name"


class OwnName:
    """Threads: any."""

    def __init__(self, vault: Vault, directory: Directory) -> None:
        self._vault = vault
        self._directory = directory

    def keep(self, name: str) -> None:
        """To be written when the directory has been read."""
        if shown_name(name):
            with self._vault.store.write() as tx:
                self._vault.exchange.desk.logs.set(tx, _WAITING, name.strip().encode("utf-8"))

    def waiting(self) -> str:
        """The name that waits to be written, "" where none does."""
        with self._vault.store.read() as tx:
            kept = self._vault.exchange.desk.logs.get(tx, _WAITING)
        return kept.decode("utf-8") if kept else ""

    def settle(self) -> bool:
        """After a whole round: write it where it differs from what is in the directory now; whether that was so."""
        name = self.waiting()
        exchange = self._vault.exchange
        if not name or not exchange.is_active or not exchange.has_key(DIRECTORY_LOG):
            return False
        me = self._vault.own.member
        differs = exchange.can_write(DIRECTORY_LOG) and self._directory.names().get(me) != shown_name(name)
        if differs:
            self._directory.write({("member", me): name})
        with self._vault.store.write() as tx:
            exchange.desk.logs.set(tx, _WAITING, None)
        return differs


__all__ = ["OwnName"]
