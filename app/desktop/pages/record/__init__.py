"""The page of a record, and the dialog for a new one: `RecordPage(context)`, `NewRecordDialog(window, context, …)`."""

from app.desktop.pages.record.new_record import NewRecordDialog
from app.desktop.pages.record.record_page import RecordPage

__all__ = ["NewRecordDialog", "RecordPage"]
