"""Checks that are taken out in turn (`tools.mutations`): that the registry fits the source, and a sample of them. The
whole table is a part of `dev.py test --hostile`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools import mutations
from tools.mutants import ROOT, Mutant, RegistryError, load

MUTANTS = load()
SAMPLE = ["header-writer", "seal-commitment"]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_its_piece_stands_in_the_source_once(mutant: Mutant) -> None:
    """And what is left without it is still Python, and its tests and attacks are there."""
    changed = mutant.applied(mutant.path.read_text("utf-8"))
    compile(changed, str(mutant.path), "exec")
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists(), test
    assert all(len(one) == 3 and one[0] == "A" and 1 <= int(one[1:]) <= 50 for one in mutant.attacks)


def test_there_are_enough_of_them() -> None:
    """Each part of the client that checks something has its share."""
    counted = Counter(mutant.module.partition(".")[0] for mutant in MUTANTS)
    assert counted["protocol"] >= 80 and counted["vault"] >= 70 and counted["sync_client"] >= 10
    assert counted["app"] >= 5
    assert len({(mutant.module, mutant.find, mutant.replace) for mutant in MUTANTS}) == len(MUTANTS)


def test_a_registry_that_does_not_fit_is_no_registry(tmp_path: Path) -> None:
    good = MUTANTS[0]
    with pytest.raises(RegistryError, match="0 times"):
        good.applied("nothing of the kind")
    with pytest.raises(RegistryError, match="2 times"):
        good.applied(good.find * 2)
    (tmp_path / "one.toml").write_text('[[mutant]]\nid = "x"\n')
    with pytest.raises(RegistryError, match="has no"):
        load(tmp_path)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_check_that_is_taken_out_is_missed(name: str) -> None:
    mutant = next(one for one in MUTANTS if one.id == name)
    result = mutations.run_one(mutant)
    assert result.verdict == mutations.NOTICED, result
    assert result.failed


@pytest.mark.slow
def test_what_changes_nothing_that_is_tested_survives(tmp_path: Path) -> None:
    """So that a verdict says something."""
    (tmp_path / "one.toml").write_text(
        """
[[mutant]]
id = "harmless"
module = "protocol.signing"
check = "a word in a message"
attacks = ["A26"]
find = "a key is 32 bytes and a signature 64"
replace = "a key has 32 bytes and a signature 64"
tests = ["tests/protocol/test_codec.py"]
"""
    )
    [harmless] = load(tmp_path)
    assert mutations.run_one(harmless, tmp_path).verdict == mutations.SURVIVED
