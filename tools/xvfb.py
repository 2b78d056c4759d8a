"""An X server without a screen, for tests that need a real window system."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

SCREEN = "1920x1080x24"


class NoDisplayError(Exception):
    """Xvfb is there and did not start; the text is what it said."""


def available() -> bool:
    """Whether Xvfb is installed."""
    return shutil.which("Xvfb") is not None


@contextlib.contextmanager
def xvfb() -> Iterator[str]:
    """Start Xvfb on a free display and stop it afterwards. Yields the value for DISPLAY.

    Xvfb chooses the number itself and tells it once it listens, so there is no race and nothing to wait for.
    Raises NoDisplayError where it ends without having told one.
    """
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            said = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
            raise NoDisplayError(said.strip())
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()
        if process.stderr:
            process.stderr.close()
