"""What is held of a town in every story that is played with it (`town_machine`): the invariants, and how it heals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from protocol import wire
from protocol.access import level, logs_of
from protocol.commit import parse_header
from protocol.ids import Level, LogId, MemberId
from protocol.roster import RosterOperation
from protocol.wire import PlacedCommit, PullPage
from sync_client import CancelToken, Round, SyncError
from tests.hostile.harness import shown
from tests.support.desks import Desk
from tests.support.lies import aside_reasons
from tests.support.relay import Refused as RelayRefused
from tests.support.relay import Relay
from tests.support.relay_calls import HonestCalls, run_round
from tests.support.town import Template, Town
from vault.errors import VaultError
from vault.exchange import Accepted
from vault.store import RecordKey

replace = msgspec.structs.replace


class TownRules(RuleBasedStateMachine):
    """`prepared` gives the subclass that plays with a template and with folders for its copies."""

    template: Template
    place: Callable[[], Path]

    @classmethod
    def prepared(cls, template: Template, place: Callable[[], Path]) -> type[TownRules]:
        return type("Prepared", (cls,), {"template": template, "place": staticmethod(place)})

    @initialize()
    def begin(self) -> None:
        self.town = Town(self.template, self.place())
        self.number = 0
        self.read_at: dict[tuple[MemberId, LogId], int] = {}
        self.counted = 0
        self.past: dict[int, list[PullPage]] = {}
        self.late: list[wire.Wrap] = []

    # what is held

    @invariant()
    def nothing_false(self) -> None:
        if not hasattr(self, "town"):
            return
        relay = self.town.relay
        for desk in self.town.desks:
            position, head = desk.exchange.roster_head()
            assert relay.history.hash_at(position) == head
            for log, end in desk.exchange.log_ends().items():
                assert not end.position or relay.logs[log].chains[end.position - 1] == end.chain

    @invariant()
    def no_key_beyond_ones_rights(self) -> None:
        if not hasattr(self, "town"):
            return
        self._count_readers()
        for desk in self.town.desks:
            for log, held in self.town.relay.logs.items():
                keys = desk.keys_held(log)
                last = self.read_at.get((desk.member, log), 0)
                for commit in held.commits:
                    header = parse_header(commit.header)
                    if header.generation in keys:
                        assert header.roster_position <= last, "a key of what was written after his time"

    def _count_readers(self) -> None:
        """The newest roster position at which each member read each log."""
        history = self.town.relay.history
        for position in range(self.counted + 1, history.position + 1):
            state = history.at(position)
            for member in state.members:
                for log in logs_of(state, member):
                    self.read_at[member, log] = position
        self.counted = history.position

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        try:
            self._heal()
            self._agreement()
            self.nothing_false()
            self.no_key_beyond_ones_rights()
        finally:
            self.town.close()

    def _heal(self) -> None:
        for _ in range(4):
            for desk in self.town.desks:
                for stop in desk.exchange.stopped():
                    desk.exchange.resume(stop.log)
                self._try(partial(run_round, desk))
        for desk in self.town.desks:
            if desk.exchange.is_active:
                run_round(desk)  # nothing is refused any more

    def _agreement(self) -> None:
        state, relay = self._state(), self.town.relay
        active = [desk for desk in self.town.desks if desk.exchange.is_active]
        assert self.town.ann in active
        for desk in active:
            assert desk.exchange.stopped() == []
            assert desk.exchange.roster_head() == (state.position, state.head)
        seen = {desk.name: shown(desk) for desk in active}
        for log, held in relay.logs.items():
            readers = [desk for desk in active if level(state, desk.member, log) is not Level.NONE]
            keys = [desk.keys_held(log) for desk in readers]
            assert all(one == keys[0] for one in keys), "a reader lacks a key that another has"
            of_log = []
            for desk in readers:
                end = desk.exchange.log_ends()[log]
                assert (end.position, end.chain) == (held.state.position, held.state.chain)
                if log in {blocked for blocked, _ in desk.exchange.blocked()}:
                    continue  # it shows what it could not send any more
                of_log.append({key: what for key, what in seen[desk.name].items() if key[0] == log.encode()})
            assert all(one == of_log[0] for one in of_log), "two readers see different records"
        for desk in active:
            assert aside_reasons(desk) <= {"cut-off", "permission", "headers", "waiting"}

    # helpers

    def _state(self):  # type: ignore[no-untyped-def]
        return self.town.relay.history.head

    def _fields(self, kind: str, desk: Desk) -> dict[str, str]:
        self.number += 1
        return {"title" if kind == "deal" else "name": f"{desk.name} {self.number}"}

    @staticmethod
    def _keys(desk: Desk) -> list[RecordKey]:
        return [
            RecordKey(LogId.decode(log), kind, rid)
            for log, kind, rid in sorted(shown(desk))
            if kind != "name"
        ]

    def _try(self, act: Callable[[], object]) -> None:
        """Typed refusals are part of life; anything else ends the run."""
        try:
            act()
        except (VaultError, SyncError, RelayRefused):
            return

    def _change(self, admin: int, plan: Callable[[Desk], list[RosterOperation]]) -> None:
        def act() -> None:
            Round(HonestCalls(desk), desk.exchange).catch_up(CancelToken())
            if not desk.exchange.stopped():
                desk.change_roster(plan(desk))

        desk = self.town.desks[admin]
        self._try(act)

    def _changed(
        self, page: PullPage, at: int, change: Callable[[list[PlacedCommit], int], list[PlacedCommit]]
    ) -> PullPage:
        return replace(page, commits=change(page.commits, at % len(page.commits))) if page.commits else page

    def _lie(self, who: int, bend: Callable[[PullPage], PullPage]) -> None:
        """Hand the desk a bent page. Whatever it makes of it, its alarms are typed and have words."""
        desk = self.town.desks[who]
        honest = Relay.pull(self.town.relay, desk.member, desk.exchange.cursor())
        self.past.setdefault(who, []).append(honest)
        try:
            accepted: Accepted = desk.exchange.accept(bend(honest))
        except VaultError as error:
            assert error.title and error.message
            return
        for stop in accepted.stopped:
            assert stop.error.title and stop.error.message
