"""audit: one timeline of who did what, verified, with what each line holds by; and alarms."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import CliError, FileProblem, NotFoundHere, UsageError
from app.cli.exit_codes import Exit
from app.cli.output import Json, pairs, table
from app.cli.shown import moment
from app.crm.words import count
from app.desk import Desk
from app.desk.audit import AuditFilter, Trail
from app.desk.audit_export import check_lines, line_object, write_csv, write_json_lines
from app.desk.audit_line import BASIS_WORDS, AuditKind, AuditLine
from app.desk.audit_roster import Verified
from protocol.ids import MemberId
from sync_client import SyncError

DEFAULT_LIMIT = 100
_KINDS = ", ".join(AuditKind)


def add(commands: Commands) -> None:
    audit = commands.add(
        "audit",
        run_audit,
        "who changed access, signed in, exported; what the operator touched; which alarms were raised",
    )
    audit.add_argument("--from", dest="since", default="", metavar="DAY", help="from this day on: 2026-03-01")
    audit.add_argument("--to", dest="until", default="", metavar="DAY", help="up to this day, with it")
    audit.add_argument("--kind", action="append", default=[], metavar="KIND", help=f"one of: {_KINDS}")
    audit.add_argument("--person", default="", metavar="NAME", help="who did it, or had it done to them")
    audit.add_argument("--text", default="", metavar="WORDS", help="lines with all these words")
    audit.add_argument(
        "--limit",
        type=int,
        default=None,
        metavar="N",
        help=f"the newest N lines (default: {DEFAULT_LIMIT}; 0: all)",
    )
    audit.add_argument(
        "--csv", default="", metavar="FILE", help="write the lines as CSV into a new file (-: print)"
    )
    audit.add_argument(
        "--jsonl",
        default="",
        metavar="FILE",
        help="write them as JSON lines with the signed entries (-: print)",
    )
    audit.add_argument(
        "--check", type=Path, metavar="FILE", help="verify a file that --jsonl wrote; needs no profile"
    )
    audit.add_argument(
        "--offline", action="store_true", help="without what the server says (sign-ins, its operator)"
    )
    alarms = commands.add("alarms", run_alarms, "what did not hold, what it means, and what to do")
    alarms.add_argument("--acknowledge", action="store_true", help="you have seen them")


def run_audit(context: Context) -> None:
    file = context.path("check")
    if file is not None:
        _check(context, file)
        return
    targets = [text for name in ("csv", "jsonl") if (text := context.text(name))]
    if len(targets) == 2 and "-" in targets:
        raise UsageError("Only one of --csv and --jsonl can be printed.")
    for target in targets:
        if target != "-" and Path(target).exists():
            raise FileProblem(f"{target} exists already.")
    with context.desk() as desk:
        wanted = _filter(context, desk)
        trail = desk.audit.local(
            lambda done: context.out.progress(f"reading: {count(done, 'entry', 'entries')}")
        )
        trail, remarks = _ask_server(context, desk, trail)
        verified = desk.audit.verify(
            trail, lambda done: context.out.progress(f"verifying: {done:,} of {trail.head[0]:,}")
        )
    lines = trail.find(wanted)
    if context.text("csv"):
        _write(context.text("csv"), lines, trail, as_csv=True)
    if context.text("jsonl"):
        _write(context.text("jsonl"), lines, trail, as_csv=False)
    if "-" in targets:
        context.out.say(_verdict(verified))
    else:
        _show(context, lines, trail, verified, remarks)
    if not verified.holds:
        raise AuditBroken(verified.problem)


class AuditBroken(CliError):
    """The roster of this computer, or a file, does not hold."""

    exit = Exit.TRUST
    title = "The audit trail does not hold"


def _ask_server(context: Context, desk: Desk, trail: Trail) -> tuple[Trail, list[str]]:
    if context.flag("offline"):
        return trail, ["Without the server’s word (--offline)."]
    if not desk.audit.is_admin:
        return trail, ["Without sign-ins and the operator’s journal, which the server shows to admins only."]
    try:
        word = desk.audit.servers_word()
    except SyncError as error:
        return trail, [f"Without the server’s word: {error.title}."]
    joined = desk.audit.joined(trail, word)
    return joined, [word.journal_problem] if word.journal_problem else []


def _filter(context: Context, desk: Desk) -> AuditFilter:
    kinds = set()
    for word in context.texts("kind"):
        try:
            kinds.add(AuditKind(word.casefold()))
        except ValueError:
            raise UsageError(f"There is no kind “{word}”. There are: {_KINDS}.") from None
    before = _day(context.text("until"), "--to")
    return AuditFilter(
        frozenset(kinds),
        _person(desk, context.text("person")),
        _seconds(_day(context.text("since"), "--from")),
        _seconds(before + timedelta(days=1) if before is not None else None),
        context.text("text"),
    )


def _day(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} takes a day such as 2026-03-01.") from None


def _seconds(day: date | None) -> int | None:
    """The day's first second, in this computer's time zone."""
    return None if day is None else int(datetime(day.year, day.month, day.day).astimezone().timestamp())


def _person(desk: Desk, name: str) -> MemberId | None:
    if not name:
        return None
    found = desk.directory.find("member", name)
    if not found and len(name) == 32:
        found = [member for member in desk.vault.roster.members if member.hex() == name.lower()]
    if not found:
        raise NotFoundHere(f"There is nobody called “{name}”.")
    if len(found) > 1:
        listed = " or ".join(member.hex() for member in found)
        raise UsageError(f"More than one person is called “{name}”. Name them by id: {listed}.")
    return MemberId(found[0])


def _write(target: str, lines: Sequence[AuditLine], trail: Trail, *, as_csv: bool) -> None:
    def fill(stream: TextIO) -> None:
        (write_csv if as_csv else write_json_lines)(lines, trail, stream)

    if target == "-":
        fill(sys.stdout)
        return
    with Path(target).open("x", encoding="utf-8", newline="") as stream:
        fill(stream)


def _verdict(verified: Verified) -> str:
    entries = count(verified.entries, "entry", "entries")
    if verified.holds:
        return (
            f"Verified from the first entry on: {entries}, every signature; head {verified.head.hex()[:16]}."
        )
    return f"DOES NOT HOLD after {entries}: {verified.problem}"


def _show(
    context: Context, lines: Sequence[AuditLine], trail: Trail, verified: Verified, remarks: Sequence[str]
) -> None:
    limit = context.number("limit")
    limit = DEFAULT_LIMIT if limit is None else limit
    shown = lines[:limit] if limit else lines
    answer: dict[str, Json] = {
        "workspace": trail.workspace.hex(),
        "verified": {
            "holds": verified.holds,
            "entries": verified.entries,
            "head": verified.head.hex(),
            "problem": verified.problem,
        },
        "journal": {"entries": len(trail.journal), "problem": trail.journal_problem},
        "remarks": list(remarks),
        "found": len(lines),
        "lines": [line_object(line) for line in shown],
    }
    rows = [(moment(line.at), line.who, line.words, BASIS_WORDS[line.basis]) for line in shown]
    text = io.StringIO()
    print(table(("time", "who", "what", "holds by"), rows), file=text)
    if len(shown) < len(lines):
        print(f"… and {len(lines) - len(shown):,} more (--limit 0)", file=text)
    print(_verdict(verified), file=text)
    for remark in remarks:
        print(remark, file=text)
    context.out.result(answer, text.getvalue().rstrip("\n"))


def _check(context: Context, file: Path) -> None:
    try:
        with file.open(encoding="utf-8") as stream:
            checked = check_lines(stream)
    except FileNotFoundError:
        raise FileProblem(f"There is no file {file}.") from None
    except (ValueError, RecursionError):
        raise FileProblem(f"{file} is not a file that `tacit audit --jsonl` wrote.") from None
    if checked.problem:
        raise AuditBroken(checked.problem)
    answer: dict[str, Json] = {
        "holds": True,
        "workspace": checked.workspace,
        "roster_entries": checked.roster_entries,
        "roster_head": checked.roster_head,
        "journal_entries": checked.journal_entries,
    }
    rows = [
        ("workspace", checked.workspace),
        ("roster", f"{count(checked.roster_entries, 'entry', 'entries')}, every signature verified"),
        ("head", checked.roster_head),
        ("operator’s journal", f"{count(checked.journal_entries, 'entry', 'entries')}, one chain"),
    ]
    context.out.result(answer, pairs(rows))


def run_alarms(context: Context) -> None:
    with context.desk() as desk:
        alarms = desk.alarms.all()
        if context.flag("acknowledge"):
            desk.alarms.acknowledge_all()
        places = [desk.place_words(one.log) if one.log is not None else "" for one in alarms]
    listed: list[Json] = [
        {
            "code": one.kind,
            "rule": one.rule,
            "title": one.words.title,
            "place": place,
            "first": moment(one.first),
            "last": moment(one.last),
            "times": one.count,
            "acknowledged": moment(one.acknowledged),
        }
        for one, place in zip(alarms, places, strict=True)
    ]
    blocks = []
    for one, place in zip(alarms, places, strict=True):
        rows = [("alarm", one.words.title), ("place", place)] if place else [("alarm", one.words.title)]
        rows += [
            ("when", f"{moment(one.last)} ({count(one.count, 'time')})"),
            ("what happened", f"{one.words.happened} {one.finding}".strip()),
            ("what it means", one.words.means),
            ("what to do", one.words.to_do),
        ]
        blocks.append(pairs(rows))
    context.out.result({"alarms": listed}, "\n\n".join(blocks) or "No alarms.")
