"""Several roles of one person in one group: ticks, and what they add up to in sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.pages.team.effects import EffectList
from app.desktop.viewmodels.sharing import Sharing
from app.desktop.widgets import CheckBox, Label, Modal, ScrollPage
from protocol.ids import MemberId, RoleId

_ROW = 30
_MOST_ROWS = 8


class RolesPicker(Modal):
    """``picked(roles)``: a frozenset of role ids, when it is agreed to. Changes nothing by itself."""

    picked = Signal(object)

    def __init__(self, window: QWidget, sharing: Sharing, member: MemberId) -> None:
        name = sharing.row(member).member.name
        super().__init__(
            window,
            f"Roles of {name} in {sharing.group.name}",
            text="Several roles add up: what one of them allows is allowed.",
            width=520,
        )
        self._sharing = sharing
        held = sharing.wanted(member)
        self.ticks: dict[RoleId, CheckBox] = {}
        scroll = ScrollPage(margins=0, gap=2)
        for role in sharing.roles:
            tick = CheckBox(role.name, checked=role.id in held)
            tick.setToolTip("\n".join(role.sentences))
            tick.toggled.connect(lambda _: self._refresh())
            self.ticks[role.id] = tick
            scroll.body.addWidget(tick)
        scroll.body.addStretch(1)
        scroll.setFixedHeight(min(_MOST_ROWS, max(1, len(sharing.roles))) * _ROW + 4)
        self.add(scroll)
        self.add(Label("What they add up to", scale="strong"))
        self.effects = EffectList()
        self.add(self.effects)
        self.add_button("Cancel")
        self.pick_button = self.add_button("Choose", primary=True)
        self._refresh()

    @property
    def roles(self) -> frozenset[RoleId]:
        """What is ticked."""
        return frozenset(role for role, tick in self.ticks.items() if tick.isChecked())

    def _refresh(self) -> None:
        self.effects.show_lines(self._sharing.union([one for one in self.ticks if one in self.roles]))

    def accept(self) -> None:
        """Hand the choice over."""
        self.picked.emit(self.roles)
        self.accepted.emit()
        self.close_overlay()
