"""How much an import takes before it says no. Files come from anybody; nothing in them may exhaust a desk."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """All sizes in bytes, text sizes in characters."""

    file_size: int = 1024 * MIB
    columns: int = 1000
    rows: int = 5_000_000
    cell: int = 256 * 1024
    failures: int = 100_000  # rows that fail before an import gives up: the mapping is wrong then
    dropped: int = 100_000  # listed one by one; more are counted
    card_file_size: int = 256 * MIB
    cards: int = 100_000
    card_lines: int = 5_000  # logical lines of one card
    card_line: int = 16 * MIB  # one logical line, folded parts included: a photo in base64
    card_folds: int = 400_000  # physical lines of one logical line
    card_head: int = 8_192  # name and parameters of one line
    nesting: int = 8  # cards inside cards (AGENT of vCard 2.1)
    photo: int = 384 * 1024  # after decoding: 512 KiB as base64, the most that one value may have
    text: int = 128 * 1024  # one value that is kept, in characters
    card_fields: int = 800  # values of one card or row; a record holds at most 1,000
    record: int = 1_200_000  # bytes of all texts of one record


DEFAULT_LIMITS = Limits()
