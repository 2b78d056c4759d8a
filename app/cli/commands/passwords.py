"""password: a new one, or the one that was chosen on another computer."""

from __future__ import annotations

import os

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.prompts import NEW_PASSWORD_VARIABLE, read_line, read_new_password
from app.desk.devices import take_new_kit
from app.desk.password import change_password, take_changed_password
from vault.keys import SecretKey


def add(commands: Commands) -> None:
    parser = commands.add(
        "password",
        run_password,
        "change your password",
        "Change your password. The Secret Key stays the same, so the Emergency Kit does too. Your other computers ask "
        "for the new password; there, say --changed-elsewhere.",
    )
    parser.add_argument(
        "--new-password-fd",
        type=int,
        metavar="N",
        help=f"read the new password from this file descriptor (or {NEW_PASSWORD_VARIABLE})",
    )
    parser.add_argument(
        "--changed-elsewhere",
        action="store_true",
        help="it was changed on another computer: take it over here (the old one is asked for first)",
    )
    parser.add_argument(
        "--new-kit",
        action="store_true",
        help="another computer was revoked, or colleagues helped you back in: take the new Kit's Secret Key over here "
        "(asked for on the terminal, or piped in); the password that opens this computer is asked for first",
    )


def run_password(context: Context) -> None:
    elsewhere = context.flag("changed_elsewhere")
    if context.flag("new_kit"):
        _take_new_kit(context)
        return
    with context.desk() as desk:
        new = read_new_password(context.number("new_password_fd"), twice=not elsewhere)
        key = context.secret_key(desk.profile.id)
        if elsewhere:
            take_changed_password(desk, new, key, context.out.progress)
        else:
            change_password(desk, context.password(), new, key, context.out.progress)
    words = "This computer has the new password too." if elsewhere else "Your password is changed."
    context.out.result({"done": True}, words)


def _take_new_kit(context: Context) -> None:
    with context.desk() as desk:
        fresh = SecretKey.parse_any(read_line("Secret Key or recovery words of the new Kit"))
        given = os.environ.get(NEW_PASSWORD_VARIABLE) or context.number("new_password_fd") is not None
        password = (
            read_new_password(context.number("new_password_fd"), twice=False) if given else context.password()
        )
        take_new_kit(desk, password, fresh, context.keychain(desk.profile.id), context.out.progress)
        desk.stop_sync()
    context.out.result({"done": True}, "This computer has the new Kit's Secret Key.")
