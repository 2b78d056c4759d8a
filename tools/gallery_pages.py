"""The pages of the gallery: every shared widget in its states, with made-up people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import segno
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.theme import icon_names
from app.desktop.widgets import (
    Avatar,
    Badge,
    Banner,
    Button,
    Card,
    CellRole,
    CheckBox,
    Chip,
    ChipCell,
    ChoiceEditor,
    CopyField,
    DataTable,
    DateEditor,
    DateField,
    DiffView,
    EmptyState,
    HexView,
    Icon,
    IconButton,
    IconCell,
    Item,
    KeyHint,
    Label,
    ListEditor,
    LoadingRole,
    LongTextEditor,
    LongTextField,
    Money,
    MoneyEditor,
    MoneyField,
    MonthGrid,
    Option,
    PasswordField,
    PersonCell,
    ProgressPanel,
    PropertyRow,
    QrView,
    Radio,
    ReferenceEditor,
    ScrollPage,
    SearchField,
    Select,
    SplitView,
    Switch,
    Tabs,
    TextEditor,
    TextField,
    TimelineItem,
    show_date,
    show_money,
)

Index = QModelIndex | QPersistentModelIndex
STAGES = [Option("prospect", "Prospecting"), Option("engage", "Engaging"), Option("won", "Won"), Option("lost", "Lost")]
FIRST = ("Ada", "Boris", "Carla", "Derek", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Luca")
LAST = ("Brandt", "Okafor", "Lindqvist", "Moreau", "Novak", "Rossi", "Sato", "Tanaka", "Ueda", "Vogel", "Weiss")
COMPANIES = ("Acme Corporation", "Betasoloin", "Cancity", "Dontechi", "Ganjaflex", "Konex", "Rangreen", "Zumgoity")


class SampleModel(QAbstractTableModel):
    """Deals made from the row number: any count of them costs nothing."""

    TITLES = ("Deal", "Company", "Stage", "Owner", "Amount", "Expected close", "Next step")

    def __init__(self, rows: int, *, loading_from: int = 1 << 60) -> None:
        super().__init__()
        self._rows, self._loading_from = rows, loading_from
        self.asked = 0
        self.descending = False

    def rowCount(self, parent: Index | None = None) -> int:
        return self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        if section == 4 and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self.descending = order == Qt.SortOrder.DescendingOrder
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        self.asked += 1
        row, column = index.row(), index.column()
        n = self._rows - row - 1 if self.descending else row
        if role == LoadingRole:
            return row >= self._loading_from
        if role == CellRole:
            return self._cell(n, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 4:
            return int(Qt.AlignmentFlag.AlignRight)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(n, column)
        return None

    def _words(self, n: int, column: int) -> str:
        company = COMPANIES[n * 7 % len(COMPANIES)]
        return (
            f"{company.split()[0]} – GTX {n % 9 + 1}00 renewal",
            company,
            STAGES[n % 4].text,
            f"{FIRST[n % 12]} {LAST[n % 11]}",
            show_money(Money(Decimal(n * 137 % 90_000 + 550), "USD")),
            show_date(date(2026, n % 12 + 1, n % 28 + 1)),
            "Send the revised quote with the discount that we talked about on the phone" if n % 3 else "",
        )[column]

    def _cell(self, n: int, column: int) -> object:
        words = self._words(n, column)
        if column == 0:
            return IconCell("deal", words)
        if column == 1:
            return PersonCell(words, square=True)
        if column == 2:
            return ChipCell(words, (0, 3, 2, 7)[n % 4])
        return PersonCell(words) if column == 3 else None


def _bar(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return holder


def _off(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def _error(field: TextField, text: str) -> TextField:
    field.set_error(text)
    return field


def _columns(*columns: list[QWidget]) -> QWidget:
    page = ScrollPage()
    holder = QWidget()
    grid = QHBoxLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(16)
    for widgets in columns:
        line = QVBoxLayout()
        line.setSpacing(16)
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(1)
        grid.addLayout(line, 1)
    page.body.addWidget(holder)
    return page


def _card(title: str, *widgets: QWidget, subtitle: str = "") -> Card:
    card = Card(title, subtitle=subtitle)
    for widget in widgets:
        card.add(widget)
    return card


def buttons() -> QWidget:
    """Buttons, marks, choices, type."""
    icons = [IconButton("filter", "Filter"), IconButton("columns", "Columns", size="compact"),
             IconButton("close", "Close", size="tiny"), _off(IconButton("trash", "Delete"))]
    partial = CheckBox("Some of them")
    partial.set_partial(True)
    checks = _card("Choices", _bar(CheckBox("Reads"), CheckBox("Writes", checked=True), partial),
                   _bar(_off(CheckBox("Off")), _off(CheckBox("Off, on", checked=True))),
                   Radio("Own records only", checked=True, detail="Sees what is assigned to her"),
                   Radio("The whole group", detail="Sees what anybody in the group sees"),
                   Switch("Lock after ten minutes", checked=True, detail="Also when the lid closes"),
                   _bar(Switch("Sounds"), _off(Switch("Not here")), _off(Switch("Nor here", checked=True))))  # fmt: skip
    scale = _card("Type", *[Label(f"{name}: Ada sells to Zumgoity", scale=name) for name in
                            ("display", "heading", "title", "lead", "strong", "body", "small", "caption")],
                  _bar(*[Label(tone, tone=tone) for tone in
                         ("muted", "faint", "accent", "success", "warning", "danger")]))  # fmt: skip
    kinds = _card("Buttons", _bar(Button("Save changes", kind="primary"), Button("Secondary"),
                                  Button("Quiet", kind="quiet"), Button("Remove", kind="danger")),
                  _bar(Button("New deal", kind="primary", icon_name="plus"), Button("Import", icon_name="import"),
                       Button("Delete", kind="danger-quiet", icon_name="trash"), Button("A link", kind="link")),
                  _bar(Button("Compact", compact=True), Button("Filter", icon_name="filter", compact=True),
                       Button("Add phone", kind="quiet", icon_name="plus", compact=True)),
                  _bar(_off(Button("Primary", kind="primary")), _off(Button("Secondary")),
                       _off(Button("Quiet", kind="quiet")), _off(Button("Danger", kind="danger"))),
                  _bar(*icons))  # fmt: skip
    marks = _card("Marks", _bar(*[Chip(text, hue=n) for n, text in enumerate(
        ("Prospect", "Partner", "Won", "Waiting", "Hot", "Churned", "VIP", "Archived"))]),
        _bar(Chip("Removable", closable=True), Chip("Tagged", icon_name="tag", hue=1), Badge(8800),
             Badge("new", tone="accent"), Badge(3, tone="danger"), Badge("late", tone="warning"),
             Badge("paid", tone="success"), KeyHint("Ctrl K")),
        _bar(*[Avatar(f"{a} {b}", size=s) for a, b, s in zip(FIRST, LAST, (20, 24, 24, 28, 32, 40), strict=False)],
             Avatar("Acme Corporation", size=32, square=True)))  # fmt: skip
    return _columns([kinds, marks], [checks, scale])


def fields() -> QWidget:
    """Form fields."""
    weak, strong = PasswordField("Password", meter=True), PasswordField("New password", meter=True)
    weak.set_text("tulip42")
    weak.set_strength(1, "Add another word or two. Uncommon words are better.")
    strong.set_text("correct horse battery staple")
    strong.set_strength(4)
    typed = SearchField("Search people")
    typed.set_text("Lindqvist")
    stage = Select("Stage", STAGES)
    stage.set_value("engage")
    return _columns(
        [_card("Text", TextField("Name", text="Ada Brandt"), TextField("Mail", placeholder="name@example.com"),
               TextField("Handle", text="ada", hint="Colleagues sign in with this name."),
               _error(TextField("Server", text="htp://crm"), "This is not an address. Try https://crm.example.com"),
               _off(TextField("Workspace", text="Northwind")), LongTextField("Note", placeholder="What was said?"))],
        [_card("Passwords", weak, strong),
         _card("Search", SearchField("Search deals", shortcut="Ctrl F"), typed)],
        [_card("Choosing", stage, Select("Owner", STAGES, placeholder="Nobody yet"), _off(Select("Pipeline", STAGES)),
               DateField("Expected close", date(2026, 11, 30)), DateField("Follow up"),
               MoneyField("Amount", Money(Decimal("12500"), "EUR")), MoneyField("Discount")),
         _card("Calendar", MonthGrid(date(2026, 11, 22), date(2026, 11, 20)))],
    )  # fmt: skip


def feedback() -> QWidget:
    """Banners, progress, empty states."""
    running, unknown = ProgressPanel("Importing deals"), ProgressPanel("First sync")
    running.update_step(5234, 8800, "Reading sales_pipeline.csv")
    unknown.update_step(1204, 0, "Opening what colleagues wrote")
    return _columns(
        [Banner("Ben joined the group Sales North. He reads its deals from now on."),
         Banner("12 rows of the file could not be imported.", severity="warning", title="Imported with gaps",
                action="Show the rows", closable=True),
         Banner("The log of Sales North was stopped: its chain does not follow. Nothing of it is shown until an admin "
                "has looked at it.", severity="error", title="The server sent something wrong", action="Details"),
         Banner("Kit saved. Keep it where you keep your passport.", severity="success", closable=True),
         running, unknown],
        [_card("", EmptyState("deal", "No deals yet", "Deals you make or import show up here. Colleagues in your "
                              "group see them too.", action="New deal", second="Import")),
         _card("", EmptyState("search", "Nothing found", "Try fewer words."))],
    )  # fmt: skip


def properties() -> QWidget:
    """Property rows at rest and being edited."""
    def search(text: str) -> list[Option]:
        return [Option(name, name) for name in COMPANIES if text.casefold() in name.casefold()]

    phones = [Item("1", "Mobile", "+46 70 123 45 67"), Item("2", "Work", "+46 8 555 010 20")]
    rest = Card("Details", actions=[IconButton("more", "More", size="compact")])
    rows = [
        PropertyRow("Name", "Ada Brandt", editor=TextEditor, icon_name="person"),
        PropertyRow("Company", Option(1, "Zumgoity"), show=lambda o: o.text if isinstance(o, Option) else "",
                    editor=lambda v: ReferenceEditor(v, search), icon_name="company"),
        PropertyRow("Stage", "won", widget=lambda v: Chip("Won", hue=2), editor=lambda v: ChoiceEditor(v, STAGES),
                    icon_name="pipeline"),
        PropertyRow("Amount", Money(Decimal("12500"), "EUR"), editor=MoneyEditor, icon_name="money",
                    show=lambda m: show_money(m) if isinstance(m, Money) else ""),
        PropertyRow("Expected close", date(2026, 11, 30), editor=DateEditor, icon_name="calendar",
                    show=lambda d: show_date(d) if isinstance(d, date) else ""),
        PropertyRow("Phones", phones, icon_name="phone",
                    show=lambda v: "\n".join(f"{i.text}  {i.label}" for i in v) if isinstance(v, list) else "",
                    editor=lambda v: ListEditor(v, ["Mobile", "Work", "Home"], noun="phone")),
        PropertyRow("Birthday", None, editor=DateEditor, icon_name="cake"),
        PropertyRow("Note", "Prefers mail. Met at the fair in Gothenburg; wants the annual plan, but only if the "
                    "discount holds until March.", editor=LongTextEditor, icon_name="note"),
        PropertyRow("Record id", "4f1c 88e0 9a2b", icon_name="hash"),
    ]  # fmt: skip
    for line in rows:
        rest.add(line)
    rest.body.setSpacing(0)
    rows[3].set_mark("conflict", "Ben wrote €11,000 at the same time")
    rows[0].set_mark("lock", "Only the owner changes this")
    editing = Card("Being edited")
    editing.body.setSpacing(4)
    for label, value, editor in (
        ("Name", "Ada Brandt", TextEditor),
        ("Amount", Money(Decimal("12500"), "EUR"), MoneyEditor),
        ("Close", date(2026, 11, 30), DateEditor),
        ("Note", "Prefers mail.", LongTextEditor),
        ("Phones", phones, lambda v: ListEditor(v, ["Mobile", "Work", "Home"], noun="phone")),
    ):
        line = PropertyRow(label, value, editor=editor)
        editing.add(line)
        line.edit()
    return _columns([rest], [editing])


def table() -> QWidget:
    """The list with a selection and rows on their way."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    search = SearchField("Search deals", shortcut="Ctrl F")
    search.setFixedWidth(280)
    head = _bar(search, Button("Filter", icon_name="filter"), Chip("Stage is Won", closable=True, hue=7))
    inner = head.layout()
    if inner is not None:
        inner.addWidget(Label("8,800 deals · €10,005,534 won", tone="muted"))
        inner.addWidget(IconButton("columns", "Columns"))
        inner.setContentsMargins(24, 12, 16, 12)
    view = DataTable("Deals")
    view.setModel(SampleModel(1_000_000, loading_from=16))
    view.set_column_widths([230, 190, 120, 170, 110, 130])
    view.sort_by(5)
    for row in (2, 3, 6):
        view.toggle_row(row)
    view.set_current_row(4)
    layout.addWidget(head)
    layout.addWidget(view, 1)
    return page


