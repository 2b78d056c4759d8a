"""Accounts: making one, logging in by signature, sessions, the sealed bundle. All functions block."""

from server.accounts.bundle import account_view, replace_bundle
from server.accounts.handles import handle_key
from server.accounts.login import challenge_for, log_in
from server.accounts.sessions import Caller, Sessions
from server.accounts.signup import create_account

__all__ = [
    "Caller",
    "Sessions",
    "account_view",
    "challenge_for",
    "create_account",
    "handle_key",
    "log_in",
    "replace_bundle",
]
