"""Adding a computer from another one: what the old one shows and leaves, what the new one asks for and checks.

The code goes by no network, the pins go sealed by the server, the password goes from a person's head to the new
computer. See `vault.keys.transfer`.
"""

from __future__ import annotations

import time

from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.desk.steps import OnStep, ignore_step
from protocol.access import logs_of
from protocol.ids import WorkspaceId
from protocol.wire import ErrorCode
from sync_client import CancelToken, Http, Round, ServerRefused
from sync_client.recovery import ask_transfer, put_transfer
from vault.keys import Account, Kit, OpenFailed, SecretKey
from vault.keys.transfer import (
    CarriedPins,
    PinnedLog,
    TransferCode,
    TransferSecret,
    open_pins,
    seal_pins,
)


class TransferOver(DeskError):
    title = "This code is over"
    message = "A code works for a quarter of an hour. Show a new one on the other computer, and use that."


class TransferUntrue(DeskError):
    title = "What the other computer left is not there as it left it"
    message = (
        "The server delivered something else than what your other computer put there. Nothing was taken over. Tell "
        "your admin."
    )


def show_transfer(
    desk: Desk, password: str, secret_key: SecretKey, on_step: OnStep = ignore_step
) -> TransferCode:
    """At the old computer, for the next quarter of an hour (slow): check the password, leave the pins at the server.

    Raises WrongPassword, SyncError, VaultError. A code that was shown before is of no use any more.
    """
    on_step("Checking your password")
    desk.profile.unlock(password, secret_key)
    vault, exchange = desk.vault, desk.vault.exchange
    secret = TransferSecret.generate()
    with desk.account.calls(vault.roster.workspace) as calls:
        on_step("Reading what is new")
        Round(calls, exchange, turn=desk.turn).catch_up(CancelToken())
        state = vault.roster
        readable = logs_of(state, desk.me)
        ends = exchange.log_ends().items()
        logs = [
            PinnedLog(log, end.position, end.chain) for log, end in ends if log in readable and end.position
        ]
        pins = CarriedPins(state.workspace, state.position, state.head, logs, int(time.time()))
        on_step("Leaving a note for the new computer")
        put_transfer(calls.http, secret.id, seal_pins(secret, desk.profile.handle, pins))
    account = Account(desk.profile.server, desk.profile.handle, secret_key)
    return TransferCode(Kit(account, state.workspace, state.position, state.head), secret)


def fetch_pins(http: Http, secret: TransferSecret, handle: str, workspace: WorkspaceId) -> CarriedPins:
    """At the new computer, signed in. Raises TransferOver, TransferUntrue, SyncError."""
    try:
        sealed = ask_transfer(http, secret.id)
    except ServerRefused as refusal:
        if refusal.code == ErrorCode.NOT_FOUND:
            raise TransferOver from refusal
        raise
    try:
        pins = open_pins(secret, handle, workspace, sealed)
    except OpenFailed as error:
        raise TransferUntrue from error
    if pins.is_over(int(time.time())):
        raise TransferOver
    return pins
