"""Errors as the command line tells them: an exit code, a stable code for scripts, a title, and a sentence.

CliError
+-- UsageError    a word or a value that is not understood
+-- NotFoundHere  a record, group, role or member that nobody knows here
+-- FileProblem   a file of the user's that cannot be read or written
+-- SecretProblem no password or no Secret Key where one is needed

`explain` does the same for the errors of all packages below. What it does not know is a fault, and keeps its traceback.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.cli.exit_codes import Exit
from app.crm import CrmError, ExportFailed, ImportRefused, WriteRefused
from app.desk.errors import DeskError, DidNotFinish, ServerDidNotStart, WaitingForAdmin
from sync_client import (
    Cancelled,
    CodeNeeded,
    Offline,
    RateLimited,
    ServerMisbehaved,
    SessionEnded,
    SignInRefused,
    SyncError,
)
from vault.errors import VaultError
from vault.exchange import MemberError, NotConfirmed, TrustError
from vault.keys import KeysError
from vault.keys.errors import BundleRefused, KitUnreadable, OpenFailed, PasswordUnusable, SecretKeyUnreadable
from vault.profile import KeychainError, ProfileError, WrongPassword
from vault.store import NotAllowedHere, NotFound, StoreError
from vault.store import TooLarge as RecordTooLarge

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class CliError(Exception):
    """`title` and `message` are for people; neither holds a secret."""

    exit = Exit.USAGE
    title = "This does not work"

    def __init__(self, message: str, title: str = "") -> None:
        super().__init__(message)
        self.message = message
        if title:
            self.title = title


class UsageError(CliError):
    title = "This is not understood"


class NotFoundHere(CliError):
    title = "Not found"


class FileProblem(CliError):
    exit = Exit.FILE
    title = "The file cannot be used"


class SecretProblem(CliError):
    exit = Exit.SECRET
    title = "Something secret is missing"


@dataclass(frozen=True, slots=True)
class Explained:
    """`code` is for scripts and stays the same; `title` and `message` are for people."""

    exit: Exit
    code: str
    title: str
    message: str


# The first class that fits says the exit code; so children stand before their parents.
_EXITS: tuple[tuple[type[Exception], Exit], ...] = (
    (WaitingForAdmin, Exit.WAITING),
    (NotConfirmed, Exit.WAITING),
    (DidNotFinish, Exit.OFFLINE),
    (ServerDidNotStart, Exit.OFFLINE),
    (DeskError, Exit.REFUSED),
    (Cancelled, Exit.CANCELLED),
    (Offline, Exit.OFFLINE),
    (RateLimited, Exit.OFFLINE),
    (SignInRefused, Exit.SECRET),
    (SessionEnded, Exit.OFFLINE),
    (CodeNeeded, Exit.SECRET),
    (ServerMisbehaved, Exit.TRUST),
    (SyncError, Exit.REFUSED),
    (TrustError, Exit.TRUST),
    (BundleRefused, Exit.TRUST),
    (MemberError, Exit.REFUSED),
    (WrongPassword, Exit.SECRET),
    (KeychainError, Exit.SECRET),
    (ProfileError, Exit.PROFILE),
    (OpenFailed, Exit.SECRET),
    (SecretKeyUnreadable, Exit.SECRET),
    (PasswordUnusable, Exit.SECRET),
    (KitUnreadable, Exit.FILE),
    (KeysError, Exit.USAGE),
    (NotFound, Exit.USAGE),
    (NotAllowedHere, Exit.REFUSED),
    (RecordTooLarge, Exit.USAGE),
    (StoreError, Exit.PROFILE),
    (VaultError, Exit.REFUSED),
    (ImportRefused, Exit.FILE),
    (ExportFailed, Exit.FILE),
    (WriteRefused, Exit.REFUSED),
    (CrmError, Exit.USAGE),
)


def explain(error: BaseException) -> Explained | None:
    """The error in words, or None for one that nobody expected."""
    if isinstance(error, KeyboardInterrupt):
        return Explained(
            Exit.CANCELLED, "cancelled", "Stopped", "You stopped it. What was done until then is kept."
        )
    if isinstance(error, CliError):
        return Explained(error.exit, _code(error), error.title, error.message)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return Explained(Exit.FILE, "file-problem", "The file cannot be used", f"{where}{error.strerror}.")
    for kind, code in _EXITS:
        if isinstance(error, kind):
            return Explained(code, _code(error), _text(error, "title"), _text(error, "message"))
    return None


def _text(error: BaseException, name: str) -> str:
    found = getattr(error, name, "")
    return found if isinstance(found, str) and found else str(error)


def _code(error: BaseException) -> str:
    own = getattr(error, "code", None)
    return str(own) if isinstance(own, str) else _HUMP.sub("-", type(error).__name__).lower()
