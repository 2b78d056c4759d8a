"""Choosing other records and members: options for fields that point to them."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk import Desk
from app.desk.homes import member_value
from app.desktop.viewmodels.shown import record_title
from app.desktop.widgets import Option
from protocol.state import MemberStatus
from vault.store import Record

MOST = 12
_ACTIVE = (MemberStatus.ACTIVE, MemberStatus.INVITED, MemberStatus.JOINED)


def record_options(desk: Desk, text: str, types: Sequence[str] = (), *, but: str = "") -> list[Option]:
    """Records whose names begin with what was typed; two of one name get something that tells them apart."""
    hits = desk.search.search(text, types, MOST)
    records = [hit.record for hit in hits if hit.record.key.ref != but and hit.record.key.type != "name"]
    titles = [record_title(record) for record in records]
    options = []
    for record, title in zip(records, titles, strict=True):
        more = _more(record) if titles.count(title) > 1 else ""
        options.append(Option(record.key.ref, f"{title} – {more}" if more else title))
    return options


def _more(record: Record) -> str:
    for name in ("organisation", "title", "location", "sector", "external_id"):
        value = record.fields.get(name)
        if isinstance(value, str) and value:
            return value
    return record.key.id.hex()[:6]


def member_options(desk: Desk) -> list[Option]:
    """Members by name, the user first."""
    members = [member for member in desk.vault.roster.members.values() if member.status in _ACTIVE]
    options = [Option(member_value(member.id), desk.name("member", member.id)) for member in members]
    mine = member_value(desk.me)
    return sorted(options, key=lambda option: (option.value != mine, option.text.casefold()))
