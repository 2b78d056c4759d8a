"""Files dropped on the window: CSV files, vCards and folders are taken, everything else is left alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

ENDINGS = (".csv", ".tsv", ".txt", ".vcf", ".vcard")


def importable(data: QMimeData) -> list[Path]:
    """The files and folders of a drag that an import can look at; empty unless all can."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    fits = all(path.is_dir() or path.suffix.lower() in ENDINGS for path in paths)
    return paths if fits else []


class FileDrop(QObject):
    """Watches `widget`; ``dropped(list[Path])``."""

    dropped = Signal(object)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            paths = importable(event.mimeData())
            if paths:
                event.acceptProposedAction()
                self.dropped.emit(paths)
                return True
        elif isinstance(event, QDragMoveEvent) and importable(event.mimeData()):
            event.acceptProposedAction()
            return True
        return False
