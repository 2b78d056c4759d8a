"""Step 3: into which groups records go, and what happens with those that are there already."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.crm.importing import OnMatch, OnMissing
from app.desktop.viewmodels.import_session import ImportSession, Where
from app.desktop.widgets import Banner, Card, Label, Option, Radio, ScrollPage, Select, SelectBox, column

_MATCH = {
    OnMatch.UPDATE: ("Bring it up to date", "Fields that the file has are taken over, others stay"),
    OnMatch.SKIP: ("Leave it as it is", "Only what is new is imported"),
    OnMatch.CREATE: ("Make a second one", "Nothing that is there is touched"),
}
_MISSING = {
    OnMissing.CREATE: ("Make it", "A company or product with just that name"),
    OnMissing.LEAVE: ("Leave the field empty", "The result says so"),
    OnMissing.REFUSE: ("Do not import the row", "It is listed with the reason"),
}


class PlacementStep(QWidget):
    """``changed()`` after every choice."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: ImportSession | None = None
        self._page = ScrollPage(margins=0, gap=12)
        self.problem = Banner("", severity="warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.problem)
        layout.addWidget(self._page, 1)
        self.problem.hide()

    def show_session(self, session: ImportSession) -> None:
        """Another session, or the same with other tables."""
        self._session = session
        box = self._page.body
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        box.addWidget(self._build_where(session))
        box.addWidget(self._build_match(session))
        box.addStretch(1)
        self._refresh()

    def _build_where(self, session: ImportSession) -> Card:
        card = Card(
            "Into which group", subtitle="People in the group see these records, each as their role allows."
        )
        choices, placing = session.group_choices(), session.placing
        self.wheres: dict[Where, Radio] = {}

        def offer(where: Where, text: str, detail: str) -> None:
            radio = Radio(text, checked=placing.where is where, detail=detail)
            radio.toggled.connect(partial(self._where, where))
            self.wheres[where] = radio
            card.add(radio)

        if session.bundle is not None:
            names = ", ".join(session.bundle.groups)
            missing = session.missing_groups
            detail = (
                f"{', '.join(missing)} will be made, with you in the role that sees most"
                if missing
                else names
            )
            offer(Where.OFFICE, f"Each record to the group of its office: {names}", detail)
            self.wheres[Where.OFFICE].setEnabled(not session.office_problem())
        columns = session.column_choices()
        if columns or session.bundle is not None:
            offer(Where.ONE, "Everything into one group", "")
        self.group = Select("Group", [Option(one.id, one.name, "group") for one in choices])
        self.group.set_value(placing.group)
        self.group.setMaximumWidth(360)
        self.group.chosen.connect(self._group)
        card.add(self.group)
        if columns:
            offer(Where.COLUMN, "By a column of the table", "For example a region or a team")
            self.column = SelectBox(
                [Option(index, header) for index, header in columns], placeholder="Which column?"
            )
            self.column.setMaximumWidth(360)
            self.column.set_value(placing.column)
            self.column.chosen.connect(self._column)
            card.add(self.column)
            self.values = QWidget()
            card.add(self.values)
            self._fill_values()
        return card

    def _fill_values(self) -> None:
        session = self._session
        assert session is not None
        placing = session.placing
        old = self.values.layout()
        if old is not None:
            QWidget().setLayout(old)  # the old layout and its widgets go with it
        grid = QGridLayout(self.values)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        options = [Option(one.name, one.name) for one in session.group_choices()]
        for line, (value, group) in enumerate(placing.lookup.items()):
            select = SelectBox(options, compact=True)
            select.setFixedWidth(240)
            select.set_value(group)
            select.setAccessibleName(f"Group for {value}")
            select.chosen.connect(partial(self._value, value))
            grid.addWidget(Label(value), line, 0)
            grid.addWidget(select, line, 1)
        grid.setColumnStretch(2, 1)

    def _build_match(self, session: ImportSession) -> Card:
        card = Card(
            "If a record is there already",
            subtitle="Recognised by its number in the other system, by e-mail address, or by name.",
        )
        self.matches: dict[OnMatch, Radio] = {}
        group = QWidget()
        boxes = []
        for choice, (text, detail) in _MATCH.items():
            radio = Radio(text, checked=session.placing.on_match is choice, detail=detail)
            radio.toggled.connect(partial(self._match, choice))
            self.matches[choice] = radio
            boxes.append(radio)
        group.setLayout(column(*boxes, gap=6))
        card.add(group)
        if session.bundle is None:
            card.add(Label("If a company or product that is named does not exist", scale="strong"))
            self.missing: dict[OnMissing, Radio] = {}
            others = QWidget()
            boxes = []
            for missing, (text, detail) in _MISSING.items():
                radio = Radio(text, checked=session.placing.on_missing is missing, detail=detail)
                radio.toggled.connect(partial(self._missing, missing))
                self.missing[missing] = radio
                boxes.append(radio)
            others.setLayout(column(*boxes, gap=6))
            card.add(others)
        return card

    # choices

    def _where(self, where: Where, on: bool) -> None:
        session = self._session
        if not on or session is None:
            return
        if where is Where.COLUMN:
            chosen = self.column.value()
            first = session.column_choices()[0][0]
            session.place_by(chosen if isinstance(chosen, int) else first)
            self.column.set_value(session.placing.column)
            self._fill_values()
        else:
            session.placing.where = where
        self._refresh()

    def _group(self, value: object) -> None:
        if self._session is not None and isinstance(value, bytes):
            self._session.placing.group = value
        self._refresh()

    def _column(self, value: object) -> None:
        if self._session is not None and isinstance(value, int):
            self._session.place_by(value)
            self.wheres[Where.COLUMN].setChecked(True)
            self._fill_values()
        self._refresh()

    def _value(self, value: str, group: object) -> None:
        if self._session is not None and isinstance(group, str):
            self._session.placing.lookup[value] = group
        self._refresh()

    def _match(self, choice: OnMatch, on: bool) -> None:
        if on and self._session is not None:
            self._session.placing.on_match = choice
            self._refresh()

    def _missing(self, choice: OnMissing, on: bool) -> None:
        if on and self._session is not None:
            self._session.placing.on_missing = choice
            self._refresh()

    def _refresh(self) -> None:
        session = self._session
        assert session is not None
        where = session.placing.where
        self.group.setVisible(where is not Where.OFFICE)
        self.group.set_label("Group" if where is Where.ONE else "Group for what the column does not say")
        if Where.COLUMN in self.wheres:
            self.values.setVisible(where is Where.COLUMN)
            self.column.setVisible(where is Where.COLUMN)
        problem = session.problem()
        self.problem.set_text(problem)
        self.problem.setVisible(bool(problem))
        self.changed.emit()
