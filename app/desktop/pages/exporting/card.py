"""The card of the settings page about what goes in and out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.desktop.widgets import Button, Card, Label, row


class TransferCard(Card):
    """Import, and everything at once."""

    def __init__(
        self,
        import_file: Callable[[], object],
        export_everything: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Import and export", parent=parent)
        self.add(
            Label(
                "CSV files and vCards come in with a preview. Everything that your roles let you export goes out as "
                "CSV and vCards, which any program reads.",
                tone="muted",
                wrap=True,
            )
        )
        self.import_button = Button("Import…", icon_name="import", on_click=import_file)
        self.export_button = Button("Export everything…", icon_name="export", on_click=export_everything)
        self.body.addLayout(row(self.import_button, self.export_button, None))
