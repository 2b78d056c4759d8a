"""Search over everything, through the palette of a shell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.shell import Shell
from app.desktop.viewmodels.global_search import GlobalSearch, snippet
from app.desktop.widgets import Command, CommandPalette
from tests.support.real_desks import Office
from tests.support.record_pages import PATIENCE, MakeContext, made
from vault.store import RecordKey

OpenPalette = Callable[[Desk], tuple[Context, CommandPalette]]


def indexed(desk: Desk) -> None:
    """The full text, which upkeep would index in the next quiet moment."""
    while desk.vault.indexer.index_more(1_000):
        pass


@pytest.fixture
def palette_of(qtbot: QtBot, context_of: MakeContext) -> OpenPalette:
    def make(desk: Desk) -> tuple[Context, CommandPalette]:
        shell = Shell()
        qtbot.addWidget(shell)
        shell.show()
        context = context_of(desk)
        search = GlobalSearch(context, shell)
        search.attach(shell)
        shell.open_palette()
        assert shell.palette_open is not None
        return context, shell.palette_open

    return make


def test_found_by_name_mail_digits_and_note(office: Office, palette_of: OpenPalette, qtbot: QtBot) -> None:
    ann = office.found()
    eva = made(
        ann, "person",
        {
            "name": "Eva Novak", "title": "Buyer",
            "emails/a": {"value": "eva@harbour.example", "label": "work"},
            "phones/a": {"value": "+31 20 555 0142", "label": "work"},
        },
    )  # fmt: skip
    deal = made(ann, "deal", {"name": "Cranes", "stage": "won", "amount": 100_0000, "currency": "EUR"})
    made(ann, "note", {"body": "They asked about galvanised bolts.", "about": deal.ref}, like=deal)
    indexed(ann)
    context, palette = palette_of(ann)
    for text in ("novak", "eva@harbour", "5550142", "0142"):
        palette.edit.setText(text)
        qtbot.waitUntil(lambda: "Eva Novak" in palette.titles(), timeout=PATIENCE)
    palette.edit.setText("galvanised")
    qtbot.waitUntil(lambda: any("galvanised bolts" in one for one in palette.titles()), timeout=PATIENCE)
    line = next(one for one in palette.lines.lines if "galvanised" in one.title)
    assert line.detail == "Cranes"
    wanted: list[RecordKey] = []
    context.record_wanted.connect(wanted.append)
    line.run()  # a note opens what it hangs on
    assert wanted == [deal]
    palette.edit.setText(eva.ref)
    assert "Eva Novak" in palette.titles()


def test_a_late_answer_to_an_older_text_is_dropped(
    office: Office, palette_of: OpenPalette, qtbot: QtBot, context_of: MakeContext
) -> None:
    ann = office.found()
    deal = made(ann, "deal", {"name": "Cranes"})
    made(ann, "note", {"body": "galvanised bolts", "about": deal.ref}, like=deal)
    made(ann, "note", {"body": "stainless nuts", "about": deal.ref}, like=deal)
    indexed(ann)
    _, palette = palette_of(ann)
    palette.edit.setText("galvanised")
    palette.edit.setText("stainless")
    qtbot.waitUntil(lambda: "stainless nuts" in palette.titles(), timeout=PATIENCE)
    assert "galvanised bolts" not in palette.titles()
    kept = palette.titles()
    palette.show_results("galvanised", [Command("galvanised bolts", lambda: None)])  # comes after all
    assert palette.titles() == kept


def test_nothing_of_other_groups_is_found(office: Office, palette_of: OpenPalette, qtbot: QtBot) -> None:
    ann = office.found()
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    made_in_west = ann.home_for("company", west)
    made(ann, "company", {"name": "Secret Holdings"})
    with ann.editor.action() as action:
        shown = action.create("company", made_in_west, {"name": "Secretary Supplies"})
    cy = office.join(ann, "cy", "Cy Castellanos", [(west, office.role(ann, "Read only"))])
    qtbot.waitUntil(lambda: cy.records.get(shown) is not None, timeout=PATIENCE)
    _, palette = palette_of(cy)
    palette.edit.setText("secret")
    qtbot.waitUntil(lambda: "Secretary Supplies" in palette.titles(), timeout=PATIENCE)
    assert "Secret Holdings" not in palette.titles()
    assert not any(one.title == "New company" for one in palette.lines.lines)


def test_a_snippet_shows_where_the_word_stands() -> None:
    body = "word " * 60 + "needle in it " + "tail " * 60
    shown = snippet(body, "Needle")
    assert "needle in it" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert snippet("short", "short") == "short"
    assert snippet(None, "x") == ""
