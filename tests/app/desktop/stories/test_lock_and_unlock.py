"""Locking drops everything; the right password brings it back, a wrong one is said kindly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.desktop.pages.start import UnlockPage
from tests.app.desktop.stories.conftest import PASSWORD, Person, texts_in_sight
from tests.support.server import RunningServer
from vault.profile import SecretKeyMissing

CANARY = "Zanzibar Orchid Kontor"


def with_canary(ann: Person) -> None:
    desk = ann.desk
    with desk.editor.action() as action:
        action.create("company", desk.home_for("company", desk.team().groups[0].id), {"name": CANARY})
    ann.window.shell.show_page("companies")
    ann.wait(lambda: ann.names_in("companies") == [CANARY])


@pytest.mark.slow
def test_lock_leaves_no_word_of_a_record_and_unlock_brings_it_back(
    person: Callable[..., Person],
    server: RunningServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qapp: QApplication,
) -> None:
    ann = person("ann")
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    with_canary(ann)
    ann.window.shell.set_title(CANARY)
    assert CANARY in texts_in_sight()
    shell = ann.window.shell
    ann.lock()
    assert ann.root.desk_window is None
    ann.wait(lambda: CANARY not in texts_in_sight())
    assert "Ann Achterberg" not in texts_in_sight()
    assert "Meridian" not in texts_in_sight()
    with pytest.raises(RuntimeError):
        shell.isVisible()  # the window is gone, not hidden

    page = ann.page
    assert isinstance(page, UnlockPage)
    ann.type(page.password, "not the password")
    ann.enter(page.password)
    ann.wait(page.password.error)
    assert page.password.error() == "That password does not open it. Mind the keyboard layout and Caps Lock."
    assert page.password.text() == ""
    assert ann.root.desk_window is None
    ann.type(page.password, PASSWORD)
    ann.enter(page.password)
    ann.wait(lambda: ann.root.desk_window is not None)
    ann.window.shell.show_page("companies")
    ann.wait(lambda: ann.names_in("companies") == [CANARY])


@pytest.mark.slow
def test_without_a_keychain_the_secret_key_is_asked_each_time(
    person: Callable[..., Person],
    server: RunningServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from vault.profile import MemoryKeychain

    keychain = MemoryKeychain()
    ann = person("ann", keychain)
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    profile = ann.desk.profile.id
    secret_key = keychain.load(profile)
    keychain.remove(profile)
    with pytest.raises(SecretKeyMissing):
        keychain.load(profile)
    ann.lock()
    page = ann.page
    assert isinstance(page, UnlockPage)
    assert page.secret.isVisible()
    ann.type(page.password, PASSWORD)
    ann.enter(page.password)
    assert page.secret.error().startswith("A Secret Key starts with TACIT1")
    ann.type(page.secret, secret_key.words())
    ann.enter(page.secret)
    ann.wait(lambda: ann.root.desk_window is not None)
    assert keychain.load(profile).text() == secret_key.text()  # this computer has a keychain: kept again


@pytest.mark.slow
def test_idle_time_locks(
    person: Callable[..., Person], server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann")
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    watch = ann.root.idle
    assert watch.running
    with ann.qtbot.waitSignal(ann.root.desk_locked, timeout=30_000):
        monkeypatch.setattr(watch, "_last", watch._last - 16 * 60)
        watch.tick()
    assert isinstance(ann.page, UnlockPage)
    assert not watch.running