def record() -> QWidget:
    """Timeline, history, tabs, split view."""
    tabs = Tabs()
    line = ScrollPage(margins=4, gap=0)
    items = [
        TimelineItem("phone", "called Ada Brandt", "today 10:12", who="Ben Okafor",
                     text="She wants the quote by Friday, with two years of service."),
        TimelineItem("edit", "changed this deal", "yesterday", who="Carla Lindqvist"),
        TimelineItem("file", "added offer-2026-11.pdf", "18 Nov", who="Ben Okafor"),
        TimelineItem("plus", "made this deal", "3 Nov", who="Ann Vogel", last=True),
    ]  # fmt: skip
    items[1].body.addWidget(DiffView([("Stage", "Engaging", "Won"), ("Amount", "€11,000", "€12,500"),
                                      ("Next step", "", "Send the revised quote")]))  # fmt: skip
    for item in items:
        line.body.addWidget(item)
    line.body.addStretch(1)
    tabs.add("timeline", "Timeline", line)
    tabs.add("related", "Related", QWidget())
    tabs.add("history", "History", QWidget())
    left = QWidget()
    box = QVBoxLayout(left)
    box.setContentsMargins(24, 16, 24, 16)
    box.addWidget(tabs)
    return SplitView(left, properties(), sizes=(1, 1))


