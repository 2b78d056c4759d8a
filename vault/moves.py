"""What a desk does by itself about records that were moved: the copies, and the companions that have to follow."""

from __future__ import annotations

from collections.abc import Callable

from protocol.access import home_log, level
from protocol.ids import LOG_ID_SIZE, Compartment, Level, LogId, MemberId
from protocol.state import RosterState
from vault.store import Astray, Companions, Editor, Mover, RecordKey, Store, Tx

MOST = 200
AT_ONCE = 500
MOST_ROUNDS = 40
"""Steps of one transaction, and how many of these follow each other before other work has its turn."""
PATIENCE = 60
"""Seconds that a colleague has to make his copies himself; else every desk that may would make each of them."""
_CARRY = "carry:"
_LOG = LOG_ID_SIZE


def companion_home(roster: RosterState, compartment: Compartment, log: LogId) -> LogId:
    """Where a companion with fields of that compartment belongs whose record is in `log`: in the own log of the same
    member where his reach there is own only, else in the group's shared one."""
    return home_log(roster, log.owner, log.group, compartment)


class Moves:
    """Used by one thread at a time, but for `astray`."""

    def __init__(
        self,
        store: Store,
        mover: Mover,
        companions: Companions,
        editor: Editor,
        roster: Callable[[], RosterState],
        me: MemberId,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._mover = mover
        self._companions = companions
        self._editor = editor
        self._roster = roster
        self._me = me
        self._clock = clock
        self._with_content: frozenset[str] = frozenset()

    def keep_content_of(self, types: frozenset[str]) -> None:
        """Note the copies of these types: their content lies elsewhere, and has to be taken to the new home."""
        self._with_content = types

    def content_due(self) -> list[tuple[RecordKey, RecordKey]]:
        """(old, copy) of records whose content is still to be taken along."""
        with self._store.read() as tx:
            rows = tx.all("SELECT name, value FROM meta WHERE name LIKE 'carry:%'")
        found = []
        for name, value in rows:
            assert isinstance(name, str) and isinstance(value, bytes)
            kind = name.split(":")[1]
            old, copy = value[: _LOG + 16], value[_LOG + 16 :]
            found.append((_decoded(kind, old), _decoded(kind, copy)))
        return found

    def content_taken(self, copy: RecordKey) -> None:
        """The content of this copy is where it belongs."""
        with self._store.write() as tx:
            tx.execute("DELETE FROM meta WHERE name = ?", (f"{_CARRY}{copy.ref}",))

    def _on_copy(self, tx: Tx, old: RecordKey, copy: RecordKey) -> None:
        if copy.type in self._with_content:
            value = old.log.encode() + old.id + copy.log.encode() + copy.id
            tx.execute(
                "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (f"{_CARRY}{copy.ref}", value)
            )

    def settle(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """All that is due now: companions that have to follow, copies that have to be made; whether there was any."""
        some = False
        for _ in range(MOST_ROUNDS):
            if stop() or not (self.follow() + len(self.finish())):
                break
            some = True
        return some

    def finish(self) -> list[RecordKey]:
        """Make the copies of moved records that are due here; the copies that were written.

        A mark of somebody else's is finished within its own group and compartment (a rep hands a deal over to a
        colleague's own log, which he cannot write himself), and else only where its author may write the target.
        Nothing is carried into the directory: this desk's signature must not stand under what somebody else could
        not have put there.
        """
        roster = self._roster()

        def may_ask(member: MemberId, home: LogId, target: LogId) -> bool:
            if (home.group, home.compartment) == (target.group, target.compartment):
                return True
            return level(roster, member, target) is Level.WRITE

        now = self._clock()

        def waits(member: MemberId, target: LogId, time: int) -> bool:
            """Whoever may write there himself makes his copies himself, unless he is away."""
            return 0 <= now - time < PATIENCE and level(roster, member, target) is Level.WRITE

        return self._mover.finish(
            lambda log: self._may_write(roster, log),
            may_ask,
            AT_ONCE,
            companion_home=lambda compartment, log: companion_home(roster, compartment, log),
            on_copy=self._on_copy,
            waits=waits,
            epoch=roster.position,
        )

    def follow(self) -> int:
        """Send companions after their records, where whoever moved these could not; how many.

        Within a group always. Into another group only where the mover himself reads the companion and writes where
        it would go: else a colleague without access could have others carry to his friends what he cannot
        read. What stays behind can be brought by hand (`bring`).
        """
        roster = self._roster()
        due = [one for one in self._companions.astray(MOST) if self._follows(roster, one)]
        self._send(roster, due)
        return len(due)

    def astray(self, copy: RecordKey) -> list[Astray]:
        """Companions of this record that stayed where it was before, and that this desk may bring after it."""
        roster = self._roster()
        return [one for one in self._companions.astray() if one.copy == copy and self._can(roster, one)]

    def bring(self, astray: list[Astray]) -> None:
        """Send them after their record: somebody who may do both wants it."""
        self._send(self._roster(), astray)

    def _send(self, roster: RosterState, some: list[Astray]) -> None:
        with self._editor.action() as action:
            for one in some:
                target = self._target(roster, one)
                if target == one.companion.log:
                    action.rename(one.companion)
                else:
                    action.move(one.companion, target)

    def _follows(self, roster: RosterState, one: Astray) -> bool:
        if not self._can(roster, one):
            return False
        if one.companion.log.group == one.copy.log.group:
            return True
        reads = level(roster, one.mover, one.companion.log) >= Level.READ
        return reads and level(roster, one.mover, self._target(roster, one)) is Level.WRITE

    def _can(self, roster: RosterState, one: Astray) -> bool:
        return self._may_write(roster, one.companion.log) and self._may_write(
            roster, self._target(roster, one)
        )

    @staticmethod
    def _target(roster: RosterState, one: Astray) -> LogId:
        return companion_home(roster, one.companion.log.compartment, one.copy.log)

    def _may_write(self, roster: RosterState, log: LogId) -> bool:
        return log.compartment is not Compartment.DIRECTORY and level(roster, self._me, log) is Level.WRITE


def _decoded(kind: str, data: bytes) -> RecordKey:
    return RecordKey(LogId.decode(data[:_LOG]), kind, data[_LOG:])


__all__ = ["Moves", "companion_home"]
