"""The Team page: members, who sees what, invitations, groups, roles. Read-only, with words why, for non-admins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import Team, TeamGroup, TeamInvitation, TeamMember, TeamRole
from app.desk.approvals import Approval
from app.desktop.context import Context
from app.desktop.pages.team.access_sheet import AccessSheet
from app.desktop.pages.team.answer_dialog import AnswerDialog
from app.desktop.pages.team.ask_dialog import AskDialog
from app.desktop.pages.team.catalogue_dialog import CatalogueDialog
from app.desktop.pages.team.change_dialog import Change, ChangeDialog
from app.desktop.pages.team.compare_dialog import CompareDialog
from app.desktop.pages.team.group_changes import archive_change, undo_change, withdrawal_change
from app.desktop.pages.team.invite_dialog import InviteDialog
from app.desktop.pages.team.list_tab import ListTab
from app.desktop.pages.team.matrix_tab import MatrixTab
from app.desktop.pages.team.member_changes import changes_for
from app.desktop.pages.team.member_sheet import MemberSheet
from app.desktop.pages.team.page_words import limits_words, note_words
from app.desktop.pages.team.role_editor import RoleEditor
from app.desktop.pages.team.sharing_dialog import SharingDialog
from app.desktop.pages.team.small_dialogs import NameDialog, RoleSheet
from app.desktop.pages.team.tree_tab import TreeTab
from app.desktop.viewmodels.sharing import Sharing, fullest_role
from app.desktop.viewmodels.team_rows import (
    approval_rows,
    group_rows,
    invitation_rows,
    is_open,
    member_rows,
    people_with_role,
    role_rows,
)
from app.desktop.widgets import Banner, Button, EmptyState, Label, Menu, Tabs, row
from protocol.ids import GroupId, MemberId, RoleId
from protocol.state import MemberStatus

Dialog = TypeVar(
    "Dialog",
    InviteDialog,
    SharingDialog,
    RoleEditor,
    ChangeDialog,
    NameDialog,
    AnswerDialog,
    AskDialog,
    CatalogueDialog,
    CompareDialog,
)


WAITING_AFTER_MS = 150


class TeamPage(QWidget):
    """`refresh` is called by itself whenever the roster or a name changed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._seen: object = None
        self._asked = 0
        self._later = QTimer(
            self
        )  # what waits is read after the page is painted, and once for several changes
        self._later.setSingleShot(True)
        self._later.setInterval(WAITING_AFTER_MS)
        self._later.timeout.connect(self._load_waiting)
        self.team: Team = context.desk.team()
        self.note = Label("", tone="muted")
        self.invite_button = Button("Invite…", kind="primary", icon_name="invite", on_click=self.invite)
        self.banner = Banner("", severity="info")
        self.banner.hide()
        self._undo: Callable[[], object] | None = None
        self.undo_banner = Banner(
            "", severity="success", action="Undo…", on_action=self._take_back, closable=True
        )
        self.undo_banner.hide()
        self.tabs = Tabs()
        self._build_tabs()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(row(self.note, None, self.invite_button))
        layout.addWidget(self.banner)
        layout.addWidget(self.undo_banner)
        layout.addWidget(self.tabs, 1)
        context.changed.connect(lambda _: self._maybe_refresh())
        context.sync_changed.connect(lambda _: self._maybe_refresh())
        self.refresh()

    def _build_tabs(self) -> None:
        self.members = ListTab[TeamMember](
            "Members", member_rows(self), [240, 90, 110, 100], EmptyState("team", "Nobody here yet")
        )
        self.members.opened.connect(lambda one: self.open_member(one.id))
        self.members.menu.connect(self._member_menu)
        self.matrix = MatrixTab()
        self.matrix.view.chosen.connect(self.open_sharing)
        self.no_invitations = EmptyState(
            "invite",
            "Nobody is invited",
            "An invitation is a link that is handed over by a way one trusts. It works once.",
            action="Invite somebody…",
            on_action=self.invite,
        )
        self.invitations = ListTab[TeamInvitation](
            "Invitations",
            invitation_rows(self),
            [260, 160, 260],
            self.no_invitations,
        )
        self.invitations.opened.connect(self._invitation_opened)
        self.invitations.menu.connect(self._invitation_menu)
        self.new_group_button = Button("New group…", icon_name="plus", on_click=self.new_group)
        self.groups = ListTab[TeamGroup](
            "Groups",
            group_rows(
                partial(self._context.desk.name, "member"), partial(self._context.desk.name, "group"), self
            ),
            [260, 90, 110, 130],
            EmptyState(
                "group", "No groups", "A group is a part of your records, such as a region or a team."
            ),
            [self.new_group_button],
        )
        self.groups.opened.connect(lambda one: self.open_sharing(one.id))
        self.tree = TreeTab(self._context)
        self.tree.change_wanted.connect(self.ask)
        self.tree.member_wanted.connect(self.open_member)
        self.waiting = ListTab[Approval](
            "Waiting",
            approval_rows(self),
            [240, 150],
            EmptyState(
                "check",
                "Nothing waits",
                "Requests for roles, people who joined and are not in yet, and rights that wait for a key stand here.",
            ),
        )
        self.waiting.opened.connect(self.answer)
        self.groups.menu.connect(self._group_menu)
        self.new_role_button = Button("New role…", icon_name="plus", on_click=lambda: self.edit_role(None))
        self.roles = ListTab[TeamRole](
            "Roles",
            role_rows(lambda role: people_with_role(self.team, role), self),
            [190, 80, 130, 130, 130, 130],
            EmptyState("role", "No roles"),
            [self.new_role_button],
        )
        self.roles.opened.connect(lambda one: self.open_role(one.id))
        for key, title, page in (
            ("members", "Members", self.members),
            ("matrix", "Who sees what", self.matrix),
            ("tree", "Reports", self.tree),
            ("waiting", "Waiting", self.waiting),
            ("invitations", "Invitations", self.invitations),
            ("groups", "Groups", self.groups),
            ("roles", "Roles", self.roles),
        ):
            self.tabs.add(key, title, page)

    # what is shown

    def _maybe_refresh(self) -> None:
        if self._state() != self._seen:
            self.refresh()

    def _state(self) -> object:
        desk = self._context.desk
        return (desk.vault.roster.position, id(desk.directory.names()))

    def refresh(self) -> None:
        """Read the team again."""
        self._seen = self._state()
        team = self.team = self._context.desk.team()
        gone = (MemberStatus.LEFT, MemberStatus.REMOVED)
        listed = [one for one in team.members if one.status not in gone]
        waiting = [one for one in team.invitations if is_open(one)]
        open_groups = [one for one in team.groups if not one.archived]
        self.note.setText(note_words(team))
        self.tabs.set_title("members", f"Members  {len(listed):,}")
        self.tabs.set_title("invitations", f"Invitations  {len(waiting)}" if waiting else "Invitations")
        self.tabs.set_title("groups", f"Groups  {len(open_groups)}")
        self.tabs.set_title("roles", f"Roles  {len(team.roles)}")
        self.members.set_items(list(team.members))
        self.invitations.set_items(sorted(team.invitations, key=lambda one: (not is_open(one), -one.expires)))
        self.groups.set_items(list(team.groups))
        self.roles.set_items(list(team.roles))
        self.matrix.set_team(team)
        self.tree.set_team(team)
        self._later.start()
        self.invite_button.setVisible(team.i_am_admin)
        self.no_invitations.action.setVisible(team.i_am_admin)
        self.new_group_button.setVisible(team.i_am_admin)
        self.new_role_button.setVisible(team.i_am_admin)
        self.banner.setVisible(not team.i_am_admin)
        if not team.i_am_admin:
            self.banner.set_text(limits_words(team))

    def _load_waiting(self) -> None:
        """Off this thread: it reads the heads of all logs."""
        if self._context.is_closed:
            return
        self._asked += 1
        asked, desk = self._asked, self._context.desk

        def came(found: list[Approval]) -> None:
            if asked == self._asked:
                self.waiting.set_items(found)
                answers = sum(one.mine_to_answer for one in found)
                self.tabs.set_title("waiting", f"Waiting  {answers}" if answers else "Waiting")

        self._context.run(lambda _: desk.team_view.approvals(), owner=self, done=came)

    # opening

    def answer(self, approval: Approval) -> AnswerDialog | MemberSheet:
        """Grant or decline what is asked for; else who it is about."""
        asked = approval.asked
        if asked is None or (not asked.i_may_answer and not asked.is_mine):
            return self.open_member(approval.member)
        if asked.i_may_answer:
            return self._open(AnswerDialog(self, self._context, approval, asked))
        return self.open_member(approval.member)

    def ask_for_role(self) -> AskDialog:
        """Ask whoever may grant it."""
        return self._open(AskDialog(self, self._context))

    def share_catalogue(self, group: GroupId) -> CatalogueDialog:
        """One catalogue for several groups."""
        return self._open(CatalogueDialog(self, self._context, group))

    def show_access(self, member: MemberId) -> AccessSheet:
        """What one person can see, and why."""
        sheet = AccessSheet(self, self._context, member)
        sheet.open_overlay()
        return sheet

    def compare(self, member: MemberId) -> CompareDialog:
        """Check codes side by side."""
        return self._open(CompareDialog(self, self._context, member))

    def invite(self) -> InviteDialog:
        """The invite dialog."""
        return self._open(InviteDialog(self, self._context))

    def open_member(self, member: MemberId) -> MemberSheet:
        sheet = MemberSheet(self, self._context, member)
        sheet.change_wanted.connect(self.ask)
        sheet.group_wanted.connect(self.open_sharing)
        sheet.access_wanted.connect(self.show_access)
        sheet.compare_wanted.connect(self.compare)
        sheet.manager_wanted.connect(self.tree.pick_manager)
        sheet.role_wanted.connect(lambda _: self.ask_for_role())
        sheet.open_overlay()
        return sheet

    def open_sharing(self, group: GroupId, member: MemberId | None = None) -> SharingDialog:
        dialog = SharingDialog(self, self._context, group, member)
        dialog.changed.connect(lambda: self._offer_undo(dialog.sharing))
        return self._open(dialog)

    def _offer_undo(self, sharing: Sharing) -> None:
        """Until the page is left: whoever was not handed a key yet has read nothing by then."""
        change = undo_change(self._context, sharing.group.name, sharing.inverse)
        self._undo = lambda: self.ask(change)
        self.undo_banner.set_text(f"Changed who is in {sharing.group.name}.")
        self.undo_banner.show()

    def _take_back(self) -> None:
        self.undo_banner.hide()
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def hideEvent(self, event: QHideEvent) -> None:
        self.undo_banner.hide()
        super().hideEvent(event)

    def open_role(self, role: RoleId) -> RoleSheet:
        found = self.team.role(role)
        sheet = RoleSheet(self, found, people_with_role(self.team, found), self.team.i_am_admin)
        sheet.edit_wanted.connect(self.edit_role)
        sheet.rename_wanted.connect(lambda one: self._rename("role", one, self.team.role(one).name))
        sheet.open_overlay()
        return sheet

    def edit_role(self, role: RoleId | None) -> RoleEditor:
        return self._open(RoleEditor(self, self._context, role))

    def ask(self, change: Change) -> ChangeDialog:
        """Say what a change will do, and do it."""
        return self._open(ChangeDialog(self, self._context, change))

    def new_group(self) -> NameDialog:
        """A new group, with the user in it."""
        desk = self._context.desk
        role = fullest_role(self.team)

        def act(name: str) -> object:
            return desk.actions.create_group(name, [(desk.me, role)] if role is not None else [])

        words = self.team.role(role).name if role is not None else ""
        return self._open(
            NameDialog(
                self,
                self._context,
                "New group",
                "Create group",
                act,
                text=f"You will be {words} in it. Then choose who else is in it.",
                taken=self._names("group"),
                done="The group {name} is there. Click it to choose who is in it.",
            )
        )

    def _names(self, kind: str) -> frozenset[str]:
        found = self.team.groups if kind == "group" else self.team.roles
        return frozenset(one.name.casefold() for one in found)

    def _rename(self, kind: str, subject: bytes, name: str) -> NameDialog:
        desk = self._context.desk
        return self._open(
            NameDialog(
                self,
                self._context,
                f"Rename {name}",
                "Rename",
                lambda new: desk.actions.rename(kind, subject, new),
                name=name,
                taken=self._names(kind) - {name.casefold()},
            )
        )

    def _open(self, dialog: Dialog) -> Dialog:
        dialog.changed.connect(self.refresh)
        dialog.open_overlay()
        return dialog

    # menus

    def _member_menu(self, member: TeamMember, point: QPoint) -> None:
        menu = Menu(self)
        menu.add("Open", lambda: self.open_member(member.id), icon_name="person")
        menu.add("What can they see, and why…", lambda: self.show_access(member.id), icon_name="eye")
        if self.team.i_am_admin and member.is_present:
            menu.add("Reports to…", lambda: self.tree.pick_manager(member.id), icon_name="team")
        for change in changes_for(self._context, member):
            menu.add(f"{change.confirm}…", partial(self.ask, change), danger=change.danger)
        menu.popup(point)

    def _group_menu(self, group: TeamGroup, point: QPoint) -> None:
        menu = Menu(self)
        menu.add("Who is in it…", lambda: self.open_sharing(group.id), icon_name="share")
        if self.team.i_am_owner and not group.archived and len(self.team.groups) > 1:
            menu.add("Catalogue…", lambda: self.share_catalogue(group.id), icon_name="product")
        if self.team.i_am_admin:
            menu.add("Rename…", lambda: self._rename("group", group.id, group.name), icon_name="edit")
            words = "Open again…" if group.archived else "Archive…"
            menu.add(words, lambda: self.ask(archive_change(self._context, group)), icon_name="inbox")
        menu.popup(point)

    def _invitation_opened(self, invitation: TeamInvitation) -> None:
        if is_open(invitation) and self.team.i_am_admin:
            self.ask(withdrawal_change(self._context, invitation))
        else:
            self.open_member(invitation.member)

    def _invitation_menu(self, invitation: TeamInvitation, point: QPoint) -> None:
        menu = Menu(self)
        menu.add("Open", lambda: self.open_member(invitation.member), icon_name="person")
        if is_open(invitation) and self.team.i_am_admin:
            menu.add("Withdraw…", lambda: self.ask(withdrawal_change(self._context, invitation)), danger=True)
        menu.popup(point)
