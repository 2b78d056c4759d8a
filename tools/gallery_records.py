"""The pages of the gallery that show records: property rows, list, timeline, codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import segno
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.widgets import (
    Button,
    Card,
    Chip,
    ChoiceEditor,
    CopyField,
    DataTable,
    DateEditor,
    DiffView,
    HexView,
    IconButton,
    Item,
    Label,
    ListEditor,
    LongTextEditor,
    Money,
    MoneyEditor,
    Option,
    PropertyRow,
    QrView,
    ReferenceEditor,
    ScrollPage,
    SearchField,
    SplitView,
    Tabs,
    TextEditor,
    TimelineItem,
    show_date,
    show_money,
)
from tools.gallery_kit import bar, card, columns
from tools.gallery_model import COMPANIES, STAGES, SampleModel


def properties() -> QWidget:
    """Property rows at rest and being edited."""
    return columns([_details()], [_editing()])


def _details() -> Card:
    def search(text: str) -> list[Option]:
        return [Option(name, name) for name in COMPANIES if text.casefold() in name.casefold()]

    phones = [Item("1", "Mobile", "+46 70 123 45 67"), Item("2", "Work", "+46 8 555 010 20")]
    rest = Card("Details", actions=[IconButton("more", "More", size="compact")])
    rows = [
        PropertyRow("Name", "Ada Brandt", editor=TextEditor, icon_name="person"),
        PropertyRow(
            "Company",
            Option(1, "Zumgoity"),
            show=lambda o: o.text if isinstance(o, Option) else "",
            editor=lambda v: ReferenceEditor(v, search),
            icon_name="company",
        ),
        PropertyRow(
            "Stage",
            "won",
            widget=lambda v: Chip("Won", hue=2),
            editor=lambda v: ChoiceEditor(v, STAGES),
            icon_name="pipeline",
        ),
        PropertyRow(
            "Amount",
            Money(Decimal("12500"), "EUR"),
            editor=MoneyEditor,
            icon_name="money",
            show=lambda m: show_money(m) if isinstance(m, Money) else "",
        ),
        PropertyRow(
            "Expected close",
            date(2026, 11, 30),
            editor=DateEditor,
            icon_name="calendar",
            show=lambda d: show_date(d) if isinstance(d, date) else "",
        ),
        PropertyRow(
            "Phones",
            phones,
            icon_name="phone",
            show=lambda v: "\n".join(f"{i.text}  {i.label}" for i in v) if isinstance(v, list) else "",
            editor=lambda v: ListEditor(v, ["Mobile", "Work", "Home"], noun="phone"),
        ),
        PropertyRow("Birthday", None, editor=DateEditor, icon_name="cake"),
        PropertyRow(
            "Note",
            "Prefers mail. Met at the fair in Gothenburg; wants the annual plan, but only if the "
            "discount holds until March.",
            editor=LongTextEditor,
            icon_name="note",
        ),
        PropertyRow("Record id", "4f1c 88e0 9a2b", icon_name="hash"),
    ]
    for line in rows:
        rest.add(line)
    rest.body.setSpacing(0)
    rows[3].set_mark("conflict", "Ben wrote €11,000 at the same time")
    rows[0].set_mark("lock", "Only the owner changes this")
    return rest


def _editing() -> Card:
    phones = [Item("1", "Mobile", "+46 70 123 45 67"), Item("2", "Work", "+46 8 555 010 20")]
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
    return editing


def table() -> QWidget:
    """The list with a selection and rows on their way."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    search = SearchField("Search deals", shortcut="Ctrl F")
    search.setFixedWidth(280)
    head = bar(search, Button("Filter", icon_name="filter"), Chip("Stage is Won", closable=True, hue=7))
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
        TimelineItem(
            "phone",
            "called Ada Brandt",
            "today 10:12",
            who="Ben Okafor",
            text="She wants the quote by Friday, with two years of service.",
        ),
        TimelineItem("edit", "changed this deal", "yesterday", who="Carla Lindqvist"),
        TimelineItem("file", "added offer-2026-11.pdf", "18 Nov", who="Ben Okafor"),
        TimelineItem("plus", "made this deal", "3 Nov", who="Ann Vogel", last=True),
    ]
    items[1].body.addWidget(
        DiffView(
            [
                ("Stage", "Engaging", "Won"),
                ("Amount", "€11,000", "€12,500"),
                ("Next step", "", "Send the revised quote"),
            ]
        )
    )
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
    return SplitView(left, columns([_details()]), sizes=(1, 1))


def codes() -> QWidget:
    """QR, copy fields, bytes."""
    link = "tacit:join?s=crm.example.com&w=9f2c5a77&t=K7Q2M4XW9D"
    matrix = [list(line) for line in segno.make(link, error="m").matrix]
    holder = bar(
        QrView(matrix, name="Invitation"),
        Label("Scan with the colleague's computer,\nor send the link by a way of your own.", tone="muted"),
    )
    view = HexView(bytes(range(256)) * 4)
    view.setMinimumHeight(380)
    return columns(
        [
            card(
                "Invitation",
                holder,
                CopyField(link, name="the link"),
                CopyField("A3-7KQ2M4-XW9DPL-0FRT6B", name="the Secret Key", secret=True),
            )
        ],
        [card("What the server sees", view, subtitle="The same record, as it is stored there")],
    )
