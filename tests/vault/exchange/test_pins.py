"""Pins outside the vault's file."""

from __future__ import annotations

from pathlib import Path

from protocol.admission import LogState
from protocol.ids import DIRECTORY_LOG
from vault.exchange import Pin, PinFile
from vault.exchange.pins import is_backup


def test_pin_chains_what_moved() -> None:
    state = LogState.empty(DIRECTORY_LOG)
    one = Pin().after(b"r" * 32, [state])
    two = one.after(b"r" * 32, [])
    assert (one.counter, two.counter) == (1, 2)
    assert len({Pin().digest, one.digest, two.digest}) == 3
    assert Pin.decode(one.encode()) == one


def test_file_of_a_pin(tmp_path: Path) -> None:
    store = PinFile(tmp_path / "pins")
    assert store.read() is None
    pin = Pin(7, bytes(range(32)))
    store.write(pin)
    assert store.read() == pin
    (tmp_path / "pins").write_bytes(b"damaged")
    assert store.read() is None


def test_older_or_other_vault_is_a_backup() -> None:
    old, new = Pin(1, b"a" * 32), Pin(2, b"b" * 32)
    assert is_backup(old, new)
    assert is_backup(Pin(2, b"c" * 32), new)
    assert not is_backup(new, new)
    assert not is_backup(new, old)  # a crash between the two writes
    assert not is_backup(new, None)
