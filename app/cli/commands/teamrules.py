"""team role-define, managers-read, catalogue-of, invite-list: the rules of a team, and a whole team from a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import FileProblem, UsageError
from app.cli.groups import pick_group, pick_member, pick_role
from app.cli.output import Json, table
from app.cli.prompts import confirm
from app.cli.shown import moment
from app.cli.syncing import synchronise
from app.desk import MOST_AT_ONCE, ChangeWords, Invitee, Team
from app.desk.second_factor import factor_state
from protocol.ids import GROUP_COMPARTMENTS, Level, MemberId, Permission, Reach
from protocol.roster import Access

_COMPARTMENTS = {one.name.lower(): one for one in GROUP_COMPARTMENTS}
_LEVELS = {one.name.lower(): one for one in Level if one is not Level.NONE}
_PERMISSIONS = {str(flag.name).lower().replace("_", "-"): flag for flag in Permission}
_COLUMNS = ("name", "grants", "reports_to")
_DEMANDED = {"nobody": 0, "admins": 1, "everybody": 2}
DAYS = 14


def add(team: Commands) -> None:
    role = team.add("role-define", run_role_define, "make a role, or change one for everybody who has it")
    role.add_argument("name", metavar="NAME")
    role.add_argument(
        "--access",
        action="append",
        default=[],
        metavar="COMPARTMENT=LEVEL[:own]",
        help=f"{', '.join(_COMPARTMENTS)} = read or write; with :own their own records only",
    )
    role.add_argument(
        "--may",
        action="append",
        default=[],
        choices=sorted(_PERMISSIONS),
        help="a permission; may be repeated",
    )
    policy = team.add(
        "managers-read", run_managers_read, "whether managers read the own records of those below them"
    )
    policy.add_argument("chosen", choices=("on", "off"))
    catalogue = team.add(
        "catalogue-of", run_catalogue_of, "let the catalogue of one group (products, pipelines) serve another"
    )
    catalogue.add_argument("group", metavar="GROUP", help="the group that is served")
    catalogue.add_argument("other", metavar="GROUP", help="whose catalogue serves it; - for its own")
    factor = team.add(
        "second-factor",
        run_second_factor,
        "who must have a second factor: whoever has none can only set one up",
    )
    factor.add_argument("demanded", choices=sorted(_DEMANDED))
    for parser in (role, policy, catalogue):
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
        parser.add_argument("--yes", action="store_true", help="do it without asking")
    invite = team.add(
        "invite-list",
        run_invite_list,
        "invite everybody of a file; prints a link for each",
        "Invite everybody of a CSV file with the columns name, grants (GROUP=ROLE, several with ; between) and "
        "reports_to (somebody of the file, a member, or nothing).",
    )
    invite.add_argument("file", type=Path, metavar="FILE.csv")
    invite.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"how long they hold (default: {DAYS})"
    )


def run_second_factor(context: Context) -> None:
    """Without a preview: it changes who is let in by the server, and nobody's sight."""
    wanted = context.text("demanded")
    with context.desk() as desk:
        synchronise(context, desk)
        if _DEMANDED[wanted] and not factor_state(desk).enabled:
            raise UsageError(
                "Set up your own first (`tacit second-factor set-up`): you could not take it back without.",
                "You have none yourself",
            )
        desk.actions.second_factor_policy(_DEMANDED[wanted])
    context.out.result({"second_factor": wanted}, f"A second factor is demanded of {wanted}.")


def run_role_define(context: Context) -> None:
    name = context.text("name").strip()
    if not name:
        raise UsageError("A role needs a name.")
    accesses = [_access(text) for text in context.texts("access")]
    permissions = Permission(0)
    for text in context.texts("may"):
        permissions |= _PERMISSIONS[text]
    with context.desk() as desk:
        synchronise(context, desk)
        known = [role.id for role in desk.team().roles if role.name.casefold() == name.casefold()]
        if len(known) > 1:
            raise UsageError(f"More than one role is called “{name}”.")
        role = known[0] if known else None
        words = desk.actions.preview_define_role(accesses, permissions, role)
        if not _agreed(context, words):
            return
        desk.actions.define_role(name, accesses, permissions, role)
        synchronise(context, desk)
        made = pick_role(desk.team(), name).id
    will: list[Json] = list(words.sentences)
    context.out.result({"done": True, "id": made.hex(), "will": will}, f"The role {name} is defined.")


