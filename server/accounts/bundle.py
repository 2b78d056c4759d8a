"""The sealed account bundle: read, and replaced by compare-and-swap."""

from __future__ import annotations

from protocol import wire
from protocol.ids import KEY_SIZE
from server.accounts.sessions import Caller, Sessions
from server.accounts.signup import check_bundle
from server.errors import Conflict, Malformed, Unauthenticated
from server.storage import Storage


def account_view(storage: Storage, caller: Caller) -> wire.Account:
    with storage.read_accounts() as tx:
        account = tx.account(caller.account)
        workspaces = tx.workspaces_of(caller.account)
    if account is None:
        raise Unauthenticated("the account is gone")
    return wire.Account(account.handle, wire.BundleUpload(account.bundle_version, account.bundle), workspaces)


def replace_bundle(storage: Storage, sessions: Sessions, caller: Caller, wanted: wire.ReplaceBundle) -> None:
    """Put the next bundle in the place of the expected one; with a new login key, end all other sessions.

    Repeating a request whose reply was lost succeeds. Raises Conflict(BUNDLE_MOVED), Malformed, TooLarge.
    """
    check_bundle(wanted.bundle)
    if wanted.bundle.version != wanted.expected_version + 1:
        raise Malformed("a bundle's version rises by one")
    if len(wanted.login_key) not in (0, KEY_SIZE):
        raise Malformed(f"a login key is empty or has {KEY_SIZE} bytes")
    ended: list[bytes] = []
    with storage.write_accounts() as tx:
        bundle = wanted.bundle
        if not tx.replace_bundle(caller.account, wanted.expected_version, bundle.version, bundle.sealed):
            present = tx.account(caller.account)
            same = present is not None and (
                (present.bundle_version, present.bundle) == (bundle.version, bundle.sealed)
                and wanted.login_key in (b"", present.login_key)
            )
            if not same:
                raise Conflict("the bundle has another version", wire.ErrorCode.BUNDLE_MOVED)
        elif wanted.login_key:
            tx.set_login_key(caller.account, wanted.login_key)
            ended = tx.end_other_sessions(caller.account, caller.session)
    sessions.forget(ended)
