"""Everything about one member, at the right edge: check code, computers, groups, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import TeamMember
from app.desk.team import DeviceStatus
from app.desktop.context import Context
from app.desktop.pages.team.code_view import CodeView
from app.desktop.pages.team.member_changes import changes_for
from app.desktop.widgets import (
    Avatar,
    Badge,
    Button,
    Chip,
    Icon,
    Label,
    SideSheet,
    column,
    row,
)
from protocol.ids import GroupId, MemberId
from protocol.state import MemberStatus

_LONG = 44  # signs of a group's name beside its roles
_HOW_TO_COMPARE = (
    "Call {name} on a line where you know the voice, and read these numbers to each other, group by group. "
    "If all are the same, nobody sits between the two of you."
)


class MemberSheet(SideSheet):
    """``change_wanted(Change)``, ``group_wanted(group id)``."""

    change_wanted = Signal(object)
    group_wanted = Signal(object)

    def __init__(self, window: QWidget, context: Context, member: MemberId) -> None:
        team = context.desk.team()
        person = team.member(member)
        super().__init__(window, person.name + (" (you)" if person.is_me else ""), width=500)
        self.person = person
        self.body.setSpacing(20)
        self.add(self._build_head(person))
        if person.check_code:
            self.add(self._build_code(person))
        self.add(self._build_devices(person))
        self.add(self._build_groups(person))
        self.action_buttons: dict[str, Button] = {}
        self._build_actions(context, person, team.i_am_admin)
        self.body.addStretch(1)
        self.close_button = self.add_button("Close")

    def _build_head(self, person: TeamMember) -> QWidget:
        marks = [Badge(person.standing_text, tone="accent")]
        tone = "success" if person.status is MemberStatus.ACTIVE else "warning"
        marks.append(Badge(person.status_text, tone="success" if tone == "success" else "warning"))
        words = [row(*marks, None, gap=6)]
        if person.manager_name:
            words.append(row(Label(f"Reports to {person.manager_name}", scale="small", tone="muted"), None))
        box = QWidget()
        box.setLayout(row(Avatar(person.name, size=44), column(*words, gap=6), None, gap=14))
        return box

    def _build_code(self, person: TeamMember) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label("Check code", scale="strong"))
        self.code = CodeView(person.check_code)
        layout.addWidget(self.code)
        who = person.name.split()[0]
        words = (
            "This is your own code. Read it to a colleague who sees it on their Team page: it has to be the same."
            if person.is_me
            else _HOW_TO_COMPARE.format(name=who)
        )
        layout.addWidget(Label(words, scale="small", tone="muted", wrap=True))
        return box

    def _build_devices(self, person: TeamMember) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label("Computers", scale="strong"))
        for device in person.devices:
            line = row(Icon("device"), Label(device.name, selectable=True), gap=10)
            if device.is_this:
                line.addWidget(Badge("this computer", tone="accent"))
            if device.status is DeviceStatus.REVOKED:
                line.addWidget(Badge("revoked", tone="danger"))
            line.addStretch(1)
            layout.addLayout(line)
        if not person.devices:
            layout.addWidget(Label("None yet: the invitation was not used so far.", tone="muted"))
        return box

    def _build_groups(self, person: TeamMember) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(Label("Groups", scale="strong"))
        for entry in person.memberships:
            open_group = Button(
                entry.group_name if len(entry.group_name) <= _LONG else entry.group_name[: _LONG - 1] + "…",
                kind="link",
                tooltip=entry.group_name if len(entry.group_name) > _LONG else "",
                on_click=partial(self._open_group, entry.group),
            )
            chips = [Chip(name) for name in entry.role_names]
            layout.addLayout(row(open_group, *chips, None))
            does = "  ·  ".join(
                f"{one.title}: {one.short.lower()}" for one in entry.access if one.short != "—"
            )
            words = Label(does or "Sees nothing", scale="small", tone="muted", wrap=True)
            words.setToolTip("\n".join(one.sentence for one in entry.access))
            layout.addWidget(words)
        if not person.memberships:
            layout.addWidget(Label("In no group: sees only the names of the team.", tone="muted", wrap=True))
        return box

    def _build_actions(self, context: Context, person: TeamMember, admin: bool) -> None:
        changes = changes_for(context, person)
        if not changes:
            words = (
                "Only admins can suspend or remove people."
                if not admin
                else "Nothing can be changed here: ask an owner."
                if not person.is_me
                else "You cannot change your own standing, or remove yourself, here."
            )
            self.add(Label(words, scale="small", tone="faint", wrap=True))
            return
        box = QVBoxLayout()
        box.setSpacing(8)
        for change in changes:
            button = Button(
                change.confirm,
                kind="danger-quiet" if change.danger else "secondary",
                on_click=partial(self._want, change),
            )
            self.action_buttons[change.confirm] = button
            box.addLayout(row(button, None))
        self.body.addLayout(box)

    def _want(self, change: object) -> None:
        self.close_overlay()
        self.change_wanted.emit(change)

    def _open_group(self, group: GroupId) -> None:
        self.close_overlay()
        self.group_wanted.emit(group)
