"""What the vault's tests share."""

from __future__ import annotations

import importlib
from types import MappingProxyType

import pytest

from protocol.limits import VERSION


@pytest.fixture
def fast_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the derivation from a password cheap. Production code has no way to do this: tests replace its table."""
    derive = importlib.import_module("vault.keys.derive")
    cheap = MappingProxyType({VERSION: derive.Cost(memory=64, passes=1, lanes=1)})
    monkeypatch.setattr(derive, "COSTS", cheap)
