"""Two pasts: finding where they part, an owner's `adopt`, and following one (SPEC, Adopt).

The branch that stays is the one that the server has: it never gives up what it holds. A desk of the other branch
verifies the server's roster from the genesis on, beside its own, and changes over to it only where an owner has signed
`adopt` there: an owner by both branches, and after everything that this desk's branch took from somebody was taken from
him there as well. Then it lets go of its branch; what it wrote itself waits to be sent again. Where that does not hold
it stays as it is, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from protocol import wire
from protocol.commit import chain_hash, commit_hash, parse_header
from protocol.ids import LogId, Standing
from protocol.roster import Adopt, Branch, Entry, EntryBody, Rekey, RosterOperation
from protocol.roster_parse import parse_entry
from protocol.state import RosterState
from vault.admit.chains import Chains
from vault.admit.rewinding import rewind
from vault.exchange.desk import Desk
from vault.exchange.dropping import dropped_logs, heads_in, heads_named, keep_rekey
from vault.exchange.heads import compare_heads
from vault.exchange.types import Accepted
from vault.roster.branches import Branches, unrepeated
from vault.roster.cuts import LogEnd
from vault.roster.entries import sign_entries
from vault.roster.errors import AdoptRefused, Forked, LogBroken, Refused
from vault.roster.local import LocalRoster
from vault.roster.repeating import ends_to_repeat, plan_repeat
from vault.store import Tx

PUSH_OUT = "push/out"


@dataclass(frozen=True, slots=True)
class Fork:
    """`position` is the first at which the two pasts of `log` (None: of the roster) differ; `ours` and `theirs` are
    the hashes there, `ours_to` and `theirs_to` how far each goes."""

    log: LogId | None
    position: int
    ours: bytes
    theirs: bytes
    ours_to: int
    theirs_to: int

    @property
    def branch(self) -> Branch:
        """As an `adopt` of the server's branch names it."""
        log = b"" if self.log is None else self.log.encode()
        return Branch(log, self.position, self.theirs, self.ours)


