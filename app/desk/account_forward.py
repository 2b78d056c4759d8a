"""The account after the server came back from a backup: older keys there than here, until this desk brings its own.

A login that is refused is tried once more with what leads from the keys that the server may have to the newest
(`vault.forwarding`); so a password that was changed after the backup signs in again. Where a session still holds, the
bundle's version tells: it is read once after each unlocking, and whenever a round has found a restored server. A
server that goes on showing the older one is an alarm, and is not tried again before the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from app.desk.errors import AccountRestored
from app.desk.server_account import ServerAccount
from protocol.wire import BundleUpload
from sync_client import CodeNeeded, Offline, read_account
from vault import Vault
from vault.errors import VaultError
from vault.exchange import Accepted
from vault.keys import Derived
from vault.keys.errors import BundleRefused
from vault.roster.errors import ServerRestored

Record = Callable[[BaseException], object]


class AccountForward:
    """Of one desk; `look` is called by one thread."""

    def __init__(
        self, vault: Vault, account: ServerAccount, keys: Callable[[], Derived], record: Record
    ) -> None:
        self._vault, self._account, self._keys, self._record = vault, account, keys, record
        self._due = True
        account.door.forwarding(vault.forwarding.maker, lambda: record(AccountRestored()))
        vault.exchange.subscribe(self._came_in)

    def look(self) -> None:
        """Compare the account's bundle with the newest that was seen, where that is due (slow). Raises SyncError."""
        if not self._due:
            return
        self._due = False
        try:
            bundle = self._bundle()
            if bundle.version >= self._vault.bundle_version:
                self._keep(bundle)
            elif self._vault.forwarding.maker(self._keys().login) is not None:
                self._account.enter_anew()
                bundle = self._bundle()
        except CodeNeeded:
            return  # whoever types the code brings the account forward by it
        except Offline:
            self._due = True
            raise
        known = self._vault.bundle_version
        if bundle.version < known:
            self._record(BundleRefused(f"version {bundle.version} is offered, {known} was seen"))

    def _bundle(self) -> BundleUpload:
        return self._account.ask(read_account).bundle

    def _keep(self, bundle: BundleUpload) -> None:
        """For a day on which the server has lost it."""
        keys = self._keys()
        with suppress(VaultError):  # changed elsewhere just now: not this desk's keys
            self._vault.open_account(bundle, keys)
            self._vault.bundle_stored(bundle.version)
            self._vault.forwarding.seen(bundle, keys.login)

    def _came_in(self, accepted: Accepted) -> None:
        if any(isinstance(noticed, ServerRestored) for noticed in accepted.noticed):
            self._due = True
