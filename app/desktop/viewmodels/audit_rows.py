"""The audit trail as rows: what is asked for is found among all lines, only what is in sight is painted."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desk.audit import AuditFilter, Trail
from app.desk.audit_line import BASIS_SENTENCES, BASIS_WORDS, KIND_WORDS, AuditKind, AuditLine, Basis
from app.desktop.widgets import Cell, CellRole, IconCell, Option, PersonCell
from protocol.ids import MemberId

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("When", "Who", "What", "About", "Held by")
WHEN, WHO, WHAT, ABOUT, HOLDS = range(len(COLUMNS))
WIDTHS = [172, 186, 560, 126, 156]

KIND_ICONS = {
    AuditKind.PEOPLE: "people",
    AuditKind.ACCESS: "key",
    AuditKind.DEVICES: "device",
    AuditKind.RECOVERY: "restore",
    AuditKind.POLICIES: "settings",
    AuditKind.SUPPORT: "help",
    AuditKind.SIGN_INS: "unlock",
    AuditKind.DATA: "export",
    AuditKind.OPERATOR: "server",
    AuditKind.ALARMS: "warning",
}
BASIS_ICONS = {
    Basis.SIGNED: ("shield-check", "success"),
    Basis.COLLEAGUE: ("person", "muted"),
    Basis.SERVER: ("server", "warning"),
    Basis.HERE: ("device", "muted"),
}


def shown_time(at: int) -> str:
    """ "22 Nov 2026, 18:00" in this computer's time zone; what somebody claimed may be any number."""
    try:
        when = time.localtime(at)
    except (OverflowError, ValueError, OSError):
        return "at no time"
    return f"{when.tm_mday} {time.strftime('%b %Y, %H:%M', when)}"


def day_starts(day: date | None) -> int | None:
    """The first second of a day, in Unix seconds."""
    return None if day is None else int(datetime(day.year, day.month, day.day).astimezone().timestamp())


def day_ends(day: date | None) -> int | None:
    """The first second after a day."""
    return None if day is None else day_starts(day + timedelta(days=1))


def kind_options() -> list[Option]:
    return [
        Option(None, "All kinds"),
        *(Option(kind, KIND_WORDS[kind], KIND_ICONS[kind]) for kind in AuditKind),
    ]


def person_options(trail: Trail) -> list[Option]:
    return [Option(None, "Everybody"), *(Option(member, name) for member, name in trail.people())]


class AuditRows(QAbstractTableModel):
    """`show_trail`, then `filter`. Rows are the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trail: Trail | None = None
        self._wanted = AuditFilter()
        self._lines: list[AuditLine] = []

    @property
    def total(self) -> int:
        return len(self._trail.lines) if self._trail is not None else 0

    @property
    def lines(self) -> list[AuditLine]:
        """Those that are shown."""
        return self._lines

    @property
    def wanted(self) -> AuditFilter:
        return self._wanted

    def show_trail(self, trail: Trail) -> None:
        self._trail = trail
        self._find()

    def filter(self, wanted: AuditFilter) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._find()

    def person(self, member: MemberId | None) -> str:
        """The name of a member who appears in the trail."""
        people = dict(self._trail.people()) if self._trail is not None else {}
        return people.get(member, "") if member is not None else ""

    def _find(self) -> None:
        self.beginResetModel()
        trail = self._trail
        everything = self._wanted == AuditFilter()
        self._lines = [] if trail is None else list(trail.lines) if everything else trail.find(self._wanted)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(line, index.column())
        if role == CellRole:
            return _cell(line, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            if index.column() == HOLDS:
                return BASIS_SENTENCES[line.basis]
            if index.column() == WHAT:
                return f"{line.sentence}. {line.doubt}".strip()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section] if section < len(COLUMNS) else None
        return None


def _words(line: AuditLine, column: int) -> str:
    if column == WHEN:
        return shown_time(line.at)
    if column == WHO:
        return line.who
    if column == WHAT:
        return line.words[:1].upper() + line.words[1:]
    if column == ABOUT:
        return KIND_WORDS[line.kind]
    return BASIS_WORDS[line.basis]


def _cell(line: AuditLine, column: int) -> Cell | None:
    if column == WHO and line.member is not None:
        return PersonCell(line.who)
    if column == WHO:
        return IconCell("server", line.who)
    if column == WHAT and line.doubt:
        return IconCell("warning", _words(line, WHAT), "warning")
    if column == ABOUT:
        return IconCell(KIND_ICONS[line.kind], KIND_WORDS[line.kind])
    if column == HOLDS:
        icon, tone = BASIS_ICONS[line.basis]
        return IconCell(icon, BASIS_WORDS[line.basis], tone)
    return None


__all__ = ["AuditRows", "day_ends", "day_starts", "kind_options", "person_options", "shown_time"]
