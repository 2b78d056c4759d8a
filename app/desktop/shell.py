"""The frame of the main window: sidebar, top bar, pages, toasts, shortcuts, remembered geometry.

It knows no vault and no records. Pages are registered by name; what the user asks for goes out as signals; the
composition root connects both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QByteArray, QSettings, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.notice_area import NoticeArea
from app.desktop.shell_topbar import SyncState, TopBar
from app.desktop.theme import Mode, theme
from app.desktop.widgets.base import Label, row
from app.desktop.widgets.commands import Command, CommandPalette
from app.desktop.widgets.focus import install_focus_ring
from app.desktop.widgets.marks import Avatar
from app.desktop.widgets.overlay import Overlay
from app.desktop.widgets.sidebar import Sidebar
from app.desktop.widgets.toast import ToastHost


@dataclass(frozen=True, slots=True)
class PageInfo:
    """An entry of the sidebar."""

    key: str
    title: str
    icon_name: str
    noun: str = ""  # what the New button makes there; "" for nothing


MAIN_PAGES = (
    PageInfo("people", "People", "people", "person"),
    PageInfo("companies", "Companies", "company", "company"),
    PageInfo("deals", "Deals", "deal", "deal"),
    PageInfo("products", "Products", "product", "product"),
    PageInfo("tasks", "Tasks", "task", "task"),
)
WORKSPACE_PAGES = (
    PageInfo("team", "Team", "team"),
    PageInfo("audit", "Audit", "shield-check"),
    PageInfo("server", "What the server sees", "server"),
    PageInfo("settings", "Settings", "settings"),
)


class Shell(QMainWindow):
    """The window. `add_page(key, widget)` for the sidebar's keys and for others; `show_page(key)`."""

    page_changed = Signal(str)
    new_requested = Signal(str)  # key of the page in front
    lock_requested = Signal()
    sync_requested = Signal()
    search_requested = Signal(str)  # as typed in the palette, for `CommandPalette.show_results`
    closing = Signal()

    def __init__(self, *, workspace: str = "", person: str = "", settings: QSettings | None = None) -> None:
        super().__init__()
        self.setWindowTitle(f"{workspace} – Tacit" if workspace else "Tacit")
        self.setMinimumSize(960, 600)
        self.resize(1280, 800)
        self._settings = settings
        self._pages: dict[str, QWidget] = {}
        self._infos = {info.key: info for info in (*MAIN_PAGES, *WORKSPACE_PAGES)}
        self._commands: Callable[[], Sequence[Command]] = lambda: ()
        self._search: Callable[[str], Sequence[Command]] | None = None
        self.palette_open: CommandPalette | None = None
        self.sidebar = self._build_sidebar(workspace, person)
        self.topbar = TopBar()
        self._notice_area = NoticeArea()
        self.notices = (
            self._notice_area.box
        )  # between the top bar and the pages: what concerns the whole window
        self.stack = QStackedWidget()
        self.stack.setProperty("panel", "page")
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.topbar)
        right.addWidget(self._notice_area)
        right.addWidget(self.stack, 1)
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addLayout(right, 1)
        self.setCentralWidget(central)
        self.toasts = ToastHost(self)
        self._connect()
        self._restore()

    def _build_sidebar(self, workspace: str, person: str) -> Sidebar:
        bar = Sidebar()
        name = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(workspace or "Tacit", scale="strong"))
        if person:
            words.addWidget(Label(person, scale="small", tone="faint"))
        name.setLayout(
            row(Avatar(workspace or "Tacit", size=28, square=True), words, None, gap=10, margins=(4, 0, 0, 4))
        )
        bar.head.addWidget(name)
        for n, info in enumerate(MAIN_PAGES, 1):
            bar.add(info.key, info.title, info.icon_name, keys=_native(f"Ctrl+{n}"))
        bar.add_group("Workspace")
        for n, info in enumerate(WORKSPACE_PAGES, len(MAIN_PAGES) + 1):
            bar.add(info.key, info.title, info.icon_name, keys=_native(f"Ctrl+{n}"))
        return bar

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.show_page)
        self.topbar.search_clicked.connect(self.open_palette)
        self.topbar.sync_clicked.connect(self.sync_requested)
        self.topbar.new_clicked.connect(self._new)
        self.topbar.lock_clicked.connect(self.lock_requested)
        self.topbar.theme_clicked.connect(self._toggle_theme)
        for n, key in enumerate(self.sidebar.page_keys(), 1):
            self._bind(f"Ctrl+{n}", partial(self.show_page, key))
        self._bind("Ctrl+K", self.open_palette)
        self._bind("Ctrl+N", self._new)
        self._bind("Ctrl+L", self.lock_requested.emit)
        self._bind("F5", self.sync_requested.emit)

    def _bind(self, keys: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(lambda: None if self._covered() else action())

    def _covered(self) -> bool:
        """While a dialog is open, the window below does not answer to keys."""
        return any(overlay.is_open for overlay in self.findChildren(Overlay))

    # -- pages

    def add_page(self, key: str, page: QWidget) -> None:
        """Registers a page; one added again under the same key replaces the old one."""
        old = self._pages.pop(key, None)
        if old is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        self._pages[key] = page
        self.stack.addWidget(page)

    def page(self, key: str) -> QWidget:
        """The page of a key; KeyError if there is none."""
        return self._pages[key]

    def show_page(self, key: str) -> None:
        """Brings a page to the front; KeyError if it is not registered."""
        page = self._pages[key]
        info = self._infos.get(key)
        if self.stack.currentWidget() is not page or self.topbar.title() == "":
            self.stack.setCurrentWidget(page)
            self.topbar.set_page(info.title if info else "", info.noun if info else "")
            self.page_changed.emit(key)
        if info is not None:
            self.sidebar.set_current(key)

    def current_page(self) -> str:
        """Key of the page in front, "" while there is none."""
        front = self.stack.currentWidget()
        return next((key for key, page in self._pages.items() if page is front), "")

    def set_title(self, title: str, noun: str = "") -> None:
        """Words at the left of the top bar, e.g. of a record's page; `noun` is what New makes."""
        self.topbar.set_page(title, noun)

    def _new(self) -> None:
        self.new_requested.emit(self.current_page())

    # -- palette

    def set_commands(
        self,
        commands: Callable[[], Sequence[Command]],
        search: Callable[[str], Sequence[Command]] | None = None,
    ) -> None:
        """Where the palette takes its commands from each time it opens, and results as the user types."""
        self._commands, self._search = commands, search

    def open_palette(self) -> None:
        """Ctrl+K."""
        if self._covered():
            return
        own = [
            Command(
                f"Go to {info.title}",
                partial(self.show_page, info.key),
                info.icon_name,
                "Go to",
                keys=_native(f"Ctrl+{n}"),
            )
            for n, info in enumerate(self._infos.values(), 1)
            if info.key in self._pages
        ]
        own += [
            Command("Sync now", self.sync_requested.emit, "sync-working", "Tacit", keys="F5"),
            Command("Lock", self.lock_requested.emit, "lock", "Tacit", keys=_native("Ctrl+L")),
            Command(
                "Switch between light and dark", self._toggle_theme, "moon", "Tacit", words="theme colours"
            ),
        ]
        palette = CommandPalette(self, [*self._commands(), *own], search=self._search)
        palette.query_changed.connect(self.search_requested)
        palette.closed.connect(self._palette_closed)
        self.palette_open = palette
        palette.open_overlay()

    def _palette_closed(self) -> None:
        self.palette_open = None

    # -- state

    def set_sync_state(self, state: SyncState, words: str) -> None:
        """The chip at the top right: a sign and what it means, e.g. "Synced 2 min ago"."""
        self.topbar.set_sync_state(state, words)

    def _toggle_theme(self) -> None:
        mode = theme().toggle()
        if self._settings is not None:
            self._settings.setValue("theme", mode.value)

    def _restore(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            install_focus_ring(app)
        if self._settings is None:
            return
        geometry = self._settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._settings is not None:
            self._settings.setValue("geometry", self.saveGeometry())
            self._settings.sync()
        self.closing.emit()
        super().closeEvent(event)


def saved_mode(settings: QSettings) -> Mode:
    """The theme chosen last time; the system's, if none was or it is not known."""
    value = settings.value("theme")
    return Mode(value) if isinstance(value, str) and value in list(Mode) else Mode.SYSTEM


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
