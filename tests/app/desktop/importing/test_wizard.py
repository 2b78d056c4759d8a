"""The import wizard in a window: from the file to the list, with the window free meanwhile."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.crm.importing import DateOrder, Target
from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.importing import ImportWizard, open_import
from app.desktop.pages.importing.drop import importable
from app.desktop.pages.importing.wizard import CHOOSE, COLUMNS, RUN
from tests.support.real_desks import Office
from vault.store import Query

SLOW = 30_000
MakeContext = Callable[[Desk], Context]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def at_columns(qtbot: QtBot, window: QWidget, context: Context, path: Path) -> ImportWizard:
    wizard = open_import(window, context, [path])
    qtbot.waitUntil(lambda: wizard.step == COLUMNS, timeout=SLOW)
    return wizard


def through_preview(qtbot: QtBot, wizard: ImportWizard) -> None:
    wizard.accept()
    wizard.accept()
    qtbot.waitUntil(wizard.preview.progress.isHidden, timeout=SLOW)


def test_from_the_file_to_the_list(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    context = context_of(ann)
    shown: list[str] = []
    context.page_wanted.connect(shown.append)
    path = write(
        tmp_path / "deals.csv",
        "Deal name,Amount,Opened\nCranes,1200,01/02/2024\nDocks,a lot,03/02/2024\nFerry,5,05/06/2024\n",
    )
    wizard = at_columns(qtbot, window, context, path)
    assert not wizard.next_button.isEnabled(), "a question is open"
    place = next(n for n, one in enumerate(wizard.mapping.draft.columns) if one.ask)
    wizard.mapping._dates(place, DateOrder.DMY)
    assert wizard.next_button.isEnabled()
    through_preview(qtbot, wizard)
    assert not wizard.preview.problem.isHidden()
    with qtbot.waitSignal(wizard.finished, timeout=SLOW):
        wizard.accept()
    assert wizard.outcome is not None
    assert (wizard.outcome.created, wizard.outcome.failed) == (2, 1)
    wizard.result.save(tmp_path / "failed.csv")
    with (tmp_path / "failed.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["Deal name"] == "Docks"
    assert "amount" in row["Reason"].casefold()
    wizard.accept()
    assert shown == ["deals"]
    opened = {record.fields["opened"] for record in ann.records.each(Query("deal"))}
    assert opened == {"2024-02-01", "2024-06-05"}


def test_a_target_chosen_in_the_window_is_the_one_imported(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    path = write(tmp_path / "p.csv", "Name,Nonsense\nRosa Quist,Captain\nIvo Lind,Mate\n")
    wizard = at_columns(qtbot, window, context_of(ann), path)
    wizard.mapping._type_chosen("person")
    wizard.mapping._choose(1, Target("title"))
    through_preview(qtbot, wizard)
    assert [line.values["Job title"] for line in wizard.preview._tables[0].lines] == ["Captain", "Mate"]
    with qtbot.waitSignal(wizard.finished, timeout=SLOW):
        wizard.accept()
    titles = {record.fields["title"] for record in ann.records.each(Query("person"))}
    assert titles == {"Captain", "Mate"}


def test_put_away_while_it_runs_it_goes_on_and_says_when_it_is_done(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    context = context_of(ann)
    said: list[str] = []
    context.said.connect(lambda text, severity: said.append(text))
    lines = "".join(f"Person {number},p{number}@example.org\n" for number in range(2000))
    wizard = at_columns(qtbot, window, context, write(tmp_path / "people.csv", "Name,Email\n" + lines))
    through_preview(qtbot, wizard)
    wizard.accept()
    wizard.reject()
    assert not wizard.is_open
    qtbot.waitUntil(lambda: wizard.outcome is not None, timeout=SLOW)
    assert said[-1].startswith("2,000 people imported")
    again = open_import(window, context)
    assert again is wizard
    assert again.is_open
    assert again.step == RUN


def test_stopping_keeps_what_is_in(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    ann = office.found()
    lines = "".join(f"Person {number},p{number}@example.org\n" for number in range(20_000))
    wizard = at_columns(
        qtbot, window, context_of(ann), write(tmp_path / "people.csv", "Name,Email\n" + lines)
    )
    through_preview(qtbot, wizard)
    wizard.accept()
    qtbot.waitUntil(lambda: ann.records.count(Query("person")) > 0, timeout=SLOW)
    wizard.result.progress.cancel.click()
    qtbot.waitUntil(lambda: wizard.outcome is not None, timeout=SLOW)
    assert wizard.outcome is not None
    assert wizard.outcome.cancelled
    assert ann.records.count(Query("person")) == wizard.outcome.created < 20_000


def test_a_picture_is_refused_in_words(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    wizard = open_import(window, context_of(office.found()), [path])
    qtbot.waitUntil(lambda: not wizard.choose.problem.isHidden(), timeout=SLOW)
    assert wizard.step == CHOOSE
    assert wizard.choose.files_button.isEnabled()


def test_only_files_that_can_be_looked_at_are_taken_from_a_drag(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl.fromLocalFile(str(tmp_path / "people.VCF"))])
    assert importable(data) == [tmp_path, tmp_path / "people.VCF"]
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "people.csv")), QUrl.fromLocalFile("/photo.png")])
    assert importable(data) == []
