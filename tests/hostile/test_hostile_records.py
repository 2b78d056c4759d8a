"""A colleague with write access and a changed program, against the CRM's own schema: his records may be anything that
the format allows. They stop nobody, are the same at every desk, and touch nothing else (A41, A46)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crm.schema import SCHEMA
from protocol import wire
from protocol.ids import LogId
from protocol.operations import Delete, Moved, Operation, Put, Restore, Value
from tests.support import desks
from tests.support.desks import Desk, World
from tests.support.lies import forged
from vault.schema import FieldKind
from vault.store import Query, Sort, refold

pytestmark = [pytest.mark.hostile, pytest.mark.A41, pytest.mark.A46]

RECORDS = [bytes([number]) * 16 for number in range(1, 7)]
FOREIGN = [
    "states",
    "meta",
    "r_person",
    "sqlite_master",
    "person\0",
    "Person",
    "per\u200bson",
    "'; DROP TABLE states; --",
    '"',
    "x" * 64,
]
NAMES = [
    "id",
    "rid",
    "log",
    "hidden",
    "flags",
    "title",
    "rowid",
    "__",
    "c_name",
    "s_name",
    "name/",
    "/x",
    "phones/",
    "phones//",
    "phones/" + "k" * 100,
    "emails/1/2",
    "emails",
    "@title",
    "@created",
    "name\0",
    "\u202ename",
    "n" * 128,
    "'",
    '"',
    ";--",
    "é",
    "\ufeff",
]
VALUES: list[Value] = [
    None,
    True,
    False,
    0,
    -1,
    (1 << 63) - 1,
    -(1 << 63),
    "",
    " ",
    "\0",
    "a\0b",
    "'; DROP TABLE r_person; --",
    '"',
    "%",
    "_",
    "*",
    "NEAR(",
    "<b>x</b>",
    "=cmd|' /C calc'!A0",
    "\u202e",
    "\u2028",
    "😀" * 2_000,
    "x" * 200_000,
    "person:" + "0" * 32,
    "person:" + "zz" * 16,
    "member:" + "01" * 16,
    "9999-99-99",
    "2026-02-30",
    "0000-00-00T00:00:00Z",
    {},
    {"value": None},
    {"value": True, "label": 7},
    {"value": "x" * 50_000, "label": "\0", "kind": "k"},
    {"": ""},
    {"value": "+31 20 555 0100", "label": "work"},
]


@pytest.fixture
def world(tmp_path: Path, fast_kdf: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(desks, "SCHEMA", SCHEMA)
    with desks.world(tmp_path) as made:
        yield made


def operation(chance: random.Random, log: LogId) -> Operation:
    kinds = [kind.name for kind in SCHEMA.types]
    kind = chance.choice(kinds if chance.random() < 0.85 else FOREIGN)
    record = chance.choice(RECORDS)
    what = chance.random()
    if what < 0.07:
        return Delete(kind, record, 0)
    if what < 0.12:
        return Restore(kind, record, 0)
    if what < 0.15:
        return Moved(kind, record, log.encode(), 0)
    known = SCHEMA.by_name.get(kind)
    names = [field.name for field in known.fields] if known else []
    lists = [f"{field.name}/1" for field in known.fields if field.kind is FieldKind.LIST] if known else []
    chosen = chance.sample([*names, *lists, *names, *NAMES], 6)
    return Put(kind, record, {name: chance.choice(VALUES) for name in chosen}, 0)


def everything(desk: Desk) -> list[object]:
    """All that is shown, by every way of asking for it."""
    found: list[object] = []
    while desk.vault.indexer.index_more(1_000):
        pass
    for kind in SCHEMA.types:
        for record in desk.vault.records.each(Query(kind.name)):
            conflicts = desk.vault.history.conflicts(record.key)
            kept = [(one.field, one.value, [value for value, _ in one.kept]) for one in conflicts]
            found.append(
                (record.key, sorted(record.fields.items(), key=repr), record.deleted, sorted(kept, key=repr))
            )
            desk.vault.records.titles([record.key.ref])
        for column in kind.columns:
            query = Query(kind.name, sort=Sort(column.name, descending=True))
            assert desk.vault.records.count(query) == len(desk.vault.records.window(query, 0, 1_000))
    for text in ("x", "per", "'; DROP", "NEAR(", "*", '"', "\0", "😀", "20 555"):
        desk.vault.search.search(text, full=True)
    return sorted(found, key=repr)


@pytest.mark.parametrize("seed", range(6))
def test_A46_records_of_any_kind_stop_nobody(world: World, seed: int) -> None:
    chance = random.Random(seed)
    mine = world.ann.add("person", name="Zoe")
    deal = world.ann.add("deal", name="Roof")
    world.ann.sync()
    ben = world.member("ben", "manager")
    for _ in range(12):
        log = chance.choice([mine.log, deal.log])
        operations = [operation(chance, log) for _ in range(12)]
        ben.pull()
        world.relay.push(wire.Push([forged(ben, log, operations=operations)], []))
        if chance.random() < 0.4:
            world.ann.put(mine, name=f"Zoe {chance.random()}")
            world.ann.sync()
    world.sync_all()
    late = world.second_computer(world.ann)
    world.ann.sync()
    late.sync()
    shown = everything(world.ann)
    assert shown == everything(ben) == everything(late)
    for desk in (world.ann, ben, late):
        assert desk.exchange.stopped() == []
        assert str(desk.field(mine, "name")).startswith("Zoe")
        assert desk.field(deal, "name") == "Roof"
        with desk.vault.store.write() as tx:
            for log in (mine.log, deal.log):
                refold(tx, desk.exchange.desk.folder, log)
        assert everything(desk) == shown
