"""The tab "Who sees what": people × groups, and under it what each role's sign means."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desk import Team
from app.desktop.pages.team.matrix_view import MatrixView
from app.desktop.viewmodels.sharing import Matrix
from app.desktop.widgets import Card, Chip, ElidedLabel, Label, ScrollPage, SearchField, row


class MatrixTab(QWidget):
    """Click a cell, or the name of a group, to change who is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = MatrixView()
        card = Card()
        card.set_flush()
        card.add(self.view)
        self._legend = ScrollPage(margins=0, gap=4)
        self._legend.setMaximumHeight(190)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._team: Team | None = None
        self.search = SearchField("Find a person or a group")
        self.search.setFixedWidth(280)
        self.search.changed.connect(self._find)
        self.search.moved_down.connect(self.view.setFocus)
        hint = Label(
            "Click a cell, or a group, to change who is in it. Marks: one for each kind of data, in the order below; "
            "full: all of the group, half: own only, ring: nothing; pale: reads only.",
            scale="small",
            tone="muted",
            wrap=True,
        )
        line = row(self.search, hint, gap=16)
        line.setStretch(1, 1)
        layout.addLayout(line)
        layout.addWidget(card, 1)
        layout.addWidget(self._legend)

    def set_team(self, team: Team) -> None:
        """Another team."""
        self._team = team
        matrix = Matrix(team, self.search.text())
        self.view.set_matrix(matrix)
        box = self._legend.body
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        box.addWidget(self._legend_of(team, matrix))
        box.addStretch(1)
        self._legend.setFixedHeight(24 + min(6, len(team.roles)) * 27)

    def _find(self, text: str) -> None:
        if self._team is not None:
            self.view.set_matrix(Matrix(self._team, text))

    def _legend_of(self, team: Team, matrix: Matrix) -> QWidget:
        """One line per role: its sign, its name, and a short word for each compartment."""
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column, entry in enumerate(team.roles[0].access if team.roles else (), 2):
            grid.addWidget(Label(entry.title, scale="small", tone="faint"), 0, column)
            grid.setColumnMinimumWidth(column, 112)
        for line, role in enumerate(team.roles, 1):
            grid.addWidget(Chip(matrix.codes[role.id], hue=self.view.hue(role.id)), line, 0)
            name = ElidedLabel(role.name)
            name.setFixedSize(150, 22)
            name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            grid.addWidget(name, line, 1)
            for column, entry in enumerate(role.access, 2):
                words = Label(entry.short, scale="small", tone="faint" if entry.short == "—" else "muted")
                words.setToolTip(entry.sentence)
                grid.addWidget(words, line, column)
        grid.setColumnStretch(7, 1)
        return holder
