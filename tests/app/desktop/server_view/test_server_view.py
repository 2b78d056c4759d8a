"""The page shows what the server has: compared with the database of the server, byte for byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.desktop.pages.server_view import ServerViewPage
from tests.support.real_desks import Office
from tests.support.record_pages import PATIENCE, MakeContext, made, put, texts

NAME = "Harbour Crane Consortium"


def stored(folder: Path) -> set[tuple[bytes, bytes, bytes]]:
    """(header, signature, body) of every commit in the databases of the workspaces."""
    found: set[tuple[bytes, bytes, bytes]] = set()
    for path in folder.rglob("*.db"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if {"commits", "bodies"} <= tables:
                found |= set(
                    database.execute("SELECT header, signature, body FROM commits JOIN bodies USING (serial)")
                )
    return found


def opened(qtbot: QtBot, office: Office, context_of: MakeContext) -> ServerViewPage:
    page = ServerViewPage(context_of(office.desks["ann"]))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


def test_the_bytes_are_those_of_the_servers_database(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": NAME, "amount": 120_0000, "currency": "EUR"})
    qtbot.waitUntil(lambda: ann.pending() == 0, timeout=PATIENCE)
    put(ann, key, {"stage": "won"})
    qtbot.waitUntil(lambda: ann.pending() == 0, timeout=PATIENCE)
    page = opened(qtbot, office, context_of)
    assert page.stack.currentIndex() == 0
    page.show_record(key)
    qtbot.waitUntil(lambda: page.view is not None and NAME in texts(page), timeout=PATIENCE)
    view = page.view
    assert view is not None
    assert view.total == len(view.commits) == 2
    assert not view.waiting
    kept = stored(office.folder / "server")
    for commit in view.commits:
        assert (commit.header_bytes, commit.signature, commit.body) in kept
    assert page.body_hex is not None
    assert page.header_hex is not None
    assert page.body_hex.data() == view.commits[0].body
    assert page.header_hex.data() == view.commits[0].header_bytes
    for header, signature, body in kept:
        assert NAME.encode() not in header + signature + body
    words = texts(page)
    assert "€120" in words
    assert "2 sealed commits hold parts of this record" in words


def test_offline_it_says_so_and_asks_again(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": NAME})
    qtbot.waitUntil(lambda: ann.pending() == 0, timeout=PATIENCE)
    port = office.port
    office.server.stop()
    page = opened(qtbot, office, context_of)
    page.show_record(key)
    qtbot.waitUntil(lambda: "stays yours to read and change" in texts(page), timeout=PATIENCE)
    qtbot.waitUntil(lambda: NAME in texts(page), timeout=PATIENCE)
    assert page.view is None
    assert page._again.isEnabled()
    office.server.start(port)
    page._again.click()
    qtbot.waitUntil(lambda: page.view is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "stays yours to read and change" not in texts(page), timeout=PATIENCE)
    assert page.body_hex is not None


def test_what_was_not_sent_is_said(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    qtbot.waitUntil(lambda: ann.pending() == 0, timeout=PATIENCE)
    ann.stop_sync()
    key = made(ann, "deal", {"name": NAME})
    page = opened(qtbot, office, context_of)
    page.show_record(key)
    qtbot.waitUntil(lambda: "what you see was not sent" in texts(page), timeout=PATIENCE)
    assert page.view is not None
    assert page.view.commits == ()


def test_it_follows_the_record_in_front(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    first, second = (made(ann, "deal", {"name": name}) for name in ("Cranes", "Pumps"))
    context = context_of(ann)
    page = ServerViewPage(context)
    qtbot.addWidget(page)
    page.show()
    for key, name in ((first, "Cranes"), (second, "Pumps")):
        context.open_record(key)
        qtbot.waitUntil(lambda name=name: name in texts(page), timeout=PATIENCE)  # type: ignore[misc]
    assert page.key == second
