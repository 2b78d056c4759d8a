"""Notes, tasks, the order of the timeline, history, what is related."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.desktop.pages.record.related_tab import RelatedRow
from app.desktop.viewmodels.timeline import history_events, stream, to_do
from app.desktop.widgets import CheckBox, TimelineItem
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, here, made, put, texts
from vault.store import RecordKey


def test_a_note_is_written_and_read_by_the_colleague(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    assert not at.page.timeline.save.isEnabled()
    at.page.timeline.note.set_text("  They want two.  ")
    assert at.page.timeline.save.isEnabled()
    qtbot.mouseClick(at.page.timeline.save, Qt.MouseButton.LeftButton)
    assert at.page.timeline.note.text() == ""
    at.wait(lambda: at.state.of_type("note"))
    note = at.state.of_type("note")[0]
    assert note.key.log == key.log
    event = stream(at.state, at.page.who)[0]
    assert (event.who, event.title, event.text) == ("Ann Achterberg", "wrote a note", "They want two.")
    at.wait(lambda: ben.records.get(key) is not None and ben.records.get(note.key) is not None)
    with_ben = Opened(qtbot, context_of(ben), key)
    with_ben.wait(lambda: "They want two." in texts(with_ben.page.timeline))
    assert "Ann Achterberg" in texts(with_ben.page.timeline)


def test_a_task_is_ticked(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes"})
    later = made(ann, "task", {"title": "Visit", "about": key.ref, "due": "2030-05-01"}, like=key)
    first = made(ann, "task", {"title": "Call back", "about": key.ref, "due": "2030-04-01"}, like=key)
    open_end = made(ann, "task", {"title": "Think", "about": key.ref}, like=key)
    at = Opened(qtbot, context_of(ann), key)
    assert [task.key for task in to_do(at.state)] == [first, later, open_end]
    box = next(one for one in at.page.timeline.findChildren(CheckBox) if one.text() == "Call back")
    qtbot.keyClick(box, Qt.Key.Key_Space)
    at.wait(lambda: here(ann, first).fields.get("done") is True)
    at.wait(lambda: [task.key for task in to_do(at.state)] == [later, open_end])
    assert stream(at.state, at.page.who)[0].title == "finished a task"
    at.wait(lambda: (found := ben.records.get(first)) and found.fields.get("done") is True)


def test_the_newest_is_first(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes", "stage": "prospecting"})
    for body, written in (("Old", "2020-01-01T10:00:00Z"), ("New", "2031-01-01T10:00:00Z")):
        made(ann, "note", {"body": body, "about": key.ref, "written": written}, like=key)
    put(ann, key, {"stage": "won"})
    at = Opened(qtbot, context_of(ann), key)
    events = stream(at.state, at.page.who)
    assert [event.time for event in events] == sorted((event.time for event in events), reverse=True)
    assert (events[0].text, events[-1].text) == ("New", "Old")
    shown = [item.accessibleName() for item in at.page.timeline.events.findChildren(TimelineItem)]
    assert len(shown) == 4
    assert "New" in shown[0]
    assert "Old" in shown[-1]


def test_history_says_who_changed_what(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes", "amount": 100_0000, "currency": "EUR", "stage": "prospecting"})
    qtbot.waitUntil(lambda: ben.records.get(key) is not None, timeout=20_000)
    put(ben, key, {"amount": 150_0000, "stage": "won"})
    at = Opened(qtbot, context_of(ann), key)
    at.wait(
        lambda: (
            len(at.state.history) == 2 and not any(e.waiting for e in history_events(at.state, at.page.who))
        )
    )
    newest, oldest = history_events(at.state, at.page.who)
    assert (oldest.who, oldest.title) == ("You", "made this deal")
    assert newest.who == "Ben Brouwer"
    assert set(newest.diff) == {("Amount", "€100", "€150"), ("Stage", "Prospecting", "Won")}
    assert abs(newest.time - oldest.time) < 600
    words = texts(at.page.history)
    for part in ("Ben Brouwer", "€100", "€150", "Prospecting", "Won", "just now"):
        assert part in words


def test_not_sent_yet_while_the_server_is_away(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    at.wait(lambda: ann.pending() == 0)
    port = office.port
    office.server.stop()
    at.type("source", "fair")
    at.wait(lambda: at.state.record.fields.get("source") == "fair")
    assert [event.waiting for event in history_events(at.state, at.page.who)] == [True, False]
    assert "not sent yet" in texts(at.page.history)
    office.server.start(port)
    ann.wake()
    at.wait(lambda: ann.sync_now(5) and ann.pending() == 0)
    at.wait(lambda: not any(event.waiting for event in history_events(at.state, at.page.who)))
    at.wait(lambda: "not sent yet" not in texts(at.page.history))


def test_related_records_open(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "company", {"name": "Harbour Works"})
    person = made(ann, "person", {"name": "Eva Novak", "company": key.ref, "title": "Buyer"})
    won = made(
        ann, "deal",
        {"name": "Cranes", "company": key.ref, "stage": "won", "amount": 100_0000, "currency": "EUR"},
    )  # fmt: skip
    made(ann, "deal", {"name": "Elsewhere", "stage": "won", "amount": 5_0000, "currency": "EUR"})
    at = Opened(qtbot, context_of(ann), key)
    at.page.tabs.show_tab("related")
    rows = at.page.related.findChildren(RelatedRow)
    assert sorted(one.accessibleName() for one in rows) == ["Cranes, Won, €100", "Eva Novak, Buyer"]
    assert "€100 won" in texts(at.page.related)
    wanted: list[RecordKey] = []
    at.context.record_wanted.connect(wanted.append)
    for one in rows:
        one.click()
    assert set(wanted) == {person, won}
