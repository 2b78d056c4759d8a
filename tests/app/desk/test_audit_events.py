"""Events: what members note about what they did, without anything of a record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crm.importing import Report
from app.desk.audit_events import BULK_DELETE, EXPORT, IMPORT, MANY
from protocol.events import event_id
from protocol.ids import DIRECTORY_LOG
from protocol.operations import Value
from tests.support.real_desks import Office, wait_until
from vault.store import RecordKey


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


def test_nothing_that_somebody_typed_gets_into_an_event(office: Office) -> None:
    ann = office.found()
    for words in ("Harbour Cranes", "a" * 81, "grüße", "=1+1", "a/b"):
        with pytest.raises(ValueError, match="stable words"):
            ann.events.note(EXPORT, detail=words)
    assert ann.events.all() == []


def test_an_event_under_another_name_does_not_count(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    fields: dict[str, Value] = {"by": ann.me.hex(), "at": 1, "what": EXPORT}
    with ben.editor.action() as action:
        action.create("event", DIRECTORY_LOG, dict(fields), event_id(ann.me, fields))
    assert ben.events.all() == []
    odd: dict[str, Value] = {**fields, "what": "EXPORT everything, cc Ben"}
    with ann.editor.action() as action:
        action.create("event", DIRECTORY_LOG, dict(odd), event_id(ann.me, odd))
    assert [event.what for event in ann.events.all()] == [""]


def test_nobody_changes_an_event_not_even_its_author(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    ben.events.note(EXPORT, kind="person", count=1_204, code="csv")
    wait_until(lambda: len(ann.events.all()) == 1)
    key = RecordKey(DIRECTORY_LOG, "event", ben.events.all()[0].id)
    with ben.editor.action() as action:
        action.put(key, {"count": 2})
    with ann.editor.action() as action:
        action.delete(key)
    assert ben.sync_now()
    assert ann.sync_now()
    assert ben.sync_now()
    assert [event.count for event in (*ben.events.all(), *ann.events.all())] == [1_204, 1_204]


def test_an_import_is_noted_by_type_and_a_small_deletion_is_not(office: Office) -> None:
    ann = office.found()
    people = Report("people.csv", "person", created=3, updated=2)
    people.also_created["company"] = 2
    ann.events.note_import([people, Report("deals.csv", "deal")], "csv")
    assert [(one.what, one.kind, one.count, one.code) for one in ann.events.all()] == [
        (IMPORT, "person", 5, "csv"),
        (IMPORT, "company", 2, "csv"),
    ]
    group = ann.team().groups[0].id
    home = ann.home_for("person", group)
    keys = [RecordKey(home, "person", bytes([number]) * 16) for number in range(MANY)]
    ann.events.note_many(BULK_DELETE, keys[1:])
    assert len(ann.events.all()) == 2
    ann.events.note_many(BULK_DELETE, keys)
    assert ann.events.all()[-1].count == MANY
