"""New accounts: who may make one, and that a repeated request makes one only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from protocol import wire
from protocol.ids import ID_SIZE, KEY_SIZE
from protocol.limits import MAX_BUNDLE
from server.accounts.handles import handle_key
from server.errors import Conflict, Forbidden, Malformed, SignupClosed, TooLarge
from server.settings import Settings, Signup
from server.storage import AccountRow, Storage

Checker = Callable[[wire.InvitationProof, bytes], None]
"""Raises unless the invitation is open and the proof, over this login key, is its token's."""


def create_account(storage: Storage, settings: Settings, check: Checker, wanted: wire.CreateAccount) -> None:
    """Make an account, or find the very same one made already. Raises Conflict(HANDLE_TAKEN), SignupClosed,
    Forbidden, Malformed, TooLarge."""
    key = handle_key(wanted.handle)
    check_bundle(wanted.bundle)
    if wanted.bundle.version != 1:
        raise Malformed("the first bundle has version 1")
    if len(wanted.login_key) != KEY_SIZE:
        raise Malformed(f"a login key has {KEY_SIZE} bytes")
    invitation = _admitted(settings, check, wanted)
    row = AccountRow(0, wanted.handle, wanted.login_key, wanted.bundle.version, wanted.bundle.sealed)
    with storage.write_accounts() as tx:
        present = tx.account_by_handle(key)
        if present is not None:
            if present == AccountRow(present.id, *_fields(row)):
                return  # the reply to the first request was lost
            raise Conflict("this handle is taken", wire.ErrorCode.HANDLE_TAKEN)
        if (
            invitation is not None
            and tx.accounts_of_invitation(invitation) >= settings.bounds.accounts_of_invitation
        ):
            raise Forbidden("this invitation has made accounts enough")
        tx.add_account(key, row, settings.now(), invitation)


def _fields(row: AccountRow) -> tuple[str, bytes, int, bytes]:
    return row.handle, row.login_key, row.bundle_version, row.bundle


def _admitted(settings: Settings, check: Checker, wanted: wire.CreateAccount) -> bytes | None:
    """What the account is made by: the hash of an invitation, or None. Raises where it may not be made."""
    admission = wanted.admission
    if isinstance(admission, wire.InvitationProof):
        if len(admission.invitation) != ID_SIZE:
            raise Malformed("an invitation's id has 16 bytes")
        check(admission, wanted.login_key)
        return hashlib.sha256(admission.workspace + admission.invitation).digest()
    if settings.signup is Signup.CLOSED:
        raise SignupClosed("accounts are made by invitation only")
    if settings.signup is Signup.CODE and not hmac.compare_digest(
        admission.code.encode(), settings.signup_code.encode()
    ):
        raise SignupClosed("the operator's code is needed")
    return None


def check_bundle(bundle: wire.BundleUpload) -> None:
    """Raises TooLarge, Malformed."""
    if len(bundle.sealed) > MAX_BUNDLE:
        raise TooLarge(f"a bundle has at most {MAX_BUNDLE} bytes")
    if not bundle.sealed or not 1 <= bundle.version < 1 << 31:
        raise Malformed("a bundle is not empty, and its version counts from 1")
