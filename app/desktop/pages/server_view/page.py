"""What the server sees: the record as you read it, beside the bytes that the server stores of it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desk import SealedView
from app.desktop.context import Context
from app.desktop.pages.record.stream import clear
from app.desktop.problems import words_for
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.record_state import RecordState, read_record
from app.desktop.viewmodels.server_words import EXPLAINED, commit_title, plain_of, summary_of, visible_of
from app.desktop.viewmodels.shown import label, record_title
from app.desktop.widgets import (
    Avatar,
    Badge,
    Banner,
    Button,
    Card,
    EmptyState,
    HexView,
    Icon,
    Label,
    Option,
    ScrollPage,
    Select,
    SplitView,
    Tabs,
    column,
    row,
)
from vault.store import RecordKey


class ServerViewPage(QWidget):
    """Follows ``context.record_wanted``: the record in front is the one shown here. `show_record` for another."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.key: RecordKey | None = None
        self.view: SealedView | None = None
        self._loaded: RecordKey | None = None
        self._turn = 0
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "server", "No record chosen",
                "Open a person, a company or a deal, and come back: this page shows its bytes as the server has them.",
                action="Go to deals", on_action=lambda: context.open_page("deals"),
            )
        )  # fmt: skip
        self.plain = QVBoxLayout()
        self.sealed = QVBoxLayout()
        self.body_hex: HexView | None = None
        self.header_hex: HexView | None = None
        self._lay_out()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        context.record_wanted.connect(self._follow)

    def _lay_out(self) -> None:
        left, right = ScrollPage(margins=20, gap=12), ScrollPage(margins=20, gap=12)
        left.body.addLayout(row(Icon("eye", size=16), Label("What you see", scale="lead"), None))
        left.body.addLayout(self.plain)
        left.body.addStretch(1)
        self._again = Button("Ask again", compact=True, icon_name="sync-working", on_click=self.ask)
        right.body.addLayout(
            row(Icon("server", size=16), Label("What the server stores", scale="lead"), None, self._again)
        )
        right.body.addLayout(self.sealed)
        right.body.addStretch(1)
        both = SplitView(left, right, sizes=(400, 880))
        left.setMinimumWidth(380)
        both.setStretchFactor(0, 0)
        self.stack.addWidget(both)

    # which record

    def _follow(self, key: RecordKey) -> None:
        self.key = key
        if self.isVisible():
            self.ask()

    def show_record(self, key: RecordKey) -> None:
        """This one."""
        self.key = key
        self.ask()

    def showEvent(self, event: object) -> None:
        if self.key is None:
            self.stack.setCurrentIndex(0)
        else:
            self.ask()

    def ask(self) -> None:
        """Read the record here, and ask the server for what it has."""
        key, desk = self.key, self._context.desk
        if key is None:
            return
        self._turn += 1
        turn = self._turn
        if key != self._loaded:
            clear(self.plain)
            clear(self.sealed)
            self.sealed.addWidget(Label("Asking the server…", tone="muted"))
        self._loaded = key
        self.stack.setCurrentIndex(1)
        self._again.setEnabled(False)
        read(self._context, lambda: read_record(desk, key), lambda state: self._show_plain(turn, state), self)
        self._context.run(
            lambda progress: desk.sealed_view(key),
            owner=self,
            done=lambda view: self._show_sealed(turn, view),
            failed=lambda error: self._show_failure(turn, error),
        )

    # what is shown

    def _show_plain(self, turn: int, state: RecordState | None) -> None:
        if turn != self._turn:
            return
        clear(self.plain)
        if state is None:
            self.plain.addWidget(
                Label("This record is not on this computer any more.", tone="muted", wrap=True)
            )
            return
        record = state.record
        title = record_title(record)
        head = row(Avatar(title, size=36, square=record.key.type != "person"), gap=12, margins=(0, 0, 0, 8))
        mark = row(
            Badge(label(record.key.type)), None
        )  # by itself, a badge would limit the column to its width
        head.addLayout(column(Label(title, scale="title", wrap=True), mark, gap=4), 1)
        card = Card()
        card.body.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for line, (name, words) in enumerate(plain_of(state)):
            grid.addWidget(Label(name, tone="muted"), line, 0)
            grid.addWidget(Label(words, wrap=True, selectable=True), line, 1)
        card.body.addLayout(grid)
        self.plain.addWidget(card)

    def _show_sealed(self, turn: int, view: SealedView) -> None:
        if turn != self._turn:
            return
        self.view = view
        self._again.setEnabled(True)
        clear(self.sealed)
        self.sealed.addWidget(Label(summary_of(view), scale="strong", wrap=True))
        if not view.commits:
            self.sealed.addWidget(
                Banner("When it is sent, it goes sealed: the server never has anything but such bytes.")
            )
            return
        self.sealed.addWidget(Label(EXPLAINED, tone="muted", wrap=True))
        self.sealed.addWidget(self._visible(view))
        self.sealed.addWidget(self._bytes(view))

    def _visible(self, view: SealedView) -> Card:
        card = Card("What it can read", subtitle="The header: in clear, signed by the computer that wrote it")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for line, one in enumerate(visible_of(view)):
            grid.addWidget(Label(one.what, tone="muted"), line, 0)
            shown = one.value if len(one.value) <= 32 else f"{one.value[:24]}…"
            value = Label(shown, selectable=True)
            value.setToolTip(one.value)
            grid.addWidget(value, line, 1)
            grid.addWidget(Label(one.tells, scale="small", tone="faint", wrap=True), line, 2)
        card.body.addLayout(grid)
        return card

    def _bytes(self, view: SealedView) -> Card:
        choose = Select("", [Option(n, commit_title(commit)) for n, commit in enumerate(view.commits)])
        choose.set_value(0)
        choose.setFixedWidth(220)
        card = Card("The bytes", subtitle="As they lie on its disk", actions=[choose])
        tabs = Tabs()
        body, header, signature = (
            HexView(name="Sealed body"),
            HexView(name="Header"),
            HexView(name="Signature"),
        )
        for key, title, hexes in (
            ("body", "Sealed body", body), ("header", "Header", header), ("signature", "Signature", signature),
        ):  # fmt: skip
            hexes.setMinimumHeight(280)
            tabs.add(key, title, hexes)

        def show(number: object) -> None:
            commit = view.commits[number if isinstance(number, int) else 0]
            body.set_data(commit.body)
            header.set_data(commit.header_bytes)
            signature.set_data(commit.signature)

        show(0)
        choose.chosen.connect(show)
        self.body_hex, self.header_hex = body, header
        card.add(tabs)
        return card

    def _show_failure(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        words = words_for(error)
        if words is None:
            raise error
        self._again.setEnabled(True)
        clear(self.sealed)
        self.sealed.addWidget(
            Banner(
                f"{words.message} What you see at the left is from this computer, and stays yours to read and change.",
                severity="warning", title=words.title, action="Ask again", on_action=self.ask,
            )
        )  # fmt: skip
