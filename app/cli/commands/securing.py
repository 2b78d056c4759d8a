"""second-factor, sessions: what stands between a stolen password and a session at the server."""

from __future__ import annotations

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import NotFoundHere, SecretProblem, UsageError
from app.cli.output import Json, pairs, table
from app.cli.shown import moment
from app.desk import Desk
from app.desk.second_factor import (
    begin_factor,
    confirm_factor,
    disable_factor,
    factor_state,
    is_demanded,
    new_recovery_codes,
)
from app.desk.sessions import OwnSession, end_all_others, end_own_session, own_sessions
from sync_client import CodeNeeded

ON = "The second factor is on. Each of these signs you in once, without the app:"


def add(commands: Commands) -> None:
    factor = commands.group("second-factor", "a code from your phone, asked for at signing in")
    factor.add("status", run_status, "whether your account has one")
    factor.add(
        "set-up",
        run_set_up,
        "turn it on",
        "Turn it on: a secret is shown for your authenticator app, a code of it is asked for, and ten recovery codes "
        "are printed, this once. Where nobody can be asked, the secret alone is printed, and `confirm` does the rest.",
    )
    factor.add(
        "confirm", run_confirm, "the second half of set-up; the code is asked for, or comes from TACIT_CODE"
    )
    factor.add("off", run_off, "turn it off; asks for a code")
    factor.add("new-codes", run_new_codes, "ten new recovery codes for those that there are; asks for a code")
    sessions = commands.add("sessions", run_sessions, "where you are signed in; sign out there")
    sessions.add_argument(
        "--end", default="", metavar="ID", help="sign this one out (the beginning of its id)"
    )
    sessions.add_argument("--end-others", action="store_true", help="sign out everywhere but here")


def run_status(context: Context) -> None:
    with context.desk() as desk:
        found = factor_state(desk)
        demanded = is_demanded(desk)
    answer: dict[str, Json] = {
        "enabled": found.enabled,
        "recovery_codes": found.codes_left,
        "demanded": demanded,
    }
    rows = [
        ("second factor", "on" if found.enabled else "off"),
        ("recovery codes left", str(found.codes_left)),
        ("your workspace", "demands one of you" if demanded else "demands none of you"),
    ]
    context.out.result(answer, pairs(rows))


def run_set_up(context: Context) -> None:
    with context.desk() as desk:
        new = begin_factor(desk)
        words = f"For your authenticator app, to type, or to make a QR code of:\n  {new.text}\n  {new.uri}"
        if not context.asks:
            answer: dict[str, Json] = {"enabled": False, "secret": new.text, "uri": new.uri}
            context.out.result(answer, f"{words}\nThen: tacit second-factor confirm")
            return
        context.out.say(words)
        codes = _confirmed(context, desk)
    _print_codes(context, codes, ON)


def run_confirm(context: Context) -> None:
    with context.desk() as desk:
        codes = _confirmed(context, desk)
    _print_codes(context, codes, ON)


def _confirmed(context: Context, desk: Desk) -> list[str]:
    wrong = False
    while code := context.code(wrong):
        try:
            return confirm_factor(desk, code)
        except CodeNeeded:
            if not context.asks:
                raise
            wrong = True
    raise SecretProblem("No code was typed. Nothing has changed.", "Not confirmed")


def run_off(context: Context) -> None:
    with context.desk() as desk:
        disable_factor(desk, _code(context))
    context.out.result({"enabled": False}, "The second factor is off.")


def run_new_codes(context: Context) -> None:
    with context.desk() as desk:
        codes = new_recovery_codes(desk, _code(context))
    _print_codes(context, codes, "The codes that you had are void. These are the new ones:")


def _code(context: Context) -> str:
    code = context.code(False)
    if not code:
        raise SecretProblem("A code is needed.", "No code")
    return code


def _print_codes(context: Context, codes: list[str], words: str) -> None:
    listed: list[Json] = list(codes)
    lines = [words, *(f"  {code}" for code in codes), "Keep them on paper; they are not shown again."]
    context.out.result({"enabled": True, "recovery_codes": listed}, "\n".join(lines))


def run_sessions(context: Context) -> None:
    prefix = context.text("end").lower()
    if prefix and context.flag("end_others"):
        raise UsageError("One session, or all others: which of the two?")
    with context.desk() as desk:
        if context.flag("end_others"):
            end_all_others(desk)
        elif prefix:
            end_own_session(desk, _one(own_sessions(desk), prefix).id)
        found = own_sessions(desk)
    listed: list[Json] = [
        {
            "id": one.id.hex(),
            "device": one.device,
            "since": moment(one.created),
            "last_seen": moment(one.last_seen),
            "current": one.current,
        }
        for one in found
    ]
    rows = [
        (
            one.id.hex()[:8],
            one.device or "-",
            moment(one.created),
            moment(one.last_seen),
            "here" if one.current else "",
        )
        for one in found
    ]
    context.out.result({"sessions": listed}, table(("id", "computer", "since", "last seen", ""), rows))


def _one(sessions: list[OwnSession], prefix: str) -> OwnSession:
    found = [one for one in sessions if one.id.hex().startswith(prefix)]
    if len(found) != 1:
        raise NotFoundHere(f"{len(found)} of your sessions begin with {prefix}.")
    return found[0]
