"""Routes of recovery by trustees, and of adding a computer from another one."""

from __future__ import annotations

from protocol import wire
from protocol import wire_recovery as recovery
from protocol import wire_transfer as transfer
from protocol.limits import MAX_BUNDLE, MAX_RECOVERY_BOX, MAX_RECOVERY_SHARE, MAX_TRANSFER, MAX_TRUSTEES
from protocol.wire import Route
from server.accounts import recovery as accounts
from server.accounts.transfers import ask_transfer, put_transfer
from server.http.account_routes import body_of
from server.http.call import Call
from server.http.endpoint import Endpoint
from server.http.workspace_routes import opened
from server.journal import journal, short
from server.workspaces import recovery as boxes

_ROOM = 4_096
WITH_SHARES = MAX_RECOVERY_BOX + MAX_TRUSTEES * (MAX_RECOVERY_SHARE + 64) + _ROOM


def _put(call: Call) -> wire.Done:
    with opened(call) as workspace:
        boxes.put_recovery(workspace, call.account, body_of(call, recovery.RecoveryUpload))
    return wire.Done()


def _shares(call: Call) -> recovery.RecoveryShares:
    with opened(call) as workspace:
        return boxes.recovery_shares(workspace, call.account, call.context.settings.now())


def _release(call: Call) -> wire.Done:
    with opened(call) as workspace:
        boxes.release_share(workspace, call.account, body_of(call, recovery.ReleaseShare))
        journal().info("recovery-share", workspace=short(workspace.id))
    return wire.Done()


def _request(call: Call) -> recovery.RecoveryAsked:
    context, wanted = call.context, body_of(call, recovery.RequestRecovery)
    context.rates.new_recovery(call.address)  # whoever has the handle or not
    return accounts.request_recovery(context.storage, context.workspaces, context.settings, wanted)


def _collect(call: Call) -> recovery.RecoveryCollected:
    context = call.context
    wanted = body_of(call, recovery.CollectRecovery)
    return accounts.collect_recovery(context.storage, context.workspaces, context.settings, wanted)


def _account(call: Call) -> wire.Done:
    context = call.context
    wanted = body_of(call, recovery.RecoverAccount)
    accounts.recover_account(context.storage, context.workspaces, context.settings, context.sessions, wanted)
    journal().info("account-recovered")
    return wire.Done()


def _leave(call: Call) -> wire.Done:
    context = call.context
    put_transfer(context.storage, context.settings, call.caller, body_of(call, transfer.PutTransfer))
    return wire.Done()


def _ask(call: Call) -> transfer.Transfer:
    context = call.context
    return ask_transfer(context.storage, context.settings, call.caller, body_of(call, transfer.AskTransfer))


RECOVERY_ENDPOINTS = [
    Endpoint("PUT", Route.RECOVERY, _put, recovery.RecoveryUpload, WITH_SHARES, writes=True),
    Endpoint("GET", Route.RECOVERY_SHARES, _shares),
    Endpoint("POST", Route.RECOVERY_RELEASE, _release, recovery.ReleaseShare, 2 * _ROOM, writes=True),
    Endpoint("POST", Route.RECOVERY_REQUEST, _request, recovery.RequestRecovery, door=True, writes=True),
    Endpoint("POST", Route.RECOVERY_COLLECT, _collect, recovery.CollectRecovery, door=True),
    Endpoint(
        "POST",
        Route.RECOVERY_ACCOUNT,
        _account,
        recovery.RecoverAccount,
        MAX_BUNDLE + _ROOM,
        door=True,
        writes=True,
    ),
    Endpoint("PUT", Route.TRANSFER, _leave, transfer.PutTransfer, MAX_TRANSFER + _ROOM, writes=True),
    Endpoint("POST", Route.TRANSFER, _ask, transfer.AskTransfer),
]
