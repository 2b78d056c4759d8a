"""`python3 dev.py screens`: real windows on a real embedded server, photographed without a display."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QSettings

from app.desktop.application import make_application
from app.desktop.stage import settle
from app.desktop.theme import Mode, theme
from tools.screens.desk import DeskShots
from tools.screens.office import ROOT, Office
from tools.screens.shooting import Camera
from tools.screens.start import shoot_start

OUT = Path("build") / "screens"
KEPT = (
    "deals-light-1280",
    "record-deal-light-1280",
    "record-conflict-choice-light-1280",
    "people-dark-1280",
    "team-matrix-light-1280",
    "team-sharing-light-1280",
    "team-access-dark-1280",
    "record-who-sees-light-1280",
    "factor-setup-light-1280",
    "computers-add-dark-1280",
    "recovery-light-1280",
    "audit-dark-1280",
    "help-support-light-1280",
    "server-view-dark-1280",
    "start-welcome-light-1280",
    "start-kit-light-1280",
    "search-dark-1280",
)
"""The few that the documentation shows; `--docs` puts them into docs/screens."""


def main(arguments: list[str]) -> int:
    """Take the pictures; prints how many and where."""
    parser = argparse.ArgumentParser(prog="screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the pictures")
    parser.add_argument("--only", default="", help="only pictures whose name contains one of these (commas)")
    parser.add_argument("--docs", action="store_true", help="also renew the few in docs/screens")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tacit-screens-"))
    os.environ["TACIT_HOME"] = str(folder / "home")
    app = make_application(sys.argv[:1])
    theme().set_motion(False)
    theme().set_mode(Mode.LIGHT)
    settings = QSettings(str(folder / "desktop.ini"), QSettings.Format.IniFormat)
    out: Path = options.out.resolve()
    office = Office(folder, print)
    try:
        office.fill()
        camera = Camera(app, out, options.only)
        print("Taking pictures")
        shoot_start(camera, office, settings)
        DeskShots(camera, office, app, settings).shoot()
    finally:
        settle(app)
        office.close()
    if options.docs:
        keep(out, ROOT / "docs" / "screens")
    print(f"{len(camera.written)} pictures in {out} ({time.monotonic() - began:.0f} s)")
    return 0


def keep(source: Path, target: Path) -> None:
    """The pictures of the documentation, in 256 colours each: a repository keeps every version for ever."""
    target.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        picture = source / f"{name}.png"
        if picture.exists():
            with Image.open(picture) as image:
                colours = image.convert("RGB").quantize(
                    256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
                )
            colours.save(target / picture.name, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
