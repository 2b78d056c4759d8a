"""The process of an embedded server: the server itself, and a thread that ends it with whoever started it.

`python -m app.tethered serve …` takes the server's own arguments. The starter holds the other end of its standard
input and never writes; the system closes it when the starter ends, however it ends.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def run_tethered(arguments: list[str]) -> None:
    """Be the server until it is stopped, or the starter is gone."""
    threading.Thread(target=_wait_for_the_end, name="tether", daemon=True).start()
    sys.argv[1:] = arguments
    runpy.run_module("server", run_name="__main__", alter_sys=True)


def _wait_for_the_end() -> None:
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 64):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    run_tethered(sys.argv[1:])
