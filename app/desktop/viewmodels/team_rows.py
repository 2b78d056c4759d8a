"""The lists of the Team page: members, invitations, groups and roles as table models over `app.desk.team.Team`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.crm.words import count
from app.desk import Team, TeamGroup, TeamInvitation, TeamMember, TeamRole
from app.desk.approvals import Approval, ApprovalKind
from app.desk.team import STANDING_WORDS, DeviceStatus
from app.desktop.widgets import Cell, CellRole, ChipCell, ChipsCell, IconCell, PersonCell
from protocol.ids import GroupId, MemberId
from protocol.state import InvitationStatus, MemberStatus

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
DAY = 86_400
HOUR = 3_600
_STATUS_HUES = {
    MemberStatus.ACTIVE: 2,
    MemberStatus.INVITED: 0,
    MemberStatus.JOINED: 1,
    MemberStatus.SUSPENDED: 3,
    MemberStatus.LEFT: 7,
    MemberStatus.REMOVED: 7,
}
_INVITATION_WORDS = {
    InvitationStatus.OPEN: "Open",
    InvitationStatus.JOINED: "Joined, being let in",
    InvitationStatus.CONFIRMED: "Accepted",
    InvitationStatus.EXPIRED: "Over",
}


@dataclass(frozen=True)
class Column(Generic[T]):
    """`text` is shown, searched and sorted by; `cell` is painted in its place where it is given."""

    title: str
    text: Callable[[T], str]
    cell: Callable[[T], Cell] | None = None
    key: Callable[[T], object] | None = None  # to sort by, where the words would sort wrongly
    right: bool = False


class Rows(QAbstractTableModel, Generic[T]):
    """A short list, all in memory, that can be searched and sorted."""

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._all: list[T] = []
        self._shown: list[T] = []
        self._needle = ""
        self._sort: tuple[int, Qt.SortOrder] | None = None

    def set_items(self, items: Sequence[T]) -> None:
        """Another list; search and order stay."""
        self._all = list(items)
        self._refresh()

    def search(self, text: str) -> None:
        """Only rows in which each word is found somewhere."""
        self._needle = text
        self._refresh()

    def item(self, row: int) -> T:
        return self._shown[row]

    def items(self) -> list[T]:
        """What is shown, in order."""
        return list(self._shown)

    def row_of(self, fits: Callable[[T], bool]) -> int:
        """The first row that fits, -1 for none."""
        return next((row for row, item in enumerate(self._shown) if fits(item)), -1)

    def _refresh(self) -> None:
        words = self._needle.casefold().split()
        self.beginResetModel()
        self._shown = [item for item in self._all if all(word in self._line(item) for word in words)]
        if self._sort is not None:
            column, order = self._sort
            key = self._columns[column].key or (lambda item: self._columns[column].text(item).casefold())
            self._shown.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)  # type: ignore[arg-type]
        self.endResetModel()

    def _line(self, item: T) -> str:
        return " ".join(column.text(item) for column in self._columns).casefold()

    # the model

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column, item = self._columns[index.column()], self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(item)
        if role == CellRole and column.cell is not None:
            return column.cell(item)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self._columns):
            self._sort = (column, order)
            self._refresh()


def member_name(member: TeamMember) -> str:
    return f"{member.name} (you)" if member.is_me else member.name


def live_devices(member: TeamMember) -> int:
    return sum(device.status is DeviceStatus.ACTIVE for device in member.devices)


def membership_chips(member: TeamMember) -> tuple[ChipCell, ...]:
    """One chip per group; one role's hue is the same everywhere."""
    return tuple(ChipCell(entry.text) for entry in member.memberships)


def member_rows(parent: QObject | None = None) -> Rows[TeamMember]:
    """Name, standing, status, groups and roles, computers."""
    return Rows[TeamMember](
        [
            Column("Name", member_name, lambda one: PersonCell(member_name(one), strong=True)),
            Column("Standing", lambda one: one.standing_text, key=lambda one: -int(one.standing)),
            Column(
                "Status",
                lambda one: one.status_text,
                lambda one: ChipCell(one.status_text, _STATUS_HUES[one.status]),
            ),
            Column(
                "Computers",
                lambda one: str(live_devices(one) or "–"),
                key=live_devices,
                right=True,
            ),
            Column(
                "Groups and roles",
                lambda one: "; ".join(entry.text for entry in one.memberships) or "In no group",
                lambda one: (
                    ChipsCell(membership_chips(one))
                    if one.memberships
                    else IconCell("minus", "In no group", "faint")
                ),
            ),
        ],
        parent,
    )


