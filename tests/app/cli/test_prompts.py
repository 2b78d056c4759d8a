"""Passwords come from a descriptor, the environment or a prompt, and from nowhere else."""

from __future__ import annotations

import io
import os

import pytest

from app.cli import build_parser, prompts
from app.cli.errors import SecretProblem, UsageError
from tests.app.cli.person import PASSWORD


def piped(data: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading


@pytest.mark.parametrize("data", [b"a b\xc3\xa9", b"a b\xc3\xa9\n", b"a b\xc3\xa9\r\nmore"])
def test_from_a_descriptor_up_to_the_end_of_the_line(data: bytes) -> None:
    assert prompts.read_password(piped(data)) == "a bé"


@pytest.mark.parametrize("data", [b"\xff\xfe"])
def test_a_descriptor_with_something_else(data: bytes) -> None:
    with pytest.raises(SecretProblem):
        prompts.read_password(piped(data))


def test_a_descriptor_that_is_not_open() -> None:
    with pytest.raises(SecretProblem, match="987"):
        prompts.read_password(987)


def test_the_variable_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(prompts.PASSWORD_VARIABLE, PASSWORD)
    assert prompts.read_password(None) == PASSWORD
    assert prompts.PASSWORD_VARIABLE not in os.environ


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(prompts.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("not this"))
    with pytest.raises(SecretProblem):
        prompts.read_password(None)
    with pytest.raises(UsageError):
        prompts.confirm("Do this?")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_new_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one", "one", "one", "two"])
    monkeypatch.delenv(prompts.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda question, stream: next(answers))
    assert prompts.read_password(None, new=True) == "one"
    with pytest.raises(SecretProblem, match="not the same"):
        prompts.read_password(None, new=True)


@pytest.mark.parametrize(
    ("typed", "answer"), [("y\n", True), ("Yes\n", True), ("\n", False), ("no\n", False)]
)
def test_confirming_needs_a_yes(monkeypatch: pytest.MonkeyPatch, typed: str, answer: bool) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert prompts.confirm("Do this?") is answer


def test_no_option_takes_a_password() -> None:
    assert "--password " not in build_parser().format_help().replace("--password-fd", "")
    with pytest.raises(UsageError):
        build_parser().parse_args(["status", "--password", "x"])
