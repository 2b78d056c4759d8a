"""The journal: one JSON object a line, to standard output or a file.

What stands in it: time, event, route (the pattern, not the path), status, code, milliseconds, bytes, and the first
eight hex digits of a workspace's id. Never: handles, tokens, keys, bodies, query strings, addresses of logins.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

_PROCESSORS: list[Any] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(sort_keys=True),
]


class _ToJournal(logging.Handler):
    """Takes over what libraries log by the standard module; warnings and worse, and what uvicorn says of itself."""

    def emit(self, record: logging.LogRecord) -> None:
        journal().log(record.levelno, record.getMessage(), source=record.name, exc_info=record.exc_info)


class _Lines:
    """Where entries go. A journal that cannot be written (its disk is full) must not fail a request: standard error is
    told, and the entry is lost."""

    def __init__(self, target: TextIO) -> None:
        self._target = target

    def write(self, text: str) -> None:
        try:
            self._target.write(text)
        except OSError as error:
            sys.stderr.write(f"tacit server: the journal cannot be written: {error.strerror}\n")

    def flush(self) -> None:
        try:
            self._target.flush()
        except OSError as error:
            sys.stderr.write(f"tacit server: the journal cannot be written: {error.strerror}\n")


@contextmanager
def open_journal(file: Path | None) -> Iterator[None]:
    """The process's journal for the length of a block: appended to `file`, or on standard output."""
    with ExitStack() as stack:
        target: TextIO = sys.stdout
        if file is not None:
            target = stack.enter_context(file.open("a", encoding="utf-8", buffering=1))
        structlog.configure(
            processors=_PROCESSORS,
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Lines(target))),
            cache_logger_on_first_use=False,
        )
        root = logging.getLogger()
        root.handlers[:] = [_ToJournal()]
        root.setLevel(logging.WARNING)
        yield
        root.handlers.clear()


def journal() -> Any:
    """The logger; structlog's own type is dynamic, and only used here and for `.info(event, **fields)`."""
    return structlog.get_logger()


def short(identifier: bytes) -> str:
    """An id as it may stand in the journal."""
    return identifier.hex()[:8]
