"""Exports: what is chosen is what is in the file; stopped or failed ones leave nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.exporting import open_export, open_export_everything
from app.desktop.viewmodels.exporting import ExportDraft, Format, Scope
from protocol.ids import Permission
from tests.support.real_desks import Office, wait_until
from vault.store import Filter, Op, Query, RecordKey

SLOW = 20_000
MakeContext = Callable[[Desk], Context]


def fill(desk: Desk) -> list[RecordKey]:
    home = desk.home_for("person", desk.team().groups[0].id)
    with desk.editor.action() as action:
        return [
            action.create(
                "person", home, {"name": f"Person {number}", "title": "Captain" if number < 3 else "Mate"}
            )
            for number in range(10)
        ]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("scope", "number"), [(Scope.ALL, 10), (Scope.FILTERED, 3), (Scope.SELECTED, 2)])
def test_what_is_chosen_is_written(office: Office, tmp_path: Path, scope: Scope, number: int) -> None:
    ann = office.found()
    keys = fill(ann)
    query = Query("person", (Filter("title", Op.EQUALS, "Captain"),))
    draft = ExportDraft(ann, query, keys[4:6])
    assert draft.scope is Scope.SELECTED
    draft.scope = scope
    draft.fields = ["name", "title"]
    draft.readable_back = False
    assert draft.count(scope) == number
    done = draft.run(tmp_path / "people.csv", lambda written: None, lambda: False)
    assert done.written == number
    assert [list(row) for row in rows_of(tmp_path / "people.csv")] == [["Name", "Job title"]] * number


def test_a_stopped_export_leaves_nothing(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    fill(ann)
    target = tmp_path / "people.csv"
    target.write_text("what was there", encoding="utf-8")
    done = ExportDraft(ann, Query("person")).run(target, lambda written: None, lambda: True)
    assert done.cancelled
    assert target.read_text("utf-8") == "what was there"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


def test_who_may_not_export_a_group_does_not_get_its_records(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    fill(ann)
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    wait_until(lambda: cy.records.count(Query("person")) == 10)
    assert not cy.may(Permission.EXPORT, group)
    draft = ExportDraft(cy, Query("person"))
    assert "Ask your Team Admin" in draft.problem()
    done = draft.run(tmp_path / "people.csv", lambda written: None, lambda: False)
    assert (done.written, done.not_allowed) == (0, 10)


def test_the_dialog_writes_cards_and_says_where_they_are(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    fill(ann)
    dialog = open_export(window, context_of(ann), Query("person"))
    dialog._formatted(Format.CARD_4)
    assert dialog.table_options.isHidden()
    dialog.start(tmp_path / "people.vcf")
    qtbot.waitUntil(lambda: dialog.exported is not None, timeout=SLOW)
    assert (tmp_path / "people.vcf").read_text("utf-8").count("BEGIN:VCARD") == 10
    assert not dialog.done.isHidden()
    assert dialog.export_button.text() == "Done"


def test_a_folder_that_cannot_be_written_is_said(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_export(window, context_of(office.found()), Query("person"))
    dialog.start(tmp_path / "nowhere" / "people.csv")
    qtbot.waitUntil(lambda: not dialog.problem.isHidden(), timeout=SLOW)
    assert dialog.export_button.isEnabled()


def test_everything_goes_into_an_empty_folder_once(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    fill(ann)
    context = context_of(ann)
    dialog = open_export_everything(window, context)
    dialog.start(tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=SLOW)
    assert len(rows_of(tmp_path / "out" / "person.csv")) == 10
    assert (tmp_path / "out" / "people.vcf").is_file()
    again = open_export_everything(window, context)
    again.start(tmp_path / "out")
    qtbot.waitUntil(lambda: not again.problem.isHidden(), timeout=SLOW)
