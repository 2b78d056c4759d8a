"""Routes of accounts and sessions."""

from __future__ import annotations

from typing import TypeVar

from protocol import wire, wire_security
from protocol.codec import Message
from protocol.limits import MAX_BUNDLE, MAX_SUCCESSIONS
from protocol.wire import Route
from server.accounts import (
    account_view,
    challenge_for,
    change_factor,
    create_account,
    factor_view,
    log_in,
    replace_bundle,
)
from server.http.call import Call
from server.http.endpoint import Endpoint
from server.journal import journal
from server.workspaces import check_proof

M = TypeVar("M", bound=Message)


def body_of(call: Call, as_type: type[M]) -> M:
    """The message, which the endpoint has decoded as its own `body` type."""
    assert isinstance(call.body, as_type)
    return call.body


def _create(call: Call) -> wire.Done:
    context = call.context
    settings = context.settings
    context.rates.new_account(call.address)

    def check(proof: wire.InvitationProof, login_key: bytes) -> None:
        check_proof(context.workspaces, proof, login_key, settings.now())

    create_account(context.storage, settings, check, body_of(call, wire.CreateAccount))
    journal().info("account-made")
    return wire.Done()


def _challenge(call: Call) -> wire.Challenge:
    handle = body_of(call, wire.ChallengeRequest).handle
    return challenge_for(call.context.storage, call.context.settings, handle)


def _login(call: Call) -> wire.Session:
    context = call.context
    login = body_of(call, wire.Login)
    return log_in(context.storage, context.settings, context.sessions, context.origins, call.address, login)


def _login_forward(call: Call) -> wire.Session:
    context = call.context
    forward = body_of(call, wire_security.LoginForward)
    session = log_in(
        context.storage,
        context.settings,
        context.sessions,
        context.origins,
        call.address,
        forward.login,
        forward,
    )
    journal().info("account-brought-forward")
    return session


def _logout(call: Call) -> wire.Done:
    call.context.sessions.end(call.caller, call.caller.session)
    return wire.Done()


def _account(call: Call) -> wire.Account:
    return account_view(call.context.storage, call.caller)


def _replace(call: Call) -> wire.Done:
    context = call.context
    replace_bundle(context.storage, context.sessions, call.caller, body_of(call, wire.ReplaceBundle))
    return wire.Done()


def _sessions(call: Call) -> wire.Sessions:
    return call.context.sessions.listed(call.caller)


def _end(call: Call) -> wire.Done:
    call.context.sessions.end(call.caller, body_of(call, wire.EndSession).id)
    return wire.Done()


def _name(call: Call) -> wire.Done:
    call.context.sessions.name(call.caller, body_of(call, wire.NameSession).device_name)
    return wire.Done()


def _factor(call: Call) -> wire_security.SecondFactor:
    return factor_view(call.context.storage, call.caller)


def _change_factor(call: Call) -> wire_security.SecondFactorReply:
    context = call.context
    wanted = body_of(call, wire_security.SecondFactorChange)
    return change_factor(context.storage, context.settings, context.sessions, call.caller, wanted)


WITH_BUNDLE = MAX_BUNDLE + 4_096
WITH_SUCCESSIONS = WITH_BUNDLE + MAX_SUCCESSIONS * 512

ACCOUNT_ENDPOINTS = [
    Endpoint("POST", Route.ACCOUNTS, _create, wire.CreateAccount, WITH_BUNDLE, door=True, writes=True),
    Endpoint("POST", Route.CHALLENGE, _challenge, wire.ChallengeRequest, door=True, writes=True),
    Endpoint("POST", Route.LOGIN, _login, wire.Login, door=True, writes=True),
    Endpoint(
        "POST",
        Route.LOGIN_FORWARD,
        _login_forward,
        wire_security.LoginForward,
        WITH_SUCCESSIONS,
        door=True,
        writes=True,
    ),
    Endpoint("POST", Route.LOGOUT, _logout, wire.Done, writes=True),
    Endpoint("GET", Route.ACCOUNT, _account),
    Endpoint("PUT", Route.ACCOUNT, _replace, wire.ReplaceBundle, WITH_BUNDLE, writes=True),
    Endpoint("GET", Route.SESSIONS, _sessions),
    Endpoint("PUT", Route.SESSIONS, _name, wire.NameSession, writes=True),
    Endpoint("POST", Route.SESSIONS, _end, wire.EndSession, writes=True),
    Endpoint("GET", Route.SECOND_FACTOR, _factor),
    Endpoint("POST", Route.SECOND_FACTOR, _change_factor, wire_security.SecondFactorChange, writes=True),
]
