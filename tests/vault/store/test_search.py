"""What typing finds: words by their beginning, without case and diacritics; telephone numbers; mails."""

from __future__ import annotations

import pytest

from protocol.operations import Put, Value
from tests.vault.store.desk import CONTACTS, SALES, Desk, rid
from vault.store import RecordKey


def item(name: str, value: str) -> dict[str, Value]:
    return {name: {"value": value}}


@pytest.fixture
def people(desk: Desk) -> Desk:
    desk.made(CONTACTS, "company", 90, name="Müller & Söhne GmbH")
    phones: dict[str, Value] = {
        "phones/a": {"value": "+49 (0)89 123 456-78", "label": "work"},
        "phones/b": {"value": "0170/9876543"},
        "emails/a": {"value": "zoe.ostergard@example-mail.org"},
    }
    desk.made(
        CONTACTS,
        "person",
        1,
        **{
            "name": "Zoë Østergård",
            "company": f"company:{rid(90).hex()}",
            "notes": "likes Rhabarber",
            **phones,
        },
    )
    desk.made(CONTACTS, "person", 2, name="John O'Neill", **item("phones/a", "(555) 123-4567"))
    desk.made(CONTACTS, "person", 3, name="李 小龙", **item("phones/a", "+1 212 555 0199"))
    desk.made(SALES, "deal", 4, name="Zoo extension")
    return desk


def titles(desk: Desk, text: str, types: tuple[str, ...] = (), *, full: bool = False) -> list[str]:
    return [hit.record.title for hit in desk.search.search(text, types, full=full)]


@pytest.mark.parametrize(
    "text",
    [
        "zoe",
        "ZOË",
        "zoë ø",
        "østerg",
        "ostergå",
        "zoe.ostergard@example-mail.org",
        "ostergard@ex",
        "mail.org",
    ],
)
def test_names_and_mails_by_part(people: Desk, text: str) -> None:
    assert titles(people, text, ("person",)) == ["Zoë Østergård"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "+49 89 12345678",
            "+498912345678",
            "0049 89 123456",
            "089 12345678",
            "89123456",
            "(089) 123",
            "345678",
        ),
        *("5678", "01709876543", "0170 987", "170-98", "9876543", "6543"),
    ],
)
def test_telephone_numbers_in_any_format(people: Desk, text: str) -> None:
    assert titles(people, text) == ["Zoë Østergård"]


@pytest.mark.parametrize("text", ["5551234567", "555 123 4567", "555-1234", "123-4567", "4567"])
def test_national_numbers(people: Desk, text: str) -> None:
    assert "John O'Neill" in titles(people, text)


@pytest.mark.parametrize("text", ["+1 (212) 555-0199", "12125550199", "2125550199", "212 555", "0199"])
def test_numbers_typed_with_and_without_country_code(people: Desk, text: str) -> None:
    assert titles(people, text) == ["李 小龙"]


def test_people_are_found_by_their_company(people: Desk) -> None:
    assert titles(people, "muller") == ["Müller & Söhne GmbH", "Zoë Østergård"]
    people.arrive(CONTACTS, Put("company", rid(90), {"name": "Nachfolger AG"}, 9))
    assert titles(people, "nachf") == ["Nachfolger AG", "Zoë Østergård"]
    assert titles(people, "muller") == []


def test_titles_that_begin_so_come_first_then_words_of_titles_then_the_rest(desk: Desk) -> None:
    desk.made(CONTACTS, "person", 1, name="Kim", **item("emails/a", "ann@example.org"))
    desk.made(CONTACTS, "person", 2, name="Mary Ann")
    desk.made(CONTACTS, "person", 3, name="Anna")
    hits = desk.search.search("ann")
    assert [(hit.record.title, hit.by_title) for hit in hits] == [
        ("Anna", True),
        ("Mary Ann", True),
        ("Kim", False),
    ]
    assert [hit.record.title for hit in desk.search.search("ann", limit=2)] == ["Anna", "Mary Ann"]


def test_one_letter_and_other_scripts(people: Desk) -> None:
    assert titles(people, "z") == ["Zoë Østergård", "Zoo extension"]
    assert titles(people, "小") == ["李 小龙"]
    assert titles(people, "n") == ["John O'Neill"]


@pytest.mark.parametrize(
    "text", ["", "   ", '"', "*", "a OR", "NOT", "title:x", "^", "(", "\\", "-", "NEAR(a b)", "'; --"]
)
def test_no_text_breaks_the_search(people: Desk, text: str) -> None:
    titles(people, text, full=True)


def test_notes_are_found_once_they_are_indexed_in_the_background(people: Desk) -> None:
    assert titles(people, "rhab", full=True) == []
    assert people.indexer.progress() == (0, 3)
    while people.indexer.index_more(1):
        pass
    assert people.indexer.progress() == (3, 3)
    assert titles(people, "rhab", full=True) == ["Zoë Østergård"]
    assert titles(people, "rhab") == []
    people.arrive(CONTACTS, Put("person", rid(1), {"notes": "prefers Kirschen"}, 9))
    people.indexer.index_more()
    assert titles(people, "rhab", full=True) == [] and titles(people, "kirsch", full=True) == [
        "Zoë Østergård"
    ]


def test_deleted_records_are_not_found_until_restored(people: Desk) -> None:
    key = RecordKey(CONTACTS, "person", rid(1))
    people.indexer.index_more()
    with people.editor.action() as action:
        action.delete(key)
    people.indexer.index_more()
    assert titles(people, "zoe") == ["Zoo extension"][:0] and titles(people, "kirsch", full=True) == []
    with people.editor.action() as action:
        action.restore(key)
    people.indexer.index_more()
    assert titles(people, "zoe") == ["Zoë Østergård"] == titles(people, "rhab", full=True)
