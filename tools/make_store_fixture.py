"""Makes the frozen vault of the present version for tests: `python -m tools.make_store_fixture`.

Once a version is released its fixture is never made again: `tests/vault/store/test_migrations.py` opens every one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from protocol.operations import Value
from tests.vault.store.desk import CONTACTS, KEY, SALES, SCHEMA, Desk, rid
from vault.store import RecordKey, Store
from vault.store.migrations import MIGRATIONS

FOLDER = Path(__file__).parents[1] / "tests" / "vault" / "store" / "frozen"


def make(path: Path) -> None:
    """A small vault with something of everything: confirmed, in conflict, waiting, signed, deleted, unknown."""
    desk = Desk(Store.create(path, KEY, SCHEMA))
    desk.made(CONTACTS, "company", 90, name="Acme")
    phone: dict[str, Value] = {"phones/a": {"value": "+49 89 123456"}}
    desk.made(CONTACTS, "person", 1, name="Zoë", notes="frozen notes", **phone)
    deal = desk.made(SALES, "deal", 2, name="Old name", company=f"company:{rid(90).hex()}", amount=70_000)
    desk.made(SALES, "mystery", 3, shape="round")
    with desk.editor.action() as action:
        action.put(deal, {"name": "Mine"}, seen=0)
        action.create("deal", SALES, {"name": "Landed"}, id=rid(4))
    desk.send()
    with desk.editor.action() as action:
        action.put(deal, {"amount": 80_000})
        action.create("deal", SALES, {"name": "Waiting"}, id=rid(5))
        action.create("deal", SALES, {"name": "Binned"}, id=rid(6))
    with desk.editor.action() as action:
        action.delete(RecordKey(SALES, "deal", rid(6)))
    desk.sign(limit=1)
    with desk.store.write() as tx:
        desk.logs.set(tx, "cursor", b"\x07")
        desk.logs.put_key(tx, SALES, 1, b"k" * 32)
    while desk.indexer.index_more():
        pass
    desk.store.on_writer(lambda connection: connection.execute("VACUUM"))
    desk.store.close()


def main() -> None:
    path = FOLDER / f"version-{max(MIGRATIONS)}.db"
    if path.exists():
        sys.exit(f"{path.name} is frozen already")
    FOLDER.mkdir(exist_ok=True)
    make(path)
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
