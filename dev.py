#!/usr/bin/env python3
"""The one command of a developer's day: sets up what is missing, then does the work.

Only the standard library is used here, because this file runs before anything is installed, and only syntax
that older Pythons can read, so that they can say what they lack. The work itself is in modules of tools/ and
app/, which run inside .venv.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "tacit-lock.sha256"  # hash of the lock that .venv holds
BEGUN = VENV / "tacit-lock.begun"  # there while pip works
LEAST = (3, 11)

# Shared libraries that Qt loads, with the Debian package of each. The first table suffices without a screen.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
FONTS, FONT_PACKAGE = Path("/usr/share/fonts"), "fonts-dejavu-core"

COMMANDS = {
    "run": "start Tacit; without a display, play the first start and say where the screenshots are",
    "test": "all checks and all tests (--quick without the slow ones, --hostile the attacks alone)",
    "demo": "play a team of four on a real server, and print what each desk sees",
    "check": "style, types, layers, file lengths, no traces of a machine",
    "bench": "measure import, sync, search and unlock; the figures go to docs/benchmarks.md",
    "screens": "take screenshots of every page, light and dark",
    "fmt": "sort imports, mend what can be mended, format",
    "lock": "make requirements.lock again from pyproject.toml (--upgrade takes newer versions)",
}
# Commands that show a window or draw one, and so need Qt's system libraries.
WITH_QT = {"run", "test", "bench", "screens"}

EPILOG = """\
What stands after the command goes on to it: `python3 dev.py test --quick -k import`, `python3 dev.py demo
--json`; `python3 dev.py <command> --help` tells what it takes. The first call of any makes .venv and installs
what requirements.lock names, checked against its hashes (some 150 MB); later calls start at once.
"""


class SetupError(Exception):
    """Something is missing that this program cannot mend; the text says what, and what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def has_display() -> bool:
    """Whether a window could be shown: always on Mac and Windows, by the environment elsewhere."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clean_environment() -> dict[str, str]:
    """The environment of all that starts from here: this tree can be imported, nothing of the user's can."""
    unwanted = ("PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment["PYTHONPATH"] = str(ROOT)
    environment["PYTHONSAFEPATH"] = "1"  # the caller's folder may hold an `app` of its own
    environment["PYTHONNOUSERSITE"] = "1"
    environment["PYTHONUTF8"] = "1"
    if not has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


# --- Python and the libraries ----------------------------------------------------------------------------


def venv_works() -> bool:
    """Whether .venv has a Python that starts, is new enough and can install."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {LEAST!r})"
    try:
        done = subprocess.run([str(venv_python()), "-c", probe], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the set-up for this process: two commands started at once must not install into one .venv."""
    with (ROOT / ".venv.lock").open("a") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):  # it gives up after ten seconds
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_set_up(wanted: str) -> bool:
    """Whether .venv holds what the lock with this hash names."""
    if not STAMP.is_file() or BEGUN.exists() or not venv_python().exists():
        return False
    return STAMP.read_text(encoding="ascii").strip() == wanted


def ensure_venv() -> None:
    """Bring .venv to what the lock says.

    The stamp is written last. An installation that was cut short is not built upon: .venv is made anew.
    """
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if is_set_up(wanted):
        return
    with one_at_a_time():
        if is_set_up(wanted):
            return
        if BEGUN.exists() or not venv_works():
            if importlib.util.find_spec("ensurepip") is None:  # Debian packs it apart
                version = f"{sys.version_info[0]}.{sys.version_info[1]}"
                apt_install([f"python{version}-venv"], "Python's venv module")
            say(f"Making .venv with Python {sys.version.split()[0]} …")
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "making .venv")
        STAMP.unlink(missing_ok=True)
        BEGUN.touch()
        say("Installing the libraries of requirements.lock (the first time takes a minute or two) …")
        pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        install = ["install", "--quiet", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK)]
        try:
            run([*pip, *install], "installing the libraries")
        except SetupError:
            BEGUN.unlink()  # pip ended by itself and has put back what it had begun
            raise
        STAMP.write_text(wanted + "\n", encoding="ascii")
        BEGUN.unlink()


