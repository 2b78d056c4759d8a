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

from functools import partial

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import rule

from protocol.admission import check_header
from protocol.commit import Commit, parse_header
from protocol.errors import ProtocolError
from protocol.ids import Compartment, Level, Permission, Reach
from protocol.operations import Put
from protocol.roster import Access
from protocol.wire import PlacedCommit, PullPage
from tests.hostile.town_rules import TownRules
from tests.support.lies import forged, slip_in
from tests.support.relay_calls import run_round
from tests.support.town import RECORDS, home_of
from vault.errors import VaultError
from vault.roster import (
    plan_change_role,
    plan_device_revoke,
    plan_policy,
    plan_remove,
    plan_reports_to,
    plan_role,
    plan_suspend,
)

DESKS = st.integers(0, 6)
MEMBERS = st.integers(2, 6)
ADMINS = st.integers(0, 1)
GROUPS = st.integers(0, 2)
NUMBERS = st.integers(0, 1 << 16)
COMPARTMENTS = st.sampled_from(sorted(RECORDS))
ROLES = st.sampled_from(["manager", "sales-rep", "assistant", "read-only", None])
replace = msgspec.structs.replace


class TownMachine(TownRules):
    """The steps."""

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


__all__ = ["TownMachine"]
