"""What the server says of itself, for admins: its operator's journal, and who logged in. All slow.

Neither is proved by keys. The journal is chained, and its head is kept: what was seen once cannot be changed any more
(`vault.operator_journal`). The list of log-ins is the server's word alone.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.desk.server_account import ServerAccount
from app.desk.team import device_label
from protocol.state import RosterState
from protocol.wire_security import JournalEntry, SignIn
from sync_client import Http, ServerMisbehaved, WorkspaceCalls
from vault import Vault
from vault.operator_journal import JournalPin

MOST_LINES = 200_000
LONGEST_LINE = 1_000  # letters; a server of ours writes fewer


class ServerWord:
    """Raise SyncError (ServerRefused with `forbidden` for who is no admin), and what stands at each."""

    def __init__(self, vault: Vault, account: ServerAccount) -> None:
        self._vault = vault
        self._account = account

    def journal(self) -> list[JournalEntry]:
        """The whole journal, checked line by line and against what was seen before. Raises JournalAltered."""
        return self._account.ask(self._checked)  # inside the session's block: who watches it records an alarm

    def _checked(self, http: Http) -> list[JournalEntry]:
        entries = _read(WorkspaceCalls(http, self._vault.roster.workspace))
        self._pin().accept(entries)
        return entries

    def trust_journal(self) -> list[JournalEntry]:
        """After an alarm that a person has looked into: go by the journal as it is now. Raises JournalAltered where it
        contradicts itself."""
        with self._account.calls(self._vault.roster.workspace) as calls:
            entries = _read(calls)
            self._pin().begin_anew(entries)
        return entries

    def sign_ins(self) -> list[SignIn]:
        """The newest attempts to log in, newest first; `device_name` as people know the device."""
        state = self._vault.roster
        found = self._account.ask(lambda http: WorkspaceCalls(http, state.workspace).sign_ins().sign_ins)
        return [replace(one, device_name=device_words(state, one.device_name)) for one in found]

    def _pin(self) -> JournalPin:
        return JournalPin(self._vault.store, self._vault.exchange.desk.logs, self._vault.roster.workspace)


def device_words(state: RosterState, told: str) -> str:
    """What a desk told the server of itself (its device's id, in hex) in words; as it is where it is something else."""
    try:
        device = bytes.fromhex(told)
    except ValueError:
        return told
    return device_label(device) if device in state.devices else told


def _read(calls: WorkspaceCalls) -> list[JournalEntry]:
    entries: list[JournalEntry] = []
    while True:
        page = calls.journal(len(entries) + 1)
        if page.first != len(entries) + 1:
            raise ServerMisbehaved("a page of the journal that was not asked for")
        if any(map(_is_too_long, page.entries)):
            raise ServerMisbehaved("a line of the journal that is too long")
        entries += page.entries
        if len(entries) >= page.head_position:
            return entries
        if not page.entries or len(entries) > MOST_LINES:
            raise ServerMisbehaved("a journal without end, or with a gap")


def _is_too_long(line: JournalEntry) -> bool:
    return len(line.actor) + len(line.action) + len(line.detail) > LONGEST_LINE
