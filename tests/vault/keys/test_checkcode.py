"""Check codes that people compare."""

from __future__ import annotations

import os
import re

import pytest

from protocol.roster import IdentityKeys
from vault.keys import check_code, workspace_code

WORKSPACE, MEMBER = b"\x01" * 32, b"\x02" * 16
KEYS = IdentityKeys(signing=b"\x03" * 32, encryption=b"\x04" * 1216)


def test_format_is_stable() -> None:
    assert check_code(WORKSPACE, MEMBER, KEYS) == "78090 78610 51628 41225 46823 31607"
    assert workspace_code(WORKSPACE) == "26323 50795 01077 05399 03130 70180"


def test_six_groups_of_five_digits() -> None:
    for _ in range(200):
        code = check_code(os.urandom(32), os.urandom(16), IdentityKeys(os.urandom(32), os.urandom(1216)))
        assert re.fullmatch(r"(\d{5} ){5}\d{5}", code)


@pytest.mark.A27
def test_every_part_counts() -> None:
    codes = {
        check_code(WORKSPACE, MEMBER, KEYS),
        check_code(bytes(32), MEMBER, KEYS),
        check_code(WORKSPACE, bytes(16), KEYS),
        check_code(WORKSPACE, MEMBER, IdentityKeys(bytes(32), KEYS.encryption)),
        check_code(WORKSPACE, MEMBER, IdentityKeys(KEYS.signing, bytes(1216))),
        workspace_code(WORKSPACE),
    }
    assert len(codes) == 6
