"""The settings page: one column of cards."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.desktop.context import Context
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.computer import AppearanceCard, LockingCard
from app.desktop.pages.settings.computers import ComputersCard
from app.desktop.pages.settings.profile import AboutCard, ProfileCard
from app.desktop.pages.settings.recovery import RecoveryCard
from app.desktop.pages.settings.second_factor import SecondFactorCard, SecondFactorPolicyCard
from app.desktop.pages.settings.security import SecurityCard
from app.desktop.pages.settings.sessions import SessionsCard
from app.desktop.widgets import Button, Card, ScrollPage


class SettingsPage(ScrollPage):
    """`lock_wanted` when the user locks from here."""

    lock_wanted = Signal()

    def __init__(self, context: Context, settings: QSettings, idle: IdleWatch, keeping: Keeping) -> None:
        super().__init__(width=720, gap=16)
        self.profile = ProfileCard(context)
        self.appearance = AppearanceCard(settings)
        self.locking = LockingCard(settings, idle)
        self.locking.lock_wanted.connect(self.lock_wanted)
        self.about = AboutCard()
        self.security = SecurityCard(context, keeping)
        self.computers = ComputersCard(context, keeping)
        self.recovery = RecoveryCard(context, keeping)
        self.second_factor = SecondFactorCard(context)
        self.factor_policy = SecondFactorPolicyCard(context)
        self.sessions = SessionsCard(context)
        self.second_factor.acted.connect(self.sessions.refresh)
        cards = (
            self.profile,
            self.appearance,
            self.locking,
            self.security,
            self.second_factor,
            self.factor_policy,
            self.computers,
            self.recovery,
            self.sessions,
            self.about,
        )
        for card in cards:
            self.body.addWidget(card)
        self.body.addStretch(1)

    def insert_card(self, place: int, card: Card) -> None:
        """One more, and Tab reaches it where it stands: Qt puts what comes later at the end."""
        item = self.body.itemAt(place - 1)
        above = item.widget() if item is not None else None
        self.body.insertWidget(place, card)
        for first, second in pairwise([*(_reached(above)[-1:] if above else ()), *_reached(card)]):
            QWidget.setTabOrder(first, second)


def _reached(widget: QWidget) -> list[QWidget]:
    """What Tab reaches in it."""
    return [one for one in widget.findChildren(Button) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
