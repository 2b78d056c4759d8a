"""Run as the former member, on her own computer: prints what her keys and a copy of the server's folder open.

`python -m tools.demo.rob PROFILE KEYFILE DATABASE SERIAL`, with her password in TACIT_PASSWORD; prints two numbers,
opened of what was stored up to SERIAL and of what was stored behind it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.crm import SCHEMA
from protocol.ids import LogId
from tools.demo.evidence import Openings, Stolen, open_everything
from vault.exchange import load_own
from vault.profile import FileKeychain, Profile
from vault.store import Logs, Store


def steal(profile: Path, key_file: Path, password: str) -> list[Stolen]:
    """Every key in a vault, as its owner can take it: one entry for each private key that the account ever had.

    Raises VaultError where password or Secret Key are wrong.
    """
    with Profile.open(profile) as opened:
        key = opened.unlock(password, FileKeychain(key_file).load(opened.id))
        store = Store.open(opened.database, key.raw, SCHEMA)
        try:
            logs = Logs(store.numbers)
            with store.read() as tx:
                own = load_own(tx, logs)
                keys: set[tuple[LogId, bytes]] = {
                    (log, log_key) for log in logs.known_logs(tx) for log_key in logs.keys(tx, log).values()
                }
        finally:
            store.close()
    if own is None:
        return []
    return [Stolen(private, frozenset(keys)) for private in own.private]


def main(words: list[str]) -> int:
    profile, key_file, database, serial = Path(words[0]), Path(words[1]), Path(words[2]), int(words[3])
    before = after = 0
    for stolen in steal(profile, key_file, os.environ["TACIT_PASSWORD"]):
        found: Openings = open_everything(stolen, database, serial)
        before, after = max(before, found.before), max(after, found.after)
    print(before, after)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
