"""Pictures of what is there before a desk is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from app.desktop.keeping import Keeping
from app.desktop.pages.start import (
    AcceptFlow,
    EmergencyKitPage,
    MakeFlow,
    SampleFlow,
    SignInFlow,
    StartWindow,
    UnlockPage,
    WaitingPage,
    WelcomePage,
)
from tools.screens.computers import shoot_members
from tools.screens.office import Office
from tools.screens.shooting import Camera
from vault.keys import SecretKey
from vault.profile import MemoryKeychain, list_profiles


def shoot_start(camera: Camera, office: Office, settings: QSettings) -> None:
    """Every page of the start."""
    window = StartWindow()
    window.show()
    keeping = Keeping(settings, MemoryKeychain())
    welcome = WelcomePage()
    window.show_page(welcome)
    camera.take(window, "start-welcome")
    _make(camera, window, keeping, settings)
    _others(camera, window, keeping, office)
    shoot_members(camera, window, keeping, office)
    window.forget_pages()
    window.show_page(EmergencyKitPage(office.kit))
    camera.take(window, "start-kit")
    _waiting(camera, window, office)
    _unlock(camera, window, keeping, office.folder)
    window.hide()
    window.deleteLater()


def _make(camera: Camera, window: StartWindow, keeping: Keeping, settings: QSettings) -> None:
    flow = MakeFlow(window, keeping)
    window.forget_pages()
    flow.begin()
    flow.server_page.server.set_text("crm.northwind.example")
    camera.take(window, "start-make-server")
    flow.server_page.ask_code()
    flow.server_page.blame(flow.server_page.code, "Ask the people who run the server for a sign-up code.")
    camera.take(window, "start-make-code")
    names = flow.workspace_page
    window.show_page(names)
    names.workspace.set_text("Northwind Trading")
    names.name.set_text("Ann Vogel")
    names.handle.set_text("ann@northwind.example")
    camera.take(window, "start-make-names")
    window.show_page(flow.password_page)
    flow.password_page.password.set_text("northwind1")
    camera.take(window, "start-make-weak")
    flow.password_page.password.set_text("ostrich quarry lantern 7")
    flow.password_page.again.set_text("ostrich quarry lantern 7")
    flow.password_page.set_busy(True, "Making your account on the server")
    camera.take(window, "start-make-busy")
    window.forget_pages()
    without = MakeFlow(window, _NoKeychain(settings))
    if without.keychain_page is not None:
        window.show_page(without.keychain_page)
        without.keychain_page.in_file.setChecked(True)
        camera.take(window, "start-keychain")
    window.forget_pages()


class _NoKeychain(Keeping):
    """A computer without a keychain."""

    @property
    def system(self) -> None:
        return None


def _others(camera: Camera, window: StartWindow, keeping: Keeping, office: Office) -> None:
    accept = AcceptFlow(window, keeping)
    accept.begin()
    accept.invitation_page.invitation.set_text(office.eve)
    camera.take(window, "start-accept")
    window.forget_pages()
    sign_in = SignInFlow(window, keeping)
    sign_in.begin()
    sign_in.kit_page.take_kit(office.kit.code())
    camera.take(window, "start-sign-in")
    window.forget_pages()
    sample = SampleFlow(window, keeping)
    sample.begin()
    camera.take(window, "start-sample")
    window.forget_pages()


def _waiting(camera: Camera, window: StartWindow, office: Office) -> None:
    if not camera.wants("start-waiting"):
        return
    office.ann.stop_sync()
    desk, _ = office.accept(office.eve, "eve@northwind.example", "Eve Lindqvist")
    window.forget_pages()
    page = WaitingPage(desk)
    window.show_page(page)
    camera.take(window, "start-waiting")
    page.leave()
    window.forget_pages()
    office.ann.start_sync()
    desk.wait_until_member(60)


def _unlock(camera: Camera, window: StartWindow, keeping: Keeping, folder: Path) -> None:
    for profile in list_profiles(folder)[:2]:
        if profile.manifest is not None and keeping.system is not None:
            keeping.system.store(profile.manifest.id, SecretKey.generate())
    page = UnlockPage(list_profiles(folder)[:1], keeping)
    window.show_page(page)
    camera.take(window, "unlock")
    page.blame(page.password, "That password does not open it. Mind the keyboard layout and Caps Lock.")
    camera.take(window, "unlock-wrong")
    window.forget_pages()
    several = UnlockPage(list_profiles(folder)[:3], keeping)
    several.ask_secret_key()
    window.show_page(several)
    camera.take(window, "unlock-several")
    window.forget_pages()
