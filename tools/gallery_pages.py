"""The pages of the gallery: every shared widget in its states, with made-up people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.desktop.theme import icon_names
from app.desktop.widgets import (
    Avatar,
    Badge,
    Banner,
    Button,
    CheckBox,
    Chip,
    DateField,
    EmptyState,
    Icon,
    IconButton,
    KeyHint,
    Label,
    LongTextField,
    Money,
    MoneyField,
    MonthGrid,
    PasswordField,
    ProgressPanel,
    Radio,
    ScrollPage,
    SearchField,
    Select,
    Switch,
    TextField,
)
from tools.gallery_kit import bar, card, columns, error, off
from tools.gallery_model import FIRST, LAST, STAGES
from tools.gallery_records import codes, properties, record, table


def buttons() -> QWidget:
    """Buttons, marks, choices, type."""
    icons = [
        IconButton("filter", "Filter"),
        IconButton("columns", "Columns", size="compact"),
        IconButton("close", "Close", size="tiny"),
        off(IconButton("trash", "Delete")),
    ]
    partial = CheckBox("Some of them")
    partial.set_partial(True)
    checks = card(
        "Choices",
        bar(CheckBox("Reads"), CheckBox("Writes", checked=True), partial),
        bar(off(CheckBox("Off")), off(CheckBox("Off, on", checked=True))),
        Radio("Own records only", checked=True, detail="Sees what is assigned to her"),
        Radio("The whole group", detail="Sees what anybody in the group sees"),
        Switch("Lock after ten minutes", checked=True, detail="Also when the lid closes"),
        bar(Switch("Sounds"), off(Switch("Not here")), off(Switch("Nor here", checked=True))),
    )
    scale = card(
        "Type",
        *[
            Label(f"{name}: Ada sells to Zumgoity", scale=name)
            for name in ("display", "heading", "title", "lead", "strong", "body", "small", "caption")
        ],
        bar(
            *[Label(tone, tone=tone) for tone in ("muted", "faint", "accent", "success", "warning", "danger")]
        ),
    )
    kinds = card(
        "Buttons",
        bar(
            Button("Save changes", kind="primary"),
            Button("Secondary"),
            Button("Quiet", kind="quiet"),
            Button("Remove", kind="danger"),
        ),
        bar(
            Button("New deal", kind="primary", icon_name="plus"),
            Button("Import", icon_name="import"),
            Button("Delete", kind="danger-quiet", icon_name="trash"),
            Button("A link", kind="link"),
        ),
        bar(
            Button("Compact", compact=True),
            Button("Filter", icon_name="filter", compact=True),
            Button("Add phone", kind="quiet", icon_name="plus", compact=True),
        ),
        bar(
            off(Button("Primary", kind="primary")),
            off(Button("Secondary")),
            off(Button("Quiet", kind="quiet")),
            off(Button("Danger", kind="danger")),
        ),
        bar(*icons),
    )
    marks = card(
        "Marks",
        bar(
            *[
                Chip(text, hue=n)
                for n, text in enumerate(
                    ("Prospect", "Partner", "Won", "Waiting", "Hot", "Churned", "VIP", "Archived")
                )
            ]
        ),
        bar(
            Chip("Removable", closable=True),
            Chip("Tagged", icon_name="tag", hue=1),
            Badge(8800),
            Badge("new", tone="accent"),
            Badge(3, tone="danger"),
            Badge("late", tone="warning"),
            Badge("paid", tone="success"),
            KeyHint("Ctrl K"),
        ),
        bar(
            *[
                Avatar(f"{a} {b}", size=s)
                for a, b, s in zip(FIRST, LAST, (20, 24, 24, 28, 32, 40), strict=False)
            ],
            Avatar("Acme Corporation", size=32, square=True),
        ),
    )
    return columns([kinds, marks], [checks, scale])


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
    return columns(
        [
            card(
                "Text",
                TextField("Name", text="Ada Brandt"),
                TextField("Mail", placeholder="name@example.com"),
                TextField("Handle", text="ada", hint="Colleagues sign in with this name."),
                error(
                    TextField("Server", text="htp://crm"),
                    "This is not an address. Try https://crm.example.com",
                ),
                off(TextField("Workspace", text="Northwind")),
                LongTextField("Note", placeholder="What was said?"),
            )
        ],
        [
            card("Passwords", weak, strong),
            card("Search", SearchField("Search deals", shortcut="Ctrl F"), typed),
        ],
        [
            card(
                "Choosing",
                stage,
                Select("Owner", STAGES, placeholder="Nobody yet"),
                off(Select("Pipeline", STAGES)),
                DateField("Expected close", date(2026, 11, 30)),
                DateField("Follow up"),
                MoneyField("Amount", Money(Decimal("12500"), "EUR")),
                MoneyField("Discount"),
            ),
            card("Calendar", MonthGrid(date(2026, 11, 22), date(2026, 11, 20))),
        ],
    )


def feedback() -> QWidget:
    """Banners, progress, empty states."""
    running, unknown = ProgressPanel("Importing deals"), ProgressPanel("First sync")
    running.update_step(5234, 8800, "Reading sales_pipeline.csv")
    unknown.update_step(1204, 0, "Opening what colleagues wrote")
    return columns(
        [
            Banner("Ben joined the group Sales North. He reads its deals from now on."),
            Banner(
                "12 rows of the file could not be imported.",
                severity="warning",
                title="Imported with gaps",
                action="Show the rows",
                closable=True,
            ),
            Banner(
                "The log of Sales North was stopped: its chain does not follow. Nothing of it is shown until an admin "
                "has looked at it.",
                severity="error",
                title="The server sent something wrong",
                action="Details",
            ),
            Banner("Kit saved. Keep it where you keep your passport.", severity="success", closable=True),
            running,
            unknown,
        ],
        [
            card(
                "",
                EmptyState(
                    "deal",
                    "No deals yet",
                    "Deals you make or import show up here. Colleagues in your group see them too.",
                    action="New deal",
                    second="Import",
                ),
            ),
            card("", EmptyState("search", "Nothing found", "Try fewer words.")),
        ],
    )


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
