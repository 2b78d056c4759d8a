"""Which field of the first start an error belongs to, and the words for it there."""

from __future__ import annotations

from app.desk import HandleTaken, InvitationUnusable, ServerDidNotStart, SignupClosed
from app.desktop.problems import Words, words_for
from sync_client import Offline, ServerMisbehaved, SignInRefused
from vault.keys import OpenFailed
from vault.keys.errors import (
    AddressUnusable,
    HandleUnusable,
    KitUnreadable,
    LinkUnreadable,
    PasswordUnusable,
    SecretKeyUnreadable,
)
from vault.profile import KeychainError, SecretKeyMissing, WrongPassword

_FIELDS: tuple[tuple[type[Exception], str], ...] = (
    (HandleTaken, "handle"),
    (HandleUnusable, "handle"),
    (SignupClosed, "code"),
    (AddressUnusable, "server"),
    (Offline, "server"),
    (ServerMisbehaved, "server"),
    (PasswordUnusable, "password"),
    (WrongPassword, "password"),
    (SignInRefused, "secret"),
    (OpenFailed, "secret"),
    (SecretKeyMissing, "secret"),
    (SecretKeyUnreadable, "secret"),
    (KitUnreadable, "secret"),
    (LinkUnreadable, "invitation"),
    (InvitationUnusable, "invitation"),
    (KeychainError, "keychain"),
)

_HERE: tuple[tuple[type[Exception], Words], ...] = (
    (
        Offline,
        Words("No connection", "The server does not answer. Check the address, and that you are online."),
    ),
    (
        ServerMisbehaved,
        Words("Not a Tacit server", "Something answers at this address, and it is not a Tacit server."),
    ),
    (
        WrongPassword,
        Words("Wrong password", "That password does not open it. Mind the keyboard layout and Caps Lock."),
    ),
    (
        SignInRefused,
        Words(
            "Signing in did not work",
            "Handle, Secret Key or password is not right. Compare them with your Kit. If the server was restored "
            "from a backup, first unlock Tacit on a computer that knows your newest password.",
        ),
    ),
    (
        OpenFailed,
        Words("Your keys did not open", "The Secret Key or the password is not the one of this account."),
    ),
)


def field_for(error: Exception) -> str:
    """The field that caused an error; "" where none did."""
    return next((name for kind, name in _FIELDS if isinstance(error, kind)), "")


def words_here(error: Exception) -> Words | None:
    """As `words_for`, with the words that fit a first start; None for a defect."""
    found = next((words for kind, words in _HERE if isinstance(error, kind)), None)
    if isinstance(error, ServerDidNotStart):
        return Words(error.title, error.message)
    return found or words_for(error)