def run(command: list[str], what: str) -> None:
    """Run a step of the set-up.

    Raises SetupError where it fails; its own output has been shown by then.
    """
    try:
        subprocess.run(command, cwd=ROOT, env=clean_environment(), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"{what} failed: {error}\nCall the same command again to take it up.") from None


# --- what Qt needs of a Linux ----------------------------------------------------------------------------


def missing(libraries: dict[str, str]) -> dict[str, str]:
    """Those of the libraries that the dynamic linker does not find."""
    absent = {}
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            absent[library] = package
    return absent


def apt_install(packages: list[str], what: str) -> None:
    """Install Debian packages as root; else raise SetupError with the exact command."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if which("apt-get") is None:
        raise SetupError(f"{what} is missing. Debian's packages for it: {' '.join(packages)}")
    if os.geteuid() != 0:
        command = "sudo apt-get update && sudo " + " ".join(install)
        raise SetupError(f"{what} is missing. Install it with:\n    {command}")
    say(f"Installing {what}: {' '.join(packages)} …")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for step in (["apt-get", "update"], install):
        done = subprocess.run(step, env=environment, capture_output=True, check=False)
        if done.returncode != 0:
            say((done.stdout + done.stderr).decode("utf-8", "replace"))
    # Not apt-get's word but the linker's is asked: ensure_qt looks again.


def ensure_qt(command: str) -> None:
    """See that Qt's system libraries are there.

    What a real window needs beyond is required of `run` with a display, and wished for by `test`: it is
    installed where that can be done, and without it the tests marked `display` are left out.
    """
    if not sys.platform.startswith("linux"):
        return
    needed = dict(QT_LIBRARIES)
    if command == "run" and has_display():
        needed.update(WINDOW_LIBRARIES)
    wished = dict(WINDOW_LIBRARIES, Xvfb="xvfb") if command == "test" else {}

    def packages_of(libraries: dict[str, str]) -> list[str]:
        absent = missing({k: v for k, v in libraries.items() if k.startswith("lib")})
        packages = list(absent.values())
        if "Xvfb" in libraries and which("Xvfb") is None:
            packages.append("xvfb")
        if not any(FONTS.rglob("*.[ot]t[fc]")):
            packages.append(FONT_PACKAGE)
        return packages

    lacking, wanting = packages_of(needed), packages_of(wished)
    if not lacking and (not wanting or os.geteuid() != 0 or which("apt-get") is None):
        return
    apt_install(sorted({*lacking, *wanting}), "what Qt needs of the system")
    still = missing(needed)
    if still:
        raise SetupError("Qt cannot start, these libraries do not load: " + ", ".join(sorted(still)))


# --- the commands ----------------------------------------------------------------------------------------


def module_of(command: str) -> list[str]:
    """The module that does a command, as arguments of `python -m`."""
    if command == "run":
        return ["app.desktop" if has_display() else "app.desktop.story"]
    if command in ("demo", "bench", "screens"):
        return ["tools." + command]
    return {
        "test": ["tools.testing"],
        "check": ["tools.check"],
        "fmt": ["tools.check", "--mend"],
        "lock": ["tools.lock"],
    }[command]


def parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    lines = ["  " + name.ljust(width) + "  " + words for name, words in COMMANDS.items()]
    made = argparse.ArgumentParser(
        prog="python3 dev.py",
        usage="python3 dev.py COMMAND [arguments …]",
        description="Set up, run, test and measure Tacit.\n\ncommands:\n" + "\n".join(lines),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("command", choices=list(COMMANDS), metavar="COMMAND", help=argparse.SUPPRESS)
    made.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return made


def main(arguments: list[str]) -> int:
    """Set up, then hand over. Returns the exit code: 2 where the set-up is stuck, else the command's own."""
    if sys.version_info < LEAST:
        say(f"Tacit needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.")
        say("Get a newer one (python.org, your system's packages) and call it by name: python3.11 dev.py …")
        return 2
    options = parser().parse_args(arguments or ["--help"])
    try:
        ensure_venv()
        if options.command in WITH_QT:
            ensure_qt(options.command)
    except SetupError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("Stopped. The next call takes the set-up up again.")
        return 130
    command = [str(venv_python()), "-m", *module_of(options.command), *options.arguments]
    try:
        # In the caller's folder, so that paths among the arguments mean what they say.
        return subprocess.call(command, env=clean_environment())
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
