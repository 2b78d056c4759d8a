"""Record pages on real desks: the page of a record as somebody sees it, edited by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.record import RecordPage
from app.desktop.viewmodels.lanes import _pool
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.widgets import Badge, Chip, ChoiceEditor, DateEditor, ListEditor, MoneyEditor, PropertyRow
from app.desktop.widgets.editors import Editor
from protocol.operations import Value
from vault.store import Record, RecordKey

PATIENCE = 20_000
MakeContext = Callable[[Desk], Context]


def let_lanes_end() -> None:
    """Wait for reads and writes that pages began."""
    for name, threads in (("reading", 3), ("writing", 1)):
        _pool(name, threads).waitForDone()


def made(desk: Desk, type_name: str, fields: Mapping[str, Value], like: RecordKey | None = None) -> RecordKey:
    """A record in the first group of the desk, or where another one is."""
    home = like.log if like is not None else desk.home_for(type_name, desk.team().groups[0].id)
    with desk.editor.action() as action:
        return action.create(type_name, home, fields)


def put(desk: Desk, key: RecordKey, fields: Mapping[str, Value]) -> None:
    with desk.editor.action() as action:
        action.put(key, fields)


def here(desk: Desk, key: RecordKey) -> Record:
    record = desk.records.get(key)
    assert record is not None
    return record


class Opened:
    """A record's page in front of somebody."""

    def __init__(self, qtbot: QtBot, context: Context, key: RecordKey) -> None:
        self.qtbot, self.context = qtbot, context
        self.said: list[tuple[str, str]] = []
        context.said.connect(lambda text, severity: self.said.append((text, severity)))
        self.page = RecordPage(context)
        qtbot.addWidget(self.page)
        self.page.resize(1280, 800)
        with qtbot.waitSignal(self.page.shown, timeout=PATIENCE):
            self.page.show()
            self.page.show_record(key)

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    @property
    def state(self) -> RecordState:
        assert self.page.state is not None
        return self.page.state

    def row(self, field: str) -> PropertyRow:
        if field not in self.page.panel.rows:
            self.page.panel.show_all()
        return self.page.panel.rows[field]

    def words(self, field: str) -> str:
        """What a field shows, as a screen reader says it."""
        return self.row(field).shown.accessibleDescription()

    def begin(self, field: str) -> Editor:
        """Open the editor of a field."""
        row = self.row(field)
        self.qtbot.keyClick(row.shown, Qt.Key.Key_Return)
        assert row.editing, field
        return next(one for one in row.findChildren(Editor) if not one._settled)

    def type(self, field: str, text: str) -> None:
        """Open the editor, type in place of what stands there, and commit."""
        editor = self.begin(field)
        target = typed_into(editor)
        target.selectAll()
        self.qtbot.keyClick(target, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(target, text)
        control = Qt.KeyboardModifier.ControlModifier
        long = isinstance(target, QPlainTextEdit)
        self.qtbot.keyClick(target, Qt.Key.Key_Return, control if long else Qt.KeyboardModifier.NoModifier)

    def choose(self, field: str, value: object) -> None:
        """Open the editor and choose an option."""
        editor = self.begin(field)
        assert isinstance(editor, ChoiceEditor)
        editor.select.set_value(value)
        self.qtbot.keyClick(editor.select, Qt.Key.Key_Return)

    def titles_of_banners(self) -> str:
        found = []
        for number in range(self.page.banners.count()):
            item = self.page.banners.itemAt(number)
            widget = item.widget() if item is not None else None
            found.append(texts(widget) if widget is not None else "")
        return "\n".join(found)


def typed_into(editor: Editor) -> QLineEdit | QPlainTextEdit:
    """The field of an editor that takes the keys."""
    if isinstance(editor, MoneyEditor | DateEditor):
        return editor.control.edit
    if isinstance(editor, ListEditor):
        return editor._rows[-1][2]
    found = getattr(editor, "edit", None)
    assert isinstance(found, QLineEdit | QPlainTextEdit)
    return found


def texts(widget: QWidget) -> str:
    """All words in a widget, a line each."""
    found = [widget.accessibleName()]
    for one in widget.findChildren(QWidget):
        if isinstance(one, QLabel | QAbstractButton | Badge | Chip | QLineEdit):
            found.append(_text(one))
        found.append(one.accessibleName())
    return "\n".join(line for line in found if line)


def _text(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""
