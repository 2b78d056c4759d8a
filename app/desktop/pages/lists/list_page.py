"""A list of records: search, filters, columns, selection, totals. One class for every type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.context import Context
from app.desktop.pages.lists.bulk_bar import BulkBar
from app.desktop.pages.lists.bulk_work import BulkWork
from app.desktop.pages.lists.filter_bar import FilterBar
from app.desktop.pages.lists.filter_dialog import FilterDialog
from app.desktop.pages.lists.list_empty import empty_state
from app.desktop.pages.lists.pills import Pill
from app.desktop.pages.lists.row_menu import row_menu
from app.desktop.viewmodels.bulk import allowed
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.list_config import config_for
from app.desktop.viewmodels.list_filters import ListState
from app.desktop.viewmodels.list_model import Anchors, RecordListModel, Relocated
from app.desktop.viewmodels.list_totals import deal_totals
from app.desktop.viewmodels.shown import counted, plural
from app.desktop.widgets import Button, DataTable, IconButton, Label, SearchField
from vault.store import Changes, Filter, Query, RecordKey, Sort

QUIET_MS = 60
TOTALS_MS = 250
TIGHTEST, BESIDE = 0.9, 56  # the check boxes at the left, the scroll bar at the right


class Exporter(Protocol):
    """Who exports: the query of the list, or only `keys` of it."""

    def __call__(self, query: Query, keys: list[RecordKey] | None) -> object: ...


class ListPage(QWidget):
    """`export` and `import_file` are what the window does for the page; without them it does not offer them.

    `settings` remembers the columns. Keys: / searches, arrows move, Enter opens, Space ticks, Ctrl+A ticks all.
    """

    settled = Signal()  # what was asked for is shown

    def __init__(
        self,
        context: Context,
        type_name: str,
        *,
        export: Exporter | None = None,
        import_file: Callable[[], object] | None = None,
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.config = config_for(context.desk, type_name)
        self._context, self._export, self._import, self._settings = context, export, import_file, settings
        self.model = RecordListModel(context, self.config, self)
        self.search = SearchField(self.config.placeholder, shortcut="/")
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(300)
        self.pills = {quick.key: Pill(quick.title) for quick in self.config.quick}
        self.filter_button = Button(
            "Filter", kind="quiet", compact=True, icon_name="filter", on_click=lambda: self.open_filter()
        )
        self.bin_pill = Pill("Bin", icon_name="trash")
        self.columns_button = IconButton("columns", "Columns", size="compact", on_click=self._open_columns)
        self.transfers = self._transfer_buttons()
        self.filter_bar = FilterBar(context, type_name)
        self.table = DataTable(plural(type_name))
        self.footer = Label("", scale="small", tone="muted")
        self.stack = QStackedWidget()
        self.bulk_bar = BulkBar(self, context, type_name)
        self._work = BulkWork(self, context, type_name)
        self._totals = ""
        self._stale = True
        self._fitted = self._fitting = False
        self._timer = _single_shot(self, QUIET_MS, self._refresh)
        self._totals_timer = _single_shot(self, TOTALS_MS, self._read_totals)
        self._lay_out()
        self._prepare_table()
        self._connect()

    # building

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 10, 12, 10)
        tools.setSpacing(6)
        tools.addWidget(self.search, 30)
        tools.addSpacing(6)
        for pill in self.pills.values():
            tools.addWidget(pill)
        tools.addWidget(self.filter_button)
        tools.addStretch(1)
        tools.addWidget(self.bin_pill)
        for button in (self.columns_button, *self.transfers):
            tools.addWidget(button)
        chips = QHBoxLayout()
        chips.setContentsMargins(16, 0, 12, 0)
        chips.addWidget(self.filter_bar)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 6, 16, 6)
        foot.addWidget(self.footer, 1)
        self.stack.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tools)
        layout.addLayout(chips)
        layout.addWidget(self.stack, 1)
        layout.addLayout(foot)

    def _transfer_buttons(self) -> list[IconButton]:
        found: list[IconButton] = []
        if self._import is not None:
            found.append(IconButton("import", "Import", size="compact", on_click=self._import))
        export = self._export
        if export is not None:
            whole = lambda: export(self.selection()[0], None)  # noqa: E731 - one line of glue
            found.append(IconButton("export", "Export this list", size="compact", on_click=whole))
        return found

    def _prepare_table(self) -> None:
        self.table.setModel(self.model)
        self.table.set_column_widths([column.width for column in self.config.columns])
        for number, column in enumerate(self.config.columns):
            self.table.setColumnHidden(number, not column.shown)
        self.table.header.setSortIndicatorClearable(False)
        self._show_sort(self.config.sort)
        state = self._settings.value(self._columns_key) if self._settings is not None else None
        if isinstance(state, str):
            self._fitted = self.table.restore_columns(bytes.fromhex(state))
            self._show_sort(self.model.state.sort)

    @property
    def _columns_key(self) -> str:
        names = "-".join(column.key.strip("@") for column in self.config.columns)
        return f"columns/{self.config.type_name}/{len(self.config.columns)}-{sum(map(ord, names))}"

    def _connect(self) -> None:
        self.search.changed.connect(self._search_for)
        self.search.moved_down.connect(self._enter_table)
        self.search.submitted.connect(self._enter_table)
        self.search.escaped.connect(self.table.setFocus)
        for key, pill in self.pills.items():
            pill.clicked.connect(lambda _=False, key=key: self._toggle(key))
        self.bin_pill.clicked.connect(lambda on: self._set(replace(self.model.state, bin=on)))
        self.filter_bar.removed.connect(lambda one: self._set(self.model.state.without_filter(one)))
        self.filter_bar.opened.connect(self.open_filter)
        self.filter_bar.cleared.connect(lambda: self._set(replace(self.model.state, filters=())))
        self.table.row_opened.connect(self._open)
        self.table.typed.connect(self._typed)
        self.table.selected_count_changed.connect(lambda _: self._show_selection())
        self.table.menu_requested.connect(self._open_menu)
        self.table.columns_changed.connect(self._save_columns)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self._tell_sight())
        self.bulk_bar.cleared.connect(self.table.select_none)
        self.bulk_bar.field_wanted.connect(self._work.set_field)
        self.bulk_bar.tag_wanted.connect(self._work.add_tag)
        self.bulk_bar.move_wanted.connect(self._work.ask_move)
        self.bulk_bar.delete_wanted.connect(self._work.ask_delete)
        self.bulk_bar.restore_wanted.connect(self._work.restore)
        self.bulk_bar.export_wanted.connect(self._export_selection)
        self.model.settled.connect(self._settled)
        self.model.count_changed.connect(lambda _: self._show_count())
        self.model.about_to_move.connect(self._keep_anchors)
        self.model.relocated.connect(self._restore_anchors)
        self._context.changed.connect(self._changed)
        slash = QShortcut(QKeySequence("/"), self)
        slash.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        slash.activated.connect(self.focus_search)

    # what is shown

    def _fit_columns(self) -> None:
        """Columns that nobody has set by hand share the width of the window."""
        shown = [column for column in self.config.columns if column.shown]
        fixed = sum(column.width for column in shown if column.numeric)
        flexible = sum(column.width for column in shown if not column.numeric)
        room = self.width() - BESIDE - fixed  # the table itself gets its new width a little later
        factor = min(1.7, room / flexible)
        factor = factor if factor >= TIGHTEST else 1.0  # better a scroll bar than words cut off
        self._fitting = True  # nobody has chosen these widths
        for number, column in enumerate(self.config.columns):
            if column.shown and not column.numeric:
                self.table.setColumnWidth(number, int(column.width * factor))
        self._fitting = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            if self.model.rowCount():
                self.model.refresh()
            else:
                self.model.reload()
        self.table.setFocus()

    def set_state(self, state: ListState) -> None:
        """Show another choice of records, for links from elsewhere ("all open deals of …")."""
        self._show_sort(state.sort)
        self._set(state)
        self.search.set_text(state.text)

    def clear_filters(self) -> None:
        """Everything of this type is in sight again."""
        self.set_state(self.model.state.cleared())

    def focus_search(self) -> None:
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.edit.selectAll()

    def _set(self, state: ListState) -> None:
        self.table.select_none()
        for key, pill in self.pills.items():
            pill.setChecked(key in state.quick)
        self.bin_pill.setChecked(state.bin)
        self.filter_bar.show_filters(state.filters)
        self._stale = False
        self._totals = ""
        self.model.set_state(state)

    def _search_for(self, text: str) -> None:
        if text != self.model.state.text:
            self._set(replace(self.model.state, text=text))

    def _toggle(self, key: str) -> None:
        self._set(self.model.state.toggled(self.config, key))

    def _settled(self) -> None:
        state, count = self.model.state, self.model.rowCount()
        self._tell_sight()
        old = self.stack.widget(1)
        if old is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        if count == 0:
            self.stack.addWidget(self._empty(state))
        self.stack.setCurrentIndex(1 if count == 0 else 0)
        self._show_count()
        if self.config.type_name == "deal":
            self._totals_timer.start()
        self.settled.emit()

    def _empty(self, state: ListState) -> QWidget:
        return empty_state(
            self.config,
            state,
            on_clear=self.clear_filters,
            on_new=lambda: self._context.new_record(self.config.type_name),
            on_import=self._import if self.config.type_name != "task" else None,
            may_make=bool(self._context.desk.group_choices(self.config.type_name)),
        )

    def _show_count(self) -> None:
        words = counted(self.model.rowCount(), self.config.type_name)
        state = self.model.state
        where = " in the bin" if state.bin else " found" if state.is_narrowed else ""
        totals = f" · {self._totals}" if self._totals and self.model.rowCount() else ""
        self.footer.setText(words + where + totals)

    def _read_totals(self) -> None:
        query, desk = self.model.query(), self._context.desk

        def show(words: str) -> None:
            if query == self.model.query():
                self._totals = words
                self._show_count()

        read(self._context, lambda: deal_totals(desk, query), show, self)

    # changes

    def _changed(self, changes: Changes) -> None:
        if changes.types & {self.config.type_name, *self.config.companions}:
            if self.isVisible():
                if not self._timer.isActive():  # not put off for ever while changes stream in
                    self._timer.start()
            else:
                self._stale = True

    def _refresh(self) -> None:
        self.model.refresh()

    def _tell_sight(self) -> None:
        self.model.set_in_sight(self.table.rowAt(0), self._last_in_sight())

    def _last_in_sight(self) -> int:
        last = self.table.rowAt(self.table.viewport().height() - 1)
        return last if last >= 0 else self.model.rowCount() - 1

    def _keep_anchors(self) -> None:
        total, chosen = self.model.rowCount(), self.table.selected_count()
        current, top = self.table.current_row(), self.table.rowAt(0)
        self._tell_sight()
        self.model.anchors = Anchors(
            tuple(self.model.known_keys(self.table.selected_rows())) if 0 < chosen < total else (),
            0 < total == chosen,
            next(iter(self.model.known_keys([current])), None) if current >= 0 else None,
            next(iter(self.model.known_keys([top])), None) if top >= 0 else None,
        )

    def _restore_anchors(self, places: Relocated) -> None:
        if places.all_selected:
            self.table.selectAll()
        for row in places.selected:
            self.table.toggle_row(row)
        if places.top > 0:
            bar, height = self.table.verticalScrollBar(), self.table.gutter.defaultSectionSize()
            bar.setValue(places.top * height)
        if places.current >= 0:
            self.table.selectionModel().setCurrentIndex(
                self.model.index(places.current, 0), self.table.selectionModel().SelectionFlag.NoUpdate
            )

    # acting

    def open_filter(self, condition: Filter | None = None) -> None:
        """The dialog for a condition, a new one or one that is there."""
        dialog = FilterDialog(self.window(), self._context, self.config.type_name, condition)
        dialog.chosen.connect(lambda new: self._set(self.model.state.with_filter(new, condition)))
        dialog.open_overlay()

    def selection(self) -> tuple[Query, list[int]]:
        """What is ticked: the list and its rows."""
        return self.model.query(), list(self.table.selected_rows())

    def _open(self, row: int) -> None:
        key = self.model.key(row)
        if key is not None:
            self._context.open_record(key)

    def _open_menu(self, row: int, place: QPoint) -> None:
        key = self.model.key(row)
        if key is not None:
            row_menu(self, self._context, key, self._work, bin=self.model.state.bin).popup(place)

    def _open_columns(self) -> None:
        self.table.header.column_menu().show_below(self.columns_button)

    def _enter_table(self) -> None:
        self.table.setFocus()
        if self.model.rowCount() and self.table.current_row() < 0:
            self.table.set_current_row(0)

    def _typed(self, letter: str) -> None:
        self.search.edit.setFocus()
        self.search.set_text(self.search.text() + letter)

    def _show_selection(self) -> None:
        self.bulk_bar.show_count(
            self.table.selected_count(),
            allowed(self._context.desk),
            bin=self.model.state.bin,
            can_export=self._export is not None,
        )

    def _export_selection(self) -> None:
        if self._export is not None:
            query, rows = self.selection()
            export = self._export
            everything = len(rows) == self.model.rowCount()
            self._work.with_keys(lambda keys: export(query, None if everything else keys))

    def _save_columns(self) -> None:
        if self._fitting:
            return
        self._fitted = True
        if self._settings is not None:
            self._settings.setValue(self._columns_key, self.table.column_state().hex())

    def _show_sort(self, sort: Sort) -> None:
        number = next(n for n, column in enumerate(self.config.columns) if column.key == sort.field)
        order = Qt.SortOrder.DescendingOrder if sort.descending else Qt.SortOrder.AscendingOrder
        self.table.header.blockSignals(True)
        self.table.header.setSortIndicator(number, order)
        self.table.header.blockSignals(False)
        self.table.header.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bulk_bar.place()
        if not self._fitted:
            self._fit_columns()
        self._tell_sight()


def _single_shot(parent: QWidget, milliseconds: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
