"""The diagnostics window: read the whole text, then save it."""

from app.desktop.pages.diagnostics.dialog import DiagnosticsDialog

__all__ = ["DiagnosticsDialog"]
