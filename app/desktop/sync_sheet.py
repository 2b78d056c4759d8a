"""What lies behind the chip: what happened, what to do, what waits, which parts are stopped."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.access_words import COMPARTMENT_WORDS
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.sync_words import ago, changes
from app.desktop.widgets import Banner, Button, Card, Label, SideSheet, row
from protocol.ids import LogId
from sync_client import Phase, SignInRefused, SyncState
from vault.exchange import StoppedLog

BLOCKED_WORDS = {
    "not-writer": "Your role does not let you write there any more. Your changes stay here.",
    "stopped": "This part is stopped; your changes stay here.",
    "behind": "What others wrote there has not come in yet.",
    "support": "The time of support is over, and its end is not on the server yet. Your changes stay here until then.",
    "key": "Nobody who holds its key has been online since you got access.",
}

NOT_CONFIRMED = (
    "Nothing signed by a colleague has named this computer yet. Until then, a server that lies could show this "
    "computer an older state than your colleagues have, and nothing here would tell. It passes by itself as soon "
    "as a colleague’s Tacit has heard of this computer and something is written or changed there. To be sure sooner, "
    "ask a colleague whether she sees what you see."
)


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """What the sheet shows besides the state; counted off the GUI thread. `last_contact`: Unix seconds, 0 for never."""

    pending: int
    last_contact: float
    stopped: tuple[StoppedLog, ...]
    blocked: tuple[tuple[LogId, str], ...]
    confirmed: bool = True


class SyncSheet(SideSheet):
    """Follows the state for as long as it is open."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, "Synchronising")
        self._context = context
        self._holder = QVBoxLayout()
        self._holder.setSpacing(16)
        self.body.addLayout(self._holder)
        self.body.addStretch(1)
        self.add_button("Close")
        self.retry = self.add_button("Sync now", primary=True, on_click=self._retry)
        self._facts: SyncFacts | None = None
        context.sync_changed.connect(self._changed)
        self._count()

    def _count(self) -> None:
        desk = self._context.desk

        def task(progress: Progress) -> SyncFacts:
            exchange = desk.vault.exchange
            return SyncFacts(
                desk.pending(),
                desk.last_contact,
                tuple(exchange.stopped()),
                tuple(exchange.blocked()),
                not desk.not_yet_confirmed,
            )

        self._context.run(task, owner=self, done=self._counted)

    def _counted(self, facts: SyncFacts) -> None:
        self._facts = facts
        self._fill(self._context.desk.sync_state, facts)

    def _changed(self, state: SyncState) -> None:
        self._count()

    def _open_settings(self) -> None:
        self.close_overlay()
        self._context.open_page("settings")

    def _retry(self) -> None:
        self._context.desk.wake()

    def _fill(self, state: SyncState, facts: SyncFacts) -> None:
        while self._holder.count():
            item = self._holder.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._holder.addWidget(self._headline(state, facts))
        if not facts.confirmed:
            self._holder.addWidget(Banner(NOT_CONFIRMED, severity="warning", title="Not yet confirmed"))
        self._holder.addWidget(self._figures(state, facts))
        if facts.stopped:
            self._holder.addWidget(self._stopped(facts))
        if facts.blocked:
            self._holder.addWidget(self._blocked(facts))

    def _headline(self, state: SyncState, facts: SyncFacts) -> QWidget:
        words = words_for(state.error) if state.error is not None else None
        if isinstance(state.error, SignInRefused):
            return Banner(
                "The server does not take this computer's key any more. If you changed your password on another "
                "computer, or have a new Emergency Kit since, tell this one in the settings. If the server was "
                "restored from a backup made before that, unlock Tacit on that computer once: it brings the new "
                "keys back.",
                severity="error",
                title=state.error.title,
                action="Open the settings",
                on_action=self._open_settings,
            )
        if state.phase is Phase.HALTED and words is not None:
            return Banner(words.message, severity="error", title=words.title)
        if words is not None and state.phase in (Phase.OFFLINE, Phase.CONNECTING):
            return Banner(words.message, severity="warning", title=words.title)
        if facts.pending:
            text = "They are sealed on this computer and go out by themselves."
            return Banner(text, severity="info", title=f"{changes(facts.pending).capitalize()} on the way")
        return Banner(
            "Everything that you wrote is on the server, sealed, and you have everything that others wrote.",
            severity="success",
            title="Up to date",
        )

    def _figures(self, state: SyncState, facts: SyncFacts) -> QWidget:
        card = Card()
        last = max(facts.last_contact, state.last_contact)
        now = time.time()
        rows = [
            ("Server", self._context.desk.profile.server),
            ("Last complete round", ago(now - last).capitalize() if last else "Never yet"),
            ("Waiting to be sent", changes(facts.pending) if facts.pending else "Nothing"),
        ]
        if state.phase is Phase.OFFLINE and state.retry_at > now:
            rows.append(("Next try", f"In {max(1, round(state.retry_at - now))} seconds"))
        for name, value in rows:
            label = Label(name, scale="small", tone="muted")
            label.setFixedWidth(140)
            card.body.addLayout(row(label, Label(value, wrap=True, selectable=True), gap=8))
        return card

    def _stopped(self, facts: SyncFacts) -> QWidget:
        card = Card("Stopped", subtitle="These parts take nothing more until they verify again.")
        for stopped in facts.stopped:
            words = words_for(stopped.error)
            card.add(Label(self._part(stopped.log), scale="strong", wrap=True))
            if words is not None:
                card.add(Label(words.message, scale="small", tone="muted", wrap=True))
            again = Button("Try this part again", compact=True, on_click=partial(self._resume, stopped.log))
            card.body.addLayout(row(again, None))
        return card

    def _blocked(self, facts: SyncFacts) -> QWidget:
        card = Card("Cannot be sent at the moment")
        for log, reason in facts.blocked:
            card.add(Label(self._part(log), scale="strong", wrap=True))
            card.add(Label(BLOCKED_WORDS.get(reason, reason), scale="small", tone="muted", wrap=True))
        return card

    def _part(self, log: LogId) -> str:
        return f"{self._context.desk.place_words(log)}: {COMPARTMENT_WORDS[log.compartment]}"

    def _resume(self, log: LogId) -> None:
        desk = self._context.desk

        def task(progress: Progress) -> None:
            desk.vault.exchange.resume(log)
            desk.wake()

        self._context.run(task, owner=self, done=lambda _: self._count())
