"""Pictures of computers and recovery: the ways in for members, the cards of the settings, and their dialogs."""

from __future__ import annotations

from collections.abc import Callable

from app.desk import Place
from app.desk.adding import show_transfer
from app.desk.devices import Computer
from app.desk.regaining import Regaining
from app.desktop.keeping import Keeping
from app.desktop.pages.settings import SettingsPage
from app.desktop.pages.settings.add_computer import AddComputerDialog
from app.desktop.pages.settings.help_dialog import HelpDialog
from app.desktop.pages.settings.recovery_dialogs import EnrolDialog
from app.desktop.pages.start import AddFlow, MemberPage, RegainFlow, StartWindow
from app.desktop.widgets.toast import Toast
from app.desktop.window import DeskWindow
from tools.screens.office import PASSWORD, Office
from tools.screens.shooting import Camera

Rest = Callable[[int], None]


def shoot_members(camera: Camera, window: StartWindow, keeping: Keeping, office: Office) -> None:
    """Three ways for those who are members already."""
    window.forget_pages()
    window.show_page(MemberPage())
    camera.take(window, "start-member")
    window.forget_pages()
    ann = office.ann
    code = show_transfer(ann, PASSWORD, office.keychain.load(ann.profile.id))
    adding = AddFlow(window, keeping)
    adding.begin()
    adding.kit_page.secret.edit.setText(code.text())
    camera.take(window, "start-add")
    adding.kit_page.secret.edit.setText(code.words())
    camera.take(window, "start-add-words")
    window.forget_pages()
    helped = RegainFlow(window, keeping)
    helped.begin()
    helped.who.server.edit.setText(office.origin)
    helped.who.handle.edit.setText(ann.profile.handle)
    camera.take(window, "start-help")
    helped.who.go()
    camera.wait(lambda: helped.asking.panel is not None, "the code of the request")
    camera.take(window, "start-help-code")
    helped.asking.rest()
    window.forget_pages()


def shoot_computers(camera: Camera, window: DeskWindow, office: Office, rest: Rest) -> None:
    """The two cards, and what opens from them. Ends with recovery set up."""
    shell = window.shell
    page = shell.page("settings")
    assert isinstance(page, SettingsPage)
    shell.show_page("settings")
    page.ensureWidgetVisible(page.recovery, 0, 20)
    rest(30)
    camera.take(shell, "computers")
    page.computers.add_computer()
    adding = page.computers.open
    assert isinstance(adding, AddComputerDialog)
    adding.password.edit.setText(PASSWORD)
    adding.accept()
    camera.wait(lambda: adding.tabs is not None, "the code for a new computer")
    rest(30)
    camera.take(shell, "computers-add")
    adding.close_overlay()
    lost = Computer(b"\x7c\x1e\x40\xd2" + bytes(12), "Computer 7C1E-40D2", 1_800_000_000, False, False)
    page.computers.revoke(lost)
    rest(30)
    camera.take(shell, "computers-revoke")
    revoking = page.computers.open
    assert revoking is not None
    revoking.close_overlay()
    _recovery(camera, window, office, page, rest)


def _recovery(camera: Camera, window: DeskWindow, office: Office, page: SettingsPage, rest: Rest) -> None:
    shell = window.shell
    page.recovery.enrol()
    enrolling = page.recovery.open
    assert isinstance(enrolling, EnrolDialog)
    for box in enrolling.people.values():
        box.setChecked(True)
    rest(30)
    camera.take(shell, "recovery-enrol")
    enrolling.password.edit.setText(PASSWORD)
    enrolling.accept()
    camera.wait(lambda: page.recovery.open is None, "recovery being set up")
    rest(30)
    for toast in shell.findChildren(Toast):
        toast.close()
    rest(10)
    page.ensureWidgetVisible(page.recovery, 0, 20)
    camera.take(shell, "recovery")
    Regaining(
        office.origin, window.desk.profile.handle, Place(office.keychain, office.folder / "asking")
    ).ask()
    camera.wait(window.desk.recovery.asked, "the request")  # it comes by itself
    asked = window.desk.recovery.asked()
    rest(30)
    camera.take(shell, "recovery-asked")
    helping = HelpDialog(page, window.context, asked[-1])
    helping.open_overlay()
    rest(30)
    camera.take(shell, "recovery-help")
    helping.close_overlay()
    _stop_recovery(camera, window, office, rest)


def _stop_recovery(camera: Camera, window: DeskWindow, office: Office, rest: Rest) -> None:
    """The request comes to nothing, and its banner goes: the pages that follow are shown without it."""
    desk = window.desk
    secret_key = office.keychain.load(desk.profile.id)
    desk.recovery.withdraw(PASSWORD, secret_key)
    camera.wait(lambda: not desk.recovery.asked(), "the end of the request")
    rest(60)


__all__ = ["shoot_computers", "shoot_members"]
