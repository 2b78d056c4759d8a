"""Sessions: 32 random bytes in the client's hands, their hash in the database, an end.

Looked-up sessions are remembered for a moment, so that a busy client does not cost a query for each request. Whoever
ends a session through this object ends it at once; `on_end` tells the event streams.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from protocol import wire
from server.errors import Malformed, NotFound, Unauthenticated
from server.settings import Settings
from server.storage import AccountTx, SessionRow, Storage

TOKEN_SIZE = 32
MAX_DEVICE_NAME = 200
REMEMBERED = 10_000
REMEMBERED_SECONDS = 10
SEEN_SECONDS = 300  # how exact `last_seen` is


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the account and the session (its public id), and whether the account has a second factor."""

    account: int
    session: bytes
    expires: int
    second_factor: bool = False


class Sessions:
    """All sessions of a server; safe to use from several threads."""

    def __init__(self, storage: Storage, settings: Settings, on_end: Callable[[bytes], None]) -> None:
        self._storage = storage
        self._settings = settings
        self._on_end = on_end
        self._lock = threading.Lock()
        self._forgotten = 0  # how often sessions were: what was read before is not remembered after
        self._known: dict[bytes, tuple[Caller, int]] = {}  # token hash -> caller, when it was read

    def begin(self, tx: AccountTx, account: int, device_name: str) -> wire.Session:
        """A new session, in the caller's transaction. Of too many the ones that were not seen for longest end."""
        token = secrets.token_bytes(TOKEN_SIZE)
        now = self._settings.now()
        expires = now + self._settings.bounds.session_seconds
        row = SessionRow(secrets.token_bytes(16), account, now, expires, now, device_name)
        kept = self._settings.bounds.sessions_of_account - 1
        by_use = sorted(tx.sessions(account), key=lambda each: (each.last_seen, each.created), reverse=True)
        for old in by_use[kept:]:
            tx.end_session(account, old.id)
        if by_use[kept:]:
            self.forget([old.id for old in by_use[kept:]])
        tx.add_session(_hash(token), row)
        return wire.Session(token, expires)

    def remembered(self, token: bytes) -> Caller | None:
        """The caller where he was seen a moment ago; does not block."""
        now = self._settings.now()
        with self._lock:
            found = self._known.get(_hash(token))
        if found is None or now - found[1] > REMEMBERED_SECONDS or found[0].expires <= now:
            return None
        return found[0]

    def caller(self, token: bytes) -> Caller:
        """The caller by his token. Raises Unauthenticated."""
        now = self._settings.now()
        key = _hash(token)
        forgotten = self._forgotten
        with self._storage.read_accounts() as tx:
            row = tx.session(key)
            factor = None if row is None else tx.second_factor(row.account)
        if row is None or row.expires <= now:
            raise Unauthenticated("no such session")
        if now - row.last_seen > SEEN_SECONDS:
            with self._storage.write_accounts() as tx:
                tx.seen_session(row.id, now)
        caller = Caller(row.account, row.id, row.expires, factor is not None and factor.confirmed > 0)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            if self._forgotten == forgotten:
                self._known[key] = (caller, now)
        return caller

    def listed(self, caller: Caller) -> wire.Sessions:
        now = self._settings.now()
        with self._storage.read_accounts() as tx:
            rows = tx.sessions(caller.account)
        return wire.Sessions(
            [
                wire.SessionInfo(
                    row.id, row.created, row.last_seen, row.device_name, row.id == caller.session
                )
                for row in rows
                if row.expires > now
            ]
        )

    def name(self, caller: Caller, device_name: str) -> None:
        """Raises Malformed."""
        check_device_name(device_name)
        with self._storage.write_accounts() as tx:
            tx.name_session(caller.session, device_name)

    def end(self, caller: Caller, session: bytes) -> None:
        """End one of the caller's own sessions, or with b"" all of them but his. Raises NotFound for any other."""
        if not session:
            self._end_others(caller)
            return
        with self._storage.write_accounts() as tx:
            ended = tx.end_session(caller.account, session)
        if not ended:
            raise NotFound("no such session of yours")
        self.forget([session])

    def _end_others(self, caller: Caller) -> None:
        with self._storage.write_accounts() as tx:
            ended = tx.end_other_sessions(caller.account, caller.session)
        self.forget(ended)

    def look_again(self, account: int) -> None:
        """Something about the account has changed: ask the database anew for its sessions, which go on."""
        with self._lock:
            self._forgotten += 1
            self._known = {k: v for k, v in self._known.items() if v[0].account != account}

    def forget(self, sessions: list[bytes]) -> None:
        """Sessions were ended in the database: no longer remember them, and close their streams."""
        gone = set(sessions)
        with self._lock:
            self._forgotten += 1
            self._known = {k: v for k, v in self._known.items() if v[0].session not in gone}
        for session in sessions:
            self._on_end(session)

    def forget_all(self) -> None:
        """Ask the database anew for whoever comes."""
        with self._lock:
            self._known = {}


def check_device_name(name: str) -> None:
    """Raises Malformed."""
    if len(name) > MAX_DEVICE_NAME or not (name + " ").isprintable():
        raise Malformed("a device's name is short and printable")


def _hash(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
