"""What stands above the tabs of the Team page."""

from __future__ import annotations

from app.crm.words import count
from app.desk import Team
from protocol.state import MemberStatus


def note_words(team: Team) -> str:
    """How many people and groups, what the user is; to admins, how many places only their people know."""
    present = sum(one.is_present for one in team.members)
    groups = sum(not one.archived for one in team.groups)
    what = "an owner" if team.i_am_owner else "an admin" if team.i_am_admin else "a member"
    people, places = count(present, "person", "people"), count(groups, "group")
    coming = sum(one.status in (MemberStatus.INVITED, MemberStatus.JOINED) for one in team.members)
    invited = f", {coming:,} more invited" if coming else ""
    words = f"{people} in {places} of {team.workspace_name}{invited}. You are {what}."
    if team.i_am_admin and team.private_places:
        words += f" There {'is' if team.private_places == 1 else 'are'} {count(team.private_places, 'private place')}."
    return words


def limits_words(team: Team) -> str:
    """To whoever is no admin: what needs one, and whom to ask."""
    admins = [one.name for one in team.members if one.is_present and int(one.standing) > 0]
    manages = any(one.i_may_manage and not one.archived for one in team.groups)
    also = " You may decide who is in the groups that your role manages." if manages else ""
    who = ", ".join(admins[:3])
    return f"You can look at everything here; inviting, removing and roles need an admin ({who}).{also}"
