"""The cases. Each takes an open office with its deals and gives figures."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.desk import Desk
from protocol.access import logs_of
from tools.bench.baseline import unavoidable
from tools.bench.figures import Figure, figure, latencies
from tools.bench.office import Office
from vault.store import Changes, Query, RecordKey, Sort

SYNC_SECONDS = 1_800.0
QUERIES = 60
EDITS = 60


def first_sync(office: Office, runs: int, say: Callable[[str], None]) -> list[Figure]:
    """A new computer: from nothing to all records, searchable by name; beside it, what cannot be avoided."""
    wanted = office.ann.records.count(Query("deal"))
    synced: list[float] = []
    bare: list[float] = []
    for run in range(runs):
        desk = office.computer()
        began = time.perf_counter()
        if not desk.sync_now(SYNC_SECONDS):
            raise RuntimeError(f"the first sync did not end: {desk.sync_state.error}")
        synced.append(time.perf_counter() - began)
        assert desk.records.count(Query("deal")) == wanted
        desk.stop_sync()
        bare.append(unavoidable(office.folder / f"bare-{run}.db", bodies(desk)))
        desk.lock()
        say(f"first sync {synced[-1]:.2f} s, unavoidable {bare[-1]:.2f} s")
    ratios = [one / other for one, other in zip(synced, bare, strict=True)]
    return [
        figure(f"first sync of {wanted:,} deals on a second computer", "s", synced),
        figure(f"decoding, rows and short index alone, {wanted:,} deals", "s", bare),
        figure("first sync against what cannot be avoided", "ratio", ratios),
    ]


def bodies(desk: Desk) -> Iterator[bytes]:
    """The opened bodies of all data commits that the desk holds."""
    logs = desk.vault.exchange.desk.logs
    for log in sorted(logs_of(desk.vault.roster, desk.me)):
        with desk.vault.store.read() as tx:
            for commit in logs.commits(tx, log, aside=False):
                if commit.body is not None and commit.body[:1] == b"\x95":  # a DATA body: an array of five
                    yield commit.body


def searching(office: Office, say: Callable[[str], None]) -> list[Figure]:
    """Typed letter by letter, top 50, on this thread: from the key press to the records in hand."""
    desk = office.ann
    say("waiting for the indexes")
    while desk.vault.indexer.index_more(500):
        pass
    titles = [record.title for record in desk.records.window(Query("deal", sort=Sort("@created")), 0, 4_000)]
    titles += [record.title for record in desk.records.window(Query("company"), 0, 200)]
    chance = random.Random(5)  # noqa: S311
    times: list[float] = []
    filtered: list[float] = []
    for title in chance.sample(titles, min(QUERIES, len(titles))):
        for length in range(1, min(len(title), 12) + 1):
            began = time.perf_counter()
            desk.search.search(title[:length], limit=50)
            times.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            desk.records.window(Query("deal", text=title[:length]), 0, 50)
            filtered.append((time.perf_counter() - began) * 1000)
    return [
        latencies("search as you type, all types, top 50", times),
        latencies("list of deals narrowed as you type, first 50", filtered),
    ]


def unlocking(office: Office, runs: int) -> list[Figure]:
    """From the password to the first page of deals on a locked desk, key derivation at its real cost included."""
    desk = office.computer()
    desk.sync_now(SYNC_SECONDS)
    whole: list[float] = []
    opening: list[float] = []
    for _ in range(runs):
        desk.lock()
        began = time.perf_counter()
        desk = office.unlock(desk)
        opened = time.perf_counter()
        desk.records.window(Query("deal"), 0, 50)
        whole.append(time.perf_counter() - began)
        opening.append((time.perf_counter() - opened) * 1000)
    desk.lock()
    return [figure("unlock to first list", "s", whole), figure("of which the first list", "ms", opening)]


def edits(office: Office) -> list[Figure]:
    """An edit on one desk until the other desk's vault tells its listeners."""
    other = office.computer()
    other.sync_now(SYNC_SECONDS)
    times: list[float] = []
    records = office.ann.records.window(Query("deal"), 0, EDITS)
    for number, record in enumerate(records):
        arrived = threading.Event()
        stop = other.on_change(_setter(record.key, arrived))
        began = time.perf_counter()
        with office.ann.editor.action() as action:
            action.put(record.key, {"source": f"bench {number}"})
        if not arrived.wait(30):
            raise RuntimeError("an edit did not arrive")
        times.append((time.perf_counter() - began) * 1000)
        stop()
    other.lock()
    return [latencies("an edit from desk to desk", times)]


def _setter(key: RecordKey, arrived: threading.Event) -> Callable[[Changes], None]:
    def hear(changes: Changes) -> None:
        if key in changes.records:
            arrived.set()

    return hear


def sizes(office: Office, folder: Path) -> str:
    """How large the vault and the server's folder became, for the notes."""
    vault = office.ann.profile.database.stat().st_size
    server = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"vault {vault / 1e6:.0f} MB, server folder {server / 1e6:.0f} MB"
