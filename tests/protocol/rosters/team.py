"""A team that does what it likes. Each wish is signed, sent to the server, and taken or refused; what was taken makes
the next `Model`, by position."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from protocol.errors import ProtocolError
from protocol.fold import apply
from protocol.ids import (
    NO_HASH,
    Standing,
)
from protocol.roster import (
    Cut,
    DeviceAdd,
    Entry,
    Rekey,
    RosterOperation,
)
from protocol.wire import ErrorCode
from server.errors import ServerError
from tests.protocol.rosters.actors import Actor
from tests.protocol.rosters.folds import Desk, Server
from tests.protocol.rosters.model import IN, OUT, Model
from tests.protocol.rosters.opening import GROUPS, OPENINGS, Taken, opening_of, sign
from tests.protocol.rosters.wishes import WISHES


class Team:
    """`models[n]` is the team after the entry at position n + 1."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # what they wish
        opening = opening_of(seed % OPENINGS)
        self.actors = [replace(actor) for actor in opening.actors]
        self.models = list(opening.models)
        self.taken = list(opening.taken)
        self.refused = 0
        self.raced = 0
        self.workspace = opening.entries[0].hash
        self.head = (len(opening.entries), opening.entries[-1].hash)
        self.server = Server({actor.account: actor.id for actor in self.actors}, opening.entries)
        self.desk = Desk(self.server)

    @property
    def model(self) -> Model:
        return self.models[-1]

    # how it is made and sent

    def new_actor(self) -> Actor:
        number = len(self.actors)
        actor = Actor(f"p{number}", number + 1, self.rng.randbytes(16))
        self.actors.append(actor)
        return actor

    def _take(self, author: bytes, operation: RosterOperation, entry: Entry) -> None:
        self.head = (self.head[0] + 1, entry.hash)
        self.models.append(self.model.after(author, operation))
        self.taken.append(Taken(self.head[0], author, operation))

    def send(
        self, actor: Actor, device: int, operation: RosterOperation, head: tuple[int, bytes] | None = None
    ) -> str:
        """ "taken", "moved" (another was faster), or the code of the refusal."""
        head = head or self.head
        entry = sign(self.workspace, head, actor.device(device), operation)
        try:
            self.server.append(actor.account, head[1], [entry])
        except ServerError as error:
            if error.code == ErrorCode.ROSTER_MOVED:
                return "moved"
            self.refused += 1
            return str(error.code)
        except ProtocolError as error:
            self._refused_by_desks_too(entry, error.code)
            return error.code
        if self.server.history.position == self.head[0]:
            return "again"  # the very same entry as one that stands
        self._take(actor.device(device).id, operation, entry)
        if isinstance(operation, Rekey):
            actor.version += 1
        elif isinstance(operation, DeviceAdd):
            actor.devices += 1
        return "taken"

    def _refused_by_desks_too(self, entry: Entry, code: str) -> None:
        self.refused += 1
        if self.refused % 4 == 0 and self.desk.head == self.head:
            try:
                apply(self.desk.history.head, entry)
            except ProtocolError as error:
                assert error.code == code
            else:
                raise AssertionError(f"a desk takes what the server refuses: {code}")

    # what happens

    def step(self) -> None:
        """One wish; now and then two at once, of which one comes late and is signed again."""
        wish = self._wish()
        if self.rng.random() < 0.25:
            other, head = self._wish(), self.head
            first = self.send(*wish)
            second = self.send(*other, head)
            assert "taken" not in (first, second) or first != second
            if second == "moved":
                self.raced += 1
                self.send(*other)
        else:
            self.send(*wish)
        if self.rng.random() < 0.3:
            self.desk.sync()
        if self.rng.random() < 0.04:
            self.desk.restart()
        if self.rng.random() < 0.04:
            self.server.restart()

    def settle(self) -> None:
        self.desk.sync()
        assert self.desk.head == self.head

    def present(self) -> list[Actor]:
        return [actor for actor in self.actors if self.model.status.get(actor.id) == IN]

    def author(self, *, admin: bool = True) -> Actor:
        present = self.present()
        ranked = [a for a in present if self.model.standing[a.id] >= Standing.ADMIN]
        if admin and ranked and self.rng.random() < 0.85:
            return self.rng.choice(ranked)
        return self.rng.choice(present if self.rng.random() < 0.9 else self.actors)

    def target(self) -> Actor:
        there = [a for a in self.actors if self.model.status.get(a.id, OUT) != OUT]
        return self.rng.choice(there if self.rng.random() < 0.93 else self.actors)

    def group(self) -> bytes:
        return self.rng.choice([*self.model.archived, self.rng.choice(GROUPS)])

    def cuts(self) -> list[Cut]:
        """Mostly none: what an entry takes in logs that nobody has begun; now and then a wrong one."""
        if self.rng.random() < 0.8:
            return []
        logs = self.rng.sample(sorted(self.model.logs()), 1)
        return [Cut(log.encode(), 0, NO_HASH) for log in logs]

    def _wish(self) -> tuple[Actor, int, RosterOperation]:
        kinds = list(WISHES)
        (kind,) = self.rng.choices(kinds, [WISHES[each] for each in kinds])
        actor, operation = kind(self)
        device = self.rng.randint(1, actor.devices) if self.rng.random() < 0.3 else actor.devices
        if isinstance(operation, DeviceAdd) and self.rng.random() < 0.7:
            device = actor.devices + 1  # the new one adds itself
        return actor, device, operation
