"""What all tests share: a home folder of their own, no real keychain, the place of the real-world data."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import hypothesis
import pytest

from protocol.limits import VERSION

ROOT = Path(__file__).resolve().parent.parent
ATTACKS = 50
_ATTACK = re.compile(r"A[0-9]{2}(?![0-9])")

# An example's time says more about the machine than about the code.
hypothesis.settings.register_profile("tacit", deadline=None)
hypothesis.settings.load_profile("tacit")


def pytest_configure(config: pytest.Config) -> None:
    """Tests draw without a screen unless they were started for one (`dev.py test` does so for `display`)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for number in range(1, ATTACKS + 1):
        config.addinivalue_line(
            "markers", f"A{number:02}: plays attack A{number:02} of the list of published breaks"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that carries an attack's mark is hostile, and tells its attacks to whoever counts them
    (`tools.attack_outcomes`). One that is named after an attack carries its mark, or nothing is collected."""
    for item in items:
        attacks = sorted({mark.name for mark in item.iter_markers() if _ATTACK.fullmatch(mark.name)})
        if attacks:
            item.add_marker(pytest.mark.hostile)
            item.user_properties += [("attack", attack) for attack in attacks]
        if unmarked := set(_ATTACK.findall(item.name.partition("[")[0])) - set(attacks):
            raise pytest.UsageError(f"{item.nodeid} is not marked as {', '.join(sorted(unmarked))}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave `display` tests out where nothing can be shown: pytest called by hand, without Xvfb."""
    if item.get_closest_marker("display") and os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        pytest.skip("needs a real window system (python3 dev.py test starts Xvfb)")


@pytest.fixture(scope="session", autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Put the user's folders aside: no test touches a real profile, and none opens a real keychain."""
    home = tmp_path_factory.mktemp("home")
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CACHE_HOME": home / ".cache",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in folders.items():
            patch.setenv(name, str(folder))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield home


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real-world input: `../shared/data` beside the repository, or what TACIT_DATA names.

    Tests that ask for it are skipped where it is absent.
    """
    named = os.environ.get("TACIT_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real-world data at {folder} (set TACIT_DATA to the folder that has it)")
    return folder


@pytest.fixture
def fast_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the derivation from a password cheap. Production code has no way to do this: tests replace its table."""
    derive = importlib.import_module("vault.keys.derive")
    cheap = MappingProxyType({VERSION: derive.Cost(memory=64, passes=1, lanes=1)})
    monkeypatch.setattr(derive, "COSTS", cheap)
