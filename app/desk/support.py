"""Support without access, and the switch that lets it in: one group, read only, until a day, seen by everybody.

Off by default; an owner allows it for the workspace, then lets somebody in. What holds by keys: support gets the keys
of the parts that the signed grant names, and of no other; each member's desk ends it when its own clock says so
(`vault.exchange.support`), and then the keys change. What is a rule of the client: the desk of support closes itself.
What nothing can hold: reading leaves no trace. Whoever may read can copy; the trail shows when support signed in, by
the server's word, and not what it looked at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.desk.access_words import COMPARTMENT_WORDS
from app.desk.errors import DeskError, NotAllowed
from app.desk.team_actions import Invited, TeamActions
from protocol.ids import GROUP_COMPARTMENTS, Compartment, GroupId, InvitationId, MemberId, Standing
from protocol.roster import RosterOperation
from protocol.state import GONE, MemberStatus, RosterState
from vault import Vault
from vault.roster import Heads, plan_expire
from vault.roster.plans_support import MOST_DAYS, plan_support, plan_support_allowed

DAY = 86_400
Named = Callable[[str, bytes], str]


class SupportOver(DeskError):
    """Raised at the desk of support."""

    title = "Your time as support is over"
    message = (
        "This workspace let you in until a certain time, which is over, or ended it before. Its keys have changed; "
        "Tacit opens it no more on this computer. Ask the people of the workspace if you need to look again."
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """Support that was let in. `until`: Unix seconds. `inside`: joined and let in, not merely invited."""

    member: MemberId
    invitation: InvitationId
    name: str
    group: GroupId
    group_name: str
    compartments: tuple[Compartment, ...]
    until: int
    inside: bool

    @property
    def id(self) -> MemberId:
        """Whom it is about: what it is picked by."""
        return self.member

    @property
    def what(self) -> str:
        """ "people, companies, tasks and notes of West"."""
        return f"{_parts(self.compartments)} of {self.group_name}"

    def sentence(self, me: MemberId) -> str:
        """For the banner."""
        when = until_words(self.until)
        if self.member == me:
            return f"You are support here: you can read {self.what} until {when}, and change nothing."
        verb = "can read" if self.inside else "is invited to read"
        return f"Support ({self.name}) {verb} {self.what} until {when}."


def _parts(compartments: Iterable[Compartment]) -> str:
    """ "people, companies, tasks and notes; deals and quotes": some have an "and" of their own."""
    return "; ".join(COMPARTMENT_WORDS[one] for one in compartments)


def until_words(until: int) -> str:
    """ "Tue 3 Mar, 18:00", in this computer's time zone."""
    when = time.localtime(until)
    return f"{time.strftime('%a', when)} {when.tm_mday} {time.strftime('%b, %H:%M', when)}"


class SupportSwitch:
    """One for a desk. Methods marked "slow" talk to the server; they raise SyncError, VaultError, DeskError."""

    def __init__(
        self, vault: Vault, actions: TeamActions, named: Named, clock: Callable[[], float] | None = None
    ) -> None:
        self._vault = vault
        self._actions = actions
        self._named = named
        self._clock = clock or (lambda: vault.exchange.desk.clock())

    @property
    def _state(self) -> RosterState:
        return self._vault.roster

    @property
    def is_allowed(self) -> bool:
        """The policy of the workspace; off by default."""
        return self._state.policies.support_allowed

    @property
    def may_decide(self) -> bool:
        """Owners only."""
        found = self._state.members.get(self._vault.own.member)
        return found is not None and found.active and found.standing is Standing.OWNER

    def running(self) -> list[Visit]:
        """Support that is in, or invited, the one that ends last first. Every member sees it."""
        state = self._state
        if not state.supports:
            return []
        invitations = {
            one.member: one.id for one in state.invitations.values() if one.member in state.supports
        }
        found = []
        for one in state.supports:
            member = state.members[one]
            if member.support is None or member.status in GONE:
                continue
            wanted = tuple(part for part in GROUP_COMPARTMENTS if part in member.support.compartments)
            found.append(
                Visit(
                    one,
                    invitations[one],
                    self._named("member", one),
                    member.support.group,
                    self._named("group", member.support.group),
                    wanted,
                    member.support.until,
                    member.status is MemberStatus.ACTIVE,
                )
            )
        return sorted(found, key=lambda visit: (-visit.until, visit.name))

    # what an owner does

    def allow(self, allowed: bool) -> None:
        """Set the policy (slow). Switching it off takes all support's access away at once; each desk then ends it."""
        self._need_owner()

        def plan(state: RosterState, heads: Heads) -> list[RosterOperation]:
            return plan_support_allowed(state, allowed)

        self._actions.apply(plan)

    def sentences(self, group: GroupId, compartments: Iterable[Compartment], until: int) -> list[str]:
        """What support would see, and what not, before anything is signed."""
        wanted = [part for part in GROUP_COMPARTMENTS if part in set(compartments)]
        rest = [part for part in GROUP_COMPARTMENTS if part not in wanted]
        where = self._named("group", group)
        if not wanted:
            return ["Support sees nothing: choose what it may read."]
        found = [
            f"Support will read all {_parts(wanted)} of {where}: those that belong to single colleagues too, and "
            "everything that was written there before.",
            "Support will read the names of all members, groups and roles.",
            "Support will not be able to change or delete anything.",
        ]
        if rest:
            found.append(f"Support will have no key for {_parts(rest)} of {where}, nor for any other group.")
        found += [
            f"It ends by itself on {until_words(until)}, or when anybody here ends it; then the keys change.",
            "Every member sees a banner meanwhile, and the audit trail keeps it for ever. What support looks at leaves "
            "no trace, and what it has read it may keep: choose as little as will do.",
        ]
        return found

    def let_in(self, name: str, group: GroupId, compartments: Iterable[Compartment], until: int) -> Invited:
        """Sign it, and give the link to hand over (slow). Raises NotAllowed, ValueError for an end that cannot be."""
        self._need_owner()
        if not self.is_allowed:
            raise NotAllowed("Letting support in is switched off in this workspace.")
        new = plan_support(group, compartments, int(self._clock()), until)
        return self._actions.invite_with(new, name)

    # what every member may do

    def end(self, visit: Visit) -> None:
        """End it now (slow); nothing where it has ended."""

        def plan(state: RosterState, heads: Heads) -> list[RosterOperation]:
            over = state.members[visit.member].status in GONE
            return [] if over else plan_expire(visit.invitation)

        self._actions.apply(plan)

    # at the desk of support

    @property
    def until(self) -> int | None:
        """When this desk's own time as support is over, in Unix seconds; None at every other desk."""
        found = self._state.members.get(self._vault.own.member)
        return found.support.until if found is not None and found.support is not None else None

    def check(self) -> None:
        """Raise SupportOver where this is a desk of support whose time is over, by its own clock, or that was ended."""
        found = self._state.members.get(self._vault.own.member)
        if found is None or found.support is None:
            return
        if self._clock() >= found.support.until or found.status in GONE:
            raise SupportOver(
                f"This workspace let you in until {until_words(found.support.until)}. That is over: its keys have "
                "changed, and Tacit opens it no more on this computer. Ask its people if you need to look again."
            )

    def _need_owner(self) -> None:
        if not self.may_decide:
            raise NotAllowed("Only an owner lets support in.")


__all__ = ["MOST_DAYS", "SupportOver", "SupportSwitch", "Visit", "until_words"]
