"""Export: the dialog of a list, and everything at once."""

from app.desktop.pages.exporting.card import TransferCard
from app.desktop.pages.exporting.dialog import ExportDialog, open_export
from app.desktop.pages.exporting.everything import ExportEverythingDialog, open_export_everything

__all__ = [
    "ExportDialog",
    "ExportEverythingDialog",
    "TransferCard",
    "open_export",
    "open_export_everything",
]
