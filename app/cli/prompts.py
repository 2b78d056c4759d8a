"""Secrets from people and scripts: the password and the Secret Key. Never from arguments: other users see those.

The password comes from `--password-fd`, else from TACIT_PASSWORD (taken out of the environment at once, so that no
child process inherits it), else from a prompt without echo.
"""

from __future__ import annotations

import getpass
import os
import sys

from app.cli.errors import SecretProblem, UsageError
from vault.keys import SecretKey

PASSWORD_VARIABLE = "TACIT_PASSWORD"  # the name of a variable
NEW_PASSWORD_VARIABLE = "TACIT_NEW_PASSWORD"  # the name of a variable
CODE_VARIABLE = "TACIT_CODE"  # the name of a variable
_LIMIT = 8_192


def read_password(descriptor: int | None, *, new: bool = False) -> str:
    """The password; a `new` one is asked for twice. Raises SecretProblem where nobody can be asked."""
    question = "New password: " if new else "Password: "
    return _password(descriptor, PASSWORD_VARIABLE, question, twice=new)


def read_new_password(descriptor: int | None, *, twice: bool) -> str:
    """The password that is to take the place of the old one. Raises SecretProblem."""
    return _password(descriptor, NEW_PASSWORD_VARIABLE, "New password: ", twice=twice)


def _password(descriptor: int | None, variable: str, question: str, *, twice: bool) -> str:
    if descriptor is not None:
        return _from_descriptor(descriptor)
    given = os.environ.pop(variable, None)
    if given is not None:
        return given
    password = ask_secret(question, "password")
    if twice and ask_secret("The same again: ", "password") != password:
        raise SecretProblem("The two passwords are not the same. Nothing was done.", "Not the same password")
    return password


def read_secret_key() -> SecretKey:
    """Ask for the Secret Key or the recovery words. Raises SecretKeyUnreadable, SecretProblem."""
    return SecretKey.parse_any(ask_secret("Secret Key or recovery words: ", "Secret Key"))


def ask_secret(question: str, what: str) -> str:
    """Ask on the terminal, without echo."""
    if not sys.stdin.isatty():
        ways = f"--password-fd or {PASSWORD_VARIABLE}" if what == "password" else "--secret-key-file"
        raise SecretProblem(f"There is no terminal to ask for the {what} on. Use {ways}.", f"No {what}")
    return getpass.getpass(question, stream=sys.stderr)


def read_code(wrong: bool, *, ask: bool) -> str:
    """A code of the second factor: from TACIT_CODE, once, else asked for on the terminal where `ask`; "" for none.

    It is shown as it is typed: it is of use once.
    """
    given = os.environ.pop(CODE_VARIABLE, "")
    if given:
        return given.strip()
    if not ask:
        return ""
    question = (
        "That code is wrong, or was used. Another one: " if wrong else "Code of your authenticator app: "
    )
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def read_line(what: str) -> str:
    """One line that is a secret, from standard input: typed without echo, or piped."""
    if sys.stdin.isatty():
        return ask_secret(f"{what}: ", what).strip()
    return sys.stdin.read(_LIMIT).strip()


def confirm(question: str) -> bool:
    """Ask yes or no on the terminal. Raises UsageError where there is none."""
    if not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here. Repeat with --yes, or look first with --dry-run.", "Not confirmed"
        )
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _from_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb") as stream:
            data = stream.read(_LIMIT)
    except OSError:
        raise SecretProblem(f"File descriptor {descriptor} cannot be read.", "No password") from None
    try:
        return data.partition(b"\n")[0].removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise SecretProblem("The password is not UTF-8.", "No password") from None
