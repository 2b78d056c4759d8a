"""The operator's journal and the list of log-ins, as a desk takes them: checked, pinned, and the server's word."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.desk import Desk
from protocol.ids import NO_HASH
from protocol.wire_security import journal_hash
from sync_client import ServerRefused, SignInRefused, sign_in
from sync_client.account import Credentials
from tests.support.real_desks import Office
from tests.support.server import RunningServer, running_server
from vault.keys import SecretKey
from vault.keys.derive import derive
from vault.operator_journal import JournalAltered

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def office(server: RunningServer, tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path / "office", server.origin)
    yield found
    for desk in found.desks.values():
        desk.lock()


Change = Callable[[sqlite3.Connection], None]


def alter(server: RunningServer, desk: Desk, change: Change) -> None:
    """What whoever runs the server can do to the file."""
    path = server.data / "workspaces" / f"{desk.vault.roster.workspace.hex()}.db"
    with closing(sqlite3.connect(path, timeout=20)) as file, file:
        change(file)


def chain_anew(file: sqlite3.Connection, workspace: bytes) -> None:
    """Number and hash all lines again, so that the chain holds in itself."""
    rows = file.execute("SELECT time, actor, action, detail FROM operator_journal ORDER BY seq").fetchall()
    file.execute("DELETE FROM operator_journal")
    previous = NO_HASH
    for seq, (time, actor, action, detail) in enumerate(rows, 1):
        digest = journal_hash(workspace, seq, previous, time, actor, action, detail)
        row = (seq, time, actor, action, detail, previous, digest)
        file.execute("INSERT INTO operator_journal VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        previous = digest


def write_lines(server: RunningServer, desk: Desk, count: int) -> None:
    """As the operator's commands do."""

    def add(file: sqlite3.Connection) -> None:
        for n in range(count):
            last = file.execute("SELECT max(seq) FROM operator_journal").fetchone()[0]
            row = (last + 1, 1_800_000_000 + n, "root", "status", f"look {n}", b"", b"")
            file.execute("INSERT INTO operator_journal VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        chain_anew(file, desk.vault.roster.workspace)

    alter(server, desk, add)


def test_the_journal_is_read_and_grows(server: RunningServer, office: Office) -> None:
    ann = office.found()
    assert [one.action for one in ann.server_word.journal()] == ["serve"]
    write_lines(server, ann, 1_200)  # more than two pages
    found = ann.server_word.journal()
    assert len(found) == 1_201
    assert found[-1].detail == "look 1199"


def change_a_line(file: sqlite3.Connection) -> None:
    file.execute("UPDATE operator_journal SET detail = 'nothing to see' WHERE seq = 3")


def take_out_a_line(file: sqlite3.Connection) -> None:
    file.execute("DELETE FROM operator_journal WHERE seq = 3")


def swap_two_lines(file: sqlite3.Connection) -> None:
    for before, after in ((2, 1_000), (3, 2), (1_000, 3)):
        file.execute("UPDATE operator_journal SET seq = ? WHERE seq = ?", (after, before))


def cut_the_end(file: sqlite3.Connection) -> None:
    file.execute("DELETE FROM operator_journal WHERE seq > 3")


@pytest.mark.hostile
@pytest.mark.parametrize("again", [False, True], ids=["as-it-is", "chained-anew"])
@pytest.mark.parametrize("change", [change_a_line, take_out_a_line, swap_two_lines, cut_the_end])
def test_what_was_shown_cannot_be_changed(
    server: RunningServer, office: Office, change: Change, again: bool
) -> None:
    ann = office.found()
    write_lines(server, ann, 4)
    shown = ann.server_word.journal()

    def lie(file: sqlite3.Connection) -> None:
        change(file)
        if again:
            chain_anew(file, ann.vault.roster.workspace)

    alter(server, ann, lie)
    with pytest.raises(JournalAltered) as noticed:
        ann.server_word.journal()
    assert noticed.value.code in ("journal-altered", "journal-shortened", "journal-broken")
    assert [alarm.kind for alarm in ann.alarms.all()] == ["journal-altered"]
    ann = office.reopen("ann")  # the pin outlives a lock
    with pytest.raises(JournalAltered):
        ann.server_word.journal()
    assert len(shown) == 5


@pytest.mark.hostile
def test_a_shorter_one_that_grows_again_is_noticed(server: RunningServer, office: Office) -> None:
    ann = office.found()
    write_lines(server, ann, 4)
    ann.server_word.journal()

    def lie(file: sqlite3.Connection) -> None:
        cut_the_end(file)
        chain_anew(file, ann.vault.roster.workspace)

    alter(server, ann, lie)
    write_lines(server, ann, 6)
    with pytest.raises(JournalAltered):
        ann.server_word.journal()


def test_after_an_alarm_a_person_may_go_by_the_new_one(server: RunningServer, office: Office) -> None:
    ann = office.found()
    write_lines(server, ann, 4)
    ann.server_word.journal()

    def lie(file: sqlite3.Connection) -> None:
        cut_the_end(file)
        chain_anew(file, ann.vault.roster.workspace)

    alter(server, ann, lie)
    with pytest.raises(JournalAltered):
        ann.server_word.journal()
    assert len(ann.server_word.trust_journal()) == 3
    write_lines(server, ann, 1)
    assert len(ann.server_word.journal()) == 4
    alter(server, ann, change_a_line)
    with pytest.raises(JournalAltered) as broken:
        ann.server_word.trust_journal()  # one that contradicts itself is nobody's
    assert broken.value.code == "journal-broken"


def test_only_admins_are_told(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brandt")
    for ask in (ben.server_word.journal, ben.server_word.sign_ins):
        with pytest.raises(ServerRefused) as refused:
            ask()
        assert refused.value.code == "forbidden"


def test_log_ins_by_member_and_device(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brandt")
    http = ann.new_http()
    stranger = derive("a wrong password", SecretKey.generate())
    with pytest.raises(SignInRefused):
        sign_in(http, Credentials("ben", stranger.login.sign, "Ben's own laptop, honest"))
    http.close()
    found = ann.server_word.sign_ins()
    own = ann.team().member(ann.me).devices[0].name
    assert {(one.member, one.device_name) for one in found if one.ok and one.member == ann.me} == {
        (ann.me, own)
    }
    refused = [one for one in found if not one.ok]
    assert [(one.member, one.device_name) for one in refused] == [(ben.me, "")]
