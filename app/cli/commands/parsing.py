"""How a command is told to the parser: its words, its help, and the function that does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from app.cli.context import Context
from app.cli.errors import UsageError

Run = Callable[[Context], None]


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print and leave, so that `--json` has its error as JSON."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See {self.prog} --help.")


class Commands:
    """A place for commands: the program itself, or a group of them such as `team`."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._group = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)

    def add(self, name: str, run: Run, help: str, description: str = "") -> argparse.ArgumentParser:
        """A command; gives its parser for arguments."""
        parser = self._parser(name, help, description)
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help: str, description: str = "") -> Commands:
        return Commands(self._parser(name, help, description))

    def _parser(self, name: str, help: str, description: str) -> argparse.ArgumentParser:
        return self._group.add_parser(
            name,
            help=help,
            allow_abbrev=False,
            description=description or f"{help[:1].upper()}{help[1:]}.",
            parents=[common_options(argparse.SUPPRESS)],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )


def common_options(default: object = None) -> Parser:
    """Options of all commands. They may stand before or behind the command's name."""
    parser = Parser(
        add_help=False, argument_default=argparse.SUPPRESS if default is argparse.SUPPRESS else None
    )
    group = parser.add_argument_group("options of all commands")
    group.add_argument(
        "--profile", type=Path, metavar="FOLDER", help="the profile (or TACIT_PROFILE); default: the only one"
    )
    group.add_argument(
        "--secret-key-file",
        type=Path,
        metavar="FILE",
        help="keep the Secret Key in this file (mode 0600) instead of the system's keychain",
    )
    group.add_argument(
        "--password-fd",
        type=int,
        metavar="N",
        help="read the password from this file descriptor (or TACIT_PASSWORD)",
    )
    group.add_argument(
        "--ca", type=Path, metavar="FILE", help="a private certificate authority, PEM (or TACIT_CA)"
    )
    group.add_argument("--json", action="store_true", help="print one JSON object")
    group.add_argument("--quiet", action="store_true", help="print results and errors only")
    return parser


def no_sync_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-sync", action="store_true", help="do not send it now")
