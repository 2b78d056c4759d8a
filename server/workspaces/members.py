"""Whom a session stands for in a workspace, and what that lets it ask for.

Whoever was never linked learns nothing, not even whether the workspace exists: NotFound. Who is no longer a member
is told so (Forbidden), and may still pull the roster up to the entry that ended it.
"""

from __future__ import annotations

from collections.abc import Callable

from protocol.access import level
from protocol.ids import Level, LogId, Standing
from protocol.state import GONE, Member, RosterState
from server.errors import FactorMissing, Forbidden, NotFound
from server.workspaces.open import OpenWorkspace


def linked_member(workspace: OpenWorkspace, roster: RosterState, account: int) -> Member:
    """The member that an account is, whatever his status. Raises NotFound."""
    member = roster.members.get(workspace.links.get(account, b""))
    if member is None:
        raise NotFound("no such workspace")
    return member


def known_member(workspace: OpenWorkspace, account: int) -> Member | None:
    """The member that an account is, None for nobody's."""
    return workspace.view.roster.members.get(workspace.links.get(account, b""))


def present_member(workspace: OpenWorkspace, roster: RosterState, account: int) -> Member:
    """A member who has joined and is not gone; one who is not confirmed, or suspended, may read the roster only."""
    member = linked_member(workspace, roster, account)
    if member.status in GONE:
        raise Forbidden("no longer a member")
    return member


def active_member(workspace: OpenWorkspace, roster: RosterState, account: int) -> Member:
    """Raises NotFound, Forbidden."""
    member = present_member(workspace, roster, account)
    if not member.active:
        raise Forbidden("not an active member")
    return member


def needs_second_factor(roster: RosterState, member: Member) -> bool:
    """Whether the policy demands a second factor of this member's account."""
    demanded = roster.policies.second_factor
    return member.active and (demanded >= 2 or (demanded == 1 and member.standing >= Standing.ADMIN))


def require_second_factor(roster: RosterState, member: Member, has: Callable[[], bool]) -> None:
    """Sessions that were begun before the policy are held to it too. Raises FactorMissing."""
    if needs_second_factor(roster, member) and not has():
        raise FactorMissing("this workspace demands a second factor: set one up first")


def is_admin(member: Member) -> bool:
    return member.active and member.standing >= Standing.ADMIN


def require_level(roster: RosterState, member: Member, log: LogId, least: Level) -> None:
    """Raises Forbidden; a log that does not exist is one that nobody may read."""
    if level(roster, member.id, log) < least:
        raise Forbidden("not for this member")
