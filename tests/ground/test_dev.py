"""dev.py: only the standard library, plain words, and a set-up that survives being cut short."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tools.console import ROOT

SOURCE = (ROOT / "dev.py").read_text(encoding="utf-8")
COMMANDS = ("run", "test", "demo", "check", "bench", "screens", "lock", "fmt")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py in a tree of its own, with a lock that names nothing."""
    (tmp_path / "dev.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "requirements.lock").write_text("", encoding="utf-8")
    return load(tmp_path / "dev.py")


class Steps:
    """In the place of dev.run: writes down what would be run, and fails or stops where told."""

    def __init__(self, dev: ModuleType, error: BaseException | None = None) -> None:
        self.dev, self.error, self.taken = dev, error, list[str]()

    def __call__(self, command: Sequence[str], what: str) -> None:
        self.taken.append(what)
        if what == "making .venv":
            python: Path = self.dev.venv_python()
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        elif self.error is not None:
            raise self.error


BOTH = ["making .venv", "installing the libraries"]


def test_only_the_standard_library_is_imported() -> None:
    names = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            names.add(node.module.split(".")[0])
    assert names <= set(sys.stdlib_module_names)


def test_an_old_python_can_read_it_and_is_told_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(SOURCE, feature_version=(3, 7))
    dev = load(ROOT / "dev.py")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert dev.main(["test"]) == 2
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_names_every_command(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", done.stdout, re.MULTILINE)


def test_an_unknown_command_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "deploy"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "deploy" in done.stderr


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "run"])
def test_each_command_has_its_module(command: str) -> None:
    module = load(ROOT / "dev.py").module_of(command)[0]
    assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize(("display", "module"), [(":0", "app.desktop"), (None, "app.desktop.story")])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_run_plays_the_first_start(
    display: str | None, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if display is None:
        monkeypatch.delenv("DISPLAY", raising=False)
    else:
        monkeypatch.setenv("DISPLAY", display)
    assert load(ROOT / "dev.py").module_of("run") == [module]


def test_set_up_is_done_once(tree: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(tree)
    monkeypatch.setattr(tree, "run", steps)
    tree.ensure_venv()
    tree.ensure_venv()
    assert steps.taken == BOTH


def test_another_lock_is_installed_into_the_same_venv(
    tree: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(tree)
    monkeypatch.setattr(tree, "run", steps)
    tree.ensure_venv()
    tree.LOCK.write_text("# changed\n", encoding="utf-8")
    monkeypatch.setattr(tree, "venv_works", lambda: True)
    tree.ensure_venv()
    assert steps.taken == [*BOTH, "installing the libraries"]


def test_a_set_up_cut_short_is_made_anew(tree: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "run", Steps(tree, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        tree.ensure_venv()
    steps = Steps(tree)
    monkeypatch.setattr(tree, "run", steps)
    monkeypatch.setattr(tree, "venv_works", lambda: True)
    tree.ensure_venv()
    assert steps.taken == BOTH


def test_a_failed_installation_is_taken_up_in_the_same_venv(
    tree: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "run", Steps(tree, tree.SetupError("no network")))
    with pytest.raises(tree.SetupError):
        tree.ensure_venv()
    steps = Steps(tree)
    monkeypatch.setattr(tree, "run", steps)
    monkeypatch.setattr(tree, "venv_works", lambda: True)
    tree.ensure_venv()
    assert steps.taken == ["installing the libraries"]


def test_a_venv_without_python_does_not_work(tree: ModuleType) -> None:
    assert not tree.venv_works()


def test_a_stuck_set_up_is_told_in_plain_words(
    tree: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tree, "run", Steps(tree, tree.SetupError("installing the libraries failed")))
    assert tree.main(["check"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "installing the libraries failed"


def test_what_the_linker_finds_is_not_missing(tree: ModuleType) -> None:
    assert tree.missing({"libno-such-thing.so.9": "no-such-package"}) == {
        "libno-such-thing.so.9": "no-such-package"
    }


@pytest.mark.skipif(sys.platform == "win32", reason="system packages are a matter of Linux")
def test_a_user_who_is_not_root_gets_the_exact_command(
    tree: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(tree, "which", lambda name: "/usr/bin/" + name)
    with pytest.raises(tree.SetupError) as caught:
        tree.apt_install(["libegl1", "xvfb"], "what Qt needs")
    command = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 xvfb"
    assert command in str(caught.value)


def test_a_system_without_apt_is_told_the_names(tree: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "which", lambda name: None)
    with pytest.raises(tree.SetupError, match="libegl1"):
        tree.apt_install(["libegl1"], "what Qt needs")


@pytest.fixture
def linux(tree: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Linux with everything, a font, apt-get, root, and no Xvfb."""
    fonts = tree.ROOT / "fonts"
    fonts.mkdir()
    (fonts / "a.ttf").touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(tree, "FONTS", fonts)
    monkeypatch.setattr(tree, "missing", lambda libraries: {})
    monkeypatch.setattr(tree, "which", lambda name: None if name == "Xvfb" else "/usr/bin/" + name)
    return tree


@pytest.mark.parametrize(("command", "installed"), [("test", [["xvfb"]]), ("screens", [])])
def test_only_the_tests_wish_for_xvfb(
    command: str, installed: list[list[str]], linux: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(linux, "apt_install", lambda packages, what: seen.append(packages))
    linux.ensure_qt(command)
    assert seen == installed


def test_a_user_who_is_not_root_tests_without_xvfb(
    linux: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(linux, "apt_install", lambda packages, what: pytest.fail("nothing is needed"))
    linux.ensure_qt("test")


def test_libraries_that_stay_missing_stop_the_set_up(
    linux: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(linux, "missing", lambda libraries: {"libEGL.so.1": "libegl1"})
    monkeypatch.setattr(linux, "apt_install", lambda packages, what: seen.append(packages))
    with pytest.raises(linux.SetupError, match=r"libEGL\.so\.1"):
        linux.ensure_qt("screens")
    assert seen == [["libegl1"]]


def test_the_ci_runs_all_tests_and_nothing_softer() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert [line for line in script.splitlines() if "dev.py" in line] == ["python3 dev.py test"]
    assert "||" not in script
    if os.name == "posix":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
