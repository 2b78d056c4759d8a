"""team invite, withdraw, remove, grant, revoke, …: changes of the team, each told in sentences before it is done.

All of these need the server: they are signed at the newest head of the roster and appended to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import UsageError
from app.cli.groups import fullest_role, pick, pick_group, pick_member, pick_role
from app.cli.output import Json, pairs
from app.cli.prompts import confirm
from app.cli.shown import moment
from app.cli.syncing import synchronise
from app.desk import ChangeWords, Desk, RoleChange, Team, TeamMember
from protocol.ids import GroupId, MemberId, RoleId, Standing
from protocol.state import InvitationStatus

DAYS = 14
_STANDINGS = [one.name.lower() for one in Standing]
_KINDS = ("member", "group", "role", "workspace")
_OPEN = (InvitationStatus.OPEN, InvitationStatus.JOINED)


def add(team: Commands) -> None:
    invite = team.add(
        "invite", run_invite, "invite somebody; prints a link to hand over in a way of your own"
    )
    invite.add_argument("--name", required=True, metavar="N")
    invite.add_argument(
        "--grant", action="append", default=[], metavar="GROUP=ROLE", help="a group to be in; may be repeated"
    )
    invite.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"how long it holds (default: {DAYS})"
    )
    invite.add_argument(
        "--standing", choices=_STANDINGS, default="member", help="in the workspace (default: member)"
    )
    _careful(invite.add_argument, ask=False)

    withdraw = team.add("withdraw", run_withdraw, "withdraw an invitation")
    withdraw.add_argument("invitation", metavar="NAME|ID")

    for name, run, words in (
        ("remove", run_remove, "remove a member for good; what she could read gets new keys"),
        ("suspend", run_suspend, "suspend a member: no access until `resume`"),
        ("resume", run_resume, "end a suspension"),
    ):
        parser = team.add(name, run, words)
        parser.add_argument("member", metavar="MEMBER")
        _careful(parser.add_argument)

    grant = team.add("grant", run_grant, "give a member a role in a group, in the place of the one there")
    grant.add_argument("member", metavar="MEMBER")
    grant.add_argument("grant", metavar="GROUP=ROLE")
    grant.add_argument("--also", action="store_true", help="beside the roles there: several roles add up")
    _careful(grant.add_argument)

    revoke = team.add("revoke", run_revoke, "take a member out of a group, or one of several roles away")
    revoke.add_argument("member", metavar="MEMBER")
    revoke.add_argument("group", metavar="GROUP")
    revoke.add_argument("--role", metavar="ROLE", help="this role only (default: all of them)")
    _careful(revoke.add_argument)

    group = team.add("group-create", run_group_create, "make a group")
    group.add_argument("name", metavar="NAME")
    group.add_argument(
        "--grant",
        action="append",
        default=[],
        metavar="MEMBER=ROLE",
        help="who is in it (default: you)",
    )

    archive = team.add("group-archive", run_group_archive, "archive a group, or bring it back")
    archive.add_argument("group", metavar="GROUP")
    archive.add_argument("--undo", action="store_true", help="bring it back")
    _careful(archive.add_argument)

    rename = team.add("rename", run_rename, "rename a member, a group, a role, or the workspace")
    rename.add_argument("kind", choices=_KINDS)
    rename.add_argument("subject", metavar="NAME|ID", help="who or what (for the workspace: any word)")
    rename.add_argument("new_name", metavar="NEW")

    standing = team.add(
        "standing", run_standing, "make a member owner, admin or plain member of the workspace"
    )
    standing.add_argument("member", metavar="MEMBER")
    standing.add_argument("standing", choices=_STANDINGS)
    _careful(standing.add_argument)

    manager = team.add("reports-to", run_reports_to, "say to whom a member reports")
    manager.add_argument("member", metavar="MEMBER")
    manager.add_argument("manager", metavar="MEMBER", help="- for nobody")
    _careful(manager.add_argument)


def _careful(add_argument: object, *, ask: bool = True) -> None:
    assert callable(add_argument)
    add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
    if ask:
        add_argument("--yes", action="store_true", help="do it without asking")


def _change(
    context: Context,
    prepare: Callable[[Desk, Team], tuple[Callable[[], ChangeWords], Callable[[], None], str]],
    *,
    ask: bool = True,
) -> None:
    """Pull, show the sentences, ask, do it, push. `prepare` gives the preview, the act, and the words at its end."""
    with context.desk() as desk:
        synchronise(context, desk)
        preview, act, done = prepare(desk, desk.team())
        words = preview()
        will: list[Json] = list(words.sentences)
        if context.flag("dry_run"):
            context.out.result({"dry_run": True, "will": will}, "\n".join(words.sentences))
            return
        if ask and not context.flag("yes"):
            _ask(context, words)
        act()
        synchronise(context, desk)
    context.out.result({"done": True, "will": will}, "\n".join([done, *words.sentences]))


def _ask(context: Context, words: ChangeWords) -> None:
    for sentence in words.sentences:
        context.out.say(sentence)
    if not confirm("Do this?"):
        raise KeyboardInterrupt


def run_invite(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        team = desk.team()
        grants = _grants(team, context.texts("grant"))
        name = context.text("name")
        words = desk.actions.preview_invite(grants, name)
        will: list[Json] = list(words.gains)
        if context.flag("dry_run"):
            context.out.result(
                {"dry_run": True, "will": will}, "\n".join(words.gains) or f"{name} will see nothing."
            )
            return
        days = context.number("days") or DAYS
        invited = desk.actions.invite(name, grants, days, Standing[context.text("standing").upper()])
        synchronise(context, desk)
        answer: dict[str, Json] = {
            "link": invited.link,
            "code": invited.code,
            "member": invited.member.hex(),
            "expires": moment(invited.expires),
            "will": will,
        }
    rows = [("link", invited.link), ("code", invited.code), ("until", moment(invited.expires))]
    lines = [
        *words.gains,
        pairs(rows),
        "Whoever has the link can join: hand it over in a way that nobody else reads.",
    ]
    context.out.result(answer, "\n".join(lines))


def run_withdraw(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        open_ones = [one for one in desk.team().invitations if one.status in _OPEN]
        found = pick(open_ones, context.text("invitation"), "open invitation")
        desk.actions.withdraw(found.id)
        synchronise(context, desk)
    context.out.result({"done": True, "id": found.id.hex()}, f"The invitation of {found.name} is withdrawn.")


def run_remove(context: Context) -> None:
    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        actions = desk.actions
        return (
            lambda: actions.preview_remove(member.id),
            lambda: actions.remove(member.id),
            f"{member.name} is removed.",
        )

    _change(context, prepare)


def run_suspend(context: Context) -> None:
    _suspend(context, suspended=True)


def run_resume(context: Context) -> None:
    _suspend(context, suspended=False)


def _suspend(context: Context, *, suspended: bool) -> None:
    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        actions = desk.actions
        return (
            lambda: actions.preview_suspend(member.id, suspended),
            lambda: actions.suspend(member.id, suspended),
            f"{member.name} is {'suspended' if suspended else 'active again'}.",
        )

    _change(context, prepare)


def run_grant(context: Context) -> None:
    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        ((group, role),) = _grants(team, [context.text("grant")])
        held = _held(member, group) if context.flag("also") else frozenset()
        words = f"{member.name} is {team.role(role).name} in {team.group(group).name}."
        return _roles(desk, RoleChange(member.id, group, held | {role}), words)

    _change(context, prepare)


def run_revoke(context: Context) -> None:
    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        group = pick_group(team, context.text("group"))
        typed = context.text("role")
        if not typed:
            words = f"{member.name} is no longer in {group.name}."
            return _roles(desk, RoleChange(member.id, group.id, frozenset()), words)
        role = pick_role(team, typed)
        left = _held(member, group.id) - {role.id}
        words = f"{member.name} is no longer {role.name} in {group.name}."
        return _roles(desk, RoleChange(member.id, group.id, left), words)

    _change(context, prepare)


def _held(member: TeamMember, group: GroupId) -> frozenset[RoleId]:
    return frozenset(next((one.roles for one in member.memberships if one.group == group), ()))


def _roles(
    desk: Desk, change: RoleChange, words: str
) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
    actions = desk.actions
    return lambda: actions.preview_roles([change]), lambda: actions.set_roles([change]), words


def run_group_create(context: Context) -> None:
    name = context.text("name").strip()
    if not name:
        raise UsageError("A group needs a name.")
    with context.desk() as desk:
        synchronise(context, desk)
        team = desk.team()
        typed = context.texts("grant")
        grants: list[tuple[MemberId, RoleId]] = [_member_role(team, text) for text in typed]
        group = desk.actions.create_group(name, grants if typed else [(desk.me, fullest_role(team).id)])
        synchronise(context, desk)
    context.out.result({"id": group.hex(), "name": name}, f"The group {name} is made.")


def run_group_archive(context: Context) -> None:
    archived = not context.flag("undo")

    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        group = pick_group(team, context.text("group"))
        actions = desk.actions
        return (
            lambda: actions.preview_archive_group(group.id, archived),
            lambda: actions.archive_group(group.id, archived),
            f"{group.name} is {'archived' if archived else 'back'}.",
        )

    _change(context, prepare)


def run_rename(context: Context) -> None:
    kind, new = context.text("kind"), context.text("new_name").strip()
    if not new:
        raise UsageError("A name is needed.")
    with context.desk() as desk:
        synchronise(context, desk)
        team = desk.team()
        typed = context.text("subject")
        subject = {
            "member": lambda: pick_member(team, typed).id,
            "group": lambda: pick_group(team, typed).id,
            "role": lambda: pick_role(team, typed).id,
            "workspace": lambda: desk.vault.roster.workspace[:16],
        }[kind]()
        before = desk.name(kind, subject)
        desk.actions.rename(kind, subject, new)
        synchronise(context, desk)
    context.out.result({"done": True, "id": subject.hex(), "name": new}, f"{before} is called {new} now.")


def run_standing(context: Context) -> None:
    standing = Standing[context.text("standing").upper()]

    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        actions = desk.actions
        return (
            lambda: actions.preview_standing(member.id, standing),
            lambda: actions.set_standing(member.id, standing),
            f"{member.name} is {standing.name.lower()} of the workspace.",
        )

    _change(context, prepare)


def run_reports_to(context: Context) -> None:
    def prepare(desk: Desk, team: Team) -> tuple[Callable[[], ChangeWords], Callable[[], None], str]:
        member = pick_member(team, context.text("member"))
        typed = context.text("manager")
        manager = None if typed == "-" else pick_member(team, typed)
        manager_id = manager.id if manager else None
        actions = desk.actions
        return (
            lambda: actions.preview_reports_to(member.id, manager_id),
            lambda: actions.reports_to(member.id, manager_id),
            f"{member.name} reports to {manager.name if manager else 'nobody'}.",
        )

    _change(context, prepare)


def _grants(team: Team, typed: Sequence[str]) -> list[tuple[GroupId, RoleId]]:
    """Each `GROUP=ROLE`. Raises UsageError, NotFoundHere."""
    found = []
    for text in typed:
        group, sign, role = text.rpartition("=")
        if not sign:
            raise UsageError(f"“{text}” is not GROUP=ROLE.")
        found.append((pick_group(team, group).id, pick_role(team, role).id))
    return found


def _member_role(team: Team, text: str) -> tuple[MemberId, RoleId]:
    member, sign, role = text.rpartition("=")
    if not sign:
        raise UsageError(f"“{text}” is not MEMBER=ROLE.")
    return pick_member(team, member).id, pick_role(team, role).id
