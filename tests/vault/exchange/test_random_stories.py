"""Random stories of three desks: edits, lost replies, refusals, restarts, members coming and going, in any order.

However it goes, in the end all desks show the same, nothing stopped, and every edit counts exactly once.
"""

from __future__ import annotations

import random

import pytest

from tests.support.desks import Desk, World
from tests.support.relay import Refused
from vault.roster import plan_suspend
from vault.store import RecordKey


class Story:
    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.keys: list[RecordKey] = [
            world.ann.add("person", name="First"),
            world.ann.add("deal", title="First"),
        ]
        world.ann.sync()
        self.desks: list[Desk] = [world.ann, world.member("ben"), world.member("cy")]
        self.edits = dict.fromkeys(self.keys, 1)
        self.suspended = False
        self.number = 0

    def step(self) -> None:
        desk = self.random.choice(self.desks)
        often = [self.edit, self.edit, self.edit, self.add, self.pull, self.push, self.sync, self.lose_reply]
        seldom = [self.reopen, self.invite, self.suspend, self.wraps]
        self.random.choice([*often, *seldom])(desk)

    def edit(self, desk: Desk) -> None:
        key = self.random.choice(self.keys)
        if desk.record(key) is None:
            return
        self.number += 1
        field = self.random.choice(["name", "phone"] if key.type == "person" else ["title", "note"])
        desk.put(key, **{field: f"{desk.name} {self.number}"})
        self.edits[key] += 1

    def add(self, desk: Desk) -> None:
        if self.active(desk):
            key = desk.add("person", name=f"New {self.number}")
            self.keys.append(key)
            self.edits[key] = 1

    def active(self, desk: Desk) -> bool:
        return desk.vault.me.active

    def pull(self, desk: Desk) -> None:
        desk.pull()

    def push(self, desk: Desk) -> None:
        desk.push()

    def sync(self, desk: Desk) -> None:
        desk.sync()

    def wraps(self, desk: Desk) -> None:
        desk.deliver_wraps()

    def lose_reply(self, desk: Desk) -> None:
        push = desk.exchange.next_push(self.random.choice([1, 2, 100]), 1 << 22)
        if push is None:
            return
        try:
            self.world.relay.push(push)
        except Refused as refusal:
            if self.random.random() < 0.5:
                desk.exchange.push_refused(push, refusal.code)

    def reopen(self, desk: Desk) -> None:
        desk.reopen()

    def invite(self, desk: Desk) -> None:
        self.world.ann.pull()
        self.world.invite("nobody")

    def suspend(self, desk: Desk) -> None:
        """Cy comes and goes: every absence makes all his logs stale."""
        ann, cy = self.world.ann, self.desks[2]
        cy.sync()  # what he has not sent by then is cut off
        ann.sync()
        self.suspended = not self.suspended
        ends = ann.exchange.log_ends() if self.suspended else {}
        ann.change_roster(plan_suspend(ann.vault.roster, ends, cy.member, self.suspended))
        cy.pull()

    def end(self) -> None:
        if self.suspended:
            self.suspend(self.world.ann)
        self.world.sync_all(4)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 104, 110, 118])
def test_all_desks_agree_in_the_end(world: World, seed: int) -> None:
    story = Story(world, seed)
    for _ in range(120):
        story.step()
    story.end()
    for desk in story.desks:
        assert desk.exchange.stopped() == []
        assert desk.exchange.blocked() == []
        assert desk.exchange.next_push(1, 1 << 20) is None
    for key, edits in story.edits.items():
        shown = [desk.shown(key) for desk in story.desks]
        assert shown[0].fields == shown[1].fields == shown[2].fields
        assert shown[0].conflicts == shown[1].conflicts == shown[2].conflicts
        for desk in story.desks:
            assert len(desk.vault.history.history(key)) == edits, (desk.name, key.type)