def invitation_rows(parent: QObject | None = None) -> Rows[TeamInvitation]:
    """Name, status, how long it is open, standing."""
    return Rows[TeamInvitation](
        [
            Column("For", lambda one: one.name, lambda one: PersonCell(one.name, strong=True)),
            Column(
                "Status",
                invitation_status,
                lambda one: ChipCell(invitation_status(one), 2 if is_open(one) else 7),
            ),
            Column("Open", lambda one: open_words(one), key=lambda one: one.expires),
            Column("Joins as", lambda one: STANDING_WORDS[one.standing]),
        ],
        parent,
    )


_APPROVAL_HUES = {ApprovalKind.ASK: 3, ApprovalKind.JOIN: 1, ApprovalKind.KEY: 0}


def approval_rows(parent: QObject | None = None) -> Rows[Approval]:
    """Who, what kind of waiting, and what it is about in words."""
    return Rows[Approval](
        [
            Column("Who", lambda one: one.name, lambda one: PersonCell(one.name, strong=True)),
            Column(
                "What",
                lambda one: one.kind.value,
                lambda one: ChipCell(one.kind.value, _APPROVAL_HUES[one.kind]),
            ),
            Column("About", lambda one: one.text),
        ],
        parent,
    )


def is_open(invitation: TeamInvitation, now: float | None = None) -> bool:
    """Whether somebody can still use it."""
    return invitation.status is InvitationStatus.OPEN and invitation.expires > (now or time.time())


def invitation_status(invitation: TeamInvitation) -> str:
    if invitation.status is InvitationStatus.OPEN and not is_open(invitation):
        return _INVITATION_WORDS[InvitationStatus.EXPIRED]
    return _INVITATION_WORDS[invitation.status]


def open_words(invitation: TeamInvitation) -> str:
    """How long its link still works; "–" where it was used or withdrawn."""
    ended = invitation.status not in (InvitationStatus.OPEN, InvitationStatus.EXPIRED)
    return "–" if ended else expiry_words(invitation.expires)


def expiry_words(expires: float, now: float | None = None) -> str:
    """ "for 13 more days, until 4 Dec 2026", "for 5 more hours", "ended on 4 Dec 2026". Local time."""
    left = expires - (time.time() if now is None else now)
    moment = time.localtime(expires)
    day = f"{moment.tm_mday} {time.strftime('%b %Y', moment)}"
    if left <= 0:
        return f"ended on {day}"
    if left >= 2 * DAY:
        return f"for {count(round(left / DAY), 'more day')}, until {day}"
    hours = int(left // HOUR)
    return f"for {count(hours, 'more hour')}" if hours else "for less than an hour"


def group_rows(
    names: Callable[[MemberId], str], groups: Callable[[GroupId], str], parent: QObject | None = None
) -> Rows[TeamGroup]:
    """Name, number of people, who; whether it is archived, and whose catalogue it uses."""
    return Rows[TeamGroup](
        [
            Column("Group", lambda one: one.name, lambda one: IconCell("group", one.name, "text")),
            Column("People", lambda one: str(len(one.members)), key=lambda one: len(one.members), right=True),
            Column(
                "State",
                lambda one: "Archived" if one.archived else "In use",
                lambda one: ChipCell("Archived", 7) if one.archived else ChipCell("In use", 2),
            ),
            Column(
                "Catalogue",
                lambda one: groups(one.catalogue_of) if one.catalogue_of is not None else "Its own",
            ),
            Column(
                "Who", lambda one: ", ".join(sorted(map(names, one.members), key=str.casefold)) or "Nobody"
            ),
        ],
        parent,
    )


def role_rows(used: Callable[[TeamRole], int], parent: QObject | None = None) -> Rows[TeamRole]:
    """Name, one short cell per compartment, how many people have it."""
    titles = ("Catalogue", "Contacts", "Sales", "Margins", "Documents")

    def cell_of(place: int) -> Callable[[TeamRole], str]:
        return lambda one: one.access[place].short

    return Rows[TeamRole](
        [
            Column("Role", lambda one: one.name, lambda one: IconCell("role", one.name, "text")),
            Column("People", lambda one: str(used(one)), key=used, right=True),
            *(Column[TeamRole](title, cell_of(place)) for place, title in enumerate(titles)),
        ],
        parent,
    )


def people_with_role(team: Team, role: TeamRole) -> int:
    """How many people have the role in some group."""
    return sum(any(role.id in entry.roles for entry in member.memberships) for member in team.members)


def people_in(team: Team, group: GroupId) -> list[TeamMember]:
    """The people of a group, by name."""
    return [member for member in team.members if any(entry.group == group for entry in member.memberships)]
