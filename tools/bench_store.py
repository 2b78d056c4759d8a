"""Figures of the store: folding deals into an empty vault, the first page, search as you type.

`measure(folder, count)` returns named figures (seconds, or milliseconds where the name ends in `_ms`); run as a
script it prints them: `python -m tools.bench_store [count]`.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.crm.schema import SCHEMA
from protocol.codec import encode
from protocol.ids import Compartment, LogId
from protocol.operations import Body, Operation, Put, encode_body, parse_body
from vault.store import (
    Draft,
    Editor,
    Filter,
    Folder,
    Indexer,
    Logs,
    Op,
    Query,
    Records,
    Search,
    Sort,
    Store,
    Tx,
)
from vault.store.connection import SqlValue, connect

FIRST = [
    "Anna",
    "Ben",
    "Chloé",
    "Dmitri",
    "Elif",
    "Farid",
    "Grace",
    "Hannah",
    "Ivan",
    "Jürgen",
    "Kofi",
    "Łucja",
]
LAST = [
    "Meyer",
    "Okafor",
    "Nguyen",
    "Østergård",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ünal",
    "Varga",
    "White",
    "Young",
]
WORDS = [
    "renewal",
    "pilot",
    "audit",
    "licence",
    "support",
    "rollout",
    "migration",
    "training",
    "annual",
    "upgrade",
]
STAGES = ["lead", "qualified", "proposal", "negotiation", "won", "lost"]
SALES = LogId(bytes(15) + b"\1", Compartment.SALES)
CONTACTS = LogId(bytes(15) + b"\1", Compartment.CONTACTS)
PER_COMMIT = 1_000
COMMITS_A_PAGE = 10


def bodies(count: int, seed: int = 7) -> tuple[list[bytes], list[bytes]]:
    """Encoded bodies: (companies and people, deals), `count` deals of about 1 KiB, a tenth as many people."""
    rng = random.Random(seed)  # noqa: S311 - sample data, not a secret
    companies = [
        (rng.randbytes(16), f"{rng.choice(LAST)} {rng.choice(WORDS).title()} {n}")
        for n in range(count // 50 or 1)
    ]
    contacts: list[Operation] = [
        Put("company", rid, {"name": name, "sector": rng.choice(WORDS), "employees": rng.randrange(9999)}, 0)
        for rid, name in companies
    ]
    for number in range(count // 10):
        given, family = rng.choice(FIRST), rng.choice(LAST)
        company = rng.choice(companies)
        contacts.append(
            Put(
                "person",
                rng.randbytes(16),
                {
                    "name": f"{given} {family}",
                    "given": given,
                    "family": family,
                    "organisation": company[1],
                    "company": f"company:{company[0].hex()}",
                    "emails/000100-00000000": {
                        "value": f"{given}.{number}@{family}.example".lower(),
                        "label": "work",
                    },
                    "phones/000100-00000000": {
                        "value": f"+49 30 {rng.randrange(10**7):07d}",
                        "label": "work",
                    },
                    "notes": " ".join(rng.choices(WORDS, k=40)),
                },
                0,
            )
        )
    deals: list[Operation] = [
        Put(
            "deal",
            rng.randbytes(16),
            {
                "name": f"{rng.choice(LAST)} {rng.choice(WORDS)} {number}",
                "company": f"company:{rng.choice(companies)[0].hex()}",
                "stage": rng.choice(STAGES),
                "amount": rng.randrange(10**9),
                "currency": "EUR",
                "probability": rng.randrange(101),
                "opened": f"2026-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
                "expected_close": f"2027-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
                "owner": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
                "source": rng.choice(WORDS),
                "notes": " ".join(rng.choices(WORDS, k=75)),
            },
            0,
        )
        for number in range(count)
    ]
    return _cut(contacts), _cut(deals)


def _cut(operations: list[Operation]) -> list[bytes]:
    pieces = range(0, len(operations), PER_COMMIT)
    return [
        encode_body(Body(bytes(16), 1, 1, 1_700_000_000 + n, operations[n : n + PER_COMMIT])) for n in pieces
    ]


def fold_all(store: Store, folder: Folder, log: LogId, encoded: list[bytes]) -> float:
    """Decode, fold and keep commits, ten to a transaction; seconds."""
    logs = Logs(store.numbers)
    start = time.perf_counter()
    for page in range(0, len(encoded), COMMITS_A_PAGE):
        with store.write(durable=False) as tx:
            for index, data in enumerate(encoded[page : page + COMMITS_A_PAGE]):
                position = page + index + 1
                logs.save_commit(tx, log, position, b"m" * 16, b"d" * 16, b"h" * 300, b"s" * 64, data)
                folder.apply(tx, log, position, b"m" * 16, b"d" * 16, position, parse_body(data))
    return time.perf_counter() - start


FLOOR = """
CREATE TABLE bare (id INTEGER PRIMARY KEY, rid BLOB, name TEXT, stage TEXT, amount INTEGER, closes TEXT, data BLOB);
CREATE VIRTUAL TABLE short USING fts5 (a, b, c, d, content = '', tokenize = "unicode61 remove_diacritics 2")
"""


def floor(path: Path, encoded: list[bytes]) -> float:
    """What cannot be avoided: decode, put bare rows and a short index into SQLCipher, index them last; seconds."""
    connection = connect(path, b"k" * 32, writer=True)
    tx = Tx(connection)
    for statement in FLOOR.split(";"):
        tx.execute(statement)
    start = time.perf_counter()
    number = 0
    for page in range(0, len(encoded), COMMITS_A_PAGE):
        tx.execute("BEGIN")
        for data in encoded[page : page + COMMITS_A_PAGE]:
            rows: list[tuple[SqlValue, ...]] = []
            short: list[tuple[SqlValue, ...]] = []
            for operation in parse_body(data).operations:
                if isinstance(operation, Put):
                    number += 1
                    name, stage, closes = (str(operation.fields[key]) for key in ("name", "stage", "opened"))
                    rows.append((number, operation.record, name, stage, 5, closes, encode(operation.fields)))
                    short.append(
                        (number, name, str(operation.fields["owner"]), stage, str(operation.fields["source"]))
                    )
            tx.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            tx.executemany("INSERT INTO short (rowid, a, b, c, d) VALUES (?, ?, ?, ?, ?)", short)
        tx.execute("COMMIT")
    tx.execute("CREATE UNIQUE INDEX bare_rid ON bare (rid)")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure(folder_path: Path, count: int) -> dict[str, float]:
    """Figures for a new vault in `folder_path` with `count` deals and a tenth as many people."""
    contacts, deals = bodies(count)
    figures: dict[str, float] = {}
    start = time.perf_counter()
    for data in deals:
        parse_body(data)
    figures["decode_only"] = time.perf_counter() - start
    store = Store.create(folder_path / "vault.db", b"k" * 32, SCHEMA)
    folder = Folder(store, b"o" * 16, b"o" * 16)
    figures["fold_contacts"] = fold_all(store, folder, CONTACTS, contacts)
    cpu = time.process_time()
    figures["fold_deals"] = fold_all(store, folder, SALES, deals)
    figures["fold_deals_cpu"] = time.process_time() - cpu
    cpu = time.process_time()
    figures["floor"] = floor(folder_path / "floor.db", deals)
    figures["floor_cpu"] = time.process_time() - cpu
    records = Records(store)
    start = time.perf_counter()
    records.window(Query("deal"), 0, 50)
    figures["first_page_unindexed_ms"] = (time.perf_counter() - start) * 1000
    _index(store, figures)
    _lists(store, records, count, figures)
    _search(store, figures)
    _edits(store, folder, records, figures)
    store.close()
    start = time.perf_counter()
    again = Store.open(folder_path / "vault.db", b"k" * 32, SCHEMA)
    Records(again).window(Query("deal"), 0, 50)
    figures["open_and_first_page_ms"] = (time.perf_counter() - start) * 1000
    again.close()
    figures["file_mib"] = (folder_path / "vault.db").stat().st_size / (1 << 20)
    return figures


def _index(store: Store, figures: dict[str, float]) -> None:
    indexer = Indexer(store)
    start, longest, more = time.perf_counter(), 0.0, True
    while more:
        step = time.perf_counter()
        more = indexer.index_more(20)
        longest = max(longest, time.perf_counter() - step)
    figures["index_in_background"] = time.perf_counter() - start
    figures["index_longest_step_ms"] = longest * 1000


def _lists(store: Store, records: Records, count: int, figures: dict[str, float]) -> None:
    rng = random.Random(11)  # noqa: S311
    by_company = Query("deal", sort=Sort("company"))
    won = Query("deal", (Filter("stage", Op.EQUALS, "won"),), Sort("amount", descending=True))
    for name, action in {
        "page_by_name": lambda: records.window(Query("deal"), 0, 50),
        "page_by_name_anywhere": lambda: records.window(Query("deal"), rng.randrange(count), 50),
        "page_by_company": lambda: records.window(by_company, rng.randrange(count), 50),
        "page_won_by_amount": lambda: records.window(won, 0, 50),
        "totals_by_stage": lambda: records.aggregate(Query("deal"), "stage", "amount"),
        "count_won": lambda: records.count(won),
    }.items():
        _note(figures, name, latency(action, 100))


def _search(store: Store, figures: dict[str, float]) -> None:
    rng = random.Random(5)  # noqa: S311
    search = Search(store)
    texts = [
        *(f"{rng.choice(LAST)} {rng.choice(WORDS)} {rng.randrange(100_000)}" for _ in range(12)),
        *(f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(12)),
        *(f"+49 30 {rng.randrange(10**7)}" for _ in range(4)),
        *(rng.choice(WORDS) for _ in range(8)),
    ]
    typed = [text[:end] for text in texts for end in range(1, len(text) + 1)]
    groups = {
        "1_letter": [text for text in typed if len(text) == 1],
        "2_letters": [text for text in typed if len(text) == 2],
        "all": typed,
    }
    for group, some in groups.items():
        for name, full in (("search", False), ("search_with_notes", True)):
            _note(figures, f"{name}_{group}", latency(_one_by_one(search, some, full), len(some)))
    queries = iter(typed)
    records = Records(store)

    def list_text() -> None:
        records.window(Query("deal", text=next(queries)), 0, 50)

    _note(figures, "list_text", latency(list_text, len(typed)))


def _one_by_one(search: Search, texts: list[str], full: bool) -> Callable[[], object]:
    queries = iter(texts)
    return lambda: search.search(next(queries), full=full)


def _edits(store: Store, folder: Folder, records: Records, figures: dict[str, float]) -> None:
    editor = Editor(store, folder)
    keys = iter([record.key for record in records.window(Query("deal"), 1000, 200)])

    def edit() -> None:
        with editor.action() as action:
            action.put(next(keys), {"amount": 77, "notes": "changed"})

    _note(figures, "edit", latency(edit, 200))
    drafts = [
        Draft("deal", SALES, {"name": f"Imported {n}", "amount": n, "stage": "lead"}) for n in range(5_000)
    ]
    start = time.perf_counter()
    editor.bulk(drafts)
    figures["import_5000"] = time.perf_counter() - start


def _note(figures: dict[str, float], name: str, times: tuple[float, float]) -> None:
    figures[f"{name}_median_ms"], figures[f"{name}_p99_ms"] = times


def latency(action: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median and p99 of `runs` calls, milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99) - 1]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        print(
            json.dumps({key: round(value, 3) for key, value in measure(Path(name), count).items()}, indent=1)
        )


if __name__ == "__main__":
    main()
