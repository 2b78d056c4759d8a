"""sync and status: in step with the team, and how much is here."""

from __future__ import annotations

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.figures import read_figures
from app.cli.output import Json, pairs
from app.cli.shown import moment
from app.cli.syncing import synchronise
from app.crm.words import count
from app.desk import Desk, WaitingForAdmin
from app.desk.entering import enter
from sync_client import Phase

DEFAULT_TIMEOUT = 30


def add(commands: Commands) -> None:
    sync = commands.add("sync", run_sync, "send what waits here, and get what is new")
    sync.add_argument(
        "--timeout",
        type=int,
        default=DEFAULT_TIMEOUT,
        metavar="S",
        help=f"try again for so many seconds where the server does not answer (default: {DEFAULT_TIMEOUT})",
    )
    sync.add_argument(
        "--until-member", type=int, metavar="SECONDS", help="wait so long for an admin's Tacit to confirm you"
    )
    status = commands.add("status", run_status, "how much is here, and what waits; asks no server")
    status.add_argument("--sync", action="store_true", help="synchronise first, so that it is up to date")


def run_sync(context: Context) -> None:
    timeout = float(context.number("timeout") or 0)
    patience = context.number("until_member")
    with context.desk() as desk:
        if desk.vault.entering() is not None:
            enter(desk)  # a join that was broken off
        if patience is not None and not desk.is_member:
            _wait(desk, float(patience))
        synchronise(context, desk, timeout)
        if not desk.is_member:
            desk.vault.require_active()
        answer: dict[str, Json] = {"synchronised": True, "member": desk.is_member, "pending": desk.pending()}
    context.out.result(answer, "Everything is in step.")


def _wait(desk: Desk, seconds: float) -> None:
    """Raises WaitingForAdmin, and the error where synchronising halted or nothing was reached."""
    try:
        if desk.wait_until_member(seconds):
            return
        state = desk.sync_state
        if state.error is not None and state.phase in (Phase.HALTED, Phase.OFFLINE):
            raise state.error
        raise WaitingForAdmin()
    finally:
        desk.stop_sync()


def run_status(context: Context) -> None:
    with context.desk() as desk:
        if context.flag("sync"):
            synchronise(context, desk, DEFAULT_TIMEOUT)
        figures = read_figures(desk)
        pending = desk.pending()
        stopped = [one.error.title for one in desk.vault.exchange.stopped()]
        words = _words(desk, pending, stopped)
        held = desk.keys_held()
        reasons: list[Json] = [{"logs": one.logs, "reason": one.reason} for one in held]
        logs = sum(one.logs for one in held)
        answer: dict[str, Json] = {
            "workspace": desk.workspace_name,
            "name": desk.my_name,
            "handle": desk.profile.handle,
            "server": desk.profile.server,
            "profile": str(desk.profile.folder),
            "member": desk.is_member,
            **figures.answer(),
            "pending": pending,
            "sync": words,
            "last_contact": moment(desk.last_contact),
            "conflicts": desk.history.conflict_count(),
            "logs": logs,
            "keys_held": reasons,
            "stopped_logs": stopped,
        }
    rows = [
        ("workspace", str(answer["workspace"])),
        ("you", f"{answer['name']} ({answer['handle']} at {answer['server']})"),
        *figures.rows(),
        ("waiting to be sent", str(pending)),
        ("conflicts", str(answer["conflicts"])),
        ("synchronising", words),
        ("last contact", str(answer["last_contact"]) or "never"),
        ("keys held", f"of {count(logs, 'log')}"),
        *(("", f"{one.logs:,} — {one.reason}") for one in held),
    ]
    context.out.result(answer, pairs(rows))


def _words(desk: Desk, pending: int, stopped: list[str]) -> str:
    if stopped:
        return f"Stopped: {stopped[0]}"
    if not desk.is_member:
        return "Not a member, or not yet confirmed by an admin's Tacit"
    if pending:
        return "Changes wait to be sent"
    return "Everything here was sent" if desk.last_contact else "Not synchronised yet"
