"""Pictures of the second factor: the card, setting up, recovery codes, a code that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp

from app.desk.sessions import end_own_session, own_sessions
from app.desktop.factor import CodeDialog, SetupDialog
from app.desktop.pages.settings import SettingsPage
from app.desktop.window import DeskWindow
from tools.screens.shooting import Camera
from vault.store import RecordKey


def shoot_security(
    camera: Camera, window: DeskWindow, rest: Callable[[int], None], edit: Callable[[], RecordKey]
) -> None:
    """Ends with the second factor turned off again. `edit` changes a record that can wait."""
    shell = window.shell
    page = shell.page("settings")
    assert isinstance(page, SettingsPage)
    card = page.second_factor
    shell.show_page("settings")
    camera.wait(lambda: card.factor is not None, "what the server says of the second factor")
    _scroll_to(page)
    rest(10)
    camera.take(shell, "factor-off")
    card.open_setup()
    dialog = card.dialog
    assert isinstance(dialog, SetupDialog)
    camera.wait(lambda: dialog.secret, "the secret")
    rest(30)
    camera.take(shell, "factor-setup")
    phone = pyotp.TOTP(dialog.secret.replace(" ", ""))
    dialog.field.set_text("000000")
    dialog.action.click()
    camera.wait(dialog.field.error, "the refusal of a wrong code")
    rest(10)
    camera.take(shell, "factor-setup-wrong")
    step = int(time.time()) // 30
    dialog.field.set_text(phone.generate_otp(step - 1))
    dialog.action.click()
    camera.wait(lambda: dialog.codes is not None, "the recovery codes")
    rest(30)
    camera.take(shell, "factor-codes")
    assert dialog.codes is not None
    dialog.codes.safe.setChecked(True)
    dialog.action.click()
    camera.wait(lambda: card.factor is not None and card.factor.enabled, "the second factor being on")
    _scroll_to(page)
    rest(30)
    camera.take(shell, "factor-on")
    _asked_again(camera, window, rest, edit, phone.generate_otp(step))
    card.open_turn_off()
    rest(30)
    camera.take(shell, "factor-turn-off")
    turn_off = card.dialog
    assert isinstance(turn_off, CodeDialog)
    turn_off.field.set_text(phone.generate_otp(int(time.time()) // 30 + 1))
    turn_off.accept()
    camera.wait(lambda: card.factor is not None and not card.factor.enabled, "the second factor being off")


def _asked_again(
    camera: Camera, window: DeskWindow, rest: Callable[[int], None], edit: Callable[[], RecordKey], code: str
) -> None:
    """The session ends at the server: the window says so, and goes on."""
    shell, desk = window.shell, window.desk
    end_own_session(desk, next(one.id for one in own_sessions(desk) if one.current))
    edit()
    desk.wake()
    camera.wait(lambda: window.factor.is_wanted, "the code being asked for")
    shell.show_page("deals")
    rest(60)
    camera.take(shell, "factor-asked")
    window.open_sync_sheet()
    rest(30)
    camera.take(shell, "factor-enter")
    dialog = window.factor.dialog
    assert isinstance(dialog, CodeDialog)
    dialog.field.set_text(code)
    dialog.accept()
    camera.wait(lambda: not window.factor.is_wanted and not desk.pending(), "being in step again")
    shell.show_page("settings")
    rest(30)


def _scroll_to(page: SettingsPage) -> None:
    page.ensureWidgetVisible(page.sessions, 0, 20)
    page.ensureWidgetVisible(page.second_factor, 0, 20)


__all__ = ["shoot_security"]
