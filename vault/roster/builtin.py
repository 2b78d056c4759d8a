"""The roles that every new workspace starts with, and the name records of the directory.

A role's id is random in each workspace, so the server learns nothing from it; what it is called stands in the
directory log, as a record of type `name` whose record id is the subject's id.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocol.ids import GROUP_COMPARTMENTS, Compartment, Level, Permission, Reach
from protocol.operations import Value
from protocol.roster import Access

NAME_TYPE = "name"
"""Record type of the directory: fields `kind` (member, group, role), `subject` (32 hex digits), `name`."""


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """A role before it has an id: a stable key for programs, a name for people, and what it allows."""

    key: str
    name: str
    accesses: tuple[Access, ...]
    permissions: Permission


def _access(compartment: Compartment, level: Level, reach: Reach = Reach.GROUP) -> Access:
    return Access(compartment, level, reach)


_EVERYTHING = tuple(_access(compartment, Level.WRITE) for compartment in GROUP_COMPARTMENTS)
_TIDY = Permission.DELETE | Permission.RESTORE

TEAM_ADMIN = RoleTemplate(
    "team-admin",
    "Team Admin",
    _EVERYTHING,
    Permission(sum(flag.value for flag in Permission)),
)
MANAGER = RoleTemplate(
    "manager",
    "Manager",
    _EVERYTHING,
    _TIDY
    | Permission.MANAGE_CATALOGUE
    | Permission.MANAGE_GROUP
    | Permission.MERGE
    | Permission.BULK_EDIT
    | Permission.IMPORT
    | Permission.EXPORT,
)
SALES_REP = RoleTemplate(
    "sales-rep",
    "Sales rep",
    (
        _access(Compartment.CATALOGUE, Level.READ),
        _access(Compartment.CONTACTS, Level.WRITE),
        _access(Compartment.SALES, Level.WRITE, Reach.OWN),
        _access(Compartment.DOCUMENTS, Level.WRITE, Reach.OWN),
    ),
    _TIDY | Permission.MERGE,
)
ASSISTANT = RoleTemplate(
    "assistant",
    "Assistant",
    (
        _access(Compartment.CATALOGUE, Level.READ),
        _access(Compartment.CONTACTS, Level.WRITE),
        _access(Compartment.DOCUMENTS, Level.WRITE),
    ),
    _TIDY | Permission.MERGE | Permission.IMPORT,
)
READ_ONLY = RoleTemplate(
    "read-only",
    "Read only",
    (
        _access(Compartment.CATALOGUE, Level.READ),
        _access(Compartment.CONTACTS, Level.READ),
        _access(Compartment.SALES, Level.READ),
        _access(Compartment.DOCUMENTS, Level.READ),
    ),
    Permission(0),
)

BUILT_IN_ROLES = (TEAM_ADMIN, MANAGER, SALES_REP, ASSISTANT, READ_ONLY)


def name_fields(kind: str, subject: bytes, name: str) -> dict[str, Value]:
    """The fields of a name record; its record id must be `subject` (16 bytes)."""
    return {"kind": kind, "subject": subject.hex(), "name": name}
