"""Pages of the first start, without a server: what they refuse, and where they say it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import HandleTaken, SignupClosed
from app.desktop.keeping import Keeping
from app.desktop.pages.start import (
    AcceptFlow,
    EmergencyKitPage,
    Flow,
    MakeFlow,
    SignInFlow,
    StartWindow,
    UnlockPage,
    WelcomePage,
)
from sync_client import Offline
from vault.keys import Account, Kit, SecretKey
from vault.profile import Listed, Manifest, MemoryKeychain, ProfileDamaged


@pytest.fixture
def window(qtbot: QtBot) -> StartWindow:
    made = StartWindow()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    return Keeping(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat), MemoryKeychain())


@pytest.fixture
def kit() -> Kit:
    account = Account("https://crm.example.org", "ann", SecretKey(bytes(range(16))))
    return Kit(account, bytes(32), 3, bytes(32), "Meridian", date(2026, 11, 22))


def front(window: StartWindow) -> QWidget | None:
    return window.page


def test_enter_goes_on_and_back_keeps_what_was_typed(window: StartWindow, keeping: Keeping) -> None:
    flow = AcceptFlow(window, keeping)
    flow.begin()
    window.show_page(flow.person_page)
    QTest.keyClicks(flow.person_page.name.edit, "Ben")
    QTest.keyClicks(flow.person_page.handle.edit, "ben@meridian.example")
    QTest.keyClick(flow.person_page.handle.edit, Qt.Key.Key_Return)
    assert front(window) is flow.password_page
    flow.password_page.back_button.click()
    assert front(window) is flow.person_page
    assert flow.person_page.name.text() == "Ben"


def test_tab_goes_down_the_page_and_enter_presses_what_has_the_focus(
    window: StartWindow, keeping: Keeping
) -> None:
    flow = MakeFlow(window, keeping)
    flow.begin()
    window.show_page(flow.workspace_page)
    page = flow.workspace_page
    seen: list[QWidget] = []
    following = page.nextInFocusChain()
    while following is not None and following is not page.action:
        seen.append(following)
        following = following.nextInFocusChain()
    places = [seen.index(one) for one in (page.back_button, *(f.focusProxy() or f for f in page.fields))]
    assert places == sorted(places)
    QTest.keyClick(page.back_button, Qt.Key.Key_Return)
    assert front(window) is flow.server_page


def test_escape_goes_back(window: StartWindow, keeping: Keeping) -> None:
    flow = MakeFlow(window, keeping)
    flow.begin()
    window.show_page(flow.workspace_page)
    QTest.keyClick(flow.workspace_page, Qt.Key.Key_Escape)
    assert front(window) is flow.server_page


def test_what_is_missing_is_said_at_its_field(window: StartWindow, keeping: Keeping) -> None:
    flow = MakeFlow(window, keeping)
    flow.begin()
    page = flow.server_page
    page.go()
    assert page.server.error() == "Type the server's address."
    page.server.set_text("http://crm.example.org")
    assert page.server.error() == ""
    page.go()
    assert page.server.error().startswith("An address looks like https://")
    window.show_page(flow.workspace_page)
    flow.workspace_page.go()
    assert flow.workspace_page.workspace.error() == "Give the workspace a name."


@pytest.mark.parametrize(
    ("error", "name", "words"),
    [
        (HandleTaken(), "handle", "uses this handle already"),
        (SignupClosed(), "code", "sign-up code"),
        (Offline("down"), "server", "does not answer"),
    ],
)
def test_an_error_goes_to_the_field_that_caused_it(
    window: StartWindow, keeping: Keeping, error: Exception, name: str, words: str
) -> None:
    flow = MakeFlow(window, keeping)
    window.show_page(flow.password_page)
    flow.failed(flow.password_page, error)
    page, field = flow.fields[name]
    assert front(window) is page
    assert words in field.error()
    assert field.isVisible()


def test_a_defect_is_not_smoothed_over(window: StartWindow, keeping: Keeping) -> None:
    flow: Flow = MakeFlow(window, keeping)
    with pytest.raises(ZeroDivisionError):
        flow.failed(flow.pages[0], ZeroDivisionError())


def test_weak_and_different_passwords_are_refused(window: StartWindow, keeping: Keeping) -> None:
    flow = MakeFlow(window, keeping)
    page = flow.password_page
    window.show_page(page)
    page.password.set_text("password1")
    page.go()
    assert page.password.error().startswith("This password is too easy")
    page.password.set_text("ostrich quarry lantern 7")
    page.again.set_text("ostrich quarry lantern 8")
    page.go()
    assert page.again.error() == "The two are not the same. Type it once more."
    page.wipe()
    assert page.password.text() == page.again.text() == ""


def test_a_pasted_kit_fills_every_field(window: StartWindow, keeping: Keeping, kit: Kit) -> None:
    page = SignInFlow(window, keeping).kit_page
    window.show_page(page)
    page.server.set_text(f"Here it is: {kit.code()}")
    assert page.server.text() == "https://crm.example.org"
    assert page.handle.text() == "ann"
    assert page.secret.text() == kit.account.secret_key.text()
    assert kit.check_code in page.check.text()
    assert page.problem() is None


def test_a_dropped_kit_fills_every_field(
    window: StartWindow, keeping: Keeping, kit: Kit, tmp_path: Path
) -> None:
    page = SignInFlow(window, keeping).kit_page
    window.show_page(page)
    file = tmp_path / "kit.txt"
    file.write_text(kit.text(), encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert page.handle.text() == "ann"


def test_without_a_keychain_a_file_can_be_named(
    window: StartWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    keeping = Keeping(settings)
    monkeypatch.setattr(Keeping, "system", None)
    flow = MakeFlow(window, keeping)
    page = flow.keychain_page
    assert page is not None
    window.show_page(page)
    assert page.file is None  # ask each time
    page.in_file.setChecked(True)
    page.path.set_text("relative.key")
    page.go()
    assert page.path.error() == "Name a file with its whole path."
    page.path.set_text(str(tmp_path / "stick.key"))
    page.go()
    assert front(window) is flow.password_page
    keychain = keeping.fresh(page.file)
    keychain.store("0" * 32, SecretKey.generate())
    assert (tmp_path / "stick.key").stat().st_mode & 0o777 == 0o600
    keeping.remember("0" * 32, page.file)
    assert keeping.has_key(tmp_path, "0" * 32)
    assert not keeping.has_key(tmp_path, "1" * 32)


def test_the_kit_has_to_be_in_a_safe_place_first(
    window: StartWindow, kit: Kit, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "kit"
    page = EmergencyKitPage(kit, ask_path=lambda *_: str(target))
    window.show_page(page)
    assert not page.action.isEnabled()
    page.actions_row.save_pdf()
    saved = tmp_path / "kit.pdf"
    qtbot.waitUntil(page.actions_row.said.isVisible)
    assert saved.read_bytes().startswith(b"%PDF")
    assert saved.stat().st_mode & 0o777 == 0o600
    page.safe.click()
    with qtbot.waitSignal(page.proceed):
        page.action.click()


def test_several_profiles_and_a_damaged_one(window: StartWindow, keeping: Keeping, tmp_path: Path) -> None:
    good = [
        Listed(
            tmp_path / name,
            Manifest(1, name * 32, f"{name}@meridian.example", "https://crm.example.org", 1),
            None,
        )
        for name in "ab"
    ]
    bad = Listed(tmp_path / "c", None, ProfileDamaged("no profile.json"))
    page = UnlockPage([*good, bad], keeping, chosen=tmp_path / "b")
    window.show_page(page)
    assert page.chosen == tmp_path / "b"
    assert not page.rows[2].isEnabled()
    page.rows[0].click()
    assert page.profile_id == "a" * 32
    assert page.secret.isVisible()  # nothing keeps its Secret Key
    page.go()
    assert page.secret.error()


def test_the_four_ways_by_keyboard(window: StartWindow, qtbot: QtBot) -> None:
    page = WelcomePage()
    window.show_page(page)
    page.focus_first()
    with qtbot.waitSignal(page.chosen) as taken:
        QTest.keyClick(page.choices["accept"], Qt.Key.Key_Return)
    assert taken.args == ["accept"]
