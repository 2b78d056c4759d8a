"""The layers hold, and the names of the top-level packages are ours alone."""

from __future__ import annotations

import importlib.metadata
import tomllib

import pytest

from tools.check import contracts
from tools.console import ROOT

PACKAGES = ("app", "vault", "sync_client", "server", "protocol")
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_import_contracts_hold() -> None:
    wrong = contracts()
    assert not wrong, wrong


@pytest.mark.parametrize(
    "contract",
    [
        "layers",
        "app-layers",
        "server-alone",
        "nobody-imports-the-server",
        "one-door-to-the-vault",
        "qt-at-the-edge",
        "vault-offline",
        "protocol-pure",
    ],
)
def test_no_contract_is_dropped(contract: str) -> None:
    kept = {entry["id"] for entry in CONFIG["tool"]["importlinter"]["contracts"]}
    assert contract in kept


def test_contracts_see_every_package() -> None:
    assert set(CONFIG["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_claims_our_names(name: str) -> None:
    claimed = set(importlib.metadata.packages_distributions().get(name, ()))
    assert claimed <= {"tacit"}


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_has_one_door(name: str) -> None:
    assert (ROOT / name / "__init__.py").is_file()


@pytest.mark.parametrize("folder", ["packaging", "resources"])
def test_folders_without_code_shadow_no_library(folder: str) -> None:
    """An `__init__.py` in packaging/ would be imported in the place of the `packaging` library."""
    assert not (ROOT / folder / "__init__.py").exists()


def test_qt_is_not_among_the_server_s_libraries() -> None:
    project = CONFIG["project"]
    server = " ".join([*project["dependencies"], *project["optional-dependencies"]["server"]]).lower()
    for library in ("pyside", "sqlcipher", "keyring", "argon2", "requests", "zstandard"):
        assert library not in server
