"""Lines of the audit trail that do not stand in the roster: events, alarms, sign-ins, the operator's journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desk.access_words import COMPARTMENT_WORDS
from app.desk.alarm_words import rule_words, words_of
from app.desk.alarms import Alarm
from app.desk.asking import ROLE_ASKED, ROLE_DECLINED, ROLE_WITHDRAWN
from app.desk.audit_events import (
    ALARM,
    BULK_DELETE,
    BULK_EDIT,
    EXPORT,
    IMPORT,
    IMPORT_UNDONE,
    Event,
)
from app.desk.audit_line import AuditKind, AuditLine, Basis
from app.desk.audit_words import Named
from app.desk.directory import shown_name
from protocol.errors import FormatError
from protocol.ids import NO_HASH, Compartment, LogId, MemberId, WorkspaceId
from protocol.wire_security import JournalEntry, SignIn, journal_hash

FORMATS = {
    "csv": "CSV",
    "vcf": "vCard",
    "vcard": "vCard",
    "bundle": "a folder of tables",
    "everything": "all types",
}


_KINDS = {
    ALARM: AuditKind.ALARMS,
    ROLE_ASKED: AuditKind.ACCESS,
    ROLE_DECLINED: AuditKind.ACCESS,
    ROLE_WITHDRAWN: AuditKind.ACCESS,
}
_REQUESTS = {
    ROLE_ASKED: "asked to be {role} in {group}",
    ROLE_DECLINED: "declined a request for a role",
    ROLE_WITHDRAWN: "took a request for a role back",
}
_HEX = frozenset("0123456789abcdef")


def event_lines(events: Iterable[Event], named: Named) -> list[AuditLine]:
    """What colleagues noted about themselves. An alarm of this desk is among them, once it was sent or queued."""
    lines = []
    for event in events:
        kind = _KINDS.get(event.what, AuditKind.DATA)
        lines.append(
            AuditLine(
                "event",
                event.position if event.position is not None else 0,
                event.at,
                event.at,
                kind,
                Basis.COLLEAGUE,
                named("member", event.member),
                _event_words(event, named),
                event.member,
                None,
            )
        )
    return lines


def _event_words(event: Event, named: Named) -> str:
    if event.what == ALARM:
        where = place_of(event.kind, named)
        title = words_of(event.code).title
        return f"raised an alarm: {title}{f', in {where}' if where else ''}"
    if event.what in _REQUESTS:
        return _REQUESTS[event.what].format(
            role=_named_by(event.code, "role", named), group=_named_by(event.kind, "group", named)
        )
    things = _things(event.kind, event.count)
    by = f" as {FORMATS[event.code]}" if event.code in FORMATS else ""
    if event.what == EXPORT:
        return f"exported {things}{by}"
    if event.what == IMPORT:
        return f"imported {things}{by.replace(' as ', ' from ')}"
    if event.what == IMPORT_UNDONE:
        return f"undid an import of {things}"
    if event.what == BULK_DELETE:
        return f"deleted {things} at once"
    if event.what == BULK_EDIT:
        return f"changed {things} at once"
    return "noted something that this version does not know"


def _named_by(text: str, kind: str, named: Named) -> str:
    """The name of an id in hex; "something" for anything else, which a changed program may have written."""
    return named(kind, bytes.fromhex(text)) if len(text) == 32 and set(text) <= _HEX else "something"


def _things(kind: str, number: int) -> str:
    known = SCHEMA.by_name.get(kind)
    if known is None:
        return count(number, "record")
    return count(number, known.label.lower(), known.plural.lower())


def place_of(encoded: str, named: Named) -> str:
    """ "deals and quotes of West", for a log id in hex; "" for none."""
    try:
        log = LogId.decode(bytes.fromhex(encoded)) if encoded else None
    except (FormatError, ValueError):
        return ""
    if log is None:
        return ""
    if log.compartment is Compartment.DIRECTORY:
        return "the names of the workspace"
    whose = f" ({named('member', log.owner)}’s own)" if log.is_own else ""
    return f"{COMPARTMENT_WORDS[log.compartment]} of {named('group', log.group)}{whose}"


def alarm_lines(
    alarms: Iterable[Alarm], me: MemberId, named: Named, noted: Iterable[Event]
) -> list[AuditLine]:
    """This desk's own alarms, without those that are in the directory as events of its member."""
    told = {
        (event.code, event.detail, event.kind)
        for event in noted
        if event.what == ALARM and event.member == me
    }
    lines = []
    for alarm in alarms:
        place = alarm.log.encode().hex() if alarm.log is not None else ""
        if (alarm.kind, alarm.rule, place) in told:
            continue
        where = place_of(place, named)
        words = f"raised an alarm: {alarm.words.title}{f', in {where}' if where else ''}"
        finding = rule_words(alarm.rule) if alarm.rule != alarm.kind else ""
        lines.append(
            AuditLine(
                "alarm",
                0,
                alarm.first,
                alarm.first,
                AuditKind.ALARMS,
                Basis.HERE,
                named("member", me),
                words,
                me,
                None,
                finding,
            )
        )
    return lines


def sign_in_lines(sign_ins: Iterable[SignIn], named: Named, known: Iterable[MemberId]) -> list[AuditLine]:
    """The server's word about who signed in. A member whom the roster does not know is the server's invention."""
    members = frozenset(known)
    lines = []
    for number, one in enumerate(sign_ins, 1):
        member = MemberId(one.member)
        device = shown_name(one.device_name)
        where = f" on “{device}”" if device else ""
        words = f"signed in{where}" if one.ok else f"failed to sign in{where}"
        doubt = "" if member in members else "The roster knows no such member."
        lines.append(
            AuditLine(
                "sign-in",
                number,
                one.time,
                one.time,
                AuditKind.SIGN_INS,
                Basis.SERVER,
                named("member", member),
                words,
                member,
                None,
                doubt,
            )
        )
    return lines


_ACTS = {
    "serve": "started the server",
    "backup": "made a backup",
    "restore": "put a backup in place",
    "migrate": "brought the database up to date",
}
"""What the server's own commands are called here; others are shown as the journal has them."""


def journal_lines(entries: Sequence[JournalEntry]) -> list[AuditLine]:
    """What the operator did, as the server's journal has it."""
    lines, newest = [], 0
    for entry in entries:
        newest = max(newest, entry.time)
        actor = shown_name(entry.actor) or "operator"
        action = _ACTS.get(entry.action, shown_name(entry.action).replace("-", " "))
        detail = shown_name(entry.detail)
        lines.append(
            AuditLine(
                "journal",
                entry.seq,
                entry.time,
                newest,
                AuditKind.OPERATOR,
                Basis.SERVER,
                f"Operator ({actor})",
                f"{action}: {detail}" if detail else action,
            )
        )
    return lines


def first_break(workspace: WorkspaceId, entries: Sequence[JournalEntry]) -> int | None:
    """The number of the first entry at which the journal's chain of hashes breaks; None where it holds."""
    previous = NO_HASH
    for seq, entry in enumerate(entries, 1):
        expected = journal_hash(workspace, seq, previous, entry.time, entry.actor, entry.action, entry.detail)
        if (entry.seq, entry.previous, entry.hash) != (seq, previous, expected):
            return seq
        previous = entry.hash
    return None


__all__ = ["alarm_lines", "event_lines", "first_break", "journal_lines", "place_of", "sign_in_lines"]
