"""Letting support in: the switch, and the dialog that says what support will see."""

from app.desktop.pages.support.dialog import SupportDialog

__all__ = ["SupportDialog"]
