"""Who can see a record, and why; and the ways to change that, beside the record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.crm.margins import companion_type
from app.desk.moving import may_take
from app.desk.seeing import Seer
from app.desk.sharing import SHARED_TYPES
from app.desktop.context import Context
from app.desktop.pages.moving.move_dialog import MoveDialog
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.moving import Kind, Offer, Place, offers, partner_offers
from app.desktop.viewmodels.shown import label, record_title
from app.desktop.widgets import Avatar, Badge, Button, Icon, Label, Line, SideSheet, column, row
from protocol.ids import Level
from vault.store import Record


class ShareSheet(SideSheet):
    """``moved(Moved)`` after the record went somewhere else."""

    moved = Signal(object)

    def __init__(self, window: QWidget, context: Context, record: Record) -> None:
        what = label(record.key.type).lower()
        super().__init__(window, "Who can see this", text=f"{record_title(record)}", width=460)
        self._context, self._record = context, record
        self._window = window
        desk = context.desk
        self.place = Label(desk.place_words(record.key.log), scale="strong", wrap=True)
        self.add(self._place_box())
        self.private = Button(f"Make this {what} private", icon_name="lock", on_click=self._make_private)
        self.share = Button("Share with one person…", icon_name="people", on_click=self._share)
        self.to_group = Button("Move to a group…", icon_name="arrow-right", on_click=self._move)
        self._offer_buttons()
        self.add(Line())
        self.people = QVBoxLayout()
        self.people.setSpacing(14)
        self.people.addWidget(Label("Working out who sees it…", tone="muted"))
        self.body.addLayout(self.people)
        self.body.addStretch(1)
        self.body.setSpacing(12)
        self.add_button("Close", primary=True)
        read(context, lambda: desk.acts.sharing.who_sees(record.key), self._show, self)

    @property
    def names(self) -> list[str]:
        """Those who are listed."""
        return [one.name for one in self._seers]

    _seers: tuple[Seer, ...] = ()

    def _place_box(self) -> QWidget:
        small = self._context.desk.acts.sharing.shared_with(self._record.key)
        sign = "group" if small is None else "lock" if len(small) < 2 else "people"
        holder = QFrame()
        holder.setProperty("panel", "sunken")
        words = column(Label("It is kept in", scale="small", tone="muted"), self.place, gap=1)
        holder.setLayout(row(Icon(sign, size=18, tone="muted"), words, gap=12, margins=(14, 10, 14, 10)))
        return holder

    def _offer_buttons(self) -> None:
        record, desk = self._record, self._context.desk
        mine = (
            may_take(desk.vault.roster, desk.me, record.key)
            and not record.deleted
            and record.moved_to is None
        )
        small = desk.acts.sharing.shared_with(record.key)
        sharable = mine and record.key.type in SHARED_TYPES
        wanted: list[tuple[Button, bool]] = [
            (self.private, sharable and (small is None or len(small) > 1)),
            (self.share, sharable and bool(desk.acts.sharing.partners())),
            (self.to_group, mine and bool(self._other_groups())),
        ]
        for button, shown in wanted:
            if shown:
                self.add(button)
            else:
                button.setParent(self.panel)
                button.hide()

    def _show(self, seers: list[Seer]) -> None:
        self._seers = tuple(seers)
        while self.people.count():
            item = self.people.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        count = len(seers)
        self.people.addWidget(
            Label("Only you can see it" if count == 1 and seers[0].is_me else _people(count), scale="strong")
        )
        has_margins = companion_type(self._record.key.type) is not None
        for seer in seers:
            self.people.addWidget(_Line(seer, has_margins))
        self._keep_top()
        self._lay_out()

    def _make_private(self) -> None:
        self._ask([Offer(Place(Kind.PRIVATE), "Private", "lock")], "Make it private", "Make private")

    def _share(self) -> None:
        self._ask(partner_offers(self._context.desk), "Share with one person", "Share", "With")

    def _move(self) -> None:
        self._ask(self._other_groups(), "Move to a group", "Move")

    def _other_groups(self) -> list[Offer]:
        """Where else the user may put it."""
        home = self._record.key.log.group
        return [
            one
            for one in offers(self._context.desk, self._record.key.type)
            if one.place.kind is Kind.GROUP and one.place.id != home
        ]

    def _ask(self, offered: list[Offer], title: str, confirm: str, words: str = "Where to") -> None:
        dialog = MoveDialog(
            self._window,
            self._context,
            [self._record.key],
            offered,
            title=title,
            label=words,
            confirm=confirm,
        )
        dialog.moved.connect(self._done)
        dialog.open_overlay()

    def _done(self, moved: object) -> None:
        self.moved.emit(moved)
        self.close_overlay()


class _Line(QWidget):
    """One person: name, what he can do, why."""

    def __init__(self, seer: Seer, has_margins: bool) -> None:
        super().__init__()
        name = f"{seer.name} (you)" if seer.is_me else seer.name
        reasons = [_sentence(reason) for reason in seer.reasons]
        words = column(Label(name, scale="strong"), gap=2)
        for reason in reasons:
            words.addWidget(Label(reason, scale="small", tone="muted", wrap=True))
        if has_margins and seer.margins is False:
            note = Label("Not its costs and margins", scale="small", tone="muted")
            words.addLayout(row(Icon("lock", size=12, tone="faint"), note, None, gap=6))
        does = Badge("Reads and writes" if seer.level is Level.WRITE else "Reads")
        line = row(gap=12)
        line.addWidget(Avatar(seer.name, size=28), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(does, 0, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        self.setAccessibleName(f"{name}. {seer.does}. {' '.join(reasons)}")


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _people(count: int) -> str:
    return f"{count:,} {'person sees' if count == 1 else 'people see'} it"


__all__ = ["ShareSheet"]
