"""What one computer of an account leaves for another that is being added: the account's own, for some minutes."""

from __future__ import annotations

from protocol.ids import ID_SIZE
from protocol.limits import MAX_TRANSFER
from protocol.wire_transfer import AskTransfer, PutTransfer, Transfer
from server.accounts.sessions import Caller
from server.errors import Malformed, NotFound, TooLarge
from server.settings import Settings
from server.storage import Storage

SECONDS = 900


def put_transfer(storage: Storage, settings: Settings, caller: Caller, wanted: PutTransfer) -> None:
    """Raises Malformed, TooLarge."""
    if len(wanted.id) != ID_SIZE or not wanted.sealed:
        raise Malformed(f"a transfer has an id of {ID_SIZE} bytes, and is not empty")
    if len(wanted.sealed) > MAX_TRANSFER:
        raise TooLarge(f"a transfer has at most {MAX_TRANSFER} bytes")
    now = settings.now()
    with storage.write_accounts() as tx:
        tx.drop_old_transfers(now)
        tx.put_transfer(caller.account, wanted.id, wanted.sealed, now + SECONDS)


def ask_transfer(storage: Storage, settings: Settings, caller: Caller, wanted: AskTransfer) -> Transfer:
    """Raises NotFound: never left, over, or replaced."""
    with storage.read_accounts() as tx:
        sealed = tx.transfer(caller.account, wanted.id, settings.now())
    if sealed is None:
        raise NotFound("nothing was left under this id")
    return Transfer(sealed)
