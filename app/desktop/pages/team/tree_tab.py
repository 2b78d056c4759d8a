"""The tab "Reports": the tree, and the policy by which managers read the own records of those below them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import Team
from app.desktop.context import Context
from app.desktop.pages.team.change_dialog import Change
from app.desktop.pages.team.tree_view import TreeView
from app.desktop.viewmodels.team_tree import TeamTree
from app.desktop.widgets import Card, Command, CommandPalette, Label, Menu, SearchField, Switch, column, row
from protocol.ids import MemberId

_ON = "Managers read what the people below them keep as their own, wherever their own role reads that kind of data."
_OFF = "Managers do not read what the people below them keep as their own."


class TreeTab(QWidget):
    """``change_wanted(Change)``, ``member_wanted(member)``."""

    change_wanted = Signal(object)
    member_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._team: Team | None = None
        self.tree: TeamTree | None = None
        self.search = SearchField("Find somebody in the tree")
        self.search.setFixedWidth(280)
        self.search.changed.connect(self._find)
        self.policy = Switch("")
        self.policy.setAccessibleName("Managers read the own records of the people below them")
        self.policy.toggled.connect(self._switched)
        self._policy_words = Label("", scale="small", tone="muted", wrap=True)
        self._hint = Label("", scale="small", tone="faint")
        self.view = TreeView()
        self.view.opened.connect(self.member_wanted)
        self.view.moved.connect(self.ask_move)
        self.view.menu.connect(self._menu)
        card = Card()
        card.set_flush()
        card.add(self.view)
        words = column(
            Label("Managers read the own records of the people below them"), self._policy_words, gap=1
        )
        line = row(self.policy, words, gap=12)
        line.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(line)
        layout.addLayout(row(self.search, None, self._hint))
        layout.addWidget(card, 1)

    def set_team(self, team: Team) -> None:
        """Another team; what is folded stays folded."""
        self._team = team
        self.tree = TeamTree(team)
        self.tree.search(self.search.text())
        self.view.may_drag = team.i_am_admin
        self.view.set_tree(self.tree)
        self.policy.blockSignals(True)
        self.policy.setChecked(team.managers_read_reports)
        self.policy.blockSignals(False)
        self.policy.setEnabled(team.i_am_owner)
        why = "" if team.i_am_owner else " Only owners change this."
        self._policy_words.setText((_ON if team.managers_read_reports else _OFF) + why)
        self._hint.setText(
            "Drag somebody on to a new manager, or right-click." if team.i_am_admin else "Admins move people."
        )

    def _find(self, text: str) -> None:
        if self.tree is not None:
            self.tree.search(text)
            self.view.refresh()

    def _switched(self, chosen: bool) -> None:
        """Asks first: the switch goes back, and comes again when it is done."""
        assert self._team is not None
        self.policy.blockSignals(True)
        self.policy.setChecked(self._team.managers_read_reports)
        self.policy.blockSignals(False)
        actions = self._context.desk.actions
        title = (
            "Let managers read their reports’ own records?" if chosen else "Keep own records from managers?"
        )
        self.change_wanted.emit(
            Change(
                title,
                "Let them read" if chosen else "Keep from managers",
                lambda: actions.preview_managers_read_reports(chosen),
                lambda on_step: actions.managers_read_reports(chosen),
                lambda words: "The rule is changed.",
                also=("It counts for the whole workspace, for everybody below a manager at any distance.",),
            )
        )

    def ask_move(self, member: MemberId, manager: MemberId | None) -> None:
        """Ask for a move in the tree; the dialog says who gains and who loses sight of whose own records."""
        self.change_wanted.emit(move_change(self._context, member, manager))

    def _menu(self, member: MemberId, point: QPoint) -> None:
        assert self.tree is not None and self._team is not None
        menu = Menu(self)
        menu.add("Open", lambda: self.member_wanted.emit(member), icon_name="person")
        if self._team.i_am_admin:
            menu.add("Reports to…", lambda: self.pick_manager(member), icon_name="team")
            if self.tree.may_move(member, None):
                menu.add("Reports to nobody", lambda: self.ask_move(member, None), icon_name="arrow-up")
        menu.popup(point)

    def pick_manager(self, member: MemberId) -> CommandPalette:
        """Choose by name."""
        assert self.tree is not None
        palette = CommandPalette(
            self,
            [
                Command(
                    one.name,
                    partial(self.ask_move, member, one.id),
                    "person",
                    "Reports to",
                    one.standing_text,
                )
                for one in sorted(self.tree.managers_for(member), key=lambda one: one.name.casefold())
            ],
            placeholder=f"To whom does {self._context.desk.name('member', member)} report?",
        )
        palette.open_overlay()
        return palette


def move_change(context: Context, member: MemberId, manager: MemberId | None) -> Change:
    """A move in the tree as a `Change` that says itself before it is done."""
    desk = context.desk
    name = desk.name("member", member)
    above = desk.name("member", manager) if manager is not None else "nobody"
    reads = desk.team().managers_read_reports
    also = (
        "Everybody below moves along. Where somebody stops seeing something, new keys close what is written "
        "from then on."
        if reads
        else "The rule “managers read their reports’ own records” is off, so this changes nothing in what is seen."
    )
    return Change(
        f"Let {name} report to {above}?",
        "Move",
        lambda: desk.actions.preview_reports_to(member, manager),
        lambda on_step: desk.actions.reports_to(member, manager),
        lambda words: f"{name} reports to {above} now.",
        also=(also,),
    )


__all__ = ["TreeTab", "move_change"]
