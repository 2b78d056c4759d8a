"""One person of a group with the roles to choose."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import TeamMember
from app.desk.access_words import join_words
from app.desktop.viewmodels.sharing import NOT_IN_GROUP, Sharing, SharingRow
from app.desktop.widgets import Avatar, Badge, ElidedLabel, Option, SelectBox, row
from protocol.ids import RoleId
from protocol.state import MemberStatus

SEVERAL = "several"
_BOTH = "both"
_WIDE = 196


class PersonRow(QWidget):
    """``chosen(roles)``: one role or none; ``several_wanted()``: a choice of more than one is asked for."""

    chosen = Signal(object)
    several_wanted = Signal()

    def __init__(self, line: SharingRow, sharing: Sharing, editable: bool) -> None:
        super().__init__()
        member = line.member
        self.member: TeamMember = member
        self._sharing = sharing
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(ElidedLabel(member.name + (" (you)" if member.is_me else "")))
        detail = member.standing_text
        if member.status is not MemberStatus.ACTIVE:
            detail += f" · {member.status_text}"
        names.addWidget(ElidedLabel(detail, scale="small", tone="faint"))
        self.box = SelectBox(placeholder=NOT_IN_GROUP, compact=True)
        self.box.setAccessibleName(f"Role of {member.name}")
        self.box.setFixedWidth(_WIDE)
        self.box.setEnabled(editable)
        self.mark = Badge("changed", tone="accent")
        self.mark.hide()
        layout = row(Avatar(member.name, size=28), names, self.mark, self.box, gap=10, margins=(12, 6, 12, 6))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.box.chosen.connect(self._choose)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wanted now."""
        wanted = self._sharing.wanted(self.member.id)
        options = [Option(None, NOT_IN_GROUP), *(Option(role.id, role.name) for role in self._sharing.roles)]
        if len(wanted) > 1:
            words = join_words([self._sharing.team.role(role).name for role in wanted])
            options.insert(0, Option(_BOTH, words))
            self.box.setToolTip(words)
        else:
            self.box.setToolTip("")
        options.append(Option(SEVERAL, "Several roles…"))
        self.box.set_options(options)
        self.box.set_value(_BOTH if len(wanted) > 1 else wanted[0] if wanted else None)
        if not wanted:
            self.box.setCurrentIndex(0)
        self.mark.setVisible(self._sharing.is_changed(self.member.id))

    def _choose(self, value: object) -> None:
        if value in (SEVERAL, _BOTH):
            self.refresh()
            self.several_wanted.emit()
            return
        roles: Iterable[RoleId] = [value] if isinstance(value, bytes) else []
        self.chosen.emit(frozenset(roles))
