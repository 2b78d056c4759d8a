"""password: a new one, or the one that was chosen on another computer."""

from __future__ import annotations

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.prompts import NEW_PASSWORD_VARIABLE, read_new_password
from app.desk.password import change_password, take_changed_password


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


def run_password(context: Context) -> None:
    elsewhere = context.flag("changed_elsewhere")
    with context.desk() as desk:
        new = read_new_password(context.number("new_password_fd"), twice=not elsewhere)
        key = context.secret_key(desk.profile.id)
        if elsewhere:
            take_changed_password(desk, new, key, context.out.progress)
        else:
            change_password(desk, context.password(), new, key, context.out.progress)
    words = "This computer has the new password too." if elsewhere else "Your password is changed."
    context.out.result({"done": True}, words)
