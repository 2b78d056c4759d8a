"""The place between the top bar and the pages: there for as long as something stands in it."""

from __future__ import annotations

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget


class NoticeArea(QWidget):
    """`box` takes banners, and boxes of them, without margins of their own; one that is hidden takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 8, 16, 4)
        self.box.setSpacing(8)
        self.hide()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something came or went
            self._settle()
        return handled

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        if event.added():
            event.child().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._settle()  # also while the area itself is hidden, and so asks for no layout
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        wanted = any(self._stands(at) for at in range(self.box.count()))
        if wanted == self.isHidden():
            self.setVisible(wanted)

    def _stands(self, at: int) -> bool:
        item = self.box.itemAt(at)
        widget = item.widget() if item is not None else None
        if widget is None:
            return False
        return not (widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide))


__all__ = ["NoticeArea"]
