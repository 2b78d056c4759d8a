"""What can be done to the ticked records: a bar that floats over the foot of the list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.crm.schema import SCHEMA
from app.desk.moving import MOVABLE
from app.desktop.context import Context
from app.desktop.pages.lists.ask import AskText
from app.desktop.theme import colors, theme
from app.desktop.theme.painting import antialiased, fill_round, paint_shadow
from app.desktop.viewmodels.bulk import Allowed, owner_field
from app.desktop.viewmodels.references import member_options
from app.desktop.widgets import Button, IconButton, Label, Menu

HEIGHT, EDGE = 44, 12


class BulkBar(QWidget):
    """Place it with `place`; it is as wide as its buttons. Signals say what is wanted, the page does it."""

    field_wanted = Signal(str, object, str)  # field, value, words of the value
    tag_wanted = Signal(str)
    move_wanted = Signal()
    delete_wanted = Signal()
    restore_wanted = Signal()
    export_wanted = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget, context: Context, type_name: str) -> None:
        super().__init__(parent)
        self._context, self._type = context, type_name
        fields = SCHEMA.by_name[type_name].by_name
        self._count = Label("", scale="strong")
        self.owner = Button("Owner", kind="quiet", compact=True, icon_name="user", on_click=self._owners)
        self.stage = Button("Stage", kind="quiet", compact=True, icon_name="pipeline", on_click=self._stages)
        self.done = Button(
            "Done", kind="quiet", compact=True, icon_name="check",
            on_click=lambda: self.field_wanted.emit("done", True, "done"),
        )  # fmt: skip
        self.tag = Button("Tag", kind="quiet", compact=True, icon_name="tag", on_click=self._ask_tag)
        self.move_button = Button(
            "Move", kind="quiet", compact=True, icon_name="arrow-right", on_click=self.move_wanted.emit
        )
        self.export = Button(
            "Export", kind="quiet", compact=True, icon_name="export", on_click=self.export_wanted.emit
        )
        self.delete = Button(
            "Delete", kind="danger-quiet", compact=True, icon_name="trash", on_click=self.delete_wanted.emit
        )
        self.restore = Button(
            "Restore", kind="quiet", compact=True, icon_name="restore", on_click=self.restore_wanted.emit
        )
        self._has = {
            self.owner: bool(owner_field(type_name)),
            self.stage: "stage" in fields,
            self.done: "done" in fields,
            self.tag: "tags" in fields,
        }
        if owner_field(type_name) == "assignee":
            self.owner.set_text("Assign")
        box = QHBoxLayout(self)
        box.setContentsMargins(16 + EDGE, EDGE, 8 + EDGE, EDGE)
        box.setSpacing(4)
        box.addWidget(self._count)
        box.addSpacing(12)
        buttons = (self.owner, self.stage, self.done, self.tag, self.move_button, self.export)
        for button in (*buttons, self.delete, self.restore):
            box.addWidget(button)
        box.addSpacing(4)
        box.addWidget(
            IconButton("close", "Select none", size="compact", on_click=lambda: self.cleared.emit())
        )
        theme().changed.connect(self.update)
        self.hide()

    def show_count(self, count: int, allowed: Allowed, *, bin: bool, can_export: bool) -> None:
        """Shown while something is ticked, with what the user's role allows."""
        self._count.setText(f"{count:,} selected")
        for button, there in self._has.items():
            _offer(button, there and not bin, allowed.edit, "change many records at once")
        _offer(
            self.move_button,
            self._type in MOVABLE and not bin,
            allowed.edit or count == 1,
            "change many records at once",
        )
        _offer(self.export, can_export and not bin, allowed.export, "export")
        _offer(self.delete, not bin, allowed.delete, "delete records")
        _offer(self.restore, bin, allowed.restore, "restore deleted records")
        self.setVisible(count > 0)
        self.place()

    def place(self) -> None:
        """In the middle of the parent's foot."""
        parent = self.parentWidget()
        if parent is None:
            return
        layout = self.layout()
        if layout is not None:
            layout.activate()
        width = min(self.sizeHint().width(), parent.width() - 16)
        height = HEIGHT + 2 * EDGE
        self.setGeometry((parent.width() - width) // 2, parent.height() - height - 36, width, height)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        box = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        paint_shadow(painter, box, 10, c, 12)
        fill_round(painter, box, 10, c.raised, c.border_strong)

    def _owners(self) -> None:
        field = owner_field(self._type)
        menu = Menu(self)
        for option in member_options(self._context.desk):
            menu.add(option.text, self._chooser(field, option.value, option.text), icon_name="user")
        menu.addSeparator()
        menu.add("Nobody", self._chooser(field, None, "nobody"), icon_name="close")
        menu.show_below(self.owner)

    def _stages(self) -> None:
        menu = Menu(self)
        for option in SCHEMA.by_name[self._type].by_name["stage"].options:
            menu.add(option.label, self._chooser("stage", option.key, option.label), icon_name="pipeline")
        menu.show_below(self.stage)

    def _chooser(self, field: str, value: object, words: str) -> Callable[[], None]:
        return lambda: self.field_wanted.emit(field, value, words)

    def _ask_tag(self) -> None:
        dialog = AskText(self.window(), "Add a tag", "Tag", confirm="Add")
        dialog.answered.connect(self.tag_wanted)
        dialog.open_overlay()


def _offer(button: Button, fits: bool, may: bool, what: str) -> None:
    """Shown where it fits, and where the user's roles do not allow it, with the reason in place of the act."""
    button.setVisible(fits)
    button.setEnabled(may)
    button.setToolTip(
        "" if may else f"None of your roles lets you {what}. Ask your Team Admin for one that does."
    )
