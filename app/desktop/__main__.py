"""`python -m app.desktop`: the window. `--profile FOLDER` opens that profile; frozen, `--embedded-server …` is the
server of a trial."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.tethered import run_tethered


def main(arguments: list[str]) -> int:
    """The program; gives its exit code."""
    if arguments[:1] == ["--embedded-server"]:
        run_tethered(arguments[1:])
        return 0
    parser = argparse.ArgumentParser(
        prog="tacit-desktop", description="Tacit, the team CRM whose server cannot read it."
    )
    parser.add_argument("--profile", type=Path, metavar="FOLDER", help="unlock the profile in this folder")
    options = parser.parse_args(arguments)
    return run(options.profile)


def run(profile: Path | None) -> int:
    """Show the window until it is closed."""
    from app.desktop.application import (
        OneInstance,
        install_exception_hook,
        make_application,
        open_settings,
    )
    from app.desktop.keeping import Keeping
    from app.desktop.root import Root

    app = make_application(sys.argv[:1])
    install_exception_hook()
    instance = OneInstance(profile, app)
    if not instance.claim():
        return 0
    settings = open_settings()
    root = Root(app, settings, Keeping(settings))

    def come_forward() -> None:
        window = root.window
        if window is not None:
            window.show()
            window.raise_()
            window.activateWindow()

    instance.knocked.connect(come_forward)
    root.start(profile)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
