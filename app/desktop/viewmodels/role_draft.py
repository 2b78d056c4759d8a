"""A role being defined, without a window: a level for each compartment, group-wide or own, and permissions."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from app.desk import Team, TeamRole
from app.desk.access_words import permission_sentence, summarise
from protocol.ids import GROUP_COMPARTMENTS, Compartment, Level, Permission, Reach, RoleId
from protocol.roster import Access


class Sight(enum.Enum):
    """What the editor offers for one compartment."""

    NOTHING = "Nothing"
    READ_OWN = "Reads own"
    OWN = "Reads and writes own"
    READ = "Reads all"
    READ_WRITE_OWN = "Reads all, writes own"
    WRITE = "Reads and writes all"


_NONE = Permission(0)
_ACCESS = {
    Sight.NOTHING: (Level.NONE, Level.NONE),
    Sight.READ_OWN: (Level.NONE, Level.READ),
    Sight.OWN: (Level.NONE, Level.WRITE),
    Sight.READ: (Level.READ, Level.READ),
    Sight.READ_WRITE_OWN: (Level.READ, Level.WRITE),
    Sight.WRITE: (Level.WRITE, Level.WRITE),
}


def sights(compartment: Compartment) -> list[Sight]:
    """All of a group read its catalogue, and nobody has a part of it to himself."""
    if compartment is Compartment.CATALOGUE:
        return [Sight.READ, Sight.WRITE]
    return list(Sight)


@dataclass
class RoleDraft:
    """`role` is None for a new one."""

    team: Team
    role: RoleId | None = None
    name: str = ""
    permissions: Permission = _NONE
    sight: dict[Compartment, Sight] = field(
        default_factory=lambda: {
            one: Sight.READ if one is Compartment.CATALOGUE else Sight.NOTHING for one in GROUP_COMPARTMENTS
        }
    )

    @classmethod
    def of(cls, team: Team, role: TeamRole) -> RoleDraft:
        """To change an existing role."""
        held = {
            one.compartment: next(
                sight for sight, levels in _ACCESS.items() if levels == (one.group, one.own)
            )
            for one in role.access
        }
        return cls(team, role.id, role.name, role.permissions, held)

    def see(self, compartment: Compartment, sight: Sight) -> None:
        """Choose for a compartment; writing a catalogue is a permission as well."""
        self.sight[compartment] = sight
        if compartment is Compartment.CATALOGUE:
            self._allow(Permission.MANAGE_CATALOGUE, sight is Sight.WRITE)

    def allow(self, flag: Permission, on: bool) -> None:
        """Choose a permission."""
        self._allow(flag, on)
        if flag is Permission.MANAGE_CATALOGUE:
            self.sight[Compartment.CATALOGUE] = Sight.WRITE if on else Sight.READ

    def _allow(self, flag: Permission, on: bool) -> None:
        self.permissions = self.permissions | flag if on else self.permissions & ~flag

    @property
    def is_changed(self) -> bool:
        """Whether it reads, writes or may anything else than before; a new role always is."""
        if self.role is None:
            return True
        before = RoleDraft.of(self.team, self.team.role(self.role))
        return (before.sight, before.permissions) != (self.sight, self.permissions)

    def accesses(self) -> list[Access]:
        """As the roster has them."""
        found: list[Access] = []
        for compartment, sight in self.sight.items():
            group, own = _ACCESS[sight]
            if group is not Level.NONE:
                found.append(Access(compartment, group, Reach.GROUP))
            if own > group:
                found.append(Access(compartment, own, Reach.OWN))
        return found

    def sentences(self) -> list[str]:
        """What the role does, in whole sentences."""
        lines = [one.sentence for one in summarise(self.accesses())]
        allowed = permission_sentence(self.permissions)
        return [*lines, allowed] if allowed else lines

    def problem(self) -> str:
        """What is missing, in words; "" when it can go."""
        name = self.name.strip()
        if not name:
            return "Give the role a name."
        if any(one.name.casefold() == name.casefold() and one.id != self.role for one in self.team.roles):
            return "There is a role of this name already."
        return ""
