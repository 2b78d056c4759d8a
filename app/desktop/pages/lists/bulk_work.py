"""Doing something to many records: with a question before, progress during, and words after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.desk.homes import member_of, member_value
from app.desk.moving import THERE, MovePlan
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.pages.moving import MoveDialog
from app.desktop.viewmodels import bulk, moving
from app.desktop.viewmodels.bulk import Done
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.moving import Kind, Offer, Place
from app.desktop.viewmodels.shown import counted
from app.desktop.widgets import ConfirmDialog
from protocol.ids import MemberId
from protocol.operations import Value
from vault.store import RecordKey

if TYPE_CHECKING:
    from app.desktop.pages.lists.list_page import ListPage

Keys = list[RecordKey]


class BulkWork(QObject):
    """The page's hands. What was ticked is looked up off the GUI thread, whatever its number."""

    def __init__(self, page: ListPage, context: Context, type_name: str) -> None:
        super().__init__(page)
        self._page, self._context, self._type = page, context, type_name

    def with_keys(self, then: Callable[[Keys], object]) -> None:
        """Hand the ticked records on."""
        query, rows = self._page.selection()
        here = self._page.model.known_keys(rows)
        if len(here) == len(rows):  # as they were shown: somebody may have moved rows a moment ago
            _pass(then, [key for _, key in here])
            return
        desk = self._context.desk
        read(self._context, lambda: bulk.keys_of(desk, query, rows), lambda keys: _pass(then, keys), self)

    def set_field(self, field: str, value: Value, words: str) -> None:
        """The same in all of them. Another owner may take records elsewhere: that is shown first."""
        desk = self._context.desk
        member = member_of(value) if field == "owner" else None
        if member is not None:
            self.with_keys(lambda keys: self._ask_owner(keys, member, words))
            return
        what = {"owner": "now belong to", "assignee": "assigned to", "stage": "now in"}.get(field, "marked")
        self.with_keys(
            lambda keys: self._do(
                lambda progress: bulk.set_field(desk, keys, field, value, progress), f"{what} {words}"
            )
        )

    def _ask_owner(self, keys: Keys, member: MemberId, words: str) -> None:
        desk, place = self._context.desk, Place(Kind.OWNER, member)

        def planned(plan: MovePlan) -> None:
            if any(move.target is not None for move in plan.moves):
                title = f"Hand over to {words}?"
                self._move_dialog(keys, [Offer(place, words, "user")], title=title, confirm="Hand over")
                return
            mine = [move.key for move in plan.moves]
            there = [key for kept in plan.kept if kept.reason == THERE for key in kept.keys]
            refused = len(keys) - len(mine) - len(there)

            def put(progress: Progress) -> Done:
                done = bulk.set_field(desk, mine, "owner", member_value(member), progress)
                return Done(done.changed + len(there), done.refused + refused)

            self._do(put, f"now belong to {words}")

        self._context.run(lambda progress: moving.plan(desk, keys, place), owner=self, done=planned)

    def ask_move(self) -> None:
        """Where to, and what that changes."""
        offered = moving.offers(self._context.desk, self._type)
        if not offered:
            self._context.say("There is no group where you may put these.", "info")
            return
        self.with_keys(lambda keys: self._move_dialog(keys, offered))

    def move_these(self, keys: Keys) -> None:
        self._move_dialog(keys, moving.offers(self._context.desk, self._type))

    def _move_dialog(
        self, keys: Keys, offered: list[Offer], *, title: str = "", confirm: str = "Move"
    ) -> None:
        dialog = MoveDialog(self._page.window(), self._context, keys, offered, title=title, confirm=confirm)
        dialog.moved.connect(lambda _: self._page.table.select_none())
        dialog.open_overlay()

    def add_tag(self, tag: str) -> None:
        desk = self._context.desk
        self.with_keys(
            lambda keys: self._do(lambda progress: bulk.add_tag(desk, keys, tag, progress), f"tagged {tag}")
        )

    def ask_delete(self) -> None:
        self.with_keys(self.delete_these)

    def delete_these(self, keys: Keys) -> None:
        """Ask first when it is more than one; the bin gives back either."""
        desk = self._context.desk

        def go() -> None:
            self._do(lambda progress: bulk.delete(desk, keys, progress), "moved to the bin")

        if len(keys) == 1:
            go()
            return
        dialog = ConfirmDialog(
            self._page.window(),
            f"Delete {counted(len(keys), self._type)}?",
            [
                "They move to the bin, at your desk and at everybody's who can read them.",
                "You can restore them from the bin later.",
            ],
            confirm="Delete",
            danger=True,
        )
        dialog.accepted.connect(go)
        dialog.open_overlay()

    def restore(self) -> None:
        self.with_keys(self.restore_these)

    def restore_these(self, keys: Keys) -> None:
        desk = self._context.desk
        self._do(lambda progress: bulk.restore(desk, keys, progress), "restored")

    def _do(self, task: Callable[[Progress], Done], words: str) -> None:
        def done(result: Done) -> None:
            self._page.table.select_none()
            text = f"{counted(result.changed, self._type)} {words}."
            if result.refused:
                self._context.say(
                    f"{text} {counted(result.refused, self._type)} left alone: your role does not allow it there.",
                    "warning",
                )
            else:
                self._context.say(text)

        self._context.run(task, owner=self, done=done)


def _pass(then: Callable[[Keys], object], keys: Keys) -> None:
    if keys:
        then(keys)
