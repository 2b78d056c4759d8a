"""What is done to many records at once, on a real desk; rows and totals of lists."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk import Desk
from app.desk.homes import member_value
from app.desktop.background import Progress
from app.desktop.viewmodels import bulk
from app.desktop.viewmodels.list_config import DEALS, PEOPLE, TASKS
from app.desktop.viewmodels.list_rows import read_rows
from app.desktop.viewmodels.list_totals import deal_totals
from protocol.operations import Value
from tests.support.real_desks import Office, wait_until
from vault.store import Filter, Op, Query, RecordKey, Shown, Sort

DEAL_QUERY = Query("deal", sort=Sort())


def make(desk: Desk, type_name: str, rows: Sequence[dict[str, Value]]) -> list[RecordKey]:
    home = desk.home_for(type_name, desk.team().groups[0].id)
    with desk.editor.action() as action:
        return [action.create(type_name, home, fields) for fields in rows]


class Heard(Progress):
    """How far a task said it was, without a window."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        self.steps.append((done, total))


def test_deleting_and_restoring_many_tells_how_far_it_is(ann: Desk) -> None:
    keys = make(ann, "deal", [{"name": f"Deal {n:04}"} for n in range(bulk.BATCH + 5)])
    heard = Heard()
    done = bulk.delete(ann, keys, heard)
    assert done == bulk.Done(len(keys), 0)
    assert heard.steps == [(0, len(keys)), (bulk.BATCH, len(keys))]
    assert ann.records.count(DEAL_QUERY) == 0
    assert ann.records.count(Query("deal", shown=Shown.DELETED)) == len(keys)
    assert bulk.restore(ann, keys, Heard()).changed == len(keys)
    assert ann.records.count(DEAL_QUERY) == len(keys)


def test_one_value_and_one_tag_in_all(ann: Desk) -> None:
    keys = make(ann, "deal", [{"name": "One"}, {"name": "Two", "stage": "lost"}])
    bulk.set_field(ann, keys, "stage", "won", Heard())
    bulk.set_field(ann, keys, bulk.owner_field("deal"), member_value(ann.me), Heard())
    bulk.add_tag(ann, keys, "  Key   account ", Heard())
    bulk.add_tag(ann, keys, "Key account", Heard())
    for row in read_rows(ann, DEALS, DEAL_QUERY, 0, 10):
        words = {column.key: cell.words for column, cell in zip(DEALS.columns, row.cells, strict=True)}
        assert (words["stage"], words["tags"]) == ("Won", "Key account")
        assert words["owner"] == ann.owner_text(member_value(ann.me))


def test_the_records_of_rows_come_in_the_order_of_the_list(ann: Desk) -> None:
    keys = make(ann, "person", [{"name": f"Person {n:03}"} for n in range(20)])
    assert bulk.keys_of(ann, Query("person", sort=Sort()), [0, 1, 2, 7, 9, 10]) == [
        keys[n] for n in (0, 1, 2, 7, 9, 10)
    ]
    backwards = Query("person", sort=Sort(descending=True))
    assert bulk.keys_of(ann, backwards, [0, 19, 25]) == [keys[19], keys[0]]
    assert bulk.keys_of(ann, backwards, []) == []


def test_whose_a_record_is_has_another_name_in_tasks() -> None:
    assert bulk.owner_field("task") == "assignee"
    assert bulk.owner_field("deal") == "owner"
    assert bulk.owner_field("product") == ""


def test_what_the_role_does_not_allow_is_left_alone_and_counted(office: Office, ann: Desk) -> None:
    keys = make(ann, "deal", [{"name": "One"}, {"name": "Two"}])
    grants = [(ann.team().groups[0].id, office.role(ann, "Read only"))]
    cy = office.join(ann, "cy", "Cy Castellanos", grants)
    wait_until(lambda: cy.records.count(DEAL_QUERY) == 2)
    rights = bulk.allowed(cy)
    assert not (rights.delete or rights.restore or rights.edit)
    assert bulk.delete(cy, keys, Heard()) == bulk.Done(0, 2)
    assert bulk.set_field(cy, keys, "stage", "won", Heard()) == bulk.Done(0, 2)
    assert cy.records.count(DEAL_QUERY) == 2
    rights = bulk.allowed(ann)
    assert rights.delete and rights.restore and rights.edit


def test_totals_are_by_outcome_and_currency_and_of_what_is_found_only(ann: Desk) -> None:
    assert deal_totals(ann, DEAL_QUERY) == ""
    make(
        ann,
        "deal",
        [
            {"name": "A", "stage": "won", "amount": 1_000_0000, "currency": "EUR"},
            {"name": "B", "stage": "won", "amount": 500_0000, "currency": "EUR"},
            {"name": "C", "stage": "won", "amount": 70_0000, "currency": "USD"},
            {"name": "D", "stage": "prospecting", "amount": 42_0000, "currency": "EUR"},
            {"name": "E", "stage": "lost", "amount": 9_999_0000, "currency": "EUR"},
        ],
    )
    words = deal_totals(ann, DEAL_QUERY)
    won, still_open = words.split(" · ")
    assert won.endswith(" won") and "1,500" in won and "70" in won and won.index("1,500") < won.index("70")
    assert still_open.endswith(" open") and "42" in still_open
    assert "9,999" not in words
    found = deal_totals(ann, Query("deal", (Filter("currency", Op.EQUALS, "USD"),)))
    assert "70" in found and "1,500" not in found and "open" not in found


def test_more_currencies_than_fit_are_counted(ann: Desk) -> None:
    currencies = ("EUR", "USD", "GBP", "CHF", "SEK")
    make(
        ann,
        "deal",
        [
            {"name": one, "stage": "won", "amount": (n + 1) * 1_0000, "currency": one}
            for n, one in enumerate(currencies)
        ],
    )
    assert deal_totals(ann, DEAL_QUERY).endswith(" and 2 more won")


def test_rows_are_made_ready_in_words(ann: Desk) -> None:
    company = make(ann, "company", [{"name": "Harbour Ltd"}])[0]
    make(
        ann,
        "person",
        [
            {
                "name": "Bo Berg",
                "company": company.ref,
                "emails/a": {"value": "bo@harbour.example"},
                "emails/b": {"value": "bo@home.example"},
                "birthday": "--07-01",
            },
        ],
    )
    row = read_rows(ann, PEOPLE, Query("person", sort=Sort()), 0, 10)[0]
    words = {column.key: cell.words for column, cell in zip(PEOPLE.columns, row.cells, strict=True)}
    assert row.title == words["@title"] == "Bo Berg"
    assert words["company"] == "Harbour Ltd"
    assert words["emails"] == "bo@harbour.example  +1"
    assert words["birthday"] == "1 Jul"
    assert words["@changed"] == "just now"


def test_a_late_task_is_in_red_until_it_is_done(ann: Desk) -> None:
    key = make(ann, "task", [{"name": "Call back", "due": "2020-01-02"}])[0]
    place = [column.key for column in TASKS.columns].index("due")
    query = Query("task", sort=Sort())
    assert read_rows(ann, TASKS, query, 0, 1)[0].cells[place].tone == "danger"
    with ann.editor.action() as action:
        action.put(key, {"done": True})
    row = read_rows(ann, TASKS, query, 0, 1)[0]
    assert row.cells[place].tone == ""
    assert row.cells[0].words == "Done"
