"""The program: the words of the command line, the command they name, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from app.cli.commands import (
    auditing,
    beginning,
    devices,
    editing,
    exporting,
    importing,
    passwords,
    reading,
    securing,
    sharing,
    state,
    supporting,
    teamaccess,
    teamchanges,
    teamlists,
    teamrules,
)
from app.cli.commands.parsing import Commands, Parser, Run, common_options
from app.cli.context import Context
from app.cli.errors import explain
from app.cli.exit_codes import Exit, exit_code_table
from app.cli.output import Output

_EPILOG = f"""exit codes:
{exit_code_table()}

The password is asked for, or comes from --password-fd or TACIT_PASSWORD; it is never an argument.
"""


def build_parser() -> Parser:
    """All commands and their options."""
    parser = Parser(
        prog="tacit",
        description="Tacit without a screen: a team CRM whose server cannot read it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common_options()],
        allow_abbrev=False,
    )
    commands = Commands(parser)
    for module in (
        beginning,
        passwords,
        state,
        reading,
        editing,
        sharing,
        importing,
        exporting,
        auditing,
        teamaccess,
        securing,
        devices,
        supporting,
    ):
        module.add(commands)
    team = commands.group("team", "members, groups, roles and invitations")
    teamlists.add(team)
    teamchanges.add(team)
    teamrules.add(team)
    teamaccess.add_to_team(team)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code (`exit_codes`). `--help` leaves through SystemExit, as argparse does."""
    given = list(sys.argv[1:] if words is None else words)
    output = Output(as_json="--json" in given, quiet="--quiet" in given)
    try:
        options = build_parser().parse_args(given)
        output = Output(as_json=bool(options.json), quiet=bool(options.quiet))
        run: Run = options.run
        run(Context(options, output))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough (`| head`). Nothing more can be written, at the end of Python neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except (Exception, KeyboardInterrupt) as error:
        explained = explain(error)
        if explained is None:
            raise
        output.error(explained)
        return explained.exit
    return Exit.OK
