"""Cells that a spreadsheet would run as formulas, and how they are written so that it shows them instead.

As OWASP advises ("CSV Injection"): a cell that begins with = + - @ or a control character gets an apostrophe
in front. A cell that begins with apostrophes and then such a character gets one more, so taking one away
always gives back what was there.
"""

from __future__ import annotations

import re

# The full-width forms are run by spreadsheets of East Asian locales.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def escape_cell(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it as a formula."""
    return f"'{text}" if text and _DANGEROUS.match(text) else text


def unescape_cell(text: str) -> str:
    """The inverse of `escape_cell`."""
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text
