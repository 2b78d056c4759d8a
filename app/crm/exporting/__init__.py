"""Export to open formats: CSV for every record type, vCard 3.0 and 4.0 for people."""

from app.crm.exporting.cards import card_text, export_cards
from app.crm.exporting.columns import RECORD_COLUMN, columns_of
from app.crm.exporting.report import ExportReport
from app.crm.exporting.tables import TableOptions, export_table
from app.crm.exporting.workspace import WorkspaceReport, export_workspace

__all__ = [
    "RECORD_COLUMN",
    "ExportReport",
    "TableOptions",
    "WorkspaceReport",
    "card_text",
    "columns_of",
    "export_cards",
    "export_table",
    "export_workspace",
]
