"""A desk for tests: the store with everything on it, a log that others write to, and a small schema."""

from __future__ import annotations

import itertools

from protocol import Compartment
from protocol.codec import encode
from protocol.commit import Header, Kind
from protocol.ids import NO_HASH, LogId
from protocol.operations import Body, Operation, Put, Value, encode_body
from vault.schema import Field, FieldKind, Option, RecordType, Schema, Search
from vault.store import (
    Changes,
    Editor,
    Folder,
    History,
    Indexer,
    Logs,
    Part,
    RecordKey,
    Records,
    Signed,
    Store,
    Tx,
)
from vault.store import Search as Searcher

KEY = bytes(range(32))
GROUP = b"g" * 16
SALES = LogId(GROUP, Compartment.SALES)
CONTACTS = LogId(GROUP, Compartment.CONTACTS)
ME, MY_DEVICE = b"me" * 8, b"md" * 8
ANN, ANNS_DEVICE = b"an" * 8, b"ad" * 8
BEN, BENS_DEVICE = b"be" * 8, b"bd" * 8

STAGES = (Option("lead", "Lead", 1), Option("won", "Won", 3), Option("lost", "Lost", 2))
PERSON = RecordType(
    "person",
    1,
    "Person",
    "People",
    Compartment.CONTACTS,
    (
        Field("name", "Name", column=True, search=Search.TITLE),
        Field("company", "Company", FieldKind.REF, column=True, target="company", search=Search.KEYS),
        Field("emails", "E-mails", FieldKind.LIST, search=Search.KEYS),
        Field("phones", "Phones", FieldKind.LIST, search=Search.KEYS),
        Field("notes", "Notes", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("vip", "VIP", FieldKind.BOOL, column=True),
    ),
)
COMPANY = RecordType(
    "company",
    2,
    "Company",
    "Companies",
    Compartment.CONTACTS,
    (Field("name", "Name", column=True, search=Search.TITLE),),
)
DEAL = RecordType(
    "deal",
    3,
    "Deal",
    "Deals",
    Compartment.SALES,
    (
        Field("name", "Name", column=True, search=Search.TITLE),
        Field("company", "Company", FieldKind.REF, column=True, target="company"),
        Field("stage", "Stage", FieldKind.CHOICE, column=True, options=STAGES),
        Field("amount", "Amount", FieldKind.MONEY, column=True),
        Field("closes", "Closes", FieldKind.DATE, column=True),
        Field("owner", "Owner", FieldKind.MEMBER, column=True),
        Field("note", "Note"),
    ),
)
NAME = RecordType("name", 8, "Name", "Names", Compartment.DIRECTORY, (Field("name", "Name", column=True),))
SCHEMA = Schema((PERSON, COMPANY, DEAL, NAME))


def rid(number: int) -> bytes:
    return number.to_bytes(16, "big")


def header(kind: Kind = Kind.DATA) -> bytes:
    """A header for tests of the store, which only looks at its kind."""
    detail = bytes(36) if kind is Kind.ROTATE else b""
    return encode(
        Header(
            1,
            kind,
            NO_HASH,
            SALES.encode(),
            1,
            bytes(16),
            1,
            NO_HASH,
            0,
            NO_HASH,
            0,
            NO_HASH,
            detail,
            NO_HASH,
        )
    )


class Desk:
    """`arrive` folds a commit of somebody; `send` plays the server for everything that waits here."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.folder = Folder(store, ME, MY_DEVICE)
        self.outbox = self.folder.outbox
        self.logs = Logs(store.numbers)
        self.records = Records(store)
        self.history = History(store)
        self.search = Searcher(store)
        self.indexer = Indexer(store)
        self.clock = itertools.count(1_000)
        self.editor = Editor(store, self.folder, clock=lambda: float(next(self.clock)))
        self.positions: dict[LogId, int] = {}
        self.counter = 0

    def arrive(
        self,
        log: LogId,
        *operations: Operation,
        by: tuple[bytes, bytes] = (ANN, ANNS_DEVICE),
        time: int = 500,
    ) -> Changes:
        body = Body(bytes(16), 1, 1, time, list(operations))
        with self.store.write() as tx:
            return self._admit(tx, log, by, 1, body)

    def made(self, log: LogId, type_name: str, number: int, /, **fields: Value) -> RecordKey:
        """A record that Ann made."""
        self.arrive(log, Put(type_name, rid(number), dict(fields), 0))
        return RecordKey(log, type_name, rid(number))

    def sign(self, limit: int = -1) -> list[tuple[Part, int]]:
        """Give waiting parts their counters."""
        signed = []
        with self.store.write() as tx:
            for part in self.outbox.unsigned(tx, limit=limit):
                self.counter += 1
                self.outbox.store_signed(tx, Signed(part.log, self.counter, part.id, b"h", b"s", b"b", b""))
                signed.append((part, self.counter))
        return signed

    def sign_one(self) -> tuple[Part, int] | None:
        """Give the oldest part that has none its counter."""
        signed = self.sign(limit=1)
        return signed[0] if signed else None

    def read_back(self, part: Part, counter: int) -> Changes:
        with self.store.write() as tx:
            return self._admit(tx, part.log, (ME, MY_DEVICE), counter, part.body)

    def send(self, limit: int = -1) -> None:
        for part, counter in self.sign(limit):
            self.read_back(part, counter)

    def _admit(self, tx: Tx, log: LogId, by: tuple[bytes, bytes], counter: int, body: Body) -> Changes:
        position = self.positions[log] = self.positions.get(log, 0) + 1
        self.logs.save_commit(tx, log, position, *by, header(), b"s" * 64, encode_body(body))
        return self.folder.apply(tx, log, position, *by, counter, body)
