"""One random team after the other, and what has to be true of each."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.access import all_logs, level, logs_of, readers, why, writers
from protocol.history import RosterHistory
from protocol.ids import Level
from protocol.roster import DeviceRevoke, Rekey
from tests.protocol.rosters.folds import state_digest
from tests.protocol.rosters.keys import Keys
from tests.protocol.rosters.team import Team

STEPS = 16


@dataclass
class Count:
    rosters: int = 0
    entries: int = 0
    refused: int = 0
    raced: int = 0
    commits: int = 0
    attacks: int = 0
    lost: int = 0
    pairs: int = 0

    def line(self) -> str:
        return (
            f"{self.rosters} rosters, {self.entries} entries, {self.refused} refused, {self.raced} races, "
            f"{self.pairs} pairs of member and log, {self.commits} commits, {self.attacks} refused commits, "
            f"{self.lost} logs whose keys left with their holders"
        )


def play(seed: int, count: Count) -> None:
    team = Team(seed)
    keys = Keys(team)
    for step in range(STEPS):
        team.step()
        keys.follow()
        if step % 4 == 3:
            history = team.server.history
            keys.begin(team.rng.choice(sorted(team.model.logs())), history)
            keys.try_anything(history)
    team.settle()
    history = team.desk.history
    for log in list(keys.logs):
        keys.honest_commit(log, history)
    for _ in range(4):
        keys.try_anything(history)
    keys.upkeep(history)
    for log in list(keys.logs):
        keys.honest_commit(log, history)
    _one_state(team)
    count.pairs += _access_is_what_the_model_says(team)
    if seed % 10 == 0:
        _stale_is_what_the_model_says(team, keys)
    count.rosters += 1
    count.entries += team.head[0]
    count.refused += team.refused
    count.raced += team.raced
    count.commits += keys.commits
    count.attacks += keys.attacks
    count.lost += keys.lost


def _one_state(team: Team) -> None:
    """The server's, the desk's, both opened anew, and what is folded again from a checkpoint."""
    expected = state_digest(team.server.history.head)
    assert state_digest(team.desk.history.head) == expected
    team.server.restart()
    assert state_digest(team.server.history.head) == expected
    team.desk.restart()
    assert state_digest(team.desk.history.head) == expected
    if team.head[0] % 16 == 0:
        assert state_digest(team.desk.afresh()) == expected
    middle = team.head[0] // 2
    assert state_digest(team.desk.history.at(middle)) == state_digest(team.server.history.at(middle))


def _access_is_what_the_model_says(team: Team) -> int:
    pairs = 0
    for position in (team.head[0], team.head[0] // 2):
        state, model = team.desk.history.at(position), team.models[position - 1]
        logs = list(all_logs(state))
        assert set(logs) == set(model.logs())
        for member in state.members:
            mine = {log: model.level(member, log) for log in logs}
            for log, expected in mine.items():
                assert level(state, member, log) is expected
            assert logs_of(state, member) == {log for log, found in mine.items() if found >= Level.READ}
            pairs += len(logs)
        for log in team.rng.sample(logs, min(6, len(logs))):
            assert readers(state, log) == model.readers(log)
            assert writers(state, log) == model.writers(log)
            for member in state.members:
                best = max((reason.level for reason in why(state, member, log)), default=Level.NONE)
                assert best is model.level(member, log)
    return pairs


def _stale_is_what_the_model_says(team: Team, keys: Keys) -> None:
    """For every log from where it was rotated, by readers before and after each entry."""
    history: RosterHistory = team.desk.history
    for log, found in keys.logs.items():
        expected: int | None = None
        for taken in team.taken[found.state.rotated_at :]:
            before, after = team.models[taken.position - 2], team.models[taken.position - 1]
            had = before.readers(log)
            match taken.operation:
                case DeviceRevoke(device=device):
                    lost = before.device_of[device] in had
                case Rekey(member=member):
                    lost = member in had
                case _:
                    lost = bool(had - after.readers(log))
            if lost:
                expected = taken.position
                break
        assert history.stale_from(log, found.state.rotated_at, team.head[0]) == expected


def run(count: int, first: int) -> Count:
    """So many teams, from this seed on. Raises AssertionError with the seed in a note."""
    made = Count()
    for seed in range(first, first + count):
        try:
            play(seed, made)
        except Exception as error:
            error.add_note(f"the team of seed {seed}")
            raise
    return made
