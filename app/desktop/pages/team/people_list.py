"""The people of the sharing dialog: those of the group, and whoever is looked for. Rows are made when shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.words import count
from app.desktop.pages.team.person_row import PersonRow
from app.desktop.viewmodels.sharing import Sharing, SharingRow
from app.desktop.widgets import Label, ScrollPage, SearchField, row
from protocol.ids import MemberId

MOST_SHOWN = 80


class PeopleList(QWidget):
    """``chosen(member, roles)``, ``several_wanted(member)``."""

    chosen = Signal(object, object)
    several_wanted = Signal(object)

    def __init__(self, sharing: Sharing, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sharing, self._editable = sharing, editable
        self.search = SearchField("Find somebody, to add or to change")
        self.list = ScrollPage(margins=0, gap=0)
        self.list.setMinimumHeight(240)
        self.more = Label("", scale="small", tone="muted", wrap=True)
        self.lines: dict[MemberId, PersonRow] = {}
        self._shown: list[PersonRow] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        holder = QWidget()
        holder.setLayout(row(self.search, margins=(12, 0, 12, 0)))
        layout.addWidget(holder)
        layout.addWidget(self.list, 1)
        words = QWidget()
        words.setLayout(row(self.more, margins=(14, 0, 12, 8)))
        layout.addWidget(words)
        self.list.body.addStretch(1)
        self.search.changed.connect(self._find)
        self._find("")

    def line(self, member: MemberId) -> PersonRow:
        """The row of somebody, made where it was not. Raises KeyError for somebody who is gone."""
        found = self.lines.get(member)
        if found is None:
            found = self._make(self._sharing.row(member))
            self.list.body.insertWidget(self.list.body.count() - 1, found)
            self._shown.append(found)
        return found

    def show_member(self, member: MemberId) -> None:
        """Bring somebody into view and give his choice the focus."""
        line = self.line(member)
        line.show()

        def now() -> None:
            self.list.ensureWidgetVisible(line)
            line.box.setFocus(Qt.FocusReason.OtherFocusReason)

        QTimer.singleShot(0, self, now)

    def refresh(self) -> None:
        """After a choice."""
        for line in self.lines.values():
            line.refresh()

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        fits: Callable[[SharingRow], bool] = lambda one: all(  # noqa: E731
            word in one.member.name.casefold() for word in words
        )
        found = [one for one in self._sharing.rows if fits(one)]
        if not words and len(found) > MOST_SHOWN:  # strangers are many: whoever is to be added is looked for
            inside = [one for one in found if one.roles or self._sharing.is_changed(one.member.id)]
            found = inside or found
        wanted = found[:MOST_SHOWN]
        for line in self._shown:
            line.hide()
        self._shown = []
        for place, one in enumerate(wanted):
            widget = self.lines.get(one.member.id) or self._make(one)
            if self.list.body.indexOf(widget) != place:
                self.list.body.insertWidget(place, widget)
            widget.show()
            self._shown.append(widget)
        left = len(self._sharing.rows) - len(wanted) if not words else len(found) - len(wanted)
        self.more.setText(self._more_words(words, found, left))
        self.more.setVisible(bool(self.more.text()))

    @staticmethod
    def _more_words(words: list[str], found: list[SharingRow], left: int) -> str:
        if words and not found:
            return "Nobody is called like this."
        if left <= 0:
            return ""
        return f"{count(left, 'more person', 'more people')}: type a name to find them."

    def _make(self, one: SharingRow) -> PersonRow:
        widget = PersonRow(one, self._sharing, self._editable)
        member = one.member.id
        widget.chosen.connect(lambda roles: self.chosen.emit(member, roles))
        widget.several_wanted.connect(lambda: self.several_wanted.emit(member))
        self.lines[member] = widget
        return widget
