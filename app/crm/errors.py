"""The error tree of the CRM package.

    CrmError                   base: `title` and `message` are words for people
    +-- ImportRefused          a file or a plan that cannot be imported at all
    |   +-- FileUnreadable     the file cannot be opened or read
    |   +-- NotText            a zip, a sheet, a picture: not the text that was expected
    |   +-- EncodingUnknown    the text is in no encoding that is known, or not in the one chosen
    |   +-- TooLarge           a limit was passed (size, rows, columns, cards, nesting)
    |   +-- FormatBroken       a quote that never ends, a card that never ends, ...
    |   +-- PlanInvalid        the mapping names columns or fields that do not exist, or needs a choice
    +-- ValueRefused           one cell or property that cannot be understood; `reason` in plain words
    +-- WriteRefused           the writer did not take a batch
    +-- ExportFailed           the target cannot be written

A cancelled import or export is not an error: its report says `cancelled`.
"""

from __future__ import annotations


class CrmError(Exception):
    """Base of all. `title` is a short headline, `message` a sentence or two that say what to do."""

    title = "Something went wrong"

    def __init__(self, message: str, title: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if title is not None:
            self.title = title


class ImportRefused(CrmError):
    title = "This cannot be imported"


class FileUnreadable(ImportRefused):
    title = "The file cannot be read"


class NotText(ImportRefused):
    title = "This is not a text file"


class EncodingUnknown(ImportRefused):
    title = "The characters of this file are not understood"


class TooLarge(ImportRefused):
    title = "This file is too large"


class FormatBroken(ImportRefused):
    title = "This file is damaged"


class PlanInvalid(ImportRefused):
    title = "The import is not ready"


class ValueRefused(CrmError):
    """One value that cannot be understood; the text is the reason, in plain words, without a final stop."""

    title = "A value is not understood"

    @property
    def reason(self) -> str:
        return self.message


class WriteRefused(CrmError):
    title = "The records could not be saved"


class ExportFailed(CrmError):
    title = "The export failed"
