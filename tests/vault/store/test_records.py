"""Lists: filters, sorting, windows, pages, counts, sums, references."""

from __future__ import annotations

import random

import pytest

from protocol.ids import DIRECTORY_LOG
from protocol.operations import Delete, Put, Value
from tests.vault.store.desk import CONTACTS, SALES, Desk, rid
from vault.store import CHANGED, TITLE, Cursor, Filter, Indexer, NotFound, Op, Query, RecordKey, Shown, Sort


def names(desk: Desk, query: Query, offset: int = 0, limit: int = 50) -> list[Value]:
    return [record.fields.get("name") for record in desk.records.window(query, offset, limit)]


def deals(desk: Desk) -> None:
    desk.made(CONTACTS, "company", 90, name="Zeta")
    desk.made(CONTACTS, "company", 91, name="Älpha")
    zeta, alpha = f"company:{rid(90).hex()}", f"company:{rid(91).hex()}"
    desk.made(SALES, "deal", 1, name="Birch", company=zeta, stage="won", amount=30, closes="2026-01-05")
    desk.made(SALES, "deal", 2, name="änger", company=alpha, stage="lead", amount=10, closes="2026-03-01")
    desk.made(SALES, "deal", 3, name="Cedar", stage="lost", amount=20)
    desk.made(SALES, "deal", 4, name="acorn", company=zeta, stage="newer-option")


def test_titles_sort_without_case_and_diacritics(desk: Desk) -> None:
    deals(desk)
    assert names(desk, Query("deal")) == ["acorn", "änger", "Birch", "Cedar"]
    assert names(desk, Query("deal", sort=Sort(TITLE, descending=True))) == [
        "Cedar",
        "Birch",
        "änger",
        "acorn",
    ]


def test_references_sort_by_title_choices_by_order_and_empty_values_come_last(desk: Desk) -> None:
    deals(desk)
    assert names(desk, Query("deal", sort=Sort("company"))) == ["änger", "Birch", "acorn", "Cedar"]
    assert names(desk, Query("deal", sort=Sort("company", True))) == ["acorn", "Birch", "änger", "Cedar"]
    assert names(desk, Query("deal", sort=Sort("stage"))) == ["änger", "Cedar", "Birch", "acorn"]
    assert names(desk, Query("deal", sort=Sort("closes"))) == ["Birch", "änger", "Cedar", "acorn"]
    assert names(desk, Query("deal", sort=Sort("amount", True))) == ["Birch", "Cedar", "änger", "acorn"]


def test_sorting_follows_a_company_that_is_renamed_or_comes_later(desk: Desk) -> None:
    deals(desk)
    desk.made(SALES, "deal", 5, name="Dogwood", company=f"company:{rid(92).hex()}")
    assert names(desk, Query("deal", sort=Sort("company")))[-2:] == ["Cedar", "Dogwood"]
    desk.made(CONTACTS, "company", 92, name="Aardvark")
    desk.arrive(CONTACTS, Put("company", rid(90), {"name": "Aaa"}, 9))
    assert names(desk, Query("deal", sort=Sort("company"))) == ["Birch", "acorn", "Dogwood", "änger", "Cedar"]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Filter("name", Op.EQUALS, "ÄNGER"), ["änger"]),
        (Filter("name", Op.CONTAINS, "c"), ["acorn", "Birch", "Cedar"]),
        (Filter("name", Op.STARTS, "C"), ["Cedar"]),
        (Filter("company", Op.CONTAINS, "alph"), ["änger"]),
        (Filter("company", Op.EQUALS, f"company:{rid(90).hex()}"), ["acorn", "Birch"]),
        (Filter("company", Op.EMPTY), ["Cedar"]),
        (Filter("amount", Op.NOT_EMPTY), ["änger", "Birch", "Cedar"]),
        (Filter("amount", Op.AT_LEAST, 20), ["Birch", "Cedar"]),
        (Filter("amount", Op.MORE, 20), ["Birch"]),
        (Filter("amount", Op.LESS, 20), ["änger"]),
        (Filter("closes", Op.AT_MOST, "2026-01-31"), ["Birch"]),
        (Filter("stage", Op.ONE_OF, ("won", "lost")), ["Birch", "Cedar"]),
        (Filter("stage", Op.NOT_EQUALS, "won"), ["acorn", "änger", "Cedar"]),
    ],
)
def test_filters(desk: Desk, condition: Filter, wanted: list[str]) -> None:
    deals(desk)
    query = Query("deal", (condition,))
    assert names(desk, query) == wanted
    assert desk.records.count(query) == len(wanted)


