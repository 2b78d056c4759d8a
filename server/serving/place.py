"""Where everything is kept: `--data DIR`, or a PostgreSQL database.

The database's URL holds a password. It comes from a file or the environment, never from an argument: arguments are
shown to everybody on the machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from server.errors import ServerError

DATABASE_URL = "TACIT_DATABASE_URL"


def add_place(parser: argparse.ArgumentParser) -> None:
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--data", type=Path, help="the folder that holds everything; made where there is none")
    place.add_argument(
        "--database-url-file",
        type=Path,
        metavar="FILE",
        help=f"holds a PostgreSQL's URL (or ${DATABASE_URL}), in place of a folder",
    )


def place_of(options: argparse.Namespace) -> Path | str:
    """The folder, or the database's URL. Raises ServerError where none is named, or two."""
    file: Path | None = options.database_url_file
    named = os.environ.get(DATABASE_URL, "")
    if options.data is not None and named:
        raise ServerError(f"--data and ${DATABASE_URL}: which of the two?")
    if options.data is not None:
        return Path(options.data)
    url = _read(file) if file is not None else named
    if not url:
        raise ServerError(f"where is everything kept? --data, --database-url-file or ${DATABASE_URL}")
    return url


def _read(file: Path) -> str:
    if sys.platform != "win32" and file.stat().st_mode & 0o007:
        raise ServerError(f"{file.name}: others can read this file, and it holds a password")
    return file.read_text(encoding="utf-8").strip()
