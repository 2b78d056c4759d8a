"""Random histories of a town: honest steps of two admins and five members in three groups, and a server that lies.

Held after every step
- no desk has a roster or a log that an honest server contradicts (what it took is a beginning of the true past);
- no desk holds a key that opens what was written when its member read that log no more;
- whatever is refused is refused by a typed error (anything else ends the run).

Held at the end, when the server is honest again and people have let stopped logs be tried anew
- nothing is stopped, nothing is missing; desks that read a log have the same records, conflicts and asides of it;
- every reader has the keys that any reader has.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocol import wire
from protocol.access import level, logs_of
from protocol.admission import check_header
from protocol.commit import Commit, parse_header
from protocol.errors import ProtocolError
from protocol.ids import Compartment, Level, LogId, MemberId, Permission, Reach
from protocol.operations import Put
from protocol.roster import Access, RosterOperation
from protocol.wire import PlacedCommit, PullPage
from sync_client import CancelToken, Round, SyncError
from tests.hostile.harness import shown
from tests.support.desks import Desk
from tests.support.lies import aside_reasons, forged, slip_in
from tests.support.relay import Refused as RelayRefused
from tests.support.relay import Relay
from tests.support.relay_calls import HonestCalls, run_round
from tests.support.town import RECORDS, Template, Town, home_of
from vault.errors import VaultError
from vault.exchange import Accepted
from vault.roster import (
    plan_change_role,
    plan_device_revoke,
    plan_policy,
    plan_remove,
    plan_reports_to,
    plan_role,
    plan_suspend,
)
from vault.store import RecordKey

DESKS = st.integers(0, 6)
MEMBERS = st.integers(2, 6)
ADMINS = st.integers(0, 1)
GROUPS = st.integers(0, 2)
NUMBERS = st.integers(0, 1 << 16)
COMPARTMENTS = st.sampled_from(sorted(RECORDS))
ROLES = st.sampled_from(["manager", "sales-rep", "assistant", "read-only", None])
replace = msgspec.structs.replace


class TownMachine(RuleBasedStateMachine):
    """`prepare` is to be called on a subclass with the template and a folder for copies."""

    template: Template
    place: Callable[[], Path]

    @classmethod
    def prepared(cls, template: Template, place: Callable[[], Path]) -> type[TownMachine]:
        return type("Prepared", (cls,), {"template": template, "place": staticmethod(place)})

    @initialize()
    def begin(self) -> None:
        self.town = Town(self.template, self.place())
        self.number = 0
        self.read_at: dict[tuple[MemberId, LogId], int] = {}
        self.counted = 0
        self.past: dict[int, list[PullPage]] = {}
        self.late: list[wire.Wrap] = []

    # honest steps

    @rule(who=DESKS, group=GROUPS, compartment=COMPARTMENTS)
    def create(self, who: int, group: int, compartment: Compartment) -> None:
        desk = self.town.desks[who]
        home = home_of(desk, self.town.groups[group], compartment)
        if home is not None:
            with desk.vault.editor.action() as action:
                action.create(RECORDS[compartment], home, self._fields(RECORDS[compartment], desk))

    @rule(who=DESKS, which=NUMBERS)
    def edit(self, who: int, which: int) -> None:
        desk = self.town.desks[who]
        keys = [key for key in self._keys(desk) if desk.exchange.can_write(key.log)]
        if keys:
            key = keys[which % len(keys)]
            desk.put(key, **self._fields(key.type, desk))

    @rule(who=DESKS)
    def sync(self, who: int) -> None:
        self._try(partial(run_round, self.town.desks[who]))

    @rule()
    def sync_everybody(self) -> None:
        for desk in self.town.desks:
            self._try(partial(run_round, desk))

    @rule(who=DESKS)
    def pull(self, who: int) -> None:
        self._try(self.town.desks[who].pull)

    @rule(who=DESKS)
    def lose_the_reply(self, who: int) -> None:
        def act() -> None:
            push = desk.exchange.next_push(3, 1 << 20)
            if push is not None:
                self.town.relay.push(push)

        desk = self.town.desks[who]
        self._try(act)

    @rule(who=DESKS)
    def restart(self, who: int) -> None:
        self.town.desks[who].reopen()

    # admins

    @rule(admin=ADMINS, who=MEMBERS)
    def remove(self, admin: int, who: int) -> None:
        member = self.town.desks[who].member
        if sum(person.active for person in self._state().members.values()) > 4:
            self._change(
                admin, lambda desk: plan_remove(desk.vault.roster, desk.exchange.ends_to_cut(), member)
            )

    @rule(admin=ADMINS, who=MEMBERS, away=st.booleans())
    def suspend(self, admin: int, who: int, away: bool) -> None:
        member = self.town.desks[who].member
        self._change(
            admin, lambda desk: plan_suspend(desk.vault.roster, desk.exchange.ends_to_cut(), member, away)
        )

    @rule(admin=ADMINS, who=MEMBERS, group=GROUPS, role=ROLES)
    def change_role(self, admin: int, who: int, group: int, role: str | None) -> None:
        member, place = self.town.desks[who].member, self.town.groups[group]
        chosen = None if role is None else self.town.roles[role]
        self._change(
            admin,
            lambda desk: plan_change_role(
                desk.vault.roster, desk.exchange.ends_to_cut(), member, place, chosen
            ),
        )

    @rule(
        admin=ADMINS,
        role=st.sampled_from(["manager", "assistant"]),
        reach=st.sampled_from(Reach),
        sales=st.booleans(),
    )
    def edit_role(self, admin: int, role: str, reach: Reach, sales: bool) -> None:
        accesses = [Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP)]
        if sales:
            accesses.append(Access(Compartment.SALES, Level.WRITE, reach))
        chosen = self.town.roles[role]
        self._change(
            admin,
            lambda desk: plan_role(
                desk.vault.roster, desk.exchange.ends_to_cut(), accesses, Permission.DELETE, chosen
            ),
        )

    @rule(admin=ADMINS, who=MEMBERS, above=DESKS)
    def move_in_the_tree(self, admin: int, who: int, above: int) -> None:
        member, manager = self.town.desks[who].member, self.town.desks[above].member
        self._change(
            admin,
            lambda desk: plan_reports_to(
                desk.vault.roster, desk.exchange.ends_to_cut(), member, None if above == who else manager
            ),
        )

    @rule(read=st.integers(0, 1))
    def policy(self, read: int) -> None:
        self._change(0, lambda desk: plan_policy("managers-read-reports", read))

    @rule(admin=ADMINS, who=MEMBERS)
    def revoke_device(self, admin: int, who: int) -> None:
        device = self.town.desks[who].vault.device
        if sum(person.active for person in self._state().members.values()) > 4:
            self._change(
                admin, lambda desk: plan_device_revoke(desk.vault.roster, desk.exchange.ends_to_cut(), device)
            )

    # lies, each told to one desk

    @rule(who=DESKS, at=NUMBERS)
    def drop(self, who: int, at: int) -> None:
        self._lie(
            who, lambda page: self._changed(page, at, lambda commits, n: commits[:n] + commits[n + 1 :])
        )

    @rule(who=DESKS, at=NUMBERS)
    def swap_bodies(self, who: int, at: int) -> None:
        def swapped(commits: list[PlacedCommit], n: int) -> list[PlacedCommit]:
            one, other = commits[n], commits[(n + 1) % len(commits)]
            body = Commit(one.commit.header, one.commit.signature, other.commit.body)
            return [*commits[:n], replace(one, commit=body), *commits[n + 1 :]]

        self._lie(who, lambda page: self._changed(page, at, swapped))

    @rule(who=DESKS, at=NUMBERS)
    def reorder(self, who: int, at: int) -> None:
        def reordered(commits: list[PlacedCommit], n: int) -> list[PlacedCommit]:
            other = (n + 1) % len(commits)
            made = list(commits)
            made[n] = replace(commits[n], commit=commits[other].commit)
            made[other] = replace(commits[other], commit=commits[n].commit)
            return made

        self._lie(who, lambda page: self._changed(page, at, reordered))

    @rule(who=DESKS, at=NUMBERS)
    def replay(self, who: int, at: int) -> None:
        pages = self.past.get(who, [])
        if pages:
            old = pages[at % len(pages)]
            self._lie(who, lambda page: replace(old, cursor=page.cursor, wraps=page.wraps))

    @rule(who=DESKS)
    def roll_back(self, who: int) -> None:
        """The stream is shorter, or it goes on and leaves out what it should have shown."""
        self._lie(who, lambda page: replace(page, cursor=max(page.cursor - 1, 0), commits=[], roster=[]))

    @rule(who=DESKS, at=NUMBERS)
    def hole_in_the_roster(self, who: int, at: int) -> None:
        def holed(page: PullPage) -> PullPage:
            if not page.roster:
                return page
            n = at % len(page.roster)
            return replace(page, roster=page.roster[:n] + page.roster[n + 1 :])

        self._lie(who, holed)

    @rule(who=DESKS)
    def no_keys(self, who: int) -> None:
        """Keys are held back for now, and random bytes come instead; the honest rows come with a later page."""

        def spoiled(page: PullPage) -> PullPage:
            self.late = page.wraps
            return replace(page, wraps=[replace(row, sealed=row.sealed[::-1]) for row in page.wraps])

        self._lie(who, spoiled)
        desk = self.town.desks[who]
        honest = PullPage(0, [], self.late, [], desk.exchange.cursor(), False)
        self._try(lambda: desk.exchange.accept(honest))

    @rule(who=DESKS, by=DESKS, which=NUMBERS)
    def fork(self, who: int, by: int, which: int) -> None:
        """Another desk signs a commit for the eyes of this one alone, at the place where the true log goes on."""
        victim, helper = self.town.desks[who], self.town.desks[by]
        logs = [log for log, end in helper.exchange.log_ends().items() if end.position]
        if who == by or not logs:
            return
        log = logs[which % len(logs)]
        try:
            false = forged(helper, log, operations=[Put("person", b"f" * 16, {"name": "Forged"}, 0)])
        except (VaultError, KeyError):
            return  # no key of that log
        truth = self.town.relay.logs[log]
        position = victim.exchange.log_ends().get(log)
        if position is None or position.position >= truth.state.position:
            return  # where nothing true follows, the lie is found when something does: not a matter of one step
        placed = PlacedCommit(log.encode(), position.position + 1, truth.commits[position.position])
        bent = replace(placed, commit=Commit(false.header, placed.commit.signature, false.body))
        self._lie(
            who,
            lambda page: replace(page, roster=[], commits=[bent], wraps=[], cursor=victim.exchange.cursor()),
        )

    @rule(by=MEMBERS, which=NUMBERS)
    def backdate(self, by: int, which: int) -> None:
        """Somebody who may not know yet that he lost a right writes on, and the server orders it where the header
        rules let it: for all desks alike."""
        helper = self.town.desks[by]
        logs = [log for log, end in helper.exchange.log_ends().items() if end.position]
        if not logs:
            return
        log = logs[which % len(logs)]
        try:
            commit = forged(helper, log, operations=[Put("person", b"b" * 16, {"name": "Backdated"}, 0)])
            held = self.town.relay.logs[log]
            check_header(held.state, parse_header(commit.header), commit.signature, self.town.relay.history)
        except (VaultError, ProtocolError, KeyError):
            return
        slip_in(self.town, log, commit)

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


__all__ = ["TownMachine", "precondition"]
