"""The steps between a desk and a server that takes it in: account, roster, join or device.

Each may be repeated: a lost reply, or a break in between, leaves nothing half-done that the next try does not finish.
"""

from __future__ import annotations

from collections.abc import Callable

from app.desk.desk import Desk
from app.desk.errors import DidNotFinish, HandleTaken, InvitationUnusable, SignupClosed
from protocol import wire
from protocol.roster import Entry
from protocol.wire import ErrorCode
from sync_client import CancelToken, Round, ServerMisbehaved, ServerRefused, WorkspaceCalls, create_account
from vault.keys import Link, LoginKey

TRIES = 12


def open_account(
    desk: Desk, bundle: wire.BundleUpload, admission: wire.SignupCode | wire.InvitationProof
) -> None:
    """Make the account, and prove that it can be signed in to. Raises HandleTaken, SignupClosed,
    InvitationUnusable, SyncError."""
    request = wire.CreateAccount(desk.profile.handle, desk.login_key.public, bundle, admission)
    http = desk.new_http()
    try:
        create_account(http, request)
    except ServerRefused as refusal:
        if refusal.code == ErrorCode.HANDLE_TAKEN:
            raise HandleTaken() from refusal
        if refusal.code == ErrorCode.SIGNUP_CLOSED:
            raise SignupClosed() from refusal
        if refusal.code == ErrorCode.FORBIDDEN and isinstance(admission, wire.InvitationProof):
            raise InvitationUnusable() from refusal
        raise
    finally:
        http.close()
    with desk.account.session():
        pass


def read_roster_for_join(calls: WorkspaceCalls, link: Link, login: LoginKey) -> list[Entry]:
    """The whole roster, for a token. Raises InvitationUnusable, SyncError."""
    proof = link.token.prove(link.workspace, link.invitation, login.public)

    def page(position: int) -> wire.RosterPage:
        try:
            return calls.read_for_join(wire.ReadForJoin(proof, login.public, position))
        except ServerRefused as refusal:
            if refusal.code == ErrorCode.FORBIDDEN:
                raise InvitationUnusable() from refusal
            raise

    return _whole(page)


def read_roster(calls: WorkspaceCalls) -> list[Entry]:
    """The whole roster, for a member's session."""
    return _whole(lambda position: calls.roster(position + 1))


def enter(desk: Desk) -> None:
    """Append what lets this desk in (`join`, or `device add`), at the newest head; done where the roster has it.

    Raises InvitationUnusable, DidNotFinish, SyncError, VaultError.
    """
    vault = desk.vault
    cancel = CancelToken()
    with desk.account.calls(vault.roster.workspace) as calls:
        rounds = Round(calls, vault.exchange)
        for _ in range(TRIES):
            append = vault.entering()
            if append is None:
                return
            try:
                calls.append_roster(append)
            except ServerRefused as refusal:
                if refusal.code == ErrorCode.ROSTER_MOVED:
                    _follow_roster(desk, calls, rounds, cancel)
                    continue
                if refusal.code.startswith("invitation") or refusal.code == ErrorCode.FORBIDDEN:
                    raise InvitationUnusable() from refusal
                raise
            vault.exchange.roster_appended(append)
            return
    raise DidNotFinish()


def _follow_roster(desk: Desk, calls: WorkspaceCalls, rounds: Round, cancel: CancelToken) -> None:
    """Whoever has no place yet cannot pull; a member's new device can."""
    if desk.vault.exchange.is_active or desk.me in desk.vault.roster.members:
        rounds.pull(cancel)


def _whole(page: Callable[[int], wire.RosterPage]) -> list[Entry]:
    entries: list[Entry] = []
    while True:
        answer = page(len(entries))
        if answer.first != len(entries) + 1:
            raise ServerMisbehaved("a page of the roster that was not asked for")
        entries += answer.entries
        if len(entries) >= answer.head_position:
            return entries
        if not answer.entries:
            raise ServerMisbehaved("an empty page in the middle of the roster")
