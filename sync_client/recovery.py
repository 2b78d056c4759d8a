"""Calls about recovery by trustees, and about adding a computer from another one."""

from __future__ import annotations

from protocol import wire
from protocol import wire_recovery as recovery
from protocol import wire_transfer as transfer
from protocol.roster import Entry
from sync_client.http import Http
from sync_client.roster_pages import RosterPages
from sync_client.workspace import WorkspaceCalls


def put_recovery(calls: WorkspaceCalls, upload: recovery.RecoveryUpload) -> None:
    """Raises ServerRefused (roster-moved where another enrolment stands)."""
    calls.http.put(calls.path(wire.Route.RECOVERY), upload, wire.Done)


def read_shares(calls: WorkspaceCalls) -> recovery.RecoveryShares:
    return calls.http.get(calls.path(wire.Route.RECOVERY_SHARES), recovery.RecoveryShares)


def release_share(calls: WorkspaceCalls, release: recovery.ReleaseShare) -> None:
    """Raises ServerRefused (not-found where the request is over)."""
    calls.http.post(calls.path(wire.Route.RECOVERY_RELEASE), release, wire.Done)


def request_recovery(http: Http, handle: str, request_key: bytes) -> recovery.RecoveryAsked:
    """Without a session. The same again changes nothing."""
    asked = recovery.RequestRecovery(handle, request_key)
    return http.post(wire.Route.RECOVERY_REQUEST, asked, recovery.RecoveryAsked)


def collect_recovery(
    http: Http, handle: str, request_key: bytes
) -> tuple[recovery.RecoveryCollected, list[Entry]]:
    """How far it is; when enough trustees have answered, with the whole roster. Without a session."""
    pages = RosterPages()
    while True:
        asked = recovery.CollectRecovery(handle, request_key, pages.position)
        page = http.post(wire.Route.RECOVERY_COLLECT, asked, recovery.RecoveryCollected)
        if pages.add(page.roster, page.head_position):
            return page, pages.entries


def recover_account(http: Http, request: recovery.RecoverAccount) -> None:
    """Raises ServerRefused (forbidden, bundle-moved). The same again succeeds."""
    http.post(wire.Route.RECOVERY_ACCOUNT, request, wire.Done)


def put_transfer(http: Http, transfer_id: bytes, sealed: bytes) -> None:
    http.put(wire.Route.TRANSFER, transfer.PutTransfer(transfer_id, sealed), wire.Done)


def ask_transfer(http: Http, transfer_id: bytes) -> bytes:
    """Raises ServerRefused (not-found: never left, over, or replaced)."""
    return http.post(wire.Route.TRANSFER, transfer.AskTransfer(transfer_id), transfer.Transfer).sealed
