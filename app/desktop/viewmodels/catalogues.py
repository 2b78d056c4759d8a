"""Which catalogue serves which groups, being changed; without a window."""

from __future__ import annotations

from app.desk import Team, TeamGroup
from protocol.ids import GroupId


class Catalogues:
    """`source` is the group whose catalogue serves; `served` those that it will serve."""

    def __init__(self, team: Team, group: GroupId) -> None:
        self.team = team
        self._now = {one.id: one.catalogue_of for one in team.groups}
        self.source: GroupId = self._now.get(group) or group
        self.served: set[GroupId] = set()
        self.choose(self.source)

    @property
    def sources(self) -> list[TeamGroup]:
        """Groups with a catalogue of their own: there are no chains."""
        return [one for one in self.team.groups if not one.archived and self._now[one.id] is None]

    @property
    def others(self) -> list[TeamGroup]:
        return [one for one in self.team.groups if not one.archived and one.id != self.source]

    def choose(self, source: GroupId) -> None:
        """Another source; what was ticked for the one before is dropped."""
        self.source = source
        self.served = {group for group, by in self._now.items() if by == source}

    def why_not(self, group: GroupId) -> str:
        """Why a group cannot be served by the source; "" where it can."""
        name = self.team.group(group).name
        if any(by == group for by in self._now.values()):
            return f"{name}'s own catalogue serves other groups: take those away first."
        by = self._now[group]
        if by is not None and by != self.source:
            return f"{name} uses the catalogue of {self.team.group(by).name}: take it away there first."
        return ""

    def serve(self, group: GroupId, on: bool) -> None:
        if on:
            self.served.add(group)
        else:
            self.served.discard(group)

    def moves(self) -> list[str]:
        """The changes in words."""
        lines = []
        for group, other in self.changes():
            name = self.team.group(group).name
            if other is None:
                lines.append(f"{name} uses its own catalogue again.")
            else:
                whose = self.team.group(other).name
                lines.append(
                    f"{name} uses the products, prices and pipelines of {whose}. Its own stay as they are."
                )
        return lines

    def changes(self) -> list[tuple[GroupId, GroupId | None]]:
        """(group, the one whose catalogue is to serve it; None for its own)."""
        before = {group for group, by in self._now.items() if by == self.source}
        added: list[tuple[GroupId, GroupId | None]] = [
            (group, self.source) for group in sorted(self.served - before)
        ]
        return added + [(group, None) for group in sorted(before - self.served)]


__all__ = ["Catalogues"]
