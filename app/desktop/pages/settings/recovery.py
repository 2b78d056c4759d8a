"""Recovery with colleagues' help: one's own, and what one holds for others."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.desk.access_words import join_words
from app.desk.recovery import RecoveryStatus
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.help_dialog import HelpDialog
from app.desktop.pages.settings.recovery_dialogs import EnrolDialog, WithdrawDialog
from app.desktop.problems import words_for
from app.desktop.widgets import Avatar, Badge, Banner, Button, Card, Label, Line, Modal, column, row
from vault.recovery import Asked
from vault.store import VaultClosed


class RecoveryCard(Card):
    """Whom I have named; whether it would work; who asks me."""

    _came = Signal()

    def __init__(self, context: Context, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(
            "Getting back in with colleagues' help",
            subtitle="For the day when the computer and the Emergency Kit are both gone.",
            parent=parent,
        )
        self._context, self._keeping = context, keeping
        self.open: Modal | None = None
        self.set_up = Button("Set it up…", icon_name="people", on_click=self.enrol)
        self.withdraw = Button("Stop it…", kind="danger-quiet", on_click=self.stop)
        self.helps: list[Button] = []
        self._content = QVBoxLayout()
        self._content.setSpacing(12)
        self.body.addLayout(self._content)
        self.body.addLayout(row(self.set_up, self.withdraw, None))
        self._shown: tuple[object, ...] | None = None
        self._came.connect(self.refresh, Qt.ConnectionType.QueuedConnection)
        stop = context.desk.recovery.on_news(self._came.emit)
        self.destroyed.connect(lambda *_: stop())
        context.sync_changed.connect(self._moved)  # a method: it ends with this object
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        desk = self._context.desk

        def task(progress: Progress) -> None:
            desk.recovery.look()

        self._context.run(task, owner=self, done=lambda _: self.refresh(), failed=self._did_not_look)

    def _moved(self, _: object) -> None:
        with suppress(VaultClosed):  # the desk was locked, and this page goes with it
            self.refresh()

    def refresh(self) -> None:
        """Show what the desk knows now."""
        if self._context.is_closed:
            return
        desk = self._context.desk
        status, asked, held = desk.recovery.status(), desk.recovery.asked(), desk.recovery.held()
        shown = (status, asked, held, bool(desk.recovery.candidates()))
        if shown == self._shown:
            return
        self._shown = shown
        _clear(self._content)
        self.helps = []
        for each in asked:
            self._content.addWidget(self._about_me(each) if each.mine else self._request(each))
        self._own(status)
        holders = [desk.name("member", one.member) for one in held]
        if holders:
            self._content.addWidget(Line())
            text = f"You hold a part for {join_words(holders)}. It opens nothing by itself."
            self._content.addWidget(Label(text, tone="muted", wrap=True))
        for one in held:
            if not one.sound:
                name = desk.name("member", one.member)
                text = (
                    f"The part that the server has for you is not the one that {name} gave you, or does not open. "
                    f"Ask {name} to set it up again."
                )
                self._content.addWidget(
                    Banner(text, severity="error", title=f"Your part for {name} is not sound")
                )

    def _own(self, status: RecoveryStatus) -> None:
        enough = len(self._context.desk.recovery.candidates()) >= 2
        self.withdraw.setVisible(status.enrolled)
        self.set_up.set_text("Change it…" if status.enrolled else "Set it up…")
        self.set_up.set_kind("primary" if status.needs_renewal else "secondary")
        self.set_up.setEnabled(enough)
        if status.lapsed is not None:
            text = "Your keys are new, so the parts that your colleagues hold open nothing any more. Set it up again."
            self._content.addWidget(Banner(text, severity="warning", title="It has to be set up again"))
        if not status.enrolled:
            text = (
                "Name a few colleagues, and how many of them have to help together. Each gets a sealed part; fewer "
                "than that many learn nothing, and neither does the server."
                if enough
                else "It takes at least two colleagues in this workspace."
            )
            self._content.addWidget(Label(text, tone="muted", wrap=True))
            return
        if any(trustee.problem for trustee in status.trustees):
            text = (
                "It would still work today. Set it up again while it does."
                if status.still_works
                else "It would not work today: too few parts serve. Set it up again."
            )
            self._content.addWidget(Banner(text, severity="warning", title="A part no longer serves"))
        told = f"Any {status.threshold} of these {len(status.trustees)} together can let you in again."
        self._content.addWidget(Label(told, wrap=True))
        for trustee in status.trustees:
            parts: list[QWidget | QLayout | int | None] = [Avatar(trustee.name, size=24), Label(trustee.name)]
            if trustee.problem:
                parts += [Badge("part does not serve", tone="warning")]
            holder = QWidget()
            holder.setLayout(row(*parts, None, gap=10))
            holder.setToolTip(trustee.problem)
            self._content.addWidget(holder)
        for use in status.uses:
            text = f"{use.name} has given a part to somebody who asked (entry {use.position:,} of the audit trail)."
            self._content.addWidget(Label(text, scale="small", tone="warning", wrap=True))

    def _request(self, asked: Asked) -> QWidget:
        """A colleague asks me."""
        name = self._context.desk.name("member", asked.member)
        when = datetime.fromtimestamp(asked.time).astimezone()
        told = f"Asked {when.day} {when:%B, %H:%M}. {asked.releases} of {asked.needed} have answered."
        words = column(
            Label(f"{name} asks for help to get back in", scale="strong", wrap=True),
            Label(told, scale="small", tone="muted"),
            gap=2,
        )
        parts: list[QWidget | QLayout | int | None] = [Avatar(name, size=32), words, None]
        if asked.released:
            parts.append(Badge("you have helped", tone="success"))
        else:
            help_button = Button("Help…", kind="primary", compact=True, on_click=partial(self.help, asked))
            help_button.setAccessibleName(f"Help {name}")
            self.helps.append(help_button)
            parts.append(help_button)
        holder = QWidget()
        layout = row(*parts, gap=12)
        layout.setStretch(1, 1)
        holder.setLayout(layout)
        return holder

    def _about_me(self, asked: Asked) -> QWidget:
        """Somebody asks to get back in as me, and I am sitting here."""
        return Banner(
            "If it is not you, tell your colleagues that they must not help, and stop it. "
            f"{asked.releases} of {asked.needed} have given their part.",
            severity="error" if asked.releases else "warning",
            title="Somebody asks to get back in as you",
            action="Stop it…",
            on_action=self.stop,
        )

    def enrol(self) -> None:
        """Colleagues, how many of them, the password."""
        self._open(EnrolDialog(self.window(), self._context, self._keeping))

    def stop(self) -> None:
        """Nobody can help from then on."""
        self._open(WithdrawDialog(self.window(), self._context, self._keeping))

    def help(self, asked: Asked) -> None:
        """The code to compare, then the part."""
        self._open(HelpDialog(self.window(), self._context, asked))

    def _open(self, dialog: Modal) -> None:
        self.open = dialog
        dialog.closed.connect(self._closed)
        dialog.open_overlay()

    def _closed(self) -> None:
        self.open = None
        self.refresh()

    def _did_not_look(self, error: Exception) -> None:
        if words_for(error) is None:
            raise error


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
