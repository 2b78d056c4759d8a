"""The page of one record: head, fields at the left, timeline and the rest at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.crm.schema import SCHEMA
from app.desktop.context import Context
from app.desktop.pages.record.conflict_dialog import ConflictDialog
from app.desktop.pages.record.files_tab import FilesTab
from app.desktop.pages.record.header import RecordHeader
from app.desktop.pages.record.history_tab import HistoryTab
from app.desktop.pages.record.properties import PropertyPanel
from app.desktop.pages.record.record_sharing import RecordSharing
from app.desktop.pages.record.record_work import RecordWork
from app.desktop.pages.record.related_tab import RelatedTab
from app.desktop.pages.record.stream import YOU, clear
from app.desktop.pages.record.timeline_tab import TimelineTab
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.record_state import RecordState, read_record
from app.desktop.viewmodels.shown import PAGE_OF, plural
from app.desktop.widgets import Banner, EmptyState, Line, ScrollPage, SplitView, Tabs
from protocol.operations import Value
from vault.schema import Field
from vault.store import Changes, Mark, Record, RecordKey

QUIET_MS = 40
LEFT = 420


class RecordPage(QWidget):
    """`show_record(key)` shows one; ``title_changed(str)`` is its kind, for the window's top bar; ``shown()`` when it
    is there.

    `pick_files` and `pick_target` ask for paths; tests replace them.
    """

    title_changed = Signal(str)
    shown = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.key: RecordKey | None = None
        self.state: RecordState | None = None
        self._turn = 0
        self.pick_files: Callable[[], list[Path]] = self._ask_files
        self.pick_target: Callable[[str], Path | None] = self._ask_target
        self.header = RecordHeader()
        self.banners = QVBoxLayout()
        self.panel = PropertyPanel(context)
        me = context.desk.my_name
        self.timeline, self.related = TimelineTab(me), RelatedTab()
        self.history, self.files = HistoryTab(me), FilesTab()
        self.tabs = Tabs()
        self.work = RecordWork(context, self)
        self.sharing = RecordSharing(context, self)
        self._gone: QWidget | None = None
        self.setAcceptDrops(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._read)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for key, title, page in (
            ("timeline", "Timeline", self.timeline), ("related", "Related", self.related),
            ("history", "History", self.history), ("files", "Files", self.files),
        ):  # fmt: skip
            self.tabs.add(key, title, page)
        left = ScrollPage(margins=16, gap=8)
        left.body.addWidget(self.panel)
        left.setMinimumWidth(LEFT - 100)
        left.setMaximumWidth(LEFT + 200)
        right = QWidget()
        right.setMinimumWidth(LEFT - 30)  # the tabs side by side
        inner = QVBoxLayout(right)
        inner.setContentsMargins(20, 6, 8, 0)
        inner.addWidget(self.tabs)
        both = SplitView(left, right, sizes=(LEFT, 1280 - LEFT))
        both.setStretchFactor(0, 0)  # a wider window gives its room to the timeline
        self.banners.setContentsMargins(16, 0, 16, 0)
        self.banners.setSpacing(8)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.header)
        inside.addLayout(self.banners)
        inside.addWidget(Line())
        inside.addWidget(both, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        head = self.header
        head.back_wanted.connect(self._back)
        head.new_wanted.connect(self._new)
        head.attach_wanted.connect(self._attach)
        head.link_wanted.connect(self._copy_link)
        head.server_wanted.connect(lambda: self._context.open_page("server"))
        head.share_wanted.connect(self._share)
        head.delete_wanted.connect(self._delete)
        head.restore_wanted.connect(self._restore)
        self.panel.edited.connect(self._edited)
        self.panel.opened.connect(self._open_ref)
        self.panel.conflict_opened.connect(self.open_conflicts)
        self.timeline.note_written.connect(self._add_note)
        self.timeline.task_ticked.connect(self.work.tick)
        self.timeline.task_wanted.connect(lambda: self._new("task"))
        self.related.opened.connect(self._context.open_record)
        self.files.attach_wanted.connect(self._attach)
        self.files.save_wanted.connect(self._save)
        self.files.delete_wanted.connect(lambda file: self.work.delete(file))
        self.work.failed.connect(self._read)
        self.sharing.settled.connect(self._read)
        self.sharing.put_wanted.connect(self._put_owner)
        self.panel.bring_wanted.connect(self._bring)
        self._context.changed.connect(self._changed)

    # showing

    def show_record(self, key: RecordKey) -> None:
        """Show this one; what was shown stays until it is read."""
        if key != self.key:
            self.tabs.show_tab("timeline")
        self.key = key
        self._read()

    def _read(self) -> None:
        key, desk = self.key, self._context.desk
        if key is None:
            return
        self._turn += 1
        turn = self._turn
        read(self._context, lambda: read_record(desk, key), lambda state: self._came(turn, state), self)

    def _came(self, turn: int, state: RecordState | None) -> None:
        if turn != self._turn:
            return
        self.state = state
        if state is None:
            self._show_gone()
            return
        self.key = state.record.key  # where it is now, if it was moved while it was shown
        self.stack.setCurrentIndex(0)
        self.header.show_state(state)
        self._show_banners(state)
        self.panel.show_state(state)
        self.timeline.show_state(state, self.who)
        related = self.related.show_state(state)
        self.history.show_state(state, self.who)
        files = self.files.show_state(state, self.who)
        self.tabs.set_title("related", f"Related  {related}" if related else "Related")
        self.tabs.set_title("files", f"Files  {files}" if files else "Files")
        self.title_changed.emit(plural(state.record.key.type))
        self.shown.emit()

    def who(self, mark: Mark) -> str:
        """The name of whoever wrote something."""
        desk = self._context.desk
        return YOU if mark.author.member == desk.me else desk.name("member", mark.author.member)

    def _show_gone(self) -> None:
        if self._gone is None:
            self._gone = EmptyState(
                "lock", "Not shared with you",
                "This record is not on this computer. It was moved, or you have no access to the place where it is.",
                action="Back", on_action=self._back,
            )  # fmt: skip
            self.stack.addWidget(self._gone)
        self.stack.setCurrentWidget(self._gone)
        self.title_changed.emit("")
        self.shown.emit()

    def _show_banners(self, state: RecordState) -> None:
        clear(self.banners)
        record, rights = state.record, state.rights
        if record.deleted:
            self.banners.addWidget(
                Banner(
                    "It was changed after it was deleted: the changes are kept." if record.edited_after
                    else "Nobody sees it in lists. Everything in it is kept.",
                    severity="warning", title="In the bin",
                    action="Restore" if rights.restore else "", on_action=self._restore,
                )
            )  # fmt: skip
        if state.conflicts and not record.deleted:
            fields = ", ".join(self._labels(state))
            self.banners.addWidget(
                Banner(
                    f"Two people changed {fields} without knowing of each other. Both versions are kept.",
                    severity="warning", title="Two versions",
                    action="Choose…" if rights.write else "", on_action=self.open_conflicts,
                )
            )  # fmt: skip
        if rights.why_not and not record.deleted:
            self.banners.addWidget(Banner(rights.why_not, severity="info"))
        self.banners.setContentsMargins(16, 0, 16, 12 if self.banners.count() else 0)

    def _labels(self, state: RecordState) -> list[str]:
        names = dict.fromkeys(one.field.partition("/")[0] for one in state.conflicts)
        rows = self.panel.rows
        return [rows[name].shown.accessibleName().lower() if name in rows else name for name in names]

    def _changed(self, changes: Changes) -> None:
        if self.key is not None and self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: object) -> None:
        if self.key is not None:
            self._timer.start()

    # acting

    def open_conflicts(self) -> None:
        """Both versions of every disputed field, to choose from."""
        if self.state is None or not self.state.conflicts or not self.state.rights.write:
            return
        dialog = ConflictDialog(self.window(), self.state, self.who)
        dialog.settled.connect(self._settle)
        dialog.open_overlay()

    def _settle(self, choices: list[tuple[object, Value]]) -> None:
        self.work.settle(choices)  # type: ignore[arg-type]  # a signal carries plain objects

    def _edited(self, field: Field, value: object) -> None:
        if self.state is not None:
            self.panel.rows[field.name].set_value(value)
            if field.name == "owner":
                self.sharing.set_owner(self.state.record, value)
            else:
                self.work.put(self.state.record, field, value)

    def _put_owner(self, record: Record, value: object) -> None:
        self.work.put(record, SCHEMA.by_name[record.key.type].by_name["owner"], value)

    def _share(self) -> None:
        if self.state is not None:
            self.sharing.open_sheet(self.state)

    def _bring(self) -> None:
        if self.key is not None:
            self.sharing.bring(self.key)

    def _add_note(self, text: str) -> None:
        if self.key is not None:
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.work.add_note(self.key, text, now)

    def _new(self, type_name: str) -> None:
        if self.state is None:
            return
        record = self.state.record
        own = record.key.type
        values: dict[str, object] = {}
        if type_name == "task":
            values["about"] = record.key.ref
        elif own in ("company", "person", "product"):
            values[own] = record.key.ref
            if own == "person" and record.fields.get("company"):
                values["company"] = record.fields["company"]
        self._context.new_record(type_name, **values)

    def _delete(self) -> None:
        if self.state is not None:
            self.work.delete(self.state.record)

    def _restore(self) -> None:
        if self.state is not None:
            self.work.restore(self.state.record)

    def _back(self) -> None:
        self._context.open_page(PAGE_OF.get(self.key.type if self.key else "", "deals"))

    def _copy_link(self) -> None:
        if self.key is not None:
            QGuiApplication.clipboard().setText(self.key.ref)
            self._context.say("Link copied. Colleagues who may read the record paste it into their search.")

    def _open_ref(self, ref: str) -> None:
        key = self._context.desk.records.resolve(ref)
        if key is not None:
            self._context.open_record(key)
        else:
            self._context.say("This record is not shared with you.", "warning")

    # files

    def _attach(self) -> None:
        self.attach(self.pick_files())

    def attach(self, paths: list[Path]) -> None:
        """Seal and hang on, each with its progress in the tab of files."""
        if self.key is None or not paths:
            return
        self.tabs.show_tab("files")
        for path in paths:
            self.files.show_work(f"Attaching {path.name}", self.work.attach(self.key, path))

    def _save(self, file: Record, then_open: bool) -> None:
        target = self.pick_target(self.work.proposed_name(file))
        if target is not None:
            self.files.show_work(f"Saving {target.name}", self.work.save(file, target, then_open=then_open))

    def _ask_files(self) -> list[Path]:
        names, _ = QFileDialog.getOpenFileNames(self, "Attach files")
        return [Path(name) for name in names]

    def _ask_target(self, name: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Save file", str(Path.home() / name))
        return Path(chosen) if chosen else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.state is not None and self.state.rights.write and _local(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.attach(_local(event.mimeData().urls()))
        event.acceptProposedAction()


def _local(urls: list[QUrl]) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.is_file()]
