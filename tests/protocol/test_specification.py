"""The tables of SPEC.md against the code: what a table leaves out, or names otherwise, is a bug of one of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import protocol
from protocol import (
    commit,
    ids,
    limits,
    operations,
    roster,
    wire,
    wire_recovery,
    wire_security,
    wire_transfer,
)
from protocol.codec import Message
from protocol.codes import CommitCode, RosterCode
from protocol.signing import Namespace
from server.http.app import ALL_ENDPOINTS

SPEC = (Path(protocol.__file__).parent / "SPEC.md").read_text(encoding="utf-8")
SECTIONS = {
    int(part.split(".")[0]): part for part in re.split(r"^## (?=\d+\. )", SPEC, flags=re.MULTILINE)[1:]
}


def _rows(section: int) -> list[list[str]]:
    """The cells of each row of the tables in a section, without code marks."""
    found = []
    for line in SECTIONS[section].splitlines():
        if line.startswith("| "):
            # a bar inside code is written with a backslash
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            found.append([cell.replace("`", "").strip() for cell in cells])
    return found


def _plain(name: str) -> str:
    """`MemberRemove`, "member remove" and "set standing" alike."""
    return re.sub(r"[^a-z]", "", name.lower())


def _tags(types: Iterable[type]) -> dict[int, str]:
    return {kind.__struct_config__.tag: _plain(kind.__name__) for kind in types}  # type: ignore[attr-defined]


def _count(fields: str) -> int:
    """How many fields a cell of a table names, lists counted once."""
    depth, number = 0, 1
    for letter in fields:
        depth += letter in "([{"
        depth -= letter in ")]}"
        number += letter == "," and depth == 0
    return number if fields and fields != "none" else 0


def test_roster_operations() -> None:
    kinds = {
        tag: kind
        for kind in vars(roster).values()
        if isinstance(kind, type) and issubclass(kind, roster.Operation) and kind is not roster.Operation
        for tag in [kind.__struct_config__.tag]
    }
    rows = {int(row[0]): row for row in _rows(8) if row[0].isdigit()}
    assert {tag: _plain(row[1]) for tag, row in rows.items()} == _tags(kinds.values())
    for tag, row in rows.items():
        assert _count(row[2]) == len(kinds[tag].__struct_fields__), row


def test_operations_on_records() -> None:
    kinds = (operations.Put, operations.Delete, operations.Restore, operations.Moved, operations.Erase)
    rows = {int(row[0]): _plain(row[1]) for row in _rows(13) if row[0].isdigit()}
    assert rows == _tags(kinds)


def test_kinds_of_commits_and_fields_of_a_header() -> None:
    rows = {row[0]: row for row in _rows(11)}
    assert dict(re.findall(r"(\d) (\w+)", rows["kind"][2])) == {
        str(int(kind)): kind.name.lower() for kind in commit.Kind
    }
    fields = [_plain(row[0]) for row in _rows(11) if row[0] not in ("field", "---")]
    assert fields == [_plain(name) for name in commit.Header.__struct_fields__]


def test_fields_of_an_entry() -> None:
    fields = [_plain(row[0]) for row in _rows(8)[1:8]]
    assert fields == [_plain(name) for name in roster.EntryBody.__struct_fields__]


@pytest.mark.parametrize("values", [ids.Standing, ids.Level, ids.Reach, ids.Compartment])
def test_small_enumerations(values: type[enum.IntEnum]) -> None:
    words = ", ".join(f"{int(each)} {each.name.lower()}" for each in values)
    assert words in " ".join(SPEC.split())


def test_permissions() -> None:
    text = " ".join(SECTIONS[8].split())
    for permission in ids.Permission:
        name = permission.name
        assert name is not None
        words = {name.lower().replace("_", "-"), name.lower().replace("_", " ")}
        assert any(f"{int(permission):,} {word}" in text for word in words), name


def test_namespaces() -> None:
    named = {name.strip() for row in _rows(2) for name in row[0].split(",")} - {"---"}
    assert named - {"namespace (after tacit/v1/)"} == {
        each.value.decode().removeprefix("tacit/v1/") for each in Namespace
    }


@pytest.mark.parametrize("codes", [RosterCode, CommitCode, wire.ErrorCode])
def test_codes_of_errors(codes: type[enum.StrEnum]) -> None:
    assert [code.value for code in codes if f"`{code.value}`" not in SPEC] == []


def test_limits() -> None:
    """Every bound stands in section 1 (or, for lengths of keys and wraps, beside what has them)."""
    numbers = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", SPEC) if number.strip(",")}
    bounds = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert [name for name, value in bounds.items() if value not in numbers] == []


def _messages() -> dict[str, type[Message]]:
    return {
        name: kind
        for module in (wire, wire_recovery, wire_security, wire_transfer)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, Message) and kind.__module__ == module.__name__
    }


NAMED_ELSEWHERE = {
    "ErrorReply",  # `[code, message]`
    "LoginStatement",  # section 7
    "SecondFactorBegin", "SecondFactorConfirm", "SecondFactorDisable", "SecondFactorCodes",  # one row for all
    "SessionInfo", "SignIn", "SignedHeader", "LogHead", "Placement", "PlacedCommit", "HeldShare", "OpenRequest",
}  # fmt: skip
"""Items of lists are written out in the row of the message that holds them."""


def test_messages_of_the_wire() -> None:
    named = {name.strip() for row in _rows(16) for name in row[0].split(";")}
    there = set(_messages())
    assert sorted(there - named - NAMED_ELSEWHERE) == []
    assert sorted(name for name in named if re.fullmatch(r"[A-Z][A-Za-z]+", name) and name not in there) == []


def test_fields_of_messages() -> None:
    """The number of fields of each message that has a row of its own."""
    messages = _messages()
    for row in _rows(16):
        kind = messages.get(row[0])
        if kind is None or row[0] in ("SecondFactorChange",):
            continue
        tagged = kind.__struct_config__.tag is not None
        cell = row[1].replace("; body", "")
        expected = len(kind.__struct_fields__) + tagged
        assert _fields_of(cell) == expected, row


def _fields_of(cell: str) -> int:
    # remarks after a last comma say something of a field, and name no type
    remarks = (", one for each trustee in their order", ", from the genesis on")
    for remark in remarks:
        cell = cell.replace(remark, "")
    return _count(cell)


def _routes() -> set[tuple[str, str]]:
    found = set()
    for row in _rows(16):
        match = re.fullmatch(r"((?:GET|PUT|POST)(?:, (?:GET|PUT|POST))*) (\S+)", row[0])
        if match:
            path = match[2].split("?")[0].replace("…", "/v1/workspaces")
            found |= {(method, path) for method in match[1].split(", ")}
    return found


def test_routes_are_those_of_the_code() -> None:
    assert {path for _, path in _routes()} == {str(route) for route in wire.Route}


def test_methods_are_those_of_the_server() -> None:
    served = {(endpoint.method, str(endpoint.route)) for endpoint in ALL_ENDPOINTS}
    assert _routes() == served | {("GET", str(wire.Route.HEALTH))}


def test_reserved_is_refused() -> None:
    text = " ".join(SECTIONS[17].split())
    assert "pack and countersign" in text and {kind.name for kind in commit.RESERVED_KINDS} == {
        "PACK",
        "COUNTERSIGN",
    }
    assert "permission bit 32" in text and not int(ids.ALL_PERMISSIONS) & 32
