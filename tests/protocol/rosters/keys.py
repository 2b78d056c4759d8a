"""Keys of logs, in the abstract: who can know which generation, and what the header rules let anybody write under it.

A member knows a generation that was wrapped to his key, and what a generation that he knows carries. Who has a computer
of his knows what the member knew when it was revoked, and what is wrapped to that identity key. Commits are real
headers, judged by `protocol.admission`; a server that lies gives any roster position that the log allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from protocol.admission import LogState, advance, check_header
from protocol.codec import encode
from protocol.commit import Header, Kind, bridge_detail, rotate_detail
from protocol.errors import CommitRefused, ProtocolError
from protocol.history import RosterHistory
from protocol.ids import NO_HASH, Level, LogId
from protocol.limits import VERSION
from protocol.roster import DeviceRevoke
from protocol.signing import Namespace
from tests.protocol.rosters.actors import Actor
from tests.protocol.rosters.model import IN, Model
from tests.protocol.rosters.team import Team
from tests.protocol.world import Key, seeded

Known = dict[LogId, set[int]]


@dataclass
class Thief:
    """Has a computer of `member`'s, revoked by the entry at `position`, with this identity key. `had` is what its
    vault held then; `knows` what was wrapped to that key later as well."""

    member: bytes
    identity: bytes
    position: int
    had: Known
    knows: Known


@dataclass
class Log:
    state: LogState
    carries: dict[int, set[int]] = field(default_factory=dict)


def copied(known: Known) -> Known:
    return {log: set(generations) for log, generations in known.items()}


class Keys:
    """`commits` counts what was admitted, `attacks` what was tried against the rules and refused."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.rng = Random(len(team.taken))
        self.logs: dict[LogId, Log] = {}
        self.knows: dict[bytes, Known] = {}
        self.thieves: list[Thief] = []
        self.commits = 0
        self.attacks = 0
        self.lost = 0
        self._followed = len(team.taken)

    def follow(self) -> None:
        """Computers that were revoked since: whoever has them keeps what is on them."""
        for taken in self.team.taken[self._followed :]:
            if isinstance(taken.operation, DeviceRevoke):
                before = self.team.models[taken.position - 2]
                member = before.device_of[taken.operation.device]
                known = self.knows.get(member, {})
                self.thieves.append(
                    Thief(member, before.keys[member], taken.position, copied(known), copied(known))
                )
        self._followed = len(self.team.taken)

    # knowing

    def _learn(self, known: Known, log: LogId, generation: int) -> None:
        have, waiting = known.setdefault(log, set()), [generation]
        while waiting:
            this = waiting.pop()
            have.add(this)
            waiting += self.logs[log].carries[this] - have

    def wrap(self, log: LogId, generation: int, member: bytes, model: Model) -> None:
        """Sealed to the key that the roster has for him."""
        self._learn(self.knows.setdefault(member, {}), log, generation)
        for thief in self.thieves:
            if thief.member == member and thief.identity == model.keys[member]:
                self._learn(thief.knows, log, generation)

    def _spread(self, log: LogId) -> None:
        """What a generation carries came to be known: so it is to all who know that generation."""
        for known in [*self.knows.values(), *(thief.knows for thief in self.thieves)]:
            for generation in list(known.get(log, ())):
                self._learn(known, log, generation)

    def known_to(self, member: bytes, log: LogId) -> set[int]:
        return self.knows.get(member, {}).get(log, set())

    # writing

    def commit(
        self, log: LogId, kind: Kind, device: Key, position: int, history: RosterHistory, other: int = 0
    ) -> None:
        """Admit it, or raise as `check_header`. `other` is the generation that a rotate or a bridge carries."""
        found = self.logs.get(log) or Log(LogState.empty(log))
        state, end = found.state, found.state.end_of(device.id)
        generation = state.generation + (kind is Kind.ROTATE)
        detail = b""
        if kind is Kind.ROTATE:
            detail = rotate_detail(seeded("log-key"), other)
        elif kind is Kind.BRIDGE:
            detail = bridge_detail(other)
        header = Header(
            VERSION, kind, self.team.workspace, log.encode(), generation, device.id, end.counter + 1,
            end.hash, state.position, state.chain, position, history.hash_at(position), detail, NO_HASH,
        )  # fmt: skip
        signature = device.sign(Namespace.COMMIT, encode(header))
        check_header(state, header, signature, history)
        found.state = advance(state, header, signature)
        self.logs[log] = found
        if kind is Kind.ROTATE:
            found.carries[generation] = {other} if other else set()
        elif kind is Kind.BRIDGE:
            found.carries[generation].add(other)
            self._spread(log)
        self.commits += 1
        self._nobody_else_reads(log, kind, device, position)

    def _nobody_else_reads(self, log: LogId, kind: Kind, device: Key, position: int) -> None:
        """No commit is ever valid under a key that a non-reader holds, nor by who may not write it."""
        then, generation = self.team.models[position - 1], self.logs[log].state.generation
        author = then.device_of[device.id]
        assert device.id not in then.revoked
        assert then.level(author, log) >= (Level.READ if kind is Kind.BRIDGE else Level.WRITE)
        assert author not in then.support
        assert not then.archived.get(log.group, False)
        if kind is Kind.ROTATE:
            return  # nobody knows the new key yet
        for member, known in self.knows.items():
            if generation in known.get(log, ()):
                since = self.team.models[position - 1 :]
                assert any(model.level(member, log) >= Level.READ for model in since)
        for thief in self.thieves:
            if thief.position <= position:
                assert generation not in thief.had.get(log, ())
                if then.keys[thief.member] != thief.identity:
                    assert generation not in thief.knows.get(log, ())

    def try_anything(self, history: RosterHistory) -> None:
        """Somebody commits something at some roster position that a lying server lets him name."""
        team, rng = self.team, self.rng
        log = rng.choice(list(self.logs) or sorted(team.model.logs()))
        if rng.random() < 0.3:
            log = rng.choice(sorted(team.model.logs()))
        state = self.logs[log].state if log in self.logs else LogState.empty(log)
        actor = rng.choice(team.actors)
        device = actor.device(rng.randint(1, actor.devices))
        position = rng.randint(max(1, state.roster_position), team.head[0])
        kind = rng.choice([Kind.DATA, Kind.DATA, Kind.ROTATE, Kind.BRIDGE])
        if kind is Kind.BRIDGE and state.generation < 2:
            kind = Kind.DATA
        other = rng.randint(1, max(1, state.generation - 1))
        if kind is Kind.ROTATE:
            known = self.known_to(actor.id, log)
            if state.generation and not known:
                return
            other = max(known, default=0)
        try:
            self.commit(log, kind, device, position, history, other)
        except ProtocolError:
            self.attacks += 1
            return
        if kind is Kind.ROTATE:  # he gives the key to those readers whom he likes
            then = team.models[position - 1]
            self.wrap(log, state.generation + 1, actor.id, then)
            for member in sorted(then.readers(log)):
                if rng.random() < 0.6:
                    self.wrap(log, state.generation + 1, member, then)

    # what honest desks see to

    def upkeep(self, history: RosterHistory) -> None:
        """Keys are given, stale logs rotated, gaps bridged, by readers and writers who are there."""
        for log in list(self.logs):
            self._keep(log, history)

    def begin(self, log: LogId, history: RosterHistory) -> None:
        writers = self._able(log)
        if log not in self.logs and writers:
            self._rotate(log, writers[0], 0, history)

    def _actors(self, members: frozenset[bytes]) -> list[Actor]:
        return [actor for actor in self.team.actors if actor.id in members]

    def _able(self, log: LogId) -> list[Actor]:
        """Writers with a computer: an admin may have revoked a member's last one."""
        writers = self._actors(self.team.model.writers(log))
        return [writer for writer in writers if self._device(writer) is not None]

    def _device(self, actor: Actor) -> Key | None:
        """Some computer of his that was not revoked."""
        revoked = self.team.model.revoked
        return next((device for device in actor.all_devices() if device.id not in revoked), None)

    def _rotate(self, log: LogId, writer: Actor, carried: int, history: RosterHistory) -> None:
        device = self._device(writer)
        if device is None:
            return
        self.commit(log, Kind.ROTATE, device, self.team.head[0], history, carried)
        for reader in self.team.model.readers(log):
            self.wrap(log, self.logs[log].state.generation, reader, self.team.model)

    def _keep(self, log: LogId, history: RosterHistory) -> None:
        model, state = self.team.model, self.logs[log].state
        readers = self._actors(model.readers(log))
        known = {generation for reader in readers for generation in self.known_to(reader.id, log)}
        stale = history.stale_from(log, state.rotated_at, self.team.head[0]) is not None
        if known:
            if state.generation not in known or stale:
                for writer in self._able(log)[:1]:
                    self.wrap(log, max(known), writer.id, model)
                    self._rotate(log, writer, max(known), history)
                    stale = False
            newest = self.logs[log].state.generation
            if any(newest in self.known_to(reader.id, log) for reader in readers):
                for reader in readers:
                    self.wrap(log, newest, reader.id, model)
            self._bridge(log, readers, stale, history)
        self._all_readers_open_all(log, readers, known)

    def _bridge(self, log: LogId, readers: list[Actor], stale: bool, history: RosterHistory) -> None:
        """Whoever has a skipped key seals it under the newest; where no commit is taken any more, he wraps it."""
        model, newest = self.team.model, self.logs[log].state.generation
        for holder in readers:
            mine = self.known_to(holder.id, log)
            missing = {g for g in mine for reader in readers if g not in self.known_to(reader.id, log)}
            device = self._device(holder)
            may = holder.id not in model.support and not model.archived.get(log.group, False)
            for generation in sorted(missing):
                if may and not stale and device is not None and newest in mine and generation < newest:
                    self.commit(log, Kind.BRIDGE, device, self.team.head[0], history, generation)
                else:
                    for reader in readers:
                        self.wrap(log, generation, reader.id, model)

    def _all_readers_open_all(self, log: LogId, readers: list[Actor], known: set[int]) -> None:
        """All that any reader had the keys of, and all that was written since."""
        for reader in readers:
            assert self.team.model.status[reader.id] == IN
            assert known <= self.known_to(reader.id, log)
        newest = self.logs[log].state.generation
        if known and self._able(log):
            assert all(newest in self.known_to(reader.id, log) for reader in readers)
        self.lost += bool(readers) and not known

    def honest_commit(self, log: LogId, history: RosterHistory) -> None:
        """A writer with the newest key writes: never refused where the log is not stale."""
        state = self.logs[log].state
        for writer in self._actors(self.team.model.writers(log)):
            device = self._device(writer)
            if device is not None and state.generation in self.known_to(writer.id, log):
                try:
                    self.commit(log, Kind.DATA, device, self.team.head[0], history)
                except CommitRefused as error:
                    assert error.code == "stale"
                return
