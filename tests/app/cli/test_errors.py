"""Every error that the packages below can raise is told in words, with the right code."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import app.desk
from app.cli.errors import Explained, FileProblem, UsageError, explain
from app.cli.exit_codes import Exit
from app.crm import CrmError, FormatBroken, PlanInvalid
from app.desk import DeskError, NotAllowed, WaitingForAdmin
from sync_client import Offline, ServerRefused, SignInRefused, SyncError
from vault.errors import VaultError
from vault.exchange import Forked, NotConfirmed, RolledBack
from vault.profile import ProfileBusy, SecretKeyMissing, WrongPassword


def all_below(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        yield from all_below(child)


for module in pkgutil.iter_modules(app.desk.__path__, "app.desk."):
    importlib.import_module(module.name)  # some errors stand beside what raises them

EVERY = sorted(
    {kind for root in (VaultError, SyncError, DeskError, CrmError) for kind in all_below(root)},
    key=lambda kind: kind.__qualname__,
)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__qualname__)
def test_every_expected_error_is_explained(kind: type[Exception]) -> None:
    explained = explain(kind.__new__(kind))
    assert explained is not None
    assert explained.exit not in (Exit.OK, Exit.FAULT)


def exit_of(error: BaseException) -> Exit:
    explained = explain(error)
    assert explained is not None
    return explained.exit


def test_codes_of_the_common_ones() -> None:
    assert exit_of(WrongPassword()) is Exit.SECRET
    assert exit_of(SecretKeyMissing("none")) is Exit.SECRET
    assert exit_of(SignInRefused("login-refused", "no")) is Exit.SECRET
    assert exit_of(Offline("refused")) is Exit.OFFLINE
    assert exit_of(ServerRefused("forbidden", "no")) is Exit.REFUSED
    assert exit_of(NotAllowed()) is Exit.REFUSED
    assert exit_of(RolledBack("12 after 13")) is Exit.TRUST
    assert exit_of(Forked("12")) is Exit.TRUST
    assert exit_of(FormatBroken("A quote never ends.")) is Exit.FILE
    assert exit_of(PlanInvalid("Nothing.")) is Exit.FILE
    assert exit_of(FileProblem("no file")) is Exit.FILE
    assert exit_of(FileNotFoundError(2, "No such file or directory", "x.csv")) is Exit.FILE
    assert exit_of(ProfileBusy("in use")) is Exit.PROFILE
    assert exit_of(WaitingForAdmin()) is Exit.WAITING
    assert exit_of(NotConfirmed("joined")) is Exit.WAITING
    assert exit_of(UsageError("what?")) is Exit.USAGE
    assert exit_of(KeyboardInterrupt()) is Exit.CANCELLED


def test_a_fault_keeps_its_traceback() -> None:
    assert explain(RuntimeError("a fault")) is None
    assert explain(OSError("without a number")) is None


def test_codes_for_scripts_are_stable_words() -> None:
    assert explain(WrongPassword()) == Explained(
        Exit.SECRET, "wrong-password", WrongPassword.title, WrongPassword.message
    )
    rolled_back, refused = explain(RolledBack("1")), explain(ServerRefused("handle-taken", "taken"))
    assert rolled_back is not None and rolled_back.code == "rolled-back"
    assert refused is not None and refused.code == "handle-taken"
