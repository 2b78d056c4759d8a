"""The registry of client checks that are taken out in turn: `tests/hostile/mutants/*.toml`.

A mutant names a module, a piece of its source that stands there exactly once, and what stands in its place when the
check is gone. A piece that is not found, or found twice, is an error: the registry cannot rot unseen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = ROOT / "tests" / "hostile" / "mutants"


class RegistryError(Exception):
    """The registry and the source do not fit; the text says which mutant and why."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check taken out. `check` says in words what it holds; `attacks` the rows that it belongs to; `tests` what
    is run against it (files or node ids, relative to the root)."""

    id: str
    module: str
    check: str
    attacks: tuple[str, ...]
    find: str
    replace: str
    tests: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The module's source file."""
        place = ROOT.joinpath(*self.module.split("."))
        package = place / "__init__.py"
        return package if package.is_file() else place.with_suffix(".py")

    def applied(self, source: str) -> str:
        """The source without the check. Raises RegistryError."""
        count = source.count(self.find)
        if count != 1:
            raise RegistryError(f"{self.id}: its piece stands {count} times in {self.module}")
        mutated = source.replace(self.find, self.replace)
        if mutated == source:
            raise RegistryError(f"{self.id}: changes nothing")
        return mutated


def load(folder: Path = REGISTRY) -> list[Mutant]:
    """All mutants, in the order of the files' names and of their lines. Raises RegistryError."""
    found: list[Mutant] = []
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        defaults = content.get("defaults", {})
        found += [_mutant(path.name, {**defaults, **one}) for one in content["mutant"]]
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise RegistryError(f"used twice: {', '.join(twice)}")
    return found


def _mutant(place: str, content: Mapping[str, object]) -> Mutant:
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name in ("id", "module", "check", "find", "replace"):
        value = content.get(name)
        if not isinstance(value, str):
            raise RegistryError(f"{place}: {content.get('id', '?')} has no {name}")
        texts[name] = value
    for name in ("attacks", "tests"):
        value = content.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise RegistryError(f"{place}: {texts['id']} has no {name}")
        lists[name] = tuple(value)
    return Mutant(
        texts["id"],
        texts["module"],
        texts["check"],
        lists["attacks"],
        texts["find"],
        texts["replace"],
        lists["tests"],
    )
