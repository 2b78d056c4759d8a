"""No file of the project names the machine it was written on, or the place its libraries were fetched from.

A path of one desk is useless on another. A package index belongs to whoever installs, not to the lock: it may
be a mirror inside a company.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tools.console import ROOT, tracked_files

# Put together from parts, since this file is searched as well.
INDEX_HOSTS = ("pypi." + "org", "python" + "hosted.org", "pypi." + "python.org", "piwheels" + ".org")
INDEX_OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host")
MACHINE_PATHS = ("/" + "work/main", "/" + "work/shared", "/" + "root/", "/" + "opt/wheels", "/" + "opt/pypi")


def machine_words() -> tuple[str, ...]:
    """Paths that mean something on this machine only: the list above, this tree, the user's home folder."""
    own = [path for path in (str(ROOT), str(Path.home())) if len(path) > 6]
    return tuple(dict.fromkeys([*MACHINE_PATHS, *own]))


def traces_in(text: str, machine: Iterable[str]) -> list[str]:
    """The traces that a text holds, each once, in the order of the lists above."""
    found = [word for word in machine if re.search(r"(?<![\w.~-])" + re.escape(word), text)]
    found += [host for host in INDEX_HOSTS if host in text]
    return found + [option for option in INDEX_OPTIONS if option in text]


def traces(paths: Iterable[Path] | None = None, root: Path = ROOT) -> list[str]:
    """One line for each trace in the tracked files: where, and what. Only text is searched."""
    machine = machine_words()
    wrong = []
    for path in tracked_files() if paths is None else paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{path}: {word}" for word in traces_in(text, machine)]
    return wrong
