"""Rules of the fold: support, which reads one group for a while where the policy lets it in."""

from __future__ import annotations

from dataclasses import replace

from protocol.codes import RosterCode
from protocol.fold_author import Author, check_not_small, refuse, require_owner
from protocol.fold_members import mint
from protocol.ids import NO_ID, Compartment, Standing
from protocol.roster import (
    DeviceAdd,
    DeviceRevoke,
    Expired,
    MemberLeave,
    Rekey,
    RosterOperation,
    SupportGrant,
)
from protocol.state import GONE, Member, MemberStatus, RosterState, Support

OWN_AFFAIRS = (MemberLeave, Expired, DeviceAdd, DeviceRevoke, Rekey)
"""All that a support member signs in a roster: what concerns himself, and the end of support."""


def check_author(author: Author, operation: RosterOperation) -> None:
    """A support member writes nothing but his own affairs."""
    if author.member.support is not None and not isinstance(operation, OWN_AFFAIRS):
        raise refuse(RosterCode.SUPPORT, "a support member changes nothing")


def support_grant(state: RosterState, author: Author, operation: SupportGrant) -> RosterState:
    """Invite somebody who will read these compartments of one group, and write nothing."""
    require_owner(author)
    if not state.policies.support_allowed:
        raise refuse(RosterCode.SUPPORT_OFF, "the policy does not let support in")
    if operation.group not in state.groups:
        raise refuse(RosterCode.GROUP_UNKNOWN, "no such group")
    check_not_small(state, operation.group)
    wanted = operation.compartments
    if not wanted or wanted != sorted(set(wanted)) or Compartment.DIRECTORY in wanted:
        raise refuse(RosterCode.ROLE_ACCESS, "compartments of a group, ascending, at least one")
    support = Support(operation.group, frozenset(wanted), operation.until)
    member = Member(operation.member, Standing.MEMBER, MemberStatus.INVITED, None, NO_ID, 0, support=support)
    state = mint(state, author, operation, member)
    return replace(state, supports=state.supports | {member.id})


def switch_support(state: RosterState, allowed: bool) -> RosterState:
    """The policy. While it is off, support members have no access at all (`protocol.access`); it is not switched on
    again before each of them is ended, so that nobody comes back with it."""
    if allowed and any(state.members[member].status not in GONE for member in state.supports):
        raise refuse(RosterCode.SUPPORT, "support from before has to be ended first")
    return replace(state, policies=replace(state.policies, support_allowed=allowed))
