"""The audit trail as files: CSV to read, JSON lines to verify (`docs/audit-format.md`).

JSON lines carry the raw signed entries of the whole roster, whatever the filter: whoever has the file, and trusts
nobody, folds them from the genesis on (`check_lines`). CSV has the lines that were chosen, and is safe to open in a
spreadsheet.
"""

from __future__ import annotations

import base64
import csv
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO, cast

from app.crm.escaping import escape_cell
from app.desk.audit import Trail
from app.desk.audit_line import BASIS_WORDS, KIND_WORDS, AuditLine
from app.desk.audit_roster import verify_roster
from app.desk.audit_sources import first_break
from protocol.roster import Entry
from protocol.wire_security import JournalEntry

FORMAT = "tacit-audit"
VERSION = 1
LONGEST_LINE = 1 << 20
COLUMNS = ("time (UTC)", "who", "what", "about", "holds by", "source", "number", "remark", "hash")


def moment(at: int) -> str:
    """ISO 8601 in UTC; what somebody claimed may be any number."""
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    except (OverflowError, ValueError, OSError):
        return f"@{at}"


def write_csv(lines: Iterable[AuditLine], trail: Trail, stream: TextIO) -> int:
    """How many lines were written."""
    out = csv.writer(stream, lineterminator="\r\n")
    out.writerow(COLUMNS)
    written = 0
    for line in lines:
        row = (
            moment(line.at),
            line.who,
            line.words,
            KIND_WORDS[line.kind],
            BASIS_WORDS[line.basis],
            line.source,
            str(line.number),
            line.doubt,
            _hash(line, trail),
        )
        out.writerow([escape_cell(cell) for cell in row])
        written += 1
    return written


def write_json_lines(lines: Iterable[AuditLine], trail: Trail, stream: TextIO) -> int:
    """The head, the chosen lines, then everything raw that is needed to verify; how many lines were chosen."""
    position, head = trail.head
    _put(
        stream,
        {
            "format": FORMAT,
            "version": VERSION,
            "workspace": trail.workspace.hex(),
            "read_at": moment(trail.read_at),
            "roster": {"position": position, "head": head.hex()},
            "journal": {"entries": len(trail.journal)},
        },
    )
    written = 0
    for line in lines:
        _put(stream, line_object(line))
        written += 1
    for number, entry in enumerate(trail.entries, 1):
        raw = {"body": _base64(entry.body), "signature": _base64(entry.signature)}
        _put(stream, {"raw": "roster", "number": number, **raw})
    for one in trail.journal:
        _put(
            stream,
            {
                "raw": "journal",
                "number": one.seq,
                "time": one.time,
                "actor": one.actor,
                "action": one.action,
                "detail": one.detail,
                "previous": one.previous.hex(),
                "hash": one.hash.hex(),
            },
        )
    return written


def line_object(line: AuditLine) -> dict[str, str | int]:
    """A line as an object of JSON; members by id, as the roster has them."""
    found: dict[str, str | int] = {
        "time": moment(line.at),
        "kind": line.kind.value,
        "who": line.who,
        "what": line.words,
        "holds_by": line.basis.value,
        "source": line.source,
        "number": line.number,
    }
    if line.member is not None:
        found["member"] = line.member.hex()
    if line.about is not None:
        found["about"] = line.about.hex()
    if line.doubt:
        found["remark"] = line.doubt
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file proves. `problem` is "" where all of it holds."""

    workspace: str
    roster_entries: int
    roster_head: str
    journal_entries: int
    problem: str = ""


def check_lines(stream: Iterable[str]) -> Checked:
    """Verify an exported file, with nothing but its own bytes (slow): the roster from the genesis on, the chain of
    the operator's journal. Raises ValueError for what is no such file."""
    rows = _rows(stream)
    head = next(rows, None)
    if head is None or head.get("format") != FORMAT or head.get("version") != VERSION:
        raise ValueError("not an audit file of this version")
    workspace, roster = _bytes(head.get("workspace")), head.get("roster")
    if not isinstance(roster, dict) or not isinstance(roster.get("position"), int):
        raise ValueError("the first line does not name the head of the roster")
    entries: list[Entry] = []
    journal: list[JournalEntry] = []
    for row in rows:
        if row.get("raw") == "roster":
            entries.append(Entry(_raw(row.get("body")), _raw(row.get("signature"))))
        elif row.get("raw") == "journal":
            journal.append(_journal_entry(row))
    wanted = (cast(int, roster["position"]), _bytes(roster.get("head")))
    verified = verify_roster(workspace, entries, wanted)
    problem = verified.problem
    broken = first_break(workspace, journal)
    if not problem and broken is not None:
        problem = f"The operator’s journal breaks at its entry {broken}."
    return Checked(workspace.hex(), verified.entries, verified.head.hex(), len(journal), problem)


def _rows(stream: Iterable[str]) -> Iterator[dict[str, object]]:
    for line in stream:
        if len(line) > LONGEST_LINE:
            raise ValueError("a line is too long")
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line is no object")
            yield row


def _journal_entry(row: dict[str, object]) -> JournalEntry:
    number, at = row.get("number"), row.get("time")
    texts = [row.get(name) for name in ("actor", "action", "detail")]
    if (
        not isinstance(number, int)
        or not isinstance(at, int)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise ValueError("a line of the journal is incomplete")
    actor, action, detail = (str(text) for text in texts)
    return JournalEntry(
        number, at, actor, action, detail, _bytes(row.get("previous")), _bytes(row.get("hash"))
    )


def _hash(line: AuditLine, trail: Trail) -> str:
    if line.source == "roster" and 0 < line.number <= len(trail.entries):
        return trail.entries[line.number - 1].hash.hex()
    if line.source == "journal" and 0 < line.number <= len(trail.journal):
        return trail.journal[line.number - 1].hash.hex()
    return ""


def _put(stream: TextIO, row: object) -> None:
    stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _raw(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("an entry is incomplete")
    return base64.b64decode(value, validate=True)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("a hash is missing")
    return bytes.fromhex(value)


__all__ = ["COLUMNS", "Checked", "check_lines", "line_object", "moment", "write_csv", "write_json_lines"]
