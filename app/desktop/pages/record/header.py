"""The head of a record's page: who or what it is, where it lives, what can be done with it."""

from __future__ import annotations

import base64
import binascii
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.desktop.theme.painting import antialiased
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import ICONS, label, record_title
from app.desktop.widgets import (
    Badge,
    Button,
    ElidedLabel,
    Icon,
    IconButton,
    Label,
    Menu,
    column,
    paint_avatar,
    row,
)

SIZE = 44
MOST_PIXELS = 4_096
_ABOUT = {
    "person": (("deal", "New deal"), ("task", "New task")),
    "company": (("person", "New person"), ("deal", "New deal"), ("task", "New task")),
    "deal": (("task", "New task"),),
    "product": (("deal", "New deal"),),
}


PICTURES = frozenset({b"jpeg", b"png", b"gif", b"webp", b"bmp"})
"""Formats that a photo may have. Not SVG, which may name other files, and which somebody else's record could bring."""


def photo_of(value: object) -> QPixmap | None:
    """The picture in a BYTES field, at the size of an avatar; None for what is none, or far too large."""
    if not isinstance(value, str):
        return None
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if bytes(reader.format().data()) not in PICTURES:
        return None
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > MOST_PIXELS:
        return None
    reader.setScaledSize(
        size.scaled(QSize(2 * SIZE, 2 * SIZE), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    )
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)


class Face(QWidget):
    """A photo, an avatar, or the sign of the type."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._type = "", "person"
        self._photo: QPixmap | None = None
        self.setFixedSize(SIZE, SIZE)
        self._icon = Icon("deal", size=22, parent=self)
        self._icon.move((SIZE - 22) // 2, (SIZE - 22) // 2)

    def show_record(self, name: str, type_name: str, photo: object) -> None:
        self._name, self._type = name, type_name
        self._photo = photo_of(photo)
        self._icon.set_icon(ICONS.get(type_name, "file"))
        self._icon.setVisible(type_name not in ("person", "company"))
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        box = QRectF(self.rect())
        if self._photo is not None:
            path = QPainterPath()
            path.addEllipse(box)
            painter.setClipPath(path)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            side = min(self._photo.width(), self._photo.height())
            source = QRectF((self._photo.width() - side) / 2, (self._photo.height() - side) / 2, side, side)
            painter.drawPixmap(box, self._photo, source)
        elif self._type in ("person", "company"):
            paint_avatar(painter, box, self._name, square=self._type == "company")
        else:
            from app.desktop.theme import colors
            from app.desktop.theme.painting import fill_round

            fill_round(painter, box, 11, colors().sunken, colors().border)


class RecordHeader(QWidget):
    """Signals say what the user wants; the page does it."""

    back_wanted = Signal()
    new_wanted = Signal(str)  # type of a record about this one
    attach_wanted = Signal()
    link_wanted = Signal()
    share_wanted = Signal()
    server_wanted = Signal()
    delete_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state: RecordState | None = None
        self.face = Face()
        self.title = ElidedLabel("", scale="heading")
        self.kind = Badge("")
        self.place = Label("", scale="small", tone="muted")
        self.back = IconButton("arrow-left", "Back", on_click=self.back_wanted.emit)
        self.new = Button("New", icon_name="plus", compact=True, on_click=self._open_new)
        self.attach = Button("Attach file", icon_name="file", compact=True, on_click=self.attach_wanted.emit)
        self.share = Button("Share", icon_name="people", compact=True, on_click=self.share_wanted.emit)
        self.more = IconButton("more", "More", size="compact", on_click=self._open_more)
        self.small = Icon("lock", size=14, tone="muted")
        self.small.hide()
        words = column(self.title, row(self.kind, self.small, self.place, None, gap=8), gap=2)
        head = row(self.back, self.face, gap=12, margins=(12, 12, 16, 12))
        head.addLayout(words, 1)
        for button in (self.share, self.new, self.attach, self.more):
            head.addWidget(button)
        self.setLayout(head)

    def show_state(self, state: RecordState) -> None:
        self._state = state
        record = state.record
        title = record_title(record)
        self.face.show_record(title, record.key.type, record.fields.get("photo"))
        self.title.setText(title)
        self.title.setAccessibleName(title)
        self.kind.set_text(label(record.key.type))
        self.small.set_icon("lock" if len(state.place.readers) < 2 else "people")
        self.small.setVisible(state.place.small)
        self.place.setText(f"{state.place.words}  ·  {state.place.seen_by}")
        self.place.setToolTip("Read by " + ", ".join(state.place.readers) if state.place.readers else "")
        offers = record.key.type in _ABOUT and not record.deleted
        self.new.setVisible(offers)
        self.attach.setVisible(state.rights.write and record.key.type != "file")

    def _open_new(self) -> None:
        if self._state is None:
            return
        menu = Menu(self)
        for type_name, words in _ABOUT[self._state.record.key.type]:
            menu.add(words, partial(self.new_wanted.emit, type_name), icon_name=ICONS[type_name])
        menu.show_below(self.new)

    def _open_more(self) -> None:
        if self._state is not None:
            self.menu().show_below(self.more)

    def menu(self) -> Menu:
        """What else can be done with it."""
        assert self._state is not None
        rights, deleted = self._state.rights, self._state.record.deleted
        menu = Menu(self)
        menu.add("Copy link", self.link_wanted.emit, icon_name="link")
        menu.add("What the server sees", self.server_wanted.emit, icon_name="server")
        menu.addSeparator()
        if deleted:
            menu.add("Restore", self.restore_wanted.emit, icon_name="restore", enabled=rights.restore)
        else:
            menu.add("Delete", self.delete_wanted.emit, icon_name="trash", danger=True, enabled=rights.delete)
        return menu
