"""All that can be judged without running the program: `python3 dev.py check`, and `fmt` to mend.

Style (ruff), types (mypy, strict), the layers (import-linter), the length of files, no traces of a machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable

from tools.console import ROOT, output_of_failed, say, step
from tools.lengths import python_files, too_long
from tools.traces import traces

PYTHON = sys.executable


def contracts() -> str:
    """Run the import contracts of pyproject.toml. Returns what import-linter says where one is broken."""
    call = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return output_of_failed([PYTHON, "-c", call, "--no-cache", "--no-logo"])


STEPS: dict[str, Callable[[], str]] = {
    "style (ruff check)": lambda: output_of_failed(
        [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."]
    ),
    "format (ruff format)": lambda: output_of_failed(
        [PYTHON, "-m", "ruff", "format", "--check", "--output-format=concise", "."]
    ),
    "types (mypy, strict)": lambda: output_of_failed([PYTHON, "-m", "mypy", "--no-error-summary"]),
    "layers (import contracts)": contracts,
    "file lengths": lambda: "\n".join(too_long(python_files())),
    "no traces of a machine": lambda: "\n".join(traces()),
}


def check() -> bool:
    """Take every step, also after one that failed. Returns whether all is well."""
    say("Checks")
    return all([step(name, work) for name, work in STEPS.items()])


def mend() -> bool:
    """Sort imports, mend what ruff can mend safely, format. Returns whether ruff has nothing left to say."""
    mended = subprocess.run([PYTHON, "-m", "ruff", "check", "--fix", "."], cwd=ROOT, check=False)
    formatted = subprocess.run([PYTHON, "-m", "ruff", "format", "."], cwd=ROOT, check=False)
    return mended.returncode == 0 and formatted.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py check", description="Check style, types and layers."
    )
    parser.add_argument("--mend", action="store_true", help="mend and format instead (python3 dev.py fmt)")
    options = parser.parse_args()
    return 0 if (mend() if options.mend else check()) else 1


if __name__ == "__main__":
    sys.exit(main())