def codes() -> QWidget:
    """QR, copy fields, bytes."""
    link = "tacit:join?s=crm.example.com&w=9f2c5a77&t=K7Q2M4XW9D"
    matrix = [list(line) for line in segno.make(link, error="m").matrix]
    holder = _bar(QrView(matrix, name="Invitation"), Label("Scan with the colleague's computer,\nor send the link by "
                                                             "a way of your own.", tone="muted"))  # fmt: skip
    view = HexView(bytes(range(256)) * 4)
    view.setMinimumHeight(380)
    return _columns(
        [_card("Invitation", holder, CopyField(link, name="the link"),
               CopyField("A3-7KQ2M4-XW9DPL-0FRT6B", name="the Secret Key", secret=True))],
        [_card("What the server sees", view, subtitle="The same record, as it is stored there")],
    )  # fmt: skip


def icons() -> QWidget:
    """All icons."""
    page = ScrollPage()
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(14)
    for n, name in enumerate(icon_names()):
        cell = QWidget()
        layout = QHBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Icon(name, size=20, tone="text"))
        layout.addWidget(Icon(name, size=16))
        layout.addWidget(Label(name, scale="caption", tone="muted"), 1)
        grid.addWidget(cell, n // 7, n % 7)
    page.body.addWidget(holder)
    page.body.addStretch(1)
    return page


PAGES: dict[str, Callable[[], QWidget]] = {
    "buttons": buttons,
    "fields": fields,
    "feedback": feedback,
    "properties": properties,
    "table": table,
    "record": record,
    "codes": codes,
    "icons": icons,
}