def run_managers_read(context: Context) -> None:
    chosen = context.text("chosen") == "on"
    with context.desk() as desk:
        synchronise(context, desk)
        words = desk.actions.preview_managers_read_reports(chosen)
        if not _agreed(context, words):
            return
        desk.actions.managers_read_reports(chosen)
        synchronise(context, desk)
    will: list[Json] = list(words.sentences)
    done = "Managers read" if chosen else "Managers no longer read"
    context.out.result({"done": True, "will": will}, f"{done} the own records of those below them.")


def run_catalogue_of(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        team = desk.team()
        group, typed = pick_group(team, context.text("group")), context.text("other")
        other = None if typed == "-" else pick_group(team, typed)
        other_id = other.id if other else None
        words = desk.actions.preview_catalogue_of(group.id, other_id)
        if not _agreed(context, words):
            return
        desk.actions.catalogue_of(group.id, other_id)
        synchronise(context, desk)
    will: list[Json] = list(words.sentences)
    context.out.result(
        {"done": True, "will": will},
        f"{group.name} uses {f'the catalogue of {other.name}' if other else 'its own catalogue'}.",
    )


def _agreed(context: Context, words: ChangeWords) -> bool:
    """Tell and ask; False where it was only to be told. Raises KeyboardInterrupt for a no."""
    will: list[Json] = list(words.sentences)
    if context.flag("dry_run"):
        context.out.result({"dry_run": True, "will": will}, "\n".join(words.sentences))
        return False
    if not context.flag("yes"):
        for sentence in words.sentences:
            context.out.say(sentence)
        if not confirm("Do this?"):
            raise KeyboardInterrupt
    return True


def _access(text: str) -> Access:
    compartment, _, rest = text.partition("=")
    level, sign, reach = rest.partition(":")
    try:
        found, allowed = _COMPARTMENTS[compartment.strip()], _LEVELS[level.strip()]
    except KeyError:
        raise UsageError(f"“{text}” is not COMPARTMENT=LEVEL or COMPARTMENT=LEVEL:own.") from None
    if sign and reach.strip() != "own":
        raise UsageError(f"“{text}”: only :own may follow.")
    return Access(found, allowed, Reach.OWN if sign else Reach.GROUP)


def run_invite_list(context: Context) -> None:
    path = context.path("file")
    assert path is not None
    rows = list(_read(path))
    if not 1 <= len(rows) <= MOST_AT_ONCE:
        raise UsageError(f"{path.name} names {len(rows)} people; 1 to {MOST_AT_ONCE} can be invited at once.")
    with context.desk() as desk:
        synchronise(context, desk)
        people = _invitees(desk.team(), rows)
        invited = desk.actions.invite_all(people, context.number("days") or DAYS)
        synchronise(context, desk)
    answer: list[Json] = [
        {
            "name": person.name,
            "member": one.member.hex(),
            "link": one.link,
            "code": one.code,
            "expires": moment(one.expires),
        }
        for person, one in zip(people, invited, strict=True)
    ]
    lines = [(person.name, one.link) for person, one in zip(people, invited, strict=True)]
    words = "Whoever has a link can join: hand each over in a way that nobody else reads."
    context.out.result({"invited": answer}, "\n".join([table(("name", "link"), lines), words]))


def _read(path: Path) -> Iterator[Mapping[str, str]]:
    """Raises FileProblem, UsageError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = set(_COLUMNS[:2]) - set(reader.fieldnames or ())
            if missing:
                raise UsageError(f"{path.name} has no column {', '.join(sorted(missing))}.")
            yield from ({name: (row.get(name) or "").strip() for name in _COLUMNS} for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileProblem(f"{path} cannot be read: {error}") from None


def _invitees(team: Team, rows: Sequence[Mapping[str, str]]) -> list[Invitee]:
    """Raises UsageError, NotFoundHere."""
    places: dict[str, int] = {}
    for place, row in enumerate(rows):
        key = row["name"].casefold()
        if not key or key in places:
            raise UsageError(f"Row {place + 1}: a name of its own is needed, not “{row['name']}”.")
        places[key] = place
    return [
        Invitee(
            row["name"],
            tuple(_grant(team, text) for text in row["grants"].split(";") if text.strip()),
            reports_to=_above(team, places, row["reports_to"]),
        )
        for row in rows
    ]


def _grant(team: Team, text: str) -> tuple[bytes, bytes]:
    group, sign, role = text.rpartition("=")
    if not sign:
        raise UsageError(f"“{text.strip()}” is not GROUP=ROLE.")
    return pick_group(team, group).id, pick_role(team, role).id


def _above(team: Team, places: Mapping[str, int], name: str) -> MemberId | int | None:
    if not name:
        return None
    place = places.get(name.casefold())
    return pick_member(team, name).id if place is None else place
