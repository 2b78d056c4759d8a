"""access, team waiting, ask, decline, tree, leave: what one person can see and why, and what waits for somebody."""

from __future__ import annotations

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import NotFoundHere, UsageError
from app.cli.groups import pick_group, pick_member, pick_role
from app.cli.output import Json, table
from app.cli.prompts import confirm
from app.cli.syncing import synchronise
from app.desk import Team, TeamMember
from app.desk.effective import Effective, effective_access
from app.desk.record_counts import RecordCounts
from protocol.ids import MemberId


def add(commands: Commands) -> None:
    """The command `access`, which stands alone."""
    access = commands.add("access", run_access, "what one person can see, and why; from the roster here")
    access.add_argument("member", metavar="MEMBER", help="a name, an id, or `me`")


def add_to_team(team: Commands) -> None:
    team.add("waiting", run_waiting, "requests for roles, people who joined, rights that wait for a key")
    team.add("tree", run_tree, "who reports to whom")
    ask = team.add("ask", run_ask, "ask for a role; whoever may grant it sees the request")
    ask.add_argument("grant", metavar="GROUP=ROLE")
    decline = team.add("decline", run_decline, "decline, or take back, a request for a role")
    decline.add_argument("member", metavar="MEMBER", help="who asked")
    decline.add_argument("grant", metavar="GROUP=ROLE")
    leave = team.add("leave", run_leave, "leave the workspace for good")
    leave.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
    leave.add_argument("--yes", action="store_true", help="do it without asking")


def run_access(context: Context) -> None:
    with context.desk() as desk:
        team = desk.team()
        member = pick_member(team, context.text("member"))
        counts = RecordCounts(desk.records)
        found = effective_access(
            desk.vault.roster, member.id, desk.name, lambda some: dict(counts.behind(some))
        )
    context.out.result(_access_json(member, found), _access_text(member, found))


def _access_json(member: TeamMember, found: Effective) -> dict[str, Json]:
    groups: list[Json] = [
        {
            "id": group.group.hex(),
            "name": group.name,
            "archived": group.archived,
            "roles": list(group.roles),
            "may": group.may,
            "sees": [
                {
                    "compartment": seen.compartment.name.lower(),
                    "level": seen.level.name.lower(),
                    "what": seen.what,
                    "why": list(seen.why),
                    "counted": seen.counted,
                }
                for seen in group.seen
            ],
        }
        for group in found.groups
    ]
    return {
        "member": member.id.hex(),
        "name": member.name,
        "groups": groups,
        "private_places": found.private,
        "note": found.note,
    }


def _access_text(member: TeamMember, found: Effective) -> str:
    lines = [found.note] if found.note else []
    for group in found.groups:
        lines.append(f"{group.name}{' (archived)' if group.archived else ''}: {', '.join(group.roles)}")
        for seen in group.seen:
            counted = f" ({seen.counted})" if seen.counted else ""
            because = f" — {'; '.join(seen.why)}" if seen.why else ""
            lines.append(f"  {seen.title}: {seen.what}{counted}{because}")
        if group.may:
            lines.append(f"  {group.may}")
    if found.private:
        lines.append(f"Private places of one or two people: {found.private}")
    return "\n".join([member.name, *lines])


def run_waiting(context: Context) -> None:
    with context.desk() as desk:
        found = desk.team_view.approvals()
    rows = [(one.name, one.kind.value, one.text) for one in found]
    waiting: list[Json] = []
    for one in found:
        item: dict[str, Json] = {
            "member": one.member.hex(),
            "name": one.name,
            "kind": one.kind.name.lower(),
            "text": one.text,
            "mine_to_answer": one.mine_to_answer,
        }
        if one.asked is not None:
            item |= {"group": one.asked.group.hex(), "role": one.asked.role.hex()}
        waiting.append(item)
    context.out.result(
        {"waiting": waiting}, table(("who", "what", "about"), rows) if rows else "Nothing waits."
    )


def run_tree(context: Context) -> None:
    with context.desk() as desk:
        team = desk.team()
    lines: list[str] = []
    below: dict[MemberId | None, list[TeamMember]] = {}
    present = {one.id for one in team.members}
    for one in team.members:
        below.setdefault(one.manager if one.manager in present else None, []).append(one)
    waiting = [(one, 0) for one in reversed(below.get(None, []))]
    while waiting:
        member, depth = waiting.pop()
        lines.append(f"{'  ' * depth}{member.name}")
        waiting += [(one, depth + 1) for one in reversed(below.get(member.id, []))]
    members: list[Json] = [
        {"id": one.id.hex(), "name": one.name, "manager": one.manager.hex() if one.manager else None}
        for one in team.members
    ]
    rule = "on" if team.managers_read_reports else "off"
    answer: dict[str, Json] = {"managers_read": team.managers_read_reports, "members": members}
    lines.append(f"Managers read the own records of those below them: {rule}")
    context.out.result(answer, "\n".join(lines))


def _group_role(team: Team, text: str) -> tuple[bytes, bytes]:
    group, sign, role = text.rpartition("=")
    if not sign:
        raise UsageError(f"“{text}” is not GROUP=ROLE.")
    return pick_group(team, group).id, pick_role(team, role).id


def run_ask(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        group, role = _group_role(desk.team(), context.text("grant"))
        desk.vault.require_active()
        desk.asking.ask(group, role)
        synchronise(context, desk)
    context.out.result({"done": True}, "It is asked. Owners and admins see it with `team waiting`.")


def run_decline(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        team = desk.team()
        member = pick_member(team, context.text("member"))
        wanted = (member.id, *_group_role(team, context.text("grant")))
        found = next((one for one in desk.asking.open() if (one.member, one.group, one.role) == wanted), None)
        if found is None:
            raise NotFoundHere(f"{member.name} has not asked for this.")
        if found.is_mine:
            desk.asking.withdraw(found)
        elif found.i_may_answer:
            desk.asking.decline(found)
        else:
            raise UsageError("Only who may grant it can decline it: an owner.")
        synchronise(context, desk)
    context.out.result({"done": True}, "The request is gone.")


def run_leave(context: Context) -> None:
    with context.desk() as desk:
        synchronise(context, desk)
        words = desk.actions.preview_leave()
        will: list[Json] = list(words.sentences)
        if context.flag("dry_run"):
            context.out.result({"dry_run": True, "will": will}, "\n".join(words.sentences))
            return
        if not context.flag("yes"):
            for sentence in words.sentences:
                context.out.say(sentence)
            if not confirm("Leave this workspace for good?"):
                raise KeyboardInterrupt
        desk.actions.leave()
    context.out.result({"done": True, "will": will}, "You have left the workspace.")
