"""What belongs to this computer: how Tacit looks, and when it locks by itself."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.desktop.idle import CHOICES, IdleWatch
from app.desktop.theme import Mode, theme
from app.desktop.widgets import Button, Card, Option, Radio, Select, row

IDLE_KEY = "idle-minutes"
MODE_WORDS = {Mode.SYSTEM: "As the system", Mode.LIGHT: "Light", Mode.DARK: "Dark"}


class AppearanceCard(Card):
    """Light, dark, or as the system says; at once."""

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Appearance", parent=parent)
        self._settings = settings
        self.choices = {mode: Radio(words) for mode, words in MODE_WORDS.items()}
        self.body.addLayout(row(*self.choices.values(), None, gap=20))
        self._show()
        for mode, radio in self.choices.items():
            radio.clicked.connect(lambda _=False, chosen=mode: self._choose(chosen))
        theme().changed.connect(self._show)

    def _show(self) -> None:
        self.choices[theme().mode].setChecked(True)

    def _choose(self, mode: Mode) -> None:
        theme().set_mode(mode)
        self._settings.setValue("theme", mode.value)


class LockingCard(Card):
    """Minutes without keyboard and mouse; and a button to lock now."""

    lock_wanted = Signal()

    def __init__(self, settings: QSettings, idle: IdleWatch, parent: QWidget | None = None) -> None:
        super().__init__(
            "Locking",
            subtitle="Locking drops the keys and closes the records; your password opens them again.",
            parent=parent,
        )
        self._settings, self._idle = settings, idle
        options = [Option(minutes, _words(minutes)) for minutes in CHOICES]
        self.minutes = Select("Lock by itself", options, hint="Also when the computer wakes up from sleep.")
        self.minutes.set_value(idle.minutes)
        self.minutes.chosen.connect(self._choose)
        self.minutes.setMaximumWidth(300)
        native = QKeySequence("Ctrl+L").toString(QKeySequence.SequenceFormat.NativeText)
        self.now = Button("Lock now", icon_name="lock", on_click=self.lock_wanted.emit, tooltip=native)
        self.add(self.minutes)
        self.body.addLayout(row(self.now, None))

    def _choose(self, value: object) -> None:
        if isinstance(value, int):
            self._idle.set_minutes(value)
            self._settings.setValue(IDLE_KEY, value)


def _words(minutes: int) -> str:
    return f"After {minutes} minutes without you" if minutes else "Never"
