"""Step 2 where nothing has to be mapped: a folder that belongs together, or vCards."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desktop.viewmodels.import_session import ImportSession
from app.desktop.widgets import Card, Icon, Label, ScrollPage, column, row

_WHAT = {
    "product": "Names, series and prices.",
    "company": "Names, sectors, revenue, employees, location and which company belongs to which.",
    "deal": "Stage, amount, dates, product, company, and the agent as owner.",
}


class RecognisedStep(QWidget):
    """Says what was recognised, file by file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = ScrollPage(margins=0, gap=12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._page)

    def show_session(self, session: ImportSession) -> None:
        """Another session."""
        box = self._page.body
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        bundle = session.bundle
        if bundle is not None:
            card = Card(
                f"{bundle.folder.name}: tables that belong together",
                subtitle="Recognised by its four files. They are imported as one: every deal finds its company, "
                "product and owner.",
            )
            for table, plan in bundle.parts:
                kind = SCHEMA.by_name[plan.type]
                words = count(session.bundle_sizes[table.name], kind.label.lower(), kind.plural.lower())
                card.add(_line(kind.name, words, table.name, _WHAT.get(plan.type, "")))
            agents, managers = len(bundle.offices), len(set(bundle.managers.values()))
            card.add(
                _line(
                    "team",
                    f"{agents} sales agents of {managers} managers in {len(bundle.groups)} offices",
                    "sales_teams.csv",
                    "They become owners of deals, not contacts. Their office says to which group a deal goes.",
                )
            )
            box.addWidget(card)
        if session.cards:
            card = Card(
                "vCards",
                subtitle="Names, organisations, phones, mails, addresses, notes and photos are taken over. What has "
                "no place in Tacit is listed at the end, card by card.",
            )
            for cards in session.cards:
                size = f"{cards.source.size / 1024:,.0f} KB"
                card.add(_line("person", cards.name, f"{cards.source.encoding.name}, {size}", ""))
            box.addWidget(card)
        box.addStretch(1)


def _line(icon: str, title: str, detail: str, words: str) -> QWidget:
    box = QWidget()
    lines = [row(Label(title, scale="strong"), Label(detail, scale="small", tone="faint"), None, gap=8)]
    texts: list[QWidget] = [Label(words, scale="small", tone="muted", wrap=True)] if words else []
    line = row(
        Icon(
            icon if icon in ("person", "company", "deal", "product", "task", "note", "team") else "file",
            tone="accent",
        ),
        column(*lines, *texts, gap=0),
        gap=12,
        margins=(0, 4, 0, 4),
    )
    line.setStretch(1, 1)
    box.setLayout(line)
    return box
