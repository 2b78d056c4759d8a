"""diagnostics, and support: what to hand to whoever helps, and letting somebody in for a while."""

from __future__ import annotations

import re
import time
from pathlib import Path

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import FileProblem, UsageError
from app.cli.groups import pick, pick_group
from app.cli.output import Json, printable
from app.cli.shown import moment
from app.desk.diagnostics import diagnostics
from app.desk.support import DAY
from protocol.ids import GROUP_COMPARTMENTS, Compartment

_TERM = re.compile(r"([0-9]{1,3})([hd])")
_PARTS = {part.name.lower(): part for part in GROUP_COMPARTMENTS}
_PART_NAMES = ", ".join(_PARTS)


def add(commands: Commands) -> None:
    text = commands.add(
        "diagnostics",
        run_diagnostics,
        "versions, positions and codes for whoever helps; nothing of the records",
    )
    text.add_argument("--out", default="-", metavar="FILE", help="into a new file (default: print it)")
    support = commands.group("support", "let somebody in for a while: one group, to read only")
    support.add("list", run_list, "whether it is allowed, and who is in")
    allow = support.add("allow", run_allow, "an owner allows or forbids letting support in")
    allow.add_argument("choice", choices=("on", "off"), metavar="on|off")
    let_in = support.add("let-in", run_let_in, "an owner lets somebody in; prints the link to hand over")
    let_in.add_argument("--name", required=True, metavar="NAME", help="who comes; every member reads it")
    let_in.add_argument("--group", required=True, metavar="GROUP")
    let_in.add_argument("--read", required=True, metavar="A,B", help=f"of: {_PART_NAMES}")
    let_in.add_argument(
        "--for", dest="term", default="1d", metavar="TERM", help="4h, 1d, … at most 30d (default: 1d)"
    )
    let_in.add_argument("--dry-run", action="store_true", help="say what support would see, and do nothing")
    end = support.add("end", run_end, "any member ends it")
    end.add_argument("name", metavar="NAME")


def run_diagnostics(context: Context) -> None:
    out = context.text("out")
    target = None if out in ("", "-") else Path(out)
    if target is not None and target.exists():
        raise FileProblem(f"{target} exists already.")
    with context.desk() as desk:
        text = diagnostics(desk)
    if target is None:
        context.out.result({"diagnostics": text}, text.rstrip("\n"))
        return
    with target.open("x", encoding="utf-8") as stream:
        stream.write(text)
    lines = len(text.splitlines())
    context.out.result(
        {"file": str(target), "lines": lines},
        f"{lines} lines written to {target}. Read them before you hand them to anybody.",
    )


def run_list(context: Context) -> None:
    with context.desk() as desk:
        allowed, visits, me = desk.support.is_allowed, desk.support.running(), desk.me
    listed: list[Json] = [
        {
            "name": one.name,
            "member": one.member.hex(),
            "group": one.group_name,
            "reads": [part.name.lower() for part in one.compartments],
            "until": moment(one.until),
            "inside": one.inside,
        }
        for one in visits
    ]
    text = "Letting support in is allowed." if allowed else "Letting support in is not allowed."
    if visits:
        text = "\n".join([text, *(printable(one.sentence(me)) for one in visits)])
    context.out.result({"allowed": allowed, "support": listed}, text)


def run_allow(context: Context) -> None:
    wanted = context.text("choice") == "on"
    with context.desk() as desk:
        desk.support.allow(wanted)
    text = "Owners may let support in now." if wanted else "Support is switched off; whoever was in is out."
    context.out.result({"allowed": wanted}, text)


def run_let_in(context: Context) -> None:
    parts = _read_parts(context.text("read"))
    until = int(time.time()) + _seconds(context.text("term"))
    with context.desk() as desk:
        group = pick_group(desk.team(), context.text("group")).id
        sentences = desk.support.sentences(group, parts, until)
        if context.flag("dry_run"):
            context.out.result({"dry_run": True, "sentences": list(sentences)}, "\n".join(sentences))
            return
        for sentence in sentences:
            context.out.say(sentence)
        try:
            invited = desk.support.let_in(context.text("name"), group, parts, until)
        except ValueError as error:
            raise UsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    answer: dict[str, Json] = {
        "link": invited.link,
        "code": invited.code,
        "member": invited.member.hex(),
        "until": moment(until),
        "sentences": list(sentences),
    }
    context.out.result(answer, f"{invited.link}\n{invited.code}")


def run_end(context: Context) -> None:
    with context.desk() as desk:
        visit = pick(desk.support.running(), context.text("name"), "support")
        desk.support.end(visit)
    context.out.result({"ended": visit.name}, f"{visit.name} is out; the keys have changed.")


def _read_parts(text: str) -> list[Compartment]:
    found = []
    for word in filter(None, (part.strip().lower() for part in text.split(","))):
        if word not in _PARTS:
            raise UsageError(f"There is no part “{word}”. There are: {_PART_NAMES}.")
        found.append(_PARTS[word])
    if not found:
        raise UsageError(f"Say what support may read: {_PART_NAMES}.")
    return found


def _seconds(text: str) -> int:
    matched = _TERM.fullmatch(text)
    if matched is None:
        raise UsageError("A term is a number of hours or days, such as 4h or 1d.")
    return int(matched[1]) * (DAY if matched[2] == "d" else 3_600)
