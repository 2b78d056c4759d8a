"""Two pasts of the workspace, and an owner's decision: what the dialog and the command line ask of the desk.

The server keeps its past; the other one is on this computer. Deciding means: the server's goes on, what the other one
took away from somebody is taken away there as well, and each computer sends again what its own user wrote.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.desk.access_words import COMPARTMENT_WORDS
from app.desk.server_account import ServerAccount
from protocol.ids import LogId
from sync_client import CancelToken, Found, adopt, find_forks
from vault import Vault
from vault.exchange import Fork


@dataclass(frozen=True, slots=True)
class Division:
    """What differs. `may_decide`: this member is an owner in both pasts, at this computer. `repeats`: how many changes
    are signed anew before the decision."""

    found: Found
    may_decide: bool
    parts: tuple[str, ...]

    @property
    def forks(self) -> list[Fork]:
        return self.found.forks


class Pasts:
    """Threads: any; both calls talk to the server (slow)."""

    def __init__(
        self,
        vault: Vault,
        account: ServerAccount,
        turn: threading.Lock,
        place_words: Callable[[LogId], str],
    ) -> None:
        self._vault = vault
        self._account = account
        self._turn = turn
        self._place_words = place_words

    def look(self, cancel: CancelToken | None = None) -> Division | None:
        """Compare with the server; None where its past is ours. Changes nothing. Raises SyncError, TrustError."""
        with self._turn, self._account.calls(self._vault.roster.workspace) as calls:
            found = find_forks(calls, self._vault.exchange, cancel or CancelToken())
        if not found.forks:
            return None
        may_decide = self._vault.exchange.adopter.may_adopt(found.other)
        return Division(found, may_decide, tuple(self._part(fork) for fork in found.forks))

    def _part(self, fork: Fork) -> str:
        ours = fork.ours_to - fork.position + 1
        theirs = fork.theirs_to - fork.position + 1
        if fork.log is None:
            what = "Members and rights"
        else:
            what = f"{self._place_words(fork.log)}: {COMPARTMENT_WORDS[fork.log.compartment]}"
        return f"{what} – {_changes(ours)} here, {_changes(theirs)} on the server"

    def decide(self, division: Division, cancel: CancelToken | None = None) -> None:
        """The server's past goes on; this computer changes over at once. Raises Refused (not an owner of both),
        AdoptRefused (something cannot be done again), SyncError."""
        with self._turn, self._account.calls(self._vault.roster.workspace) as calls:
            adopt(calls, self._vault.exchange, division.found, cancel or CancelToken())


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count:,} changes"
