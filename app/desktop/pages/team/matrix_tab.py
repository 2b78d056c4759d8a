"""The tab "Who sees what": people × groups, and under it what each role's sign means."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import Team
from app.desktop.pages.team.matrix_view import MatrixView
from app.desktop.viewmodels.sharing import Matrix
from app.desktop.widgets import Card, Chip, Label, ScrollPage, row


class MatrixTab(QWidget):
    """Click a cell, or the name of a group, to change who is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = MatrixView()
        card = Card()
        card.set_flush()
        card.add(self.view)
        self._legend = ScrollPage(margins=0, gap=4)
        self._legend.setMaximumHeight(150)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(
            Label(
                "Click a cell or the name of a group to change who is in it. A dot: not in this group.",
                scale="small",
                tone="muted",
            )
        )
        layout.addWidget(card, 1)
        layout.addWidget(self._legend)

    def set_team(self, team: Team) -> None:
        """Another team."""
        matrix = Matrix(team)
        self.view.set_matrix(matrix)
        box = self._legend.body
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for role in team.roles:
            chip = Chip(matrix.codes[role.id], hue=self.view.hue(role.id))
            name = Label(role.name)
            name.setFixedWidth(150)
            does = "  ·  ".join(f"{one.title}: {one.short.lower()}" for one in role.access)
            words = Label(does, scale="small", tone="muted")
            line = QWidget()
            holder = QWidget()
            holder.setFixedWidth(52)
            holder.setLayout(row(chip, None))
            line.setLayout(row(holder, name, words, None, gap=8))
            box.addWidget(line)
        box.addStretch(1)
        self._legend.setFixedHeight(min(5, len(team.roles)) * 28)
