"""A pytest plugin: one module of the product is imported with one check taken out.

`python -m pytest -p tools.mutating …` with TACIT_MUTANT (an id of the registry, or of that in TACIT_MUTANT_FOLDER) and
TACIT_MUTANT_REPORT (a file for the outcome, JSON). Without TACIT_MUTANT it does nothing. It has to be loaded by `-p`,
before anything of the product is imported; the source on the disk is never touched, and no byte code of it is kept.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tools.mutants import REGISTRY, Mutant, RegistryError, load

VARIABLE = "TACIT_MUTANT"
REPORT = "TACIT_MUTANT_REPORT"
FOLDER = "TACIT_MUTANT_FOLDER"


class _Loader(SourceFileLoader):
    """Compiles the changed source; never reads or writes cached byte code."""

    def __init__(self, mutant: Mutant, path: str) -> None:
        super().__init__(mutant.module, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text("utf-8")
        return compile(self._mutant.applied(source), self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.origin is None:
            raise RegistryError(f"{self._mutant.id}: no source of {fullname}")
        spec.loader = _Loader(self._mutant, spec.origin)
        return spec


class Outcome:
    """Collects what failed, and writes it at the end."""

    def __init__(self, mutant: Mutant, path: Path) -> None:
        self._mutant = mutant
        self._path = path
        self._failed: list[str] = []
        self._ran = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._ran += report.when == "call"
        if report.failed and report.nodeid not in self._failed:
            self._failed.append(report.nodeid)
            self._write(None)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self._write(int(exitstatus))

    def _write(self, exitstatus: int | None) -> None:
        """At each failure too: what hangs afterwards is stopped from outside."""
        loaded = sys.modules.get(self._mutant.module)
        kind = type(getattr(loaded, "__loader__", None)).__name__
        result = {
            "mutant": self._mutant.id,
            "imported": kind == _Loader.__name__,
            "exit": exitstatus,
            "ran": self._ran,
            "failed": self._failed,
        }
        self._path.write_text(json.dumps(result), "utf-8")


def _chosen() -> Mutant | None:
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return None
    for one in load(Path(os.environ.get(FOLDER, REGISTRY))):
        if one.id == wanted:
            return one
    raise RegistryError(f"no mutant is called {wanted}")


def pytest_configure(config: pytest.Config) -> None:
    mutant = _chosen()
    if mutant is not None and REPORT in os.environ:
        config.pluginmanager.register(Outcome(mutant, Path(os.environ[REPORT])), "tacit-mutant-outcome")


MEMORY = 3 << 30
"""Bytes of address space: without its limit a client takes all that a server sends."""


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _install() -> None:
    mutant = _chosen()
    if mutant is None:
        return
    _bound_memory()
    if mutant.module in sys.modules:
        raise RegistryError(f"{mutant.module} was imported before its check could be taken out")
    mutant.applied(mutant.path.read_text("utf-8"))
    sys.meta_path.insert(0, _Finder(mutant))
    importlib.invalidate_caches()


_install()
