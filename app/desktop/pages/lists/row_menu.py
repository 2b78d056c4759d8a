"""The menu of one row."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.desk.moving import MOVABLE
from app.desktop.context import Context
from app.desktop.pages.lists.bulk_work import BulkWork
from app.desktop.widgets import Menu
from protocol.ids import Permission
from vault.store import RecordKey


def row_menu(parent: QWidget, context: Context, key: RecordKey, work: BulkWork, *, bin: bool) -> Menu:
    """Open, copy the link, delete or restore."""
    desk = context.desk
    menu = Menu(parent)
    menu.add("Open", lambda: context.open_record(key), icon_name="external", keys="Return")
    menu.add("Copy link", lambda: copy_link(context, key), icon_name="link")
    menu.addSeparator()
    writes = desk.may_write(key)
    if not bin and key.type in MOVABLE:
        menu.add("Move…", lambda: work.move_these([key]), icon_name="arrow-right", enabled=writes)
    if bin:
        may = writes and desk.may(Permission.RESTORE, key.log.group)
        menu.add("Restore", lambda: work.restore_these([key]), icon_name="restore", enabled=may)
    else:
        may = writes and desk.may(Permission.DELETE, key.log.group)
        menu.add("Delete", lambda: work.delete_these([key]), icon_name="trash", danger=True, enabled=may)
    return menu


def copy_link(context: Context, key: RecordKey) -> None:
    """A reference that opens the record when it is pasted into the search of a colleague who may read it."""
    QGuiApplication.clipboard().setText(key.ref)
    context.say("Link copied. Colleagues who may read the record paste it into their search.")
