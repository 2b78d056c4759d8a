"""Errors in words for people: the one place where the window turns an exception into a title and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.errors import CrmError
from app.desk import DeskError
from sync_client import SyncError
from vault.errors import VaultError


@dataclass(frozen=True, slots=True)
class Words:
    """A title of a few words, and one or two sentences: what happened and what to do."""

    title: str
    message: str


def words_for(error: BaseException) -> Words | None:
    """The words of an error of ours or of the system; None for a defect, which must not be smoothed over."""
    if isinstance(error, (VaultError, SyncError, DeskError, CrmError)):
        return Words(error.title, error.message)
    if isinstance(error, FileNotFoundError):
        return Words("The file is not there", "It was moved, renamed or deleted.")
    if isinstance(error, PermissionError):
        return Words("The file cannot be opened", "You do not have the right to read or write there.")
    if isinstance(error, OSError):
        return Words("The disk did not do it", error.strerror or "The system refused to read or write.")
    return None
