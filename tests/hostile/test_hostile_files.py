"""A record of a file that a colleague made by hand: nothing outside the chosen target is written, read or asked for
(A20, A41)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.errors import DeskError
from protocol.operations import Value
from sync_client.errors import SyncError
from tests.support.real_desks import Office
from vault.errors import VaultError
from vault.store import RecordKey

pytestmark = [pytest.mark.hostile, pytest.mark.A20, pytest.mark.A41, pytest.mark.usefixtures("fast_kdf")]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.close()


def everything_under(folder: Path) -> set[str]:
    return {
        str(path) for path in folder.rglob("*") if "vault.db" not in path.name and "server" not in str(path)
    }


def test_A20_a_file_record_made_by_hand_opens_nothing(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    log = ann.home_for("person", group)
    good: dict[str, Value] = {"name": "x", "size": 10, "content": "ab" * 16, "content_key": "cd" * 32}
    bent: list[dict[str, Value]] = [
        {"content": text} for text in ("", "../../../etc", "/etc/passwd", "zz" * 16)
    ]
    bent += [{"content": "ab" * 15}, {"content": "ab" * 5_000}, {"content": 7}, {"content": None}]
    bent += [{"content_key": text} for text in ("", "cd", "cd" * 1_000, "not hex")]
    bent += [{"size": size} for size in (-1, 0, 1 << 40, (1 << 63) - 1, True, "10", None)]
    made: list[RecordKey] = []
    with ann.editor.action() as action:
        for fields in bent:
            made.append(action.create("file", log, {**good, **fields}))
    assert ann.sync_now()
    ann.stop_sync()
    before = everything_under(tmp_path)
    for key in made:
        with pytest.raises((DeskError, VaultError, SyncError, OSError)):
            ann.attachments.save(key, tmp_path / "out.bin")
        assert everything_under(tmp_path) == before, ann.records.get(key)
