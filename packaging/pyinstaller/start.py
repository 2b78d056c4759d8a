"""Where the frozen programs begin: `tacit-desktop` shows the window, `tacit` is the command line.

The desktop's sample workspace runs a real server in a process of its own; frozen, that is this program again, told
so by its first argument.
"""

from __future__ import annotations

import multiprocessing
import runpy
import sys
from pathlib import Path


def main() -> None:
    multiprocessing.freeze_support()
    if sys.argv[1:2] == ["--embedded-server"]:
        from app.tethered import run_tethered

        run_tethered(sys.argv[2:])
        return
    if Path(sys.executable).stem == "tacit":
        module = "app.cli"
    else:
        module = "app.desktop"
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
