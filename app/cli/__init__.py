"""`tacit`: the CRM without a screen, for scripts and for those who run things. No Qt.

`main` is the program; `python -m app.cli` runs it. What it says to the shell at its end is in `exit_codes`, what it
prints in `output`; `docs/cli.md` is its manual.
"""

from app.cli.exit_codes import Exit
from app.cli.program import build_parser, main

__all__ = ["Exit", "build_parser", "main"]
