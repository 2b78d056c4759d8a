"""Getting back into an account with trustees' help: who asks by a handle, what lies for him, the account's new keys.

Nothing is told about handles that nobody has: they get ids that are made of the handle and of a random value of this
server's, always the same, and an empty collection for ever.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from protocol import wire
from protocol import wire_recovery as recovery
from protocol.ids import ID_SIZE, KEY_SIZE
from server.accounts.handles import handle_key
from server.accounts.sessions import Sessions
from server.accounts.signup import check_bundle
from server.errors import Conflict, Forbidden, Malformed, NotFound
from server.settings import Settings
from server.storage import AccountRow, Storage
from server.workspaces import recovery as boxes
from server.workspaces.open import OpenWorkspace
from server.workspaces.registry import Workspaces

NOTHING = recovery.RecoveryCollected(0, 0, b"", [], 0, [], 0)
_SECRET = "recovery-of-nobody"  # the name of a random value


def request_recovery(
    storage: Storage, workspaces: Workspaces, settings: Settings, wanted: recovery.RequestRecovery
) -> recovery.RecoveryAsked:
    """Raises Malformed."""
    key = handle_key(wanted.handle)
    boxes.check_request(wanted.request_key)
    with storage.write_accounts() as tx:
        secret = tx.server_secret(_SECRET)
    account = _account(storage, key)
    if account is not None:
        for workspace in _workspaces_of(storage, workspaces, account):
            member = boxes.ask(workspace, account.id, wanted.request_key, settings.now())
            if member is not None:
                return recovery.RecoveryAsked(workspace.id, member)
    return recovery.RecoveryAsked(
        _nobody(secret, b"workspace", key), _nobody(secret, b"member", key)[:ID_SIZE]
    )


def collect_recovery(
    storage: Storage, workspaces: Workspaces, settings: Settings, wanted: recovery.CollectRecovery
) -> recovery.RecoveryCollected:
    """Raises Malformed."""
    key = handle_key(wanted.handle)
    boxes.check_request(wanted.request_key, wanted.position)
    account = _account(storage, key)
    if account is not None:
        for workspace in _workspaces_of(storage, workspaces, account):
            found = boxes.collect(workspace, account.id, wanted, account.bundle_version, settings.now())
            if found is not None:
                return found
    return NOTHING


def recover_account(
    storage: Storage,
    workspaces: Workspaces,
    settings: Settings,
    sessions: Sessions,
    wanted: recovery.RecoverAccount,
) -> None:
    """New bundle, new login key, no second factor, all sessions ended. Repeating it succeeds.

    Raises Forbidden (one for all reasons), Conflict(BUNDLE_MOVED), Malformed, TooLarge.
    """
    statement = wanted.statement
    check_bundle(statement.bundle)
    if len(statement.login_key) != KEY_SIZE:  # before the handle is looked at: refusals tell nothing of it
        raise Malformed(f"a login key has {KEY_SIZE} bytes")
    account = _account(storage, handle_key(statement.handle))
    if account is None:
        raise Forbidden("not signed by this account's member, or not enough trustees have answered")
    try:
        with workspaces.use(statement.workspace) as workspace:
            if _is_done(account, statement):
                return
            boxes.check_account_recovery(workspace, account.id, wanted, settings.now())
            ended = _replace(storage, account, statement)
            boxes.recovered(workspace, statement.member, statement.request)
    except NotFound:
        raise Forbidden("not signed by this account's member, or not enough trustees have answered") from None
    sessions.forget(ended)


def _is_done(account: AccountRow, statement: recovery.AccountRecovery) -> bool:
    return (account.bundle_version, account.bundle, account.login_key) == (
        statement.bundle.version,
        statement.bundle.sealed,
        statement.login_key,
    )


def _replace(storage: Storage, account: AccountRow, statement: recovery.AccountRecovery) -> list[bytes]:
    bundle = statement.bundle
    with storage.write_accounts() as tx:
        if not tx.replace_bundle(account.id, bundle.version - 1, bundle.version, bundle.sealed):
            raise Conflict("the bundle has another version", wire.ErrorCode.BUNDLE_MOVED)
        tx.set_login_key(account.id, statement.login_key)
        tx.drop_second_factor(account.id)  # several people have vouched, and the identity has signed
        return tx.end_other_sessions(account.id, b"")


def _account(storage: Storage, key: str) -> AccountRow | None:
    with storage.read_accounts() as tx:
        return tx.account_by_handle(key)


def _workspaces_of(storage: Storage, workspaces: Workspaces, account: AccountRow) -> Iterator[OpenWorkspace]:
    with storage.read_accounts() as tx:
        ids = tx.workspaces_of(account.id)
    for each in ids:
        try:
            with workspaces.use(each) as workspace:
                if workspace.founded:
                    yield workspace
        except NotFound:
            continue


def _nobody(secret: bytes, what: bytes, key: str) -> bytes:
    return hmac.new(secret, what + b"\0" + key.encode(), hashlib.sha256).digest()
