"""The tree of who reports to whom, as the rows that are shown: depth first, some of them folded away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.crm.words import count
from app.desk import Team, TeamMember
from protocol.ids import MemberId
from protocol.state import MemberStatus

_LISTED = frozenset([MemberStatus.ACTIVE, MemberStatus.SUSPENDED, MemberStatus.JOINED, MemberStatus.INVITED])
OPEN_AT_FIRST = 60
"""A tree of no more people is shown unfolded."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """`below`: how many are under him at any distance; `direct`: how many report to him."""

    member: TeamMember
    depth: int
    direct: int
    below: int
    is_open: bool

    @property
    def detail(self) -> str:
        """ "6 reports, 41 people in all"."""
        if not self.direct:
            return ""
        words = count(self.direct, "report")
        return (
            words if self.below == self.direct else f"{words}, {count(self.below, 'person', 'people')} in all"
        )


class TeamTree:
    """Pure. Somebody whose manager is gone, or who has none, stands at the top."""

    def __init__(self, team: Team) -> None:
        self.team = team
        people = [one for one in team.members if one.status in _LISTED and not one.support]
        listed = {one.id for one in people}
        self._people = {one.id: one for one in people}
        self._below: dict[MemberId | None, list[TeamMember]] = {}
        for one in people:
            above = one.manager if one.manager in listed else None
            self._below.setdefault(above, []).append(one)
        self._counts: dict[MemberId, int] = {}
        self._folded: set[MemberId] = set()
        self._needle = ""
        for top in self._below.get(None, ()):
            self._count(top.id)
        if len(people) > OPEN_AT_FIRST:
            self._folded = {one.id for one in people if self._depth(one) > 0 and one.id in self._below}

    def _count(self, member: MemberId) -> int:
        """How many stand below; without recursion, for trees may be deep."""
        order, waiting = [], [member]
        while waiting:
            found = waiting.pop()
            order.append(found)
            waiting += [one.id for one in self._below.get(found, ())]
        for found in reversed(order):
            self._counts[found] = sum(1 + self._counts[one.id] for one in self._below.get(found, ()))
        return self._counts[member]

    def _depth(self, member: TeamMember) -> int:
        depth, above = 0, member.manager
        while above is not None and above in self._people:
            depth, above = depth + 1, self._people[above].manager
        return depth

    @property
    def people(self) -> int:
        return len(self._people)

    def keep_folds(self, other: TeamTree) -> None:
        """What was folded before a change of the team stays so."""
        self._folded = other._folded & self._below.keys()

    def toggle(self, member: MemberId) -> None:
        """Fold or unfold."""
        self._folded ^= {member} if member in self._below else set()

    def set_open(self, member: MemberId, is_open: bool) -> None:
        if is_open:
            self._folded.discard(member)
        elif member in self._below:
            self._folded.add(member)

    def search(self, text: str) -> None:
        """Only people who fit, with those above them."""
        self._needle = text.casefold().strip()

    def rows(self) -> list[TreeRow]:
        """What is shown, in order."""
        wanted = self._fitting() if self._needle else None
        found: list[TreeRow] = []
        waiting = [(one, 0) for one in reversed(self._below.get(None, []))]
        while waiting:
            member, depth = waiting.pop()
            if wanted is not None and member.id not in wanted:
                continue
            under = self._below.get(member.id, [])
            is_open = bool(under) and (wanted is not None or member.id not in self._folded)
            found.append(TreeRow(member, depth, len(under), self._counts.get(member.id, 0), is_open))
            if is_open:
                waiting += [(one, depth + 1) for one in reversed(under)]
        return found

    def _fitting(self) -> set[MemberId]:
        found: set[MemberId] = set()
        for one in self._people.values():
            if self._needle in one.name.casefold():
                above: MemberId | None = one.id
                while above is not None and above in self._people and above not in found:
                    found.add(above)
                    above = self._people[above].manager
        return found

    def may_move(self, member: MemberId, manager: MemberId | None) -> bool:
        """Whether the tree stays one: nobody reports to himself at any distance, and it is a change."""
        present = self._people.get(member)
        if present is None or present.manager == manager or member == manager:
            return False
        above = manager
        while above is not None and above in self._people:
            if above == member:
                return False
            above = self._people[above].manager
        return manager is None or manager in self._people

    def managers_for(self, member: MemberId) -> Iterable[TeamMember]:
        """Everybody to whom he could report."""
        return (one for one in self._people.values() if self.may_move(member, one.id))


__all__ = ["TeamTree", "TreeRow"]
