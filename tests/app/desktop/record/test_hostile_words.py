"""A colleague's record may hold anything: it is shown as it stands, never as markup."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTextBrowser, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.pages.record import NewRecordDialog
from app.desktop.pages.server_view import ServerViewPage
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, made, put, texts

pytestmark = [pytest.mark.hostile, pytest.mark.A22]

BOLD = "<b>x</b>"
PICTURE = '<img src="http://127.0.0.1:9/p.png">'
LINK = "<a href='file:///etc/passwd'>click</a>"


def assert_plain(widget: QWidget) -> None:
    labels = widget.findChildren(QLabel)
    assert labels
    for label in labels:
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
        assert not label.openExternalLinks()
    assert not widget.findChildren(QTextBrowser)
    assert not widget.findChildren(QTextEdit)  # fields of several lines are QPlainTextEdit


def test_every_tab_of_a_record_shows_markup_as_it_stands(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found(name="Ann <i>A</i>")
    ben = office.join(ann, "ben", BOLD)
    company = made(
        ben, "company", {"name": BOLD, "notes": PICTURE, "tags/v": {"value": LINK}, "sector": BOLD}
    )
    made(ben, "person", {"name": PICTURE, "company": company.ref, "title": LINK})
    made(ben, "deal", {"name": LINK, "company": company.ref, "stage": "<u>odd</u>", "source": BOLD})
    made(ben, "task", {"title": PICTURE, "about": company.ref}, like=company)
    made(ben, "note", {"body": PICTURE, "about": company.ref, "author": BOLD}, like=company)
    made(ben, "file", {"name": PICTURE, "about": company.ref, "size": 3}, like=company)
    put(ben, company, {"name": PICTURE})
    qtbot.waitUntil(
        lambda: (found := ann.records.get(company)) is not None and found.title == PICTURE, timeout=20_000
    )
    qtbot.waitUntil(lambda: len(ann.records.related(company.ref)) == 5, timeout=20_000)
    at = Opened(qtbot, context_of(ann), company)
    for tab in ("timeline", "related", "history", "files"):
        at.page.tabs.show_tab(tab)
        assert_plain(at.page)
    assert PICTURE in texts(at.page)
    assert at.page.header.title.text() == PICTURE
    at.page.header.delete_wanted.emit()
    at.wait(lambda: at.state.record.deleted)
    assert_plain(at.page)


def test_the_server_view_shows_markup_as_it_stands(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "company", {"name": PICTURE, "notes": BOLD})
    page = ServerViewPage(context_of(ann))
    qtbot.addWidget(page)
    page.show()
    page.show_record(key)
    qtbot.waitUntil(lambda: page.view is not None and PICTURE in texts(page), timeout=20_000)
    assert_plain(page)


def test_what_may_be_a_duplicate_is_shown_as_it_stands(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    made(ann, "person", {"name": BOLD, "emails/a": {"value": "eva@harbour.example", "label": PICTURE}})
    dialog = NewRecordDialog(
        window, context_of(ann), "person", {"name": "Eva", "emails": "eva@harbour.example"}
    )
    dialog.open_overlay()
    dialog.editors["emails"].set_text("eva@harbour.example")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: BOLD in texts(dialog), timeout=20_000)
    assert_plain(dialog)
