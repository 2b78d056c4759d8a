"""Pins outside the vault's file: a counter and a hash over all heads, so that a restored backup is noticed.

Each transaction that moves a head raises the counter and chains the moved heads into the hash; both stand in the
vault and, written right after it, in a small file beside it. A vault whose counter is lower than the file's, or
equal with another hash, is a backup: what it signs next could collide with what it has signed already.
A file that is behind by a crash between the two writes is brought forward.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from protocol.admission import LogState
from protocol.ids import HASH_SIZE, NO_HASH, sha256

_SIZE = 8 + HASH_SIZE


@dataclass(frozen=True, slots=True)
class Pin:
    """`counter` rises with each transaction that moves a head; `digest` (32 bytes) chains what moved."""

    counter: int = 0
    digest: bytes = NO_HASH

    def encode(self) -> bytes:
        return self.counter.to_bytes(8, "big") + self.digest

    @classmethod
    def decode(cls, data: bytes) -> Pin | None:
        """None for anything but the exact form: a damaged pin pins nothing."""
        return cls(int.from_bytes(data[:8], "big"), data[8:]) if len(data) == _SIZE else None

    def after(self, roster_head: bytes, moved: Iterable[LogState]) -> Pin:
        """The pin after these heads moved."""
        heads = b"".join(
            state.log.encode() + state.position.to_bytes(8, "big") + state.chain
            for state in sorted(moved, key=lambda state: state.log)
        )
        return Pin(self.counter + 1, sha256(self.digest, roster_head, heads))


class PinFile:
    """A file of 40 bytes. Replaced in one step; not synced: after a power cut it may be older, which is allowed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Pin | None:
        try:
            return Pin.decode(self._path.read_bytes())
        except FileNotFoundError:
            return None

    def write(self, pin: Pin) -> None:
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_bytes(pin.encode())
        beside.replace(self._path)


def is_backup(inside: Pin, outside: Pin | None) -> bool:
    """Whether the vault's own pin contradicts the one outside."""
    if outside is None:
        return False
    if outside.counter != inside.counter:
        return outside.counter > inside.counter
    return outside.digest != inside.digest
