"""Where one's own account is signed in, by the server's list, with a way to end each. Slow, all of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.desk.desk import Desk
from app.desk.server_word import device_words
from sync_client import end_other_sessions, end_session, read_sessions


@dataclass(frozen=True, slots=True)
class OwnSession:
    """`device`: the computer in words, "" where the server knows none; times in Unix seconds of the server's clock."""

    id: bytes
    device: str
    created: int
    last_seen: int
    current: bool


def own_sessions(desk: Desk) -> list[OwnSession]:
    """The one in use first, then by use."""
    listed = desk.account.ask(read_sessions)
    state = desk.vault.roster
    found = [
        OwnSession(one.id, device_words(state, one.device_name), one.created, one.last_seen, one.current)
        for one in listed
    ]
    return sorted(found, key=lambda one: (not one.current, -one.last_seen))


def end_own_session(desk: Desk, session: bytes) -> None:
    desk.account.ask(lambda http: end_session(http, session))


def end_all_others(desk: Desk) -> None:
    """Sign out everywhere but here."""
    desk.account.ask(end_other_sessions)
