"""Events: what members note about what they did, without anything of a record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.audit_events import EXPORT
from protocol.ids import DIRECTORY_LOG
from tests.support.real_desks import Office, wait_until


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_an_export_is_seen_by_every_colleague_with_its_author(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    assert ben.events.note(EXPORT, kind="person", count=1_204, code="csv")
    wait_until(lambda: len(ann.events.all()) == 1)
    (event,) = ann.events.all()
    assert (event.member, event.what, event.kind, event.count, event.code) == (
        ben.me,
        "export",
        "person",
        1_204,
        "csv",
    )
    assert event.position is not None
    assert not event.altered


def test_nothing_that_somebody_typed_gets_into_an_event(office: Office) -> None:
    ann = office.found()
    for words in ("Harbour Cranes", "a" * 81, "grüße", "=1+1", "a/b"):
        with pytest.raises(ValueError, match="stable words"):
            ann.events.note(EXPORT, detail=words)
    assert ann.events.all() == []


def test_an_event_under_another_name_does_not_count(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    fields = {"by": ann.me.hex(), "at": 1, "what": EXPORT}
    with ben.editor.action() as action:
        action.create("event", DIRECTORY_LOG, dict(fields))
    assert ben.events.all() == []
    with ann.editor.action() as action:
        action.create("event", DIRECTORY_LOG, {**fields, "what": "EXPORT everything, cc Ben"})
    assert [event.what for event in ann.events.all()] == [""]
