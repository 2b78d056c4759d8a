"""What one person can see, and why: a sheet with a card for each group, worked out off the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.words import count
from app.desk import Desk
from app.desk.effective import Effective, Seen, SeenGroup, effective_access
from app.desk.record_counts import RecordCounts
from app.desktop.context import Context
from app.desktop.widgets import Badge, Card, Chip, Icon, Label, SearchField, SideSheet, Tone, column, row
from protocol.ids import Level, MemberId

MOST_SHOWN = 12
_SIGNS: dict[Level, tuple[str, Tone]] = {
    Level.NONE: ("lock", "faint"),
    Level.READ: ("eye", "accent"),
    Level.WRITE: ("edit", "success"),
}


def worked_out(desk: Desk, member: MemberId) -> Effective:
    """Slow: counts records."""
    counts = RecordCounts(desk.records)
    return effective_access(desk.vault.roster, member, desk.name, lambda some: dict(counts.behind(some)))


class AccessSheet(SideSheet):
    """``found`` is None until it is worked out."""

    def __init__(self, window: QWidget, context: Context, member: MemberId) -> None:
        person = context.desk.team().member(member)
        who = "you" if person.is_me else person.name
        super().__init__(
            window,
            f"What can {who} see, and why?",
            text="Counts are of the records that this computer can read.",
            width=620,
        )
        self.found: Effective | None = None
        self.search = SearchField("Find a group")
        self.search.changed.connect(self._show)
        self.search.hide()
        self.add(self.search)
        self.note = Label("Working it out…", tone="muted", wrap=True)
        self.add(self.note)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.body.addLayout(self._cards)
        self.body.addStretch(1)
        self.add_button("Close")
        desk = context.desk
        context.run(lambda _: worked_out(desk, member), owner=self, done=self._came)

    @property
    def sentences(self) -> list[str]:
        """All that is found, in words."""
        found = self.found.groups if self.found else ()
        return [f"{group.name}: {line.title}: {line.what}." for group in found for line in group.seen]

    def _came(self, found: Effective) -> None:
        self.found = found
        self.search.setVisible(len(found.groups) > MOST_SHOWN)
        self._show("")

    def _show(self, text: str) -> None:
        assert self.found is not None
        while self._cards.count():
            item = self._cards.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        words = text.casefold().split()
        fitting = [one for one in self.found.groups if all(word in one.name.casefold() for word in words)]
        for group in fitting[:MOST_SHOWN]:
            self._cards.addWidget(group_card(group))
        self.note.setText(self._note(len(fitting)))
        self.note.setVisible(bool(self.note.text()))

    def _note(self, fitting: int) -> str:
        assert self.found is not None
        lines = [self.found.note] if self.found.note else []
        if self.found.groups and not fitting:
            lines.append("No group is called like this.")
        if fitting > MOST_SHOWN:
            lines.append(f"{count(fitting - MOST_SHOWN, 'more group')}: type a name to see them.")
        if self.found.private:
            places = count(self.found.private, "private place")
            lines.append(f"And {places}, whose records only their one or two people know.")
        return " ".join(lines)


def group_card(group: SeenGroup) -> Card:
    """The lines of one group."""
    marks: list[QWidget] = [Chip(name) for name in group.roles]
    if group.archived:
        marks.append(Badge("archived", tone="warning"))
    card = Card(group.name, actions=marks, divided=True)
    for seen in group.seen:
        card.add(seen_line(seen))
    if group.may:
        sign = column(Icon("check", tone="muted"), None, margins=(0, 2, 0, 0))
        line = row(sign, Label(group.may, wrap=True, tone="muted"), gap=10)
        line.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(line)
        card.add(holder)
    return card


def seen_line(seen: Seen) -> QWidget:
    """A sign, what is seen, and why."""
    icon, tone = _SIGNS[seen.level]
    closed = seen.level is Level.NONE
    what = Label(f"{seen.title}: {_lower(seen.what)}", wrap=True, tone="faint" if closed else "text")
    words = column(what, gap=1)
    if seen.why:
        why = "; ".join(seen.why)
        words.addWidget(Label(why[:1].upper() + why[1:], scale="small", tone="muted", wrap=True))
    sign = column(Icon(icon, tone=tone), None, margins=(0, 2, 0, 0))
    line = row(sign, words, gap=10)
    line.setStretch(1, 1)
    if seen.counted:
        amount = Label(seen.counted, scale="small", tone="muted")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(amount, None))
    holder = QWidget()
    holder.setLayout(line)
    return holder


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
