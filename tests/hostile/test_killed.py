"""A desk that dies at every point there is (A42): before and after each transaction of its vault and each request,
while it saves, pushes, pulls, rotates, or hands keys on. (Real processes, killed at random: `tests/crash`.)

What was acknowledged is at every desk, once; nothing stops; no generation is begun twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from protocol import wire
from protocol.commit import Kind
from tests.hostile.harness import HostileOffice, hostile_office
from tests.support.desks import Desk
from tests.support.lies import kinds
from vault.store import Tx

pytestmark = [pytest.mark.hostile, pytest.mark.A42]


class Killed(BaseException):
    """The end of a process, as far as it can be played in one."""


class Blade:
    """Falls at the point with the number `at`; points are counted as they come. Without `at` it only counts."""

    def __init__(self, desk: Desk, at: int) -> None:
        self._desk, self._at = desk, at
        self.points = 0

    def _point(self) -> None:
        self.points += 1
        if self.points == self._at:
            raise Killed

    @contextmanager
    def over(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        store, relay = self._desk.vault.store, self._desk.world.relay
        write, push, add_wraps = store.write, relay.push, relay.add_wraps

        @contextmanager
        def writing(*, durable: bool = True) -> Iterator[Tx]:
            with write(durable=durable) as tx:
                yield tx
                self._point()
            self._point()

        def pushing(request: wire.Push) -> wire.PushReply:
            self._point()
            reply = push(request)
            self._point()
            return reply

        def adding(request: wire.AddWraps) -> None:
            self._point()
            add_wraps(request)
            self._point()

        with patch.context() as inner:
            inner.setattr(store, "write", writing)
            inner.setattr(relay, "push", pushing)
            inner.setattr(relay, "add_wraps", adding)
            yield


def born_again(desk: Desk) -> None:
    """Start again from the files as they lie there: nothing was settled, nothing was closed in good order."""
    folder = desk.vault.profile.folder
    desk.vault.store.close()
    desk.vault.profile.close()
    desk.open_again(folder)


def save_and_push(office: HostileOffice) -> Callable[[], None]:
    def act() -> None:
        office.ann.put(office.person, name="Saved")
        office.ann.sync()

    return act


def rotate(office: HostileOffice) -> Callable[[], None]:
    """A removal made all logs stale: what is pushed next begins with rotates."""
    dee = office.world.member("dee")
    office.world.sync_all()
    office.ann.remove(dee.member)
    office.ann.put(office.person, name="Saved")
    office.ann.put(office.deal, title="Saved too")
    return office.ann.sync


def pull(office: HostileOffice) -> Callable[[], None]:
    """A new key, commits under it, and entries of the roster come in; an edit of her own waits."""
    dee = office.world.member("dee")
    office.world.sync_all()
    office.ann.remove(dee.member)
    office.ben.sync()
    for number in range(3):
        office.ben.put(office.person, phone=str(number))
        office.ben.sync()
    office.ann.put(office.person, name="Saved")
    return office.ann.pull


def hand_on(office: HostileOffice) -> Callable[[], None]:
    """Somebody joined: he is confirmed and gets the keys."""
    office.world.join("eve", office.world.invite("eve"))
    office.ann.put(office.person, name="Saved")
    return office.ann.sync


Story = Callable[[HostileOffice], Callable[[], None]]


@pytest.mark.slow
@pytest.mark.parametrize("story", [save_and_push, rotate, pull, hand_on])
def test_A42_killed_at_every_point(
    story: Story, tmp_path: Path, fast_kdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = _killed_at(range(1, 1_000), story, tmp_path, monkeypatch)
    assert points >= (3 if story is pull else 6)


def test_A42_killed_while_it_rotates(tmp_path: Path, fast_kdf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of the points, for every day."""
    assert _killed_at(range(2, 1_000, 6), rotate, tmp_path, monkeypatch) > 6


def _killed_at(points: Iterable[int], story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Play the story, killed at each of these points, until it comes to its end before; the last point."""
    for at in points:
        with hostile_office(tmp_path / str(at)) as office:
            act = story(office)
            blade = Blade(office.ann, at)
            died = False
            with blade.over(monkeypatch):
                try:
                    act()
                except Killed:
                    died = True
            if died:
                born_again(office.ann)
            _all_is_there(office, acknowledged=story is not save_and_push or at > 2)
        if not died:
            return at
    raise AssertionError("it never comes to its end")


def _all_is_there(office: HostileOffice, acknowledged: bool) -> None:
    assert not office.ann.exchange.restored, "a death is not a backup"
    office.heal(office.ann, office.ben)
    for log in office.relay.logs:
        generations = kinds(office.world, log).count(Kind.ROTATE)
        assert office.relay.logs[log].state.generation == generations
    name = office.ann.field(office.person, "name")
    assert name == "Saved" or not acknowledged
    for desk in office.world.desks:
        if desk.vault.me.active:
            assert desk.exchange.stopped() == [] and desk.exchange.blocked() == []
            assert desk.field(office.person, "name") == name
    for key in (office.person, office.deal):
        mine, others = (desk.vault.history.history(key) for desk in (office.ann, office.ben))
        assert [entry.action for entry in mine] == [entry.action for entry in others]
        assert len({entry.action for entry in mine}) == len(mine), "an edit counts twice"
