"""Without a server: what is done here is done; what needs the server says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that these tests may stop."""
    with running_server(tmp_path_factory.mktemp("own-server")) as running:
        yield running


@pytest.fixture(scope="module")
def eva(own_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Person:
    person = Person(tmp_path_factory.mktemp("eva"), "eva", "Eva Offline")
    person.init(own_server.origin)
    return person


@pytest.fixture
def down(own_server: RunningServer, eva: Person) -> Iterator[RunningServer]:
    own_server.stop()
    yield own_server
    if not own_server.running:
        own_server.start()


@pytest.mark.usefixtures("down")
def test_edits_are_kept_and_no_error(eva: Person, tmp_path: Path) -> None:
    answer = eva.do("add", "company", "--set", "name=Made Offline")
    assert answer["synchronised"] is False
    assert answer["reason"] == "No connection"
    ran = eva.ran("edit", answer["id"], "--set", "sector=mining")
    assert ran.code == Exit.OK
    assert "Saved on this computer" in ran.err
    file = tmp_path / "people.csv"
    file.write_text("Name,Email\nOff Line,off@example.org\n")
    assert eva.do("import", str(file), "--type", "person")["synchronised"] is False
    assert eva.do("status")["pending"] >= 3


def test_everything_is_sent_later(down: RunningServer, eva: Person, tmp_path: Path) -> None:
    eva.do("add", "company", "--set", "name=Sent Later")
    down.start()
    assert eva.do("sync")["pending"] == 0
    second = Person(tmp_path / "second", eva.handle, eva.name)
    second.key_file.write_bytes(eva.key_file.read_bytes())
    second.key_file.chmod(0o600)
    second.do("sign-in", "--server", down.origin, "--handle", eva.handle)
    second.do("sync")
    assert "Sent Later" in str(second.do("list", "companies"))


@pytest.mark.usefixtures("down")
@pytest.mark.parametrize(
    "words",
    [
        ["sync", "--timeout", "0"],
        ["sync", "--timeout", "1"],
        ["team", "invite", "--name", "Nobody"],
        ["team", "group-create", "Nowhere"],
        ["team", "remove", "me", "--yes"],
    ],
)
def test_what_needs_the_server(eva: Person, words: list[str]) -> None:
    error = eva.fails(Exit.OFFLINE, *words)
    assert error["code"] == "offline"


def test_sync_waits_for_the_server(down: RunningServer, eva: Person) -> None:
    coming = threading.Timer(0.5, down.start)
    coming.start()
    try:
        assert eva.do("sync", "--timeout", "30")["synchronised"] is True
    finally:
        coming.join()


@pytest.mark.hostile
def test_an_older_server_is_brought_forward(own_server: RunningServer, eva: Person, tmp_path: Path) -> None:
    """The server's folder is put back to what it was: it gets again what it lost."""
    import shutil

    eva.do("sync")
    own_server.stop()
    shutil.copytree(own_server.data, tmp_path / "before")
    own_server.start()
    eva.do("team", "group-create", "After the copy")
    own_server.stop()
    shutil.rmtree(own_server.data)
    shutil.copytree(tmp_path / "before", own_server.data)
    own_server.start()
    eva.do("sync")
    assert "After the copy" in str(eva.do("team", "groups"))
    eva.do("team", "group-create", "And after that")
    assert "And after that" in str(eva.do("team", "groups"))
