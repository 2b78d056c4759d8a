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
from sync_client.roster_pages import RosterPages
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
    return _read_as_invitee(calls, link.token.prove(link.workspace, link.invitation, login.public), login)


def _read_as_invitee(
    calls: WorkspaceCalls, proof: wire.InvitationProof, login: LoginKey, known: int = 0
) -> list[Entry]:
    """The roster's entries after position `known`."""

    def page(position: int) -> wire.RosterPage:
        try:
            return calls.read_for_join(wire.ReadForJoin(proof, login.public, position))
        except ServerRefused as refusal:
            if refusal.code == ErrorCode.FORBIDDEN:
                raise InvitationUnusable() from refusal
            raise

    return _whole(page, known)


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
    """A member's new device pulls. An invitee is nobody to the server yet, whatever the roster has of him: others
    who join or invite at the same moment show to the proof of his invitation alone."""
    proof = desk.vault.invitee_proof()
    if proof is None:
        rounds.pull(cancel)
        return
    exchange = desk.vault.exchange
    known, _ = exchange.roster_head()
    entries = _read_as_invitee(calls, proof, desk.login_key, known)
    exchange.accept(wire.PullPage(known + 1, entries, [], [], exchange.cursor(), False))


def _whole(page: Callable[[int], wire.RosterPage], known: int = 0) -> list[Entry]:
    pages = RosterPages(known)
    while True:
        answer = page(pages.position)
        if answer.first != pages.position + 1:
            raise ServerMisbehaved("a page of the roster that was not asked for")
        if pages.add(answer.entries, answer.head_position):
            return pages.entries
