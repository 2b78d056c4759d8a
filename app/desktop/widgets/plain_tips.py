"""Tooltips show text as it is. Qt takes a tooltip that looks like markup for markup, and then fetches the images that
it names: a colleague's record could have a file of a server of his opened when somebody's mouse rests on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent, Qt
from PySide6.QtWidgets import QToolTip, QWidget


def plain_tip(text: str) -> str:
    """`text` for `QToolTip.showText`, so that nothing in it is markup."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


class PlainTips(QObject):
    """An event filter for the application: tooltips of all widgets are plain."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ToolTip
            and isinstance(event, QHelpEvent)
            and isinstance(watched, QWidget)
            and Qt.mightBeRichText(watched.toolTip())
        ):
            QToolTip.showText(event.globalPos(), plain_tip(watched.toolTip()), watched)
            return True
        return False
