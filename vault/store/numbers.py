"""Small numbers for long ids: logs and authors (a member's device) are integers inside the vault.

Numbers never change once given, so they are cached for the life of the store; a rolled back transaction
empties the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from protocol.ids import DeviceId, LogId, MemberId
from vault.store.connection import Tx


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something: a member, at one of his devices."""

    member: MemberId
    device: DeviceId


class Numbers:
    """The caches. Lookups by several threads at once only repeat a query."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._log_numbers: dict[LogId, int] = {}
        self._logs: dict[int, LogId] = {}
        self._author_numbers: dict[Author, int] = {}
        self._authors: dict[int, Author] = {}

    def log(self, tx: Tx, log: LogId) -> int:
        """The log's number; gives it one (in a write transaction) the first time."""
        number = self.find_log(tx, log)
        if number is None:
            number = tx.insert("INSERT INTO logs (log) VALUES (?)", (log.encode(),))
            self._log_numbers[log] = number
            self._logs[number] = log
        return number

    def find_log(self, tx: Tx, log: LogId) -> int | None:
        """The log's number, or None where the vault has never met it."""
        number = self._log_numbers.get(log)
        if number is None:
            row = tx.first("SELECT id FROM logs WHERE log = ?", (log.encode(),))
            if row is None:
                return None
            number = self._log_numbers[log] = cast(int, row[0])
            self._logs[number] = log
        return number

    def log_of(self, tx: Tx, number: int) -> LogId:
        log = self._logs.get(number)
        if log is None:
            log = LogId.decode(cast(bytes, tx.one("SELECT log FROM logs WHERE id = ?", (number,))[0]))
            self._logs[number] = log
        return log

    def author(self, tx: Tx, member: MemberId, device: DeviceId) -> int:
        """The author's number; gives it one (in a write transaction) the first time."""
        author = Author(member, device)
        number = self._author_numbers.get(author)
        if number is None:
            row = tx.first("SELECT id FROM authors WHERE member = ? AND device = ?", (member, device))
            if row is None:
                number = tx.insert("INSERT INTO authors (member, device) VALUES (?, ?)", (member, device))
            else:
                number = cast(int, row[0])
            self._author_numbers[author] = number
        return number

    def author_of(self, tx: Tx, number: int) -> Author:
        author = self._authors.get(number)
        if author is None:
            row = tx.one("SELECT member, device FROM authors WHERE id = ?", (number,))
            author = self._authors[number] = Author(cast(bytes, row[0]), cast(bytes, row[1]))
        return author
