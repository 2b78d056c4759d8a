"""A town: two admins, five members, three groups, made once and copied for every story that is played with it.

Making seven desks takes a second or two; a copy of them a tenth of that. A copy shares nothing with the template: its
profiles lie in a folder of their own, its relay has lists of its own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from protocol.history import RosterHistory
from protocol.ids import Compartment, GroupId, LogId, RoleId, Standing
from tests.support.desks import SCHEMA, Account, Clock, Desk, World
from tests.support.relay import Relay, RelayLog
from vault import Vault
from vault.profile import Profile
from vault.roster import plan_group, plan_policy, plan_reports_to

RECORDS = {Compartment.CONTACTS: "person", Compartment.SALES: "deal", Compartment.CATALOGUE: "product"}


@dataclass(frozen=True)
class Template:
    """What is copied: a relay, the folder and account of each desk, the groups and roles."""

    relay: Relay
    desks: dict[str, tuple[Path, Account]]
    groups: tuple[GroupId, ...]
    roles: dict[str, RoleId]


class Town(World):
    """A copy of a template."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.folder = folder
        self.relay = copy_of(template.relay)
        self.clock = Clock()
        self.groups, self.group = template.groups, template.groups[0]
        self.roles = template.roles
        self.desks = []
        for name, (source, account) in template.desks.items():
            place = folder / name
            shutil.copytree(source, place)
            vault = Vault.open(Profile.open(place), account.key, SCHEMA, self.clock)
            self._desk(name, vault, account)
        self.ann = self.desks[0]

    def desk(self, name: str) -> Desk:
        return next(desk for desk in self.desks if desk.name == name)


def copy_of(relay: Relay) -> Relay:
    """A relay with the same past and a future of its own."""
    made = Relay()
    made.entries = list(relay.entries)
    made.events = list(relay.events)
    made.wraps = list(relay.wraps)
    made.logs = {log: copy_of_log(held) for log, held in relay.logs.items()}
    made._history = RosterHistory.of_verified(made.entries)
    return made


def copy_of_log(held: RelayLog) -> RelayLog:
    return RelayLog(held.state, list(held.commits), list(held.chains))


def make_template(folder: Path) -> Template:
    """Ann owns it, Bea is an admin; Cy manages, Dee sells and reports to him, Eli, Fay and Gus are in other groups."""
    world = World(folder)
    ann, roles = world.ann, world.roles
    bea = world.member("bea", "manager", Standing.ADMIN)
    cy = world.member("cy", "manager")
    dee = world.member("dee", "sales-rep")
    eli, fay, gus = (
        world.member(name, role)
        for name, role in (("eli", "assistant"), ("fay", "read-only"), ("gus", "sales-rep"))
    )
    west = plan_group(
        [(ann.member, roles["team-admin"]), (eli.member, roles["manager"]), (gus.member, roles["sales-rep"])]
    )
    south = plan_group(
        [(ann.member, roles["team-admin"]), (fay.member, roles["manager"]), (cy.member, roles["assistant"])]
    )
    ann.change_roster([*west.operations, *south.operations])
    ann.change_roster(plan_reports_to(ann.vault.roster, {}, dee.member, cy.member))
    ann.change_roster(plan_policy("managers-read-reports", 1))
    world.sync_all(1)
    groups = (world.group, west.group, south.group)
    for desk in world.desks:
        for group in groups:
            for compartment, kind in RECORDS.items():
                home = home_of(desk, group, compartment)
                if home is not None:
                    with desk.vault.editor.action() as action:
                        action.create(kind, home, {SCHEMA.by_name[kind].fields[0].name: f"of {desk.name}"})
        desk.sync()
    world.sync_all(3)
    assert bea.vault.me.standing is Standing.ADMIN
    places = {desk.name: (desk.vault.profile.folder, desk.account) for desk in world.desks}
    world.close()
    return Template(world.relay, places, groups, roles)


def home_of(desk: Desk, group: GroupId, compartment: Compartment) -> LogId | None:
    """Where that desk's own records of a compartment live, None where it may not write there."""
    home = desk.vault.home(group, compartment, desk.member)
    return home if desk.exchange.can_write(home) else None
