"""Databases as earlier versions of the server left them: the migrations up to one of them, and no further."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from server import storage
from server.storage.engine import open_engine, transaction
from server.storage.migrate import Kind


def make_old_database(path: Path, kind: Kind, revision: str) -> None:
    """An empty one of that revision."""
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations" / kind.value))
    engine = open_engine(path)
    with transaction(engine, write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
