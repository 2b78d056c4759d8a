"""team list, groups, roles, invitations, show: who is who, from the roster as this computer knows it."""

from __future__ import annotations

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.groups import pick_group
from app.cli.output import Json, pairs, table
from app.cli.shown import moment
from app.desk import Team, TeamMember
from protocol.ids import Permission


def add(team: Commands) -> None:
    team.add("list", run_members, "members, with their groups, roles and check codes")
    team.add("groups", run_groups, "groups, and who is in them")
    team.add("roles", run_roles, "roles, and what each reads and writes")
    team.add("invitations", run_invitations, "invitations, and what became of them")
    show = team.add("group", run_group, "one group: who is in it, and what each reads and writes there")
    show.add_argument("group", metavar="GROUP")


def _team(context: Context) -> Team:
    with context.desk() as desk:
        return desk.team()


def run_members(context: Context) -> None:
    team = _team(context)
    members: list[Json] = [_member(one) for one in team.members]
    answer: dict[str, Json] = {
        "workspace": team.workspace_name,
        "workspace_code": team.workspace_code,
        "members": members,
    }
    rows = [
        (
            one.name + (" (you)" if one.is_me else ""),
            one.standing_text,
            one.status_text,
            "; ".join(membership.text for membership in one.memberships),
            one.check_code,
            one.id.hex(),
        )
        for one in team.members
    ]
    context.out.result(answer, table(("name", "standing", "status", "groups", "check code", "id"), rows))


def run_groups(context: Context) -> None:
    team = _team(context)
    groups: list[Json] = []
    rows: list[tuple[str, ...]] = []
    for one in team.groups:
        names = sorted(team.member(member).name for member in one.members)
        groups.append({"id": one.id.hex(), "name": one.name, "archived": one.archived, "members": names})
        rows.append((one.name, "archived" if one.archived else "", ", ".join(names), one.id.hex()))
    context.out.result({"groups": groups}, table(("group", "", "members", "id"), rows))


def run_roles(context: Context) -> None:
    team = _team(context)
    roles: list[Json] = []
    lines: list[str] = []
    for one in team.roles:
        allowed: list[Json] = [str(flag.name).lower() for flag in Permission if flag in one.permissions]
        access: dict[str, Json] = {
            entry.compartment.name.lower(): {"group": entry.group.name.lower(), "own": entry.own.name.lower()}
            for entry in one.access
        }
        roles.append({"id": one.id.hex(), "name": one.name, "access": access, "permissions": allowed})
        lines += [f"{one.name}  {one.id.hex()}", *(f"  {sentence}" for sentence in one.sentences), ""]
    context.out.result({"roles": roles}, "\n".join(lines).rstrip())


def run_invitations(context: Context) -> None:
    team = _team(context)
    found: list[Json] = []
    rows: list[tuple[str, ...]] = []
    for one in team.invitations:
        status = one.status.value
        found.append(
            {
                "id": one.id.hex(),
                "name": one.name,
                "member": one.member.hex(),
                "status": status,
                "expires": moment(one.expires),
            }
        )
        rows.append((one.name, str(status), moment(one.expires), one.id.hex()))
    context.out.result({"invitations": found}, table(("for", "status", "until", "id"), rows))


def run_group(context: Context) -> None:
    team = _team(context)
    group = pick_group(team, context.text("group"))
    members: list[Json] = []
    rows: list[tuple[str, str]] = []
    for member_id in group.members:
        member = team.member(member_id)
        here = next(one for one in member.memberships if one.group == group.id)
        sentences = [entry.sentence for entry in here.access]
        members.append(
            {
                "id": member.id.hex(),
                "name": member.name,
                "roles": list(here.role_names),
                "access": list(sentences),
            }
        )
        rows.append((member.name, "\n".join([", ".join(here.role_names), *sentences])))
    answer: dict[str, Json] = {"id": group.id.hex(), "name": group.name, "members": members}
    context.out.result(answer, pairs(rows) or f"Nobody is in {group.name}.")


def _member(one: TeamMember) -> Json:
    groups: dict[str, Json] = {
        membership.group_name: list(membership.role_names) for membership in one.memberships
    }
    devices: list[Json] = [
        {"id": device.id.hex(), "name": device.name, "status": device.status.value, "this": device.is_this}
        for device in one.devices
    ]
    return {
        "id": one.id.hex(),
        "name": one.name,
        "me": one.is_me,
        "standing": one.standing.name.lower(),
        "status": one.status.name.lower(),
        "groups": groups,
        "manager": one.manager_name,
        "check_code": one.check_code,
        "devices": devices,
    }
