"""The Audit page on a real desk, and what stands above the pages: alarms, support."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractTableModel, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desk.audit import Trail
from app.desk.audit_export import check_lines
from app.desk.audit_line import AuditKind, AuditLine, Basis
from app.desk.audit_roster import Verified
from app.desk.support import SupportOver
from app.desktop.context import Context
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.audit import AuditPage
from app.desktop.pages.audit.verdict import VerdictLine
from app.desktop.viewmodels.audit_rows import WHAT, WHEN, AuditRows, shown_time
from app.desktop.window import DeskWindow
from protocol.ids import NO_HASH, Compartment, LogId
from tests.support.real_desks import Office
from vault.exchange import Forked, LogBroken


@pytest.fixture
def ann(office: Office) -> Desk:
    return office.found()


@pytest.fixture
def page(qtbot: QtBot, ann: Desk, context_of: Callable[[Desk], Context]) -> AuditPage:
    made = AuditPage(context_of(ann))
    made.resize(1100, 700)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.settled, timeout=20_000):
        made.show()
    return made


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, office: Office, ann: Desk, tmp_path: Path
) -> Iterator[DeskWindow]:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    made = DeskWindow(ann, settings, IdleWatch(qapp), Keeping(settings, office.keychain))
    made.show()
    yield made
    made.close_down()
    qapp.processEvents()


def _whats(model: QAbstractTableModel) -> list[str]:
    return [
        str(model.data(model.index(row, WHAT), Qt.ItemDataRole.DisplayRole))
        for row in range(model.rowCount())
    ]


def test_it_reads_verifies_and_asks_the_server(page: AuditPage, ann: Desk) -> None:
    assert page.verified is not None
    assert page.verified.holds
    assert "Verified from the first entry on" in page.verdict.words.text()
    assert page.word is not None
    assert page.word.sign_ins
    assert "Made the workspace" in _whats(page.model)
    assert "server’s word" in page.footer.text()


def test_filters_narrow_what_is_shown(page: AuditPage, qtbot: QtBot, ann: Desk) -> None:
    total = page.model.rowCount()
    page.search.set_text("sales rep")
    qtbot.waitUntil(lambda: 0 < page.model.rowCount() < total)
    assert all("Sales rep" in what for what in _whats(page.model))
    assert page.footer.text().startswith(f"{page.model.rowCount()} of {total}")
    page.search.set_text("zebra")
    qtbot.waitUntil(lambda: page.lists.currentWidget() is page.nothing)
    page.clear_filters()
    assert page.model.rowCount() == total
    page.kind.set_value(AuditKind.SIGN_INS)
    page.kind.chosen.emit(AuditKind.SIGN_INS)
    assert {line.kind for line in page.model.lines} == {AuditKind.SIGN_INS}


def test_an_entry_shows_what_it_holds_by(page: AuditPage) -> None:
    page.open_line(next(n for n, line in enumerate(page.model.lines) if line.basis is Basis.SIGNED))
    assert page.sheet is not None
    words = "\n".join(label.text() for label in page.sheet.findChildren(QLabel))
    assert "Held by signatures" in words
    assert "Verified here" in words
    page.sheet.close_overlay()


def test_what_is_exported_can_be_verified(page: AuditPage, qtbot: QtBot, tmp_path: Path, ann: Desk) -> None:
    for name, as_csv in (("a.jsonl", False), ("a.csv", True)):
        with qtbot.waitSignal(page.settled):
            page.export(tmp_path / name, as_csv=as_csv)
    checked = check_lines((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines())
    assert (checked.problem, checked.roster_entries) == ("", ann.vault.roster.position)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("time (UTC)")


def test_it_follows_the_roster(page: AuditPage, qtbot: QtBot, ann: Desk) -> None:
    ann.actions.create_group("West", [(ann.me, Office.role(ann, "Team Admin"))])
    page.read()
    qtbot.waitUntil(
        lambda: "Created the group West with Ann Achterberg" in _whats(page.model), timeout=20_000
    )


def test_whoever_may_not_see_it_is_told_so(
    qtbot: QtBot,
    office: Office,
    ann: Desk,
    context_of: Callable[[Desk], Context],
) -> None:
    ben = office.join(ann, "ben", "Ben Brouwer")
    page = AuditPage(context_of(ben))
    qtbot.addWidget(page)
    page.show()
    assert page.stack.currentWidget() is page.closed
    page.read()
    assert page.trail is None


def test_a_roster_that_does_not_hold_is_shown(qtbot: QtBot) -> None:
    line = VerdictLine()
    qtbot.addWidget(line)
    line.show()
    line.verifying(200, 1_000)
    line.show_verdict(Verified(3, 9, NO_HASH, "Entry 4 does not hold (signature)."))
    assert line.broken.isVisible()
    line.show_journal("A line was changed.")
    assert line.journal.isVisible()
    line.show_verdict(Verified(9, 9, NO_HASH))
    assert not line.broken.isVisible()


def test_a_hundred_thousand_lines_are_found_in_a_moment() -> None:
    lines = tuple(
        AuditLine("roster", n, n, n, AuditKind.ACCESS, Basis.SIGNED, f"Member {n % 50}", f"made somebody {n}")
        for n in range(100_000, 0, -1)
    )
    rows = AuditRows()
    rows.show_trail(Trail(b"w" * 32, lines, (), (0, b"")))
    assert rows.rowCount() == 100_000
    began = time.perf_counter()
    rows.filter(rows.wanted.__class__(text="member 7 somebody 99"))
    assert 0 < rows.rowCount() < 2_000
    assert time.perf_counter() - began < 2.0
    assert rows.data(rows.index(0, WHEN)) == shown_time(rows.lines[0].at)


def test_times_that_cannot_be_are_shown_too() -> None:
    assert shown_time(1 << 62) == "at no time"


def test_alarms_stand_above_the_pages_until_they_are_seen(
    window: DeskWindow, qtbot: QtBot, ann: Desk
) -> None:
    assert window.standing.box.isHidden()
    ann.alarms.record(Forked("another entry"))
    log = LogId(ann.team().groups[0].id, Compartment.SALES)
    ann.alarms.record(LogBroken("position 3", "counter"), log)
    qtbot.waitUntil(lambda: len(window.standing.alarms) == 2)
    qtbot.waitUntil(window.standing.box.isVisible)
    window.standing.open_alarms()
    sheet = window.standing.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: len(sheet.shown) == 2)
    words = "\n".join(label.text() for label in sheet.findChildren(QLabel))
    for text in ("What happened", "What it means", "What to do", "Everyone: deals and quotes"):
        assert text in words
    sheet.all_seen.click()
    qtbot.waitUntil(lambda: window.standing.box.isHidden())
    assert ann.alarms.open() == []
    sheet.close_overlay()


def test_support_stands_above_the_pages_and_ends_with_a_click(
    window: DeskWindow, qtbot: QtBot, ann: Desk
) -> None:
    ann.support.allow(True)
    group = ann.team().groups[0].id
    ann.support.let_in("Vic", group, [Compartment.CONTACTS], int(time.time()) + 3_600)
    qtbot.waitUntil(lambda: len(window.standing.visits) == 1)
    qtbot.waitUntil(window.standing.box.isVisible)
    window.standing.ask_to_end(window.standing.visits[0])
    assert window.standing.dialog is not None
    window.standing.dialog.accept()
    qtbot.waitUntil(lambda: window.standing.box.isHidden(), timeout=20_000)
    assert ann.support.running() == []


def test_a_desk_of_support_is_locked_at_its_end(
    window: DeskWindow, qtbot: QtBot, ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def over() -> None:
        raise SupportOver

    monkeypatch.setattr(ann.support, "check", over)
    with qtbot.waitSignal(window.lock_wanted):
        window.standing.look()
