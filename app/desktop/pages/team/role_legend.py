"""What each role reads and writes: one line of short words per role, and the whole sentences of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desk import TeamRole
from app.desktop.pages.team.effects import EffectList
from app.desktop.widgets import Icon, Label, Line, Option, ScrollPage, Select, Tone, row
from protocol.ids import Level, RoleId

_SIGNS: dict[str, tuple[str, Tone]] = {
    "Reads and writes": ("edit", "success"),
    "Reads; writes own": ("edit", "accent"),
    "Reads": ("eye", "accent"),
    "Own only": ("person", "warning"),
    "Reads own only": ("person", "warning"),
    "—": ("lock", "faint"),
}


class RoleLegend(QWidget):
    """A choice of role and its sentences; each compartment with a sign."""

    def __init__(self, roles: Sequence[TeamRole], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = {role.id: role for role in roles}
        self.select = Select("", [Option(role.id, role.name, "role") for role in roles])
        self.select.box.setAccessibleName("Role")
        self._sentences = QVBoxLayout()
        self._sentences.setSpacing(0)
        holder = ScrollPage(margins=0, gap=0)
        holder.body.addLayout(self._sentences)
        holder.body.addStretch(1)
        holder.setMinimumHeight(90)
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.select)
        layout.addWidget(holder, 1)
        self.select.chosen.connect(lambda value: self.show_role(value) if isinstance(value, bytes) else None)
        if roles:
            self.show_role(roles[0].id)

    def show_role(self, role: RoleId) -> None:
        """Says what this role does."""
        self.select.set_value(role)
        while self._sentences.count():
            item = self._sentences.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._sentences.addWidget(role_sentences(self._roles[role]))


def role_sentences(role: TeamRole) -> QWidget:
    """Every compartment and the permissions, a sign and a sentence each."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for entry in role.access:
        icon, tone = _SIGNS[entry.short]
        words = Label(
            entry.sentence, wrap=True, tone="muted" if _is_closed(entry.group, entry.own) else "text"
        )
        layout.addLayout(_line(icon, tone, words))
    if role.sentences[len(role.access) :]:
        for sentence in role.sentences[len(role.access) :]:
            layout.addLayout(_line("check", "muted", Label(sentence, wrap=True)))
    return box


def _is_closed(group: Level, own: Level) -> bool:
    return group is Level.NONE and own is Level.NONE


def _line(icon: str, tone: Tone, words: Label) -> QVBoxLayout:
    sign = QVBoxLayout()
    sign.setContentsMargins(0, 2, 0, 0)
    sign.addWidget(Icon(icon, tone=tone))
    sign.addStretch(1)
    holder = QVBoxLayout()
    line = row(sign, words, gap=10)
    line.setStretch(1, 1)
    holder.addLayout(line)
    return holder


def role_table(roles: Sequence[TeamRole]) -> QWidget:
    """All roles × compartments in short words."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    titles = [entry.title for entry in roles[0].access] if roles else []
    for column, title in enumerate(titles, 1):
        grid.addWidget(Label(title, scale="small", tone="muted"), 0, column)
    for place, role in enumerate(roles):
        grid.addWidget(Line(), 2 * place + 1, 0, 1, len(titles) + 1)
        grid.addWidget(Label(role.name, scale="strong"), 2 * place + 2, 0)
        for column, entry in enumerate(role.access, 1):
            label = Label(entry.short, scale="small", tone="faint" if entry.short == "—" else "text")
            label.setToolTip(entry.sentence)
            grid.addWidget(label, 2 * place + 2, column, Qt.AlignmentFlag.AlignLeft)
    return box


__all__ = ["EffectList", "RoleLegend", "role_sentences", "role_table"]
