"""The diagnostics bundle: useful, and with nothing of the records in it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from app.desk.diagnostics import PROMISE, cut, diagnostics, roughly
from app.desk.technical_journal import MOST_LINES, TechnicalJournal, error_words
from protocol.ids import DIRECTORY_LOG, Compartment, LogId
from sync_client import Offline, Phase, ServerRefused, SyncState
from tests.support.real_desks import PASSWORD, Office
from tools.canaries import search
from vault.exchange import Forked, LogBroken
from vault.store import NotFound

HANDLE = "canary-handle-quillon"


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def canary(number: int) -> str:
    return f"Canary{number:03d}{secrets.token_hex(4)}"


class Planted:
    """A desk whose records, names, notes, files, keys and errors are full of canaries."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.words = [canary(number) for number in range(200)]
        words = iter(self.words)
        self.desk = desk = office.found(HANDLE, next(words), next(words))
        group = desk.actions.create_group(next(words), [(desk.me, office.role(desk, "Team Admin"))])
        desk.actions.invite(next(words), [(group, office.role(desk, "Manager"))])
        for type_name in ("person", "company", "deal", "product", "task", "note"):
            with desk.editor.action() as action:
                for _ in range(20):
                    name = "body" if type_name == "note" else "title" if type_name == "task" else "name"
                    key = action.create(type_name, desk.home_for(type_name, group), {name: next(words)})
        file = folder / f"{next(words)}.txt"
        file.write_text(next(words))
        desk.attachments.attach(key, file)
        desk.sync_now()
        self._errors([next(words) for _ in range(30)])
        with desk.vault.store.read() as tx:
            logs = desk.vault.exchange.desk.logs
            self.keys = [key for log in logs.logs_with_keys(tx) for key in logs.keys(tx, log).values()]
        self.keys += [office.keychain.load(desk.profile.id).raw, desk.vault.own.private[0].to_bytes()]

    def _errors(self, words: list[str]) -> None:
        desk = self.desk
        for word in words:
            for error in (
                KeyError(word),
                Forked(word),
                ServerRefused(word, word),
                NotFound(word),
                ValueError(word),
            ):
                desk.journal.error("window", error)
            try:
                raise RuntimeError(word)
            except RuntimeError as error:
                desk.journal.error("window", error)
            desk.journal.state(SyncState(Phase.HALTED, error=Forked(word)))
            desk.alarms.record(LogBroken(word, "counter"), DIRECTORY_LOG)


@pytest.fixture
def planted(office: Office, tmp_path: Path) -> Planted:
    return Planted(office, tmp_path)


def test_two_hundred_canaries_and_none_is_in_it(planted: Planted) -> None:
    text = diagnostics(planted.desk, {"theme": "dark", "last": planted.words[7]})
    wanted: list[str | bytes] = [*planted.words, PASSWORD, HANDLE, *planted.keys]
    assert len(planted.words) == 200
    assert list(search(wanted, [("diagnostics", text.encode())])) == []
    assert planted.desk.profile.server.removeprefix("http://") not in text
    for shift in (8, 16):
        pieces = [key.hex()[:shift] for key in planted.keys] + [
            base64.b64encode(key).decode()[:shift] for key in planted.keys
        ]
        assert not [piece for piece in pieces if piece in text]


def test_no_whole_id_is_in_it(planted: Planted) -> None:
    desk, text = planted.desk, diagnostics(planted.desk)
    roster = desk.vault.roster
    ids = [*roster.members, *roster.devices, *roster.groups, *roster.roles, roster.workspace, roster.head]
    assert not [one for one in ids if one.hex()[:8] in text]


def test_the_search_would_find_one(planted: Planted) -> None:
    planted.desk.journal._put(planted.words[5])
    text = diagnostics(planted.desk)
    assert [found.canary for found in search(planted.words, [("diagnostics", text.encode())])] == [
        planted.words[5]
    ]


def test_what_helps_is_in_it(planted: Planted) -> None:
    desk = planted.desk
    text = diagnostics(desk, {"theme": "dark", "idle-minutes": "10"})
    assert PROMISE in text
    for line in (
        f"roster position {desk.vault.roster.position} head {cut(desk.vault.roster.head)}",
        "person 10 to 99",
        "theme dark",
        "idle-minutes 10",
        "standing owner, status active, devices 1",
        "server http, on this computer",
        "log-broken counter directory 0000 times 1",
        "window KeyError",
        "window Forked forked",
        "window RuntimeError",
        "sync halted Forked forked",
    ):
        assert line in text, line
    log = LogId(next(one.id for one in desk.team().groups if one.name == "Everyone"), Compartment.CONTACTS)
    assert "keys 1" in text
    assert log.group.hex() not in text


def test_errors_are_told_by_class_and_stable_code() -> None:
    assert error_words(Forked("secret")) == "Forked forked"
    assert error_words(ServerRefused("roster-moved", "secret")) == "ServerRefused roster-moved"
    assert error_words(ServerRefused("Secret Name", "x")) == "ServerRefused"
    assert error_words(Offline("secret")) == "Offline"

    class Odd(Exception):
        code = "secret"

    assert error_words(Odd()) == "Odd"


def test_the_journal_is_bounded_and_takes_stable_words_only() -> None:
    journal = TechnicalJournal(lambda: 0.0)
    for number in range(MOST_LINES + 50):
        journal.note("export", number, code="csv")
    assert len(journal.lines()) == MOST_LINES
    assert journal.lines()[-1] == f"1970-01-01T00:00:00Z export {MOST_LINES + 49} csv"
    with pytest.raises(ValueError, match="stable words"):
        journal.note("Harbour Cranes")
    with pytest.raises(ValueError, match="stable words"):
        journal.error("Harbour Cranes", ValueError())


def test_a_state_is_noted_once() -> None:
    journal = TechnicalJournal()
    for _ in range(3):
        journal.state(SyncState(Phase.OFFLINE, error=Offline("name of a server")))
    journal.state(SyncState(Phase.IDLE))
    assert [line.split(" ", 1)[1] for line in journal.lines()] == ["sync offline Offline", "sync idle"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "under 10"),
        (9, "under 10"),
        (10, "10 to 99"),
        (1_204, "1,000 to 9,999"),
        (100_000, "100,000 to 999,999"),
    ],
)
def test_sizes_are_rough(number: int, words: str) -> None:
    assert roughly(number) == words


def test_it_is_made_at_a_desk_that_is_offline(office: Office) -> None:
    desk: Desk = office.found()
    desk.stop_sync()
    assert "phase stopped" in diagnostics(desk)
