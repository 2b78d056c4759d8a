"""Dialogs that move records: to a group, to an owner, to a place of one or two people; and who sees a record."""

from app.desktop.pages.moving.move_dialog import MoveDialog
from app.desktop.pages.moving.share_sheet import ShareSheet

__all__ = ["MoveDialog", "ShareSheet"]