def test_text_in_a_list_finds_by_words_and_by_the_first_letter(desk: Desk) -> None:
    deals(desk)
    assert names(desk, Query("deal", text="a")) == ["acorn", "änger"]
    assert names(desk, Query("deal", text="a", sort=Sort("amount"))) == ["änger", "acorn"]
    assert names(desk, Query("deal", text="bir")) == ["Birch"]
    assert names(desk, Query("deal", text="?!")) == []


@pytest.mark.parametrize("text", ["b", "birch", "birch 1", "zeta"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_text_that_many_have_gives_the_same_list_in_the_order_of_an_index(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str, descending: bool
) -> None:
    for number in range(30):
        amount = {"amount": number * 7 % 30} if number % 4 else {}
        desk.made(SALES, "deal", number, name=f"{'Birch' if number % 3 else 'Cedar'} {number}", **amount)
    desk.arrive(SALES, Delete("deal", rid(1), 99))
    query = Query("deal", text=text, sort=Sort("amount", descending))
    looked_up = names(desk, query)
    monkeypatch.setattr("vault.store.indexing.SMALL", 0)
    indexer = Indexer(desk.store)
    while indexer.index_more():
        pass
    monkeypatch.setattr("vault.store.filters.MANY", 2)
    assert names(desk, query) == looked_up
    assert names(desk, query, 3, 4) == looked_up[3:7]
    assert [record.fields.get("name") for record in desk.records.each(query, 3)] == looked_up


def test_counts_of_narrowed_lists(desk: Desk) -> None:
    deals(desk)
    desk.made(SALES, "deal", 5, name="Birch too")
    for text, count in (("birch", 2), ("b", 2), ("zzz", 0), ("?!", 0)):
        assert desk.records.count(Query("deal", text=text)) == count
    won = (Filter("stage", Op.EQUALS, "won"),)
    assert desk.records.count(Query("deal", won, text="birch")) == 1
    desk.arrive(SALES, Delete("deal", rid(5), 99))
    assert desk.records.count(Query("deal", text="birch")) == 1
    assert desk.records.count(Query("company", text="birch")) == 0


def test_windows_and_pages_agree_at_any_depth_in_both_directions(desk: Desk) -> None:
    rng = random.Random(3)
    operations = []
    for number in range(400):
        fields: dict[str, Value] = {"name": f"d{number}"}
        if number % 3:
            fields["amount"] = rng.randrange(20)
        operations.append(Put("deal", rid(number), fields, 0))
    desk.arrive(SALES, *operations)
    while desk.indexer.index_more():
        pass
    for descending in (False, True):
        query = Query("deal", sort=Sort("amount", descending))
        everything = names(desk, query, 0, 1000)
        assert len(everything) == 400
        assert [name for start in range(0, 400, 37) for name in names(desk, query, start, 37)] == everything
        assert [record.fields["name"] for record in desk.records.each(query, batch=37)] == everything
        assert names(desk, query, 399, 10) == everything[399:] and names(desk, query, 500, 10) == []


def test_page_behind_a_cursor(desk: Desk) -> None:
    deals(desk)
    page = desk.records.page(Query("deal"), limit=3)
    assert isinstance(page.next, Cursor)
    rest = desk.records.page(Query("deal"), page.next, limit=3)
    assert [record.title for record in rest.records] == ["Cedar"] and rest.next is None


def test_counts_are_kept_until_the_type_changes(desk: Desk) -> None:
    deals(desk)
    assert desk.records.count(Query("deal")) == 4
    desk.made(CONTACTS, "person", 50, name="Somebody")
    version = desk.store.type_version("deal")
    assert desk.records.count(Query("deal")) == 4 and desk.store.type_version("deal") == version
    desk.made(SALES, "deal", 6, name="Elm")
    assert desk.records.count(Query("deal")) == 5


def test_aggregate_groups_and_sums(desk: Desk) -> None:
    deals(desk)
    (total,) = desk.records.aggregate(Query("deal"), sum_field="amount")
    assert (total.count, total.total) == (4, 60)
    lines = desk.records.aggregate(Query("deal"), "stage", "amount")
    groups = {line.value: (line.count, line.total) for line in lines}
    assert groups == {"lead": (1, 10), "lost": (1, 20), "won": (1, 30), "newer-option": (1, 0)}


def test_bin_and_homes(desk: Desk) -> None:
    deals(desk)
    with desk.editor.action() as action:
        action.delete(RecordKey(SALES, "deal", rid(1)))
    assert names(desk, Query("deal", shown=Shown.DELETED)) == ["Birch"]
    assert len(names(desk, Query("deal", shown=Shown.ALL))) == 4
    assert names(desk, Query("deal", homes=(CONTACTS,))) == []
    assert len(names(desk, Query("deal", homes=(CONTACTS, SALES)))) == 3


def test_related_resolve_titles_find(desk: Desk) -> None:
    deals(desk)
    desk.made(CONTACTS, "person", 50, name="Pat", company=f"company:{rid(90).hex()}")
    ref = f"company:{rid(90).hex()}"
    assert sorted(record.title for record in desk.records.related(ref)) == ["Birch", "Pat", "acorn"]
    assert [record.title for record in desk.records.related(ref, ("person",))] == ["Pat"]
    assert desk.records.resolve(ref) == RecordKey(CONTACTS, "company", rid(90))
    assert desk.records.resolve("company:zz") is None
    assert desk.records.titles([ref, f"company:{rid(77).hex()}", "nonsense"]) == {ref: "Zeta"}
    assert [record.title for record in desk.records.find("deal", "name", "BIRCH")] == ["Birch"]


def test_member_columns_sort_by_the_name_in_the_directory(desk: Desk) -> None:
    desk.made(SALES, "deal", 1, name="One", owner=f"member:{rid(70).hex()}")
    desk.made(SALES, "deal", 2, name="Two", owner="Mallory, who left")
    desk.made(DIRECTORY_LOG, "name", 70, name="Zoë")
    assert names(desk, Query("deal", sort=Sort("owner"))) == ["Two", "One"]
    assert desk.records.titles([f"member:{rid(70).hex()}"]) == {f"member:{rid(70).hex()}": "Zoë"}
    desk.arrive(DIRECTORY_LOG, Put("name", rid(70), {"name": "Abe"}, 1))
    assert names(desk, Query("deal", sort=Sort("owner"))) == ["One", "Two"]


def test_records_say_who_and_when(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="One")
    with desk.editor.action() as action:
        action.put(key, {"name": "Two"})
    record = desk.records.get(key)
    assert record is not None and record.seen == 1
    assert (record.created.author.member[:2], record.created.time, record.created.position) == (b"an", 500, 1)
    assert (record.changed.author.member[:2], record.changed.position) == (b"me", None)
    assert [one.title for one in desk.records.window(Query("deal", sort=Sort(CHANGED)))] == ["Two"]


def test_unknown_columns_and_types_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.records.window(Query("deal", (Filter("note", Op.EQUALS, "x"),)))
    with pytest.raises(NotFound):
        desk.records.count(Query("mystery"))
