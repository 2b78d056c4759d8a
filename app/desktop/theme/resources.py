"""Where the files that ship beside the code are: `resources/` of the repository, or of the frozen application."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(relative: str) -> Path:
    """The path of a shipped file, e.g. ``icons/plus.svg``.

    A frozen application unpacks its data beside the executable's bundle folder (``sys._MEIPASS``).
    """
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(str(frozen)) if frozen is not None else Path(__file__).resolve().parents[3]
    return root / "resources" / relative