class Adopter:
    """Used by one round at a time; takes the desk's lock itself."""

    def __init__(self, desk: Desk, now: Callable[[], float]) -> None:
        self._desk = desk
        self._now = now

    # finding

    def beside(self, entries: Sequence[Entry]) -> LocalRoster:
        """The server's whole roster, verified beside our own. Raises WrongWorkspace, RosterBroken, MovedOn."""
        with self._desk.lock:
            return self._desk.roster.beside(entries)

    def roster_fork(self, other: LocalRoster) -> Fork | None:
        """Where the rosters differ; None where one goes on from the other."""
        ours = self._desk.roster
        shortest = min(ours.state.position, other.state.position)
        for position in range(ours.common_with(other) + 1, shortest + 1):
            here, there = ours.history.hash_at(position), other.history.hash_at(position)
            return Fork(None, position, here, there, ours.state.position, other.state.position)
        return None

    def logs_to_compare(self, heads: wire.Heads) -> list[tuple[LogId, int, wire.LogHead]]:
        """(log, our newest position, the server's head) of logs that both have begun and whose pasts may differ."""
        desk, found = self._desk, []
        with desk.lock, desk.store.read() as tx:
            chains = Chains(tx, desk.logs)
            for head in heads.logs:
                log = LogId.decode(head.log)
                ours = desk.logs.log_state(tx, log).position
                if (
                    ours
                    and head.position > 0
                    and (head.position > ours or chains.at(log, head.position) != head.chain)
                ):
                    found.append((log, ours, head))
        return found

    def compare(
        self, log: LogId, first: int, headers: Sequence[wire.SignedHeader], head: wire.LogHead
    ) -> Fork | bool:
        """The fork; True where there is none; False where what is common has to be looked for before `first`.
        `headers` are the server's from `first` to its head. Raises LogBroken where they do not lead there."""
        desk = self._desk
        with desk.lock, desk.store.read() as tx:
            chains, ours = Chains(tx, desk.logs), desk.logs.log_state(tx, log).position
            theirs, chain = [], chains.at(log, first - 1)
            for signed in headers:
                chain = chain_hash(chain, commit_hash(signed.header, signed.signature))
                theirs.append(chain)
            if chain != head.chain:
                if first == 1:
                    raise LogBroken("headers that do not lead to the head", "chain")
                return False
            for position, there in enumerate(theirs[: ours - first + 1], first):
                here = chains.at(log, position)
                if here != there:
                    return Fork(log, position, here, there, ours, head.position)
        return True

    def stop_forked(self, heads: wire.Heads) -> int:
        """Logs of which the server has another past stop, alone; how many did. The others go on."""
        desk = self._desk
        shown = {LogId.decode(head.log): head for head in heads.logs}
        with desk.lock:
            with desk.store.read() as tx:
                forked, _ = compare_heads(desk, tx, shown, shown.keys())
            with desk.changing() as change:
                for log, position in forked:
                    change.admission.stop(log, position, Forked("the server has another past of this log"))
            accepted = desk.accepted(change, [])
        desk.tell(accepted)
        return len(forked)

    # an owner's decision

    def may_adopt(self, other: LocalRoster) -> bool:
        """Whether this desk's member is an owner by both rosters, and this computer known to both."""
        return all(self._is_owner(state) for state in (self._desk.roster.state, other.state))

    def _is_owner(self, state: RosterState) -> bool:
        found = state.device_of(self._desk.own.device.id)
        if found is None or found[0].revoked:
            return False
        return found[1].active and found[1].standing is Standing.OWNER

    def plan(self, other: LocalRoster, forks: Sequence[Fork], heads: wire.Heads) -> wire.AppendRoster:
        """Entries for the server's branch: what ours took away, and the `adopt`. Raises Refused for whoever is no
        owner, AdoptRefused where something cannot be done again."""
        desk = self._desk
        with desk.lock:
            if not self.may_adopt(other):
                raise Refused("only an owner of both pasts decides", "not-owner")
            adopt = Adopt(sorted((fork.branch for fork in forks), key=lambda branch: branch.log))
            operations: list[RosterOperation] = []
            branches = self._branches(other, other.state, forks)
            if branches is not None:
                with desk.store.read() as tx:
                    chains = Chains(tx, desk.logs)
                    known = {LogId.decode(head.log): LogEnd(head.position, head.chain) for head in heads.logs}
                    ends = ends_to_repeat(branches, known, lambda log, at: chains.at(LogId.decode(log), at))
                operations += plan_repeat(branches, ends, desk.own.member, self._own_rekey(branches))
            operations.append(adopt)
            entries, after = sign_entries(other.state, operations, desk.own.device, int(self._now()))
            if branches is not None:
                left = unrepeated(replace(branches, kept=after))
                if left:
                    raise AdoptRefused(f"cannot be done again: {', '.join(left)}")
            return wire.AppendRoster(other.state.head, entries)

    def _branches(self, other: LocalRoster, kept: RosterState, forks: Sequence[Fork]) -> Branches | None:
        position = next((fork.position for fork in forks if fork.log is None), 0)
        if not position:
            return None
        ours = self._desk.roster
        common = {fork.log: fork.position - 1 for fork in forks if fork.log is not None}
        acts = _acts(other, position, kept.position)
        return Branches(ours.history.at(position - 1), ours.state, kept, common, acts)

    def _own_rekey(self, branches: Branches) -> Rekey | None:
        """The newest keys that this member gave himself in the branch that is dropped."""
        history = self._desk.roster.history
        for entry in reversed(list(history.entries(branches.fork.position))):
            operation = parse_entry(entry).operation
            if isinstance(operation, Rekey) and operation.member == self._desk.own.member:
                return operation
        return None

    # following

    def go_on(self, other: LocalRoster) -> bool:
        """The server's roster goes on from ours: take what follows, and pull everything again, since the stream did
        not bring it. False where there is nothing more in it."""
        desk = self._desk
        with desk.lock:
            position = desk.roster.state.position
            if other.state.position <= position:
                return False
            with desk.changing(durable=True) as change:
                change.take_roster(position + 1, list(other.history.entries(position)))
                desk.set_cursor(change.tx, 0)
            accepted = desk.accepted(change, [])
        desk.tell(accepted)
        return True

    def follow(self, other: LocalRoster) -> Accepted | None:
        """Change over to the server's roster where an owner's `adopt` there drops ours; None where there is none.
        Raises AdoptRefused where there is one that does not hold: then nothing has changed."""
        desk = self._desk
        with desk.lock:
            fork = self.roster_fork(other)
            if fork is None:
                return None
            refusal: AdoptRefused | None = None
            for position, body in self._adopts(other, fork):
                try:
                    self._check(other, fork, position, body)
                except AdoptRefused as error:
                    refusal = error
                    continue
                accepted = self._change_over(other, fork)
                break
            else:
                if refusal is not None:
                    raise refusal
                return None
        return desk.tell(accepted)

    def _adopts(self, other: LocalRoster, fork: Fork) -> list[tuple[int, EntryBody]]:
        found = []
        for entry in other.history.entries(fork.position - 1):
            body = parse_entry(entry)
            if isinstance(body.operation, Adopt) and fork.branch in body.operation.branches:
                found.append((body.position, body))
        return found

    def _check(self, other: LocalRoster, fork: Fork, position: int, body: EntryBody) -> None:
        ours = self._desk.roster
        found = ours.state.device_of(body.author)
        if found is None or found[0].revoked or not found[1].active:
            raise AdoptRefused("signed by a computer that has no say in the past that is known here")
        if found[1].standing is not Standing.OWNER:
            raise AdoptRefused("signed by somebody who is no owner in the past that is known here")
        common = {log: at - 1 for log, at in self._dropped_logs(other, fork).items()}
        fork_state = ours.history.at(fork.position - 1)
        acts = _acts(other, fork.position, position)
        left = unrepeated(Branches(fork_state, ours.state, other.history.at(position), common, acts))
        if left:
            raise AdoptRefused(f"not done again: {', '.join(left)}")

    def _dropped_logs(self, other: LocalRoster, fork: Fork) -> Mapping[LogId, int]:
        """Logs of which we hold a branch that an `adopt` after the fork drops, and from where on."""
        desk = self._desk
        found: dict[LogId, int] = {}
        with desk.store.read() as tx:
            for entry in other.history.entries(fork.position - 1):
                operation = parse_entry(entry).operation
                if isinstance(operation, Adopt):
                    for log, position in dropped_logs(desk, tx, operation).items():
                        found[log] = min(position, found.get(log, position))
        return found

    def _change_over(self, other: LocalRoster, fork: Fork) -> Accepted:
        desk = self._desk
        dropped_entries = list(desk.roster.history.entries(fork.position - 1))
        before = desk.roster.history.at(fork.position - 1)
        starts = dict(self._dropped_logs(other, fork))
        with desk.changing(durable=True) as change:
            tx, admission = change.tx, change.admission
            for log in desk.logs.known_logs(tx):
                first = _first_naming(desk, tx, log, fork.position)
                if first:
                    starts[log] = min(first, starts.get(log, first))
            desk.logs.drop_roster(tx, fork.position)
            for position, entry in enumerate(other.history.entries(fork.position - 1), fork.position):
                desk.logs.append_roster_entry(tx, position, entry)
            desk.roster.take_over(other)
            change.roster_taken = True
            for log, first in sorted(starts.items()):
                rewind(tx, desk.context(), admission, log, first)
            named = {LogId.decode(cut.log) for entry in dropped_entries for cut in heads_in(entry)}
            for log in named | set(desk.logs.known_logs(tx)):
                admission.chains.forget_named(log)
            for log, heads in heads_named(other.history.entries()).items():
                for position, chain in heads.items():
                    admission.head_named(log, position, chain)
            admission.roster_moved(before)
            desk.logs.set(tx, PUSH_OUT, None)
            desk.set_cursor(tx, 0)
            desk.set_gaps(tx, desk.gaps(tx) | set(starts))
            keep_rekey(desk, tx, dropped_entries)
        return desk.accepted(change, [])


def _acts(other: LocalRoster, first: int, last: int) -> list[EntryBody]:
    bodies = (parse_entry(entry) for entry in other.history.entries(first - 1))
    return [body for body in bodies if body.position <= last]


def _first_naming(desk: Desk, tx: Tx, log: LogId, roster_position: int) -> int:
    """The first position of a log that names that roster position or a later one; 0 where none does. They rise."""
    state = desk.logs.log_state(tx, log)
    if state.roster_position < roster_position:
        return 0
    low, high = 1, state.position
    while low < high:
        middle = (low + high) // 2
        header, _ = next(desk.logs.headers(tx, log, middle, middle))
        if parse_header(header).roster_position >= roster_position:
            high = middle
        else:
            low = middle + 1
    return low
