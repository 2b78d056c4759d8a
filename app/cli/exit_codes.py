"""What `tacit` says to the shell when it ends. Scripts rely on these numbers: they are never given another meaning."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """See `MEANINGS`."""

    OK = 0
    FAULT = 1
    USAGE = 2
    SECRET = 3
    OFFLINE = 4
    REFUSED = 5
    TRUST = 6
    FILE = 7
    PROFILE = 8
    WAITING = 9
    CANCELLED = 130


MEANINGS: dict[Exit, str] = {
    Exit.OK: "done",
    Exit.FAULT: "a fault in Tacit itself",
    Exit.USAGE: "a word, option, record or name that does not exist, or a value that is not understood",
    Exit.SECRET: "wrong or missing password or Secret Key, or a keychain that does not answer",
    Exit.OFFLINE: "the server was not reached, or not in time; nothing is lost",
    Exit.REFUSED: "refused: by your role, by the rules of the workspace, or by the server",
    Exit.TRUST: "trust alarm: what the server offers does not hold (older, forked, not signed); nothing was taken",
    Exit.FILE: "a file cannot be read, written, or understood",
    Exit.PROFILE: "the profile is in use, missing, damaged, or made by a newer Tacit",
    Exit.WAITING: "joined, and not yet confirmed by an admin's Tacit",
    Exit.CANCELLED: "stopped by you (Ctrl+C)",
}


def exit_code_table() -> str:
    """All codes, a line each, for `--help` and the manual."""
    return "\n".join(f"  {int(code):>3}  {text}" for code, text in MEANINGS.items())
