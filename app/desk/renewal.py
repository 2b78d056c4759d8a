"""A vault that was restored from a backup gets a new device key before it writes again.

The desk has written more than its file knows, so its counters cannot go on. With the password at hand, at unlocking,
it pulls everything, opens the account's bundle, and enrols a new device key; edits that wait go out under it.
"""

from __future__ import annotations

from app.desk.desk import Desk
from sync_client import CancelToken, Round, read_account


def prepare_renewal(desk: Desk) -> None:
    """Pull everything and keep a new device key in the vault (slow). The desk has to be locked, opened and entered
    (`app.desk.entering.enter`) after it. Raises SyncError, VaultError; nothing has changed then."""
    vault = desk.vault
    with desk.account.calls(vault.roster.workspace) as calls:
        Round(calls, vault.exchange).pull(CancelToken())
        _, identity = desk.open_account(read_account(calls.http).bundle)
        vault.renew_device(identity)
