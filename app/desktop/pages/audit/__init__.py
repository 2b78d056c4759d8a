"""The Audit page: who did what, and what each line holds by."""

from app.desktop.pages.audit.page import AuditPage

__all__ = ["AuditPage"]
