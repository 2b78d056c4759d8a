"""Everything about one member, at the right edge: check code, computers, groups, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.words import count
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
_MOST_GROUPS = 12
_IN_A_ROW = 3
_HOW_TO_COMPARE = (
    "Call {name} on a line where you know the voice, and read these numbers to each other, group by group. "
    "If all are the same, nobody sits between the two of you."
)


class MemberSheet(SideSheet):
    """``change_wanted(Change)``, ``group_wanted(group id)``, ``access_wanted``, ``compare_wanted``,
    ``manager_wanted`` and ``role_wanted`` (member id)."""

    change_wanted = Signal(object)
    group_wanted = Signal(object)
    access_wanted = Signal(object)
    compare_wanted = Signal(object)
    manager_wanted = Signal(object)
    role_wanted = Signal(object)

    def __init__(self, window: QWidget, context: Context, member: MemberId) -> None:
        team = context.desk.team()
        person = team.member(member)
        super().__init__(window, person.name + (" (you)" if person.is_me else ""), width=500)
        self.person = person
        self.body.setSpacing(20)
        self.add(self._build_head(person))
        if person.check_code:
            self.add(self._build_code(context, person))
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
        if person.support:
            words.append(row(Label(person.support, scale="small", tone="warning", wrap=True)))
        box = QWidget()
        box.setLayout(row(Avatar(person.name, size=44), column(*words, gap=6), None, gap=14))
        return box

    def _build_code(self, context: Context, person: TeamMember) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        compared = context.desk.compared.is_compared(person.id, person.check_code)
        title = row(Label("Check code", scale="strong"), None)
        if compared and not person.is_me:
            title.addWidget(Badge("compared on this computer", tone="success"))
        layout.addLayout(title)
        self.code = CodeView(person.check_code)
        layout.addWidget(self.code)
        who = person.name.split()[0]
        words = (
            "This is your own code. Read it to a colleague who sees it on their Team page: it has to be the same."
            if person.is_me
            else _HOW_TO_COMPARE.format(name=who)
        )
        layout.addWidget(Label(words, scale="small", tone="muted", wrap=True))
        if not person.is_me:
            button = Button("Compare…", compact=True, on_click=lambda: self._leave_for(self.compare_wanted))
            layout.addLayout(row(button, None))
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
        self.access_button = Button(
            "What can you see, and why…" if person.is_me else "What can they see, and why…",
            kind="link",
            on_click=lambda: self._leave_for(self.access_wanted),
        )
        layout.addLayout(row(Label("Groups", scale="strong"), None, self.access_button))
        for entry in person.memberships[:_MOST_GROUPS]:
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
        more = len(person.memberships) - _MOST_GROUPS
        if more > 0:
            layout.addWidget(Label(f"and {count(more, 'more group')}", tone="muted"))
        if not person.memberships:
            layout.addWidget(Label("In no group: sees only the names of the team.", tone="muted", wrap=True))
        return box

    def _build_actions(self, context: Context, person: TeamMember, admin: bool) -> None:
        buttons: list[Button] = []
        if person.is_me:
            buttons.append(self._action("Ask for a role…", lambda: self._leave_for(self.role_wanted)))
        elif admin and person.is_present:
            buttons.append(self._action("Reports to…", lambda: self._leave_for(self.manager_wanted)))
        changes = changes_for(context, person)
        for change in changes:
            buttons.append(self._action(change.confirm, partial(self._want, change), danger=change.danger))
        box = QVBoxLayout()
        box.setSpacing(8)
        for start in range(0, len(buttons), _IN_A_ROW):
            box.addLayout(row(*buttons[start : start + _IN_A_ROW], None, gap=8))
        self.body.addLayout(box)
        if not changes and not person.is_me:
            words = (
                "Only admins can suspend or remove people."
                if not admin
                else "Nothing can be changed here: ask an owner."
            )
            self.add(Label(words, scale="small", tone="faint", wrap=True))

    def _action(self, words: str, act: Callable[[], object], *, danger: bool = False) -> Button:
        button = Button(words, kind="danger-quiet" if danger else "secondary", on_click=act)
        self.action_buttons[words] = button
        return button

    def _leave_for(self, signal: SignalInstance) -> None:
        """Close, then tell: one sheet at a time."""
        self.close_overlay()
        signal.emit(self.person.id)

    def _want(self, change: object) -> None:
        self.close_overlay()
        self.change_wanted.emit(change)

    def _open_group(self, group: GroupId) -> None:
        self.close_overlay()
        self.group_wanted.emit(group)
