"""Somebody at a terminal: runs `tacit` in this process, as a script would, and reads what it prints."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli import Exit, main

PASSWORD = "ostrich quarry lantern 7"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> dict[str, Any]:
        """The error of a command with `--json`; standard error has nothing else."""
        found = json.loads(self.err)["error"]
        assert isinstance(found, dict)
        return found


class Person:
    """Her profile and her Secret Key lie in `folder`."""

    def __init__(self, folder: Path, handle: str, name: str, password: str = PASSWORD) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.handle, self.name, self.password = folder, handle, name, password
        self.profile, self.key_file = folder / "profile", folder / "secret-key"

    def words(self, *words: str) -> list[str]:
        return ["--profile", str(self.profile), "--secret-key-file", str(self.key_file), *words]

    def ran(self, *words: str, typed: str = "", password: str | None = None) -> Ran:
        """Run a command, whatever comes of it. `typed` is standard input, which is no terminal."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("TACIT_PASSWORD", self.password if password is None else password)
            patch.setattr("sys.stdin", io.StringIO(typed))
            code = main(self.words(*words))
        return Ran(code, out.getvalue(), err.getvalue())

    def do(self, *words: str, typed: str = "") -> dict[str, Any]:
        """Run a command that has to work; its JSON."""
        ran = self.ran(*words, "--json", typed=typed)
        assert ran.code == Exit.OK, ran.err
        assert ran.err == ""
        return ran.json

    def fails(self, exit: Exit, *words: str, typed: str = "") -> dict[str, Any]:
        """Run a command that has to end with this code; its error."""
        ran = self.ran(*words, "--json", typed=typed)
        assert ran.code == exit, f"{ran.code}: {ran.out}{ran.err}"
        return ran.error

    def says(self, *words: str) -> str:
        """What a command that works prints for people."""
        ran = self.ran(*words)
        assert ran.code == Exit.OK, ran.err
        return ran.out

    def init(self, origin: str, *more: str) -> dict[str, Any]:
        words = (
            "--server",
            origin,
            "--handle",
            self.handle,
            "--name",
            self.name,
            "--workspace",
            "Meridian Sales",
        )
        return self.do("init", *words, *more)

    def join(self, admin: Person, *grants: str) -> dict[str, Any]:
        """Be invited, join, be confirmed."""
        words = [word for grant in grants for word in ("--grant", grant)]
        return self.join_with(admin.do("team", "invite", "--name", self.name, *words)["link"], admin)

    def join_with(self, link: str, admin: Person) -> dict[str, Any]:
        """Join with this link, be confirmed."""
        joined = self.do("join", "-", "--handle", self.handle, "--name", self.name, typed=f"{link}\n")
        admin.do("sync")
        self.do("sync", "--until-member", "20")
        return joined
