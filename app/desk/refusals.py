"""Why the rules of the roster refuse a change, in words for the person who wants it, and whom to ask."""

from __future__ import annotations

from collections.abc import Callable

from app.desk.access_words import join_words
from app.desk.errors import NotAllowed
from protocol.codes import RosterCode
from protocol.ids import Standing
from protocol.state import RosterState
from vault.roster import Refused

_MOST = 3
_WORDS = {
    RosterCode.NOT_ADMIN: "This needs an admin of the workspace. Ask {admins}.",
    RosterCode.NOT_OWNER: "Only an owner of the workspace may do this. Ask {owners}.",
    RosterCode.NOT_MANAGER: (
        "Deciding who is in this group needs an admin, or a role that may manage it. Ask {admins}."
    ),
    RosterCode.OWN_GRANT: (
        "Nobody widens what he sees himself, admins neither: an owner has to do it. Ask {owners}."
    ),
    RosterCode.LAST_OWNER: (
        "This is the last owner. Make somebody else an owner first, or nobody could change owners, admins and "
        "policies any more."
    ),
    RosterCode.NO_CHANGE: "It is so already: nothing is left to change.",
    RosterCode.CYCLE: "Somebody cannot report to himself, at any distance. Move the other one first.",
    RosterCode.MEMBER_STATUS: "This person is gone, not yet in, or already as you want it.",
    RosterCode.GRANT_EXISTS: "This person has that role there already.",
    RosterCode.GRANT_UNKNOWN: "This person does not have that role there any more.",
    RosterCode.INVITATION_CLOSED: "This invitation was used, withdrawn, or is over.",
    RosterCode.GROUP_SMALL: (
        "This is a private place of two people at most. Only who made it decides who the other one is."
    ),
    RosterCode.ROLE_ACCESS: "Writing products, prices and pipelines comes with the permission to change them.",
    RosterCode.SUPPORT: "This is somebody of support: who is let in to look has no roles and decides nothing.",
    RosterCode.AUTHOR_INACTIVE: "You are not an active member of this workspace any more.",
    RosterCode.AUTHOR_REVOKED: "This computer was signed out for good. Use another one of yours.",
}


def refusal_words(refused: Refused, state: RosterState, named: Callable[[str, bytes], str]) -> str:
    """A sentence or two; the rule's own words where there are no better ones."""
    words = next((text for code, text in _WORDS.items() if code.value == refused.code), "")
    if not words:
        return refused.message
    owners, admins = _people(state, named, Standing.OWNER), _people(state, named, Standing.ADMIN)
    return words.format(owners=owners, admins=admins or owners)


def not_allowed(refused: Refused, state: RosterState, named: Callable[[str, bytes], str]) -> NotAllowed:
    """The same as an error of the desk."""
    return NotAllowed(refusal_words(refused, state, named))


def _people(state: RosterState, named: Callable[[str, bytes], str], least: Standing) -> str:
    """ "Ann or Ben": some who have this standing or a higher one."""
    found = sorted(
        (
            named("member", one.id)
            for one in state.members.values()
            if one.active and one.support is None and one.standing >= least
        ),
        key=str.casefold,
    )
    if len(found) > _MOST:
        return ", ".join(found[:_MOST]) + " or another one"
    return join_words(found, "or")
