"""Accounts: making one, logging in by signature, sessions, the sealed bundle. All functions block."""

from server.accounts.bundle import account_view, replace_bundle
from server.accounts.handles import handle_key
from server.accounts.login import challenge_for, log_in
from server.accounts.second_factor import change_factor, factor_view
from server.accounts.sessions import Caller, Sessions
from server.accounts.signup import create_account

__all__ = [
    "Caller",
    "Sessions",
    "account_view",
    "challenge_for",
    "change_factor",
    "create_account",
    "factor_view",
    "handle_key",
    "log_in",
    "replace_bundle",
]
