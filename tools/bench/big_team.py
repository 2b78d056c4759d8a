"""A large team in a real vault: thousands of members, hundreds of groups, every entry signed as in life.

The entries follow the roster of a real desk and are taken by its exchange as if a server had brought them; the
invitees' computers exist only as keys. Names are written to the directory. No server hears of any of it: the desk is
not to be synchronised afterwards.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.desk import Desk
from protocol.codec import encode
from protocol.fold import apply
from protocol.ids import GroupId, MemberId, RoleId
from protocol.limits import VERSION
from protocol.roster import Confirm, Entry, EntryBody, GroupCreate, MemberGrant, RosterOperation
from protocol.signing import Namespace
from protocol.state import RosterState
from protocol.wire import PullPage
from vault.keys import DeviceKey, Identity
from vault.roster import MANAGERS_READ_REPORTS, plan_invite, plan_join, plan_policy, plan_reports_to

MEMBERS = 2_000
GROUPS = 200
GROUPS_OF_ONE = 3
REPORTS_OF_ONE = 8
_FIRST = ("Amara", "Bruno", "Chiara", "Dagny", "Emeka", "Freya", "Goran", "Hanneke", "Ines", "Jonas", "Keiko")
_LAST = ("Abara", "Brandt", "Conti", "Dahl", "Eriksen", "Fontaine", "Gruber", "Hoekstra", "Ivanov", "Jansen")

Say = Callable[[str], None]


@dataclass
class BigTeam:
    """`entries` follow `first`: what a server would have brought."""

    state: RosterState
    first: int
    entries: list[Entry] = field(default_factory=list)
    members: list[MemberId] = field(default_factory=list)
    groups: list[GroupId] = field(default_factory=list)

    def add(self, operation: RosterOperation, device: DeviceKey) -> None:
        """Sign it and take it; raises what the fold raises."""
        state = self.state
        now = int(time.time())
        body = EntryBody(VERSION, state.workspace, state.position + 1, state.head, device.id, now, operation)
        encoded = encode(body)
        entry = Entry(encoded, device.sign(Namespace.ROSTER_ENTRY, encoded))
        self.state = apply(state, entry)
        self.entries.append(entry)


def make_team(desk: Desk, members: int, groups: int, seed: int = 3) -> BigTeam:
    """Groups first, then everybody by invitation, join and confirmation, in three groups each, in a tree."""
    chance = random.Random(seed)  # noqa: S311  # who is where
    ann = desk.vault.own.device
    roles = {role.name: role.id for role in desk.team().roles}
    team = BigTeam(desk.vault.roster, desk.vault.roster.position + 1)
    team.members.append(desk.me)
    for _ in range(groups - len(team.state.groups)):
        group = chance.randbytes(16)
        team.add(GroupCreate(group, [MemberGrant(desk.me, roles["Team Admin"])]), ann)
    team.groups = list(team.state.groups)
    team.add(plan_policy(MANAGERS_READ_REPORTS, 1)[0], ann)
    for number in range(members - 1):
        above = team.members[number // REPORTS_OF_ONE]
        role = roles["Manager"] if number < members // REPORTS_OF_ONE else roles["Sales rep"]
        team.members.append(_admit(team, ann, _grants(chance, team.groups, role), above))
    return team


def _grants(chance: random.Random, groups: Sequence[GroupId], role: RoleId) -> list[tuple[GroupId, RoleId]]:
    return [(group, role) for group in chance.sample(groups, min(GROUPS_OF_ONE, len(groups)))]


def _admit(
    team: BigTeam, admin: DeviceKey, grants: list[tuple[GroupId, RoleId]], above: MemberId
) -> MemberId:
    new = plan_invite(grants, int(time.time()))
    for operation in new.operations:
        team.add(operation, admin)
    identity, device = Identity.generate(), DeviceKey.generate()
    (join,) = plan_join(team.state.workspace, new.invitation, new.member, new.token, identity, device)
    team.add(join, device)
    team.add(Confirm(new.invitation), admin)
    for operation in plan_reports_to(team.state, {}, new.member, above):
        team.add(operation, admin)
    return new.member


def name_all(desk: Desk, team: BigTeam) -> None:
    """A name for every member and group, in the directory."""
    names: dict[tuple[str, bytes], str] = {}
    for number, member in enumerate(team.members[1:]):
        first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
        names[("member", member)] = f"{first} {last} {number:04d}"
    for number, group in enumerate(team.groups):
        if not desk.directory.is_named(group):
            names[("group", group)] = f"Region {number:03d}"
    desk.directory.write(names)


def take(desk: Desk, team: BigTeam, page: int = 500) -> None:
    """The desk verifies and keeps the entries, page by page, as from a server."""
    exchange = desk.vault.exchange
    for start in range(0, len(team.entries), page):
        part = team.entries[start : start + page]
        exchange.accept(PullPage(team.first + start, part, [], [], exchange.cursor(), False))
