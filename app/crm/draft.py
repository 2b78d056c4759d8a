"""What an import makes and what a writer takes: drafts of records, and the references between them.

A record's id is random and minted at the desk, so a batch never has to wait for another one's ids.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# As the vault stores them (docs/decisions/0008-values.md): no floats, no bytes; a photo is base64 text.
Value = None | bool | int | str | dict[str, str]

_REFERENCE = re.compile(r"[a-z][a-z_]*:[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be made or changed.

    `type` is a record type of the schema, `key` unique per type inside one import. `fields` holds plain
    fields and list items ("phones/<item key>"). `group` is the name of the group it goes to ("" for the one
    chosen for the whole import). `record` is "type:32 hex digits": of the existing record where `exists`,
    else of the new one; empty only between an importer and the runner.
    """

    type: str
    key: str
    fields: Mapping[str, Value]
    group: str = ""
    record: str = ""
    exists: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """A record that is there already, with the fields that were asked for (items of lists included)."""

    record: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    group: str = ""


class Writer(Protocol):
    """What an import needs of a store. Implemented over the vault, and by a list in tests."""

    def find(self, type: str, fields: Sequence[str]) -> Iterable[Existing]:
        """Every live record of the type that can be read here, with these fields; once per type and
        import.
        """
        ...

    def write(self, batch: Sequence[Draft]) -> None:
        """Store all of the batch or nothing. Raises WriteRefused with words for people."""
        ...


def reference(type: str, id_hex: str) -> str:
    """A reference to a record as a REF field holds it."""
    return f"{type}:{id_hex}"


def new_reference(type: str) -> str:
    """A reference to a record that is about to be made: 16 random bytes."""
    return f"{type}:{secrets.token_hex(16)}"


def is_reference(value: object) -> bool:
    """Whether `value` is "type:32 hex digits"."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None
