"""Notes, tasks and files, which live in the home of the record that they hang on, and the directory's
names.
"""

from __future__ import annotations

from protocol import Compartment
from vault.schema import Field, FieldKind, Option, RecordType, Search

NOTE = RecordType(
    name="note",
    code=5,
    label="Note",
    plural="Notes",
    compartment=Compartment.CONTACTS,
    follows="about",
    fields=(
        Field("body", "Text", FieldKind.LONG_TEXT, search=Search.TEXT, required=True),
        Field("about", "About", FieldKind.REF, column=True),
        Field("written", "Written", FieldKind.DATETIME, column=True),
        Field("author", "Author", FieldKind.MEMBER, column=True),
        Field("external_id", "External id"),
    ),
)

TASK = RecordType(
    name="task",
    code=6,
    label="Task",
    plural="Tasks",
    compartment=Compartment.CONTACTS,
    follows="about",
    fields=(
        Field("title", "Title", column=True, search=Search.TITLE, required=True),
        Field("due", "Due", FieldKind.DATE, column=True),
        Field("done", "Done", FieldKind.BOOL, column=True),
        Field("about", "About", FieldKind.REF, column=True),
        Field("assignee", "Assigned to", FieldKind.MEMBER, column=True),
        Field("notes", "Notes", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("external_id", "External id"),
    ),
)

# One record per subject: its record id is the subject's own id, so that two desks that name one group write
# one record, and the later name stands.
NAME = RecordType(
    name="name",
    code=8,
    label="Name",
    plural="Names",
    compartment=Compartment.DIRECTORY,
    fields=(
        Field(
            "kind",
            "Kind",
            FieldKind.CHOICE,
            column=True,
            required=True,
            options=(
                Option("member", "Member", 1),
                Option("group", "Group", 2),
                Option("role", "Role", 3),
                Option("workspace", "Workspace", 4),
            ),
        ),
        Field("subject", "Subject", column=True, required=True),  # 32 hex digits
        Field("name", "Name", column=True, required=True),
    ),
)

FILE = RecordType(
    name="file",
    code=9,
    label="File",
    plural="Files",
    compartment=Compartment.DOCUMENTS,
    follows="about",
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("size", "Size", FieldKind.INTEGER, column=True),  # bytes
        Field("media_type", "Kind", column=True),
        Field("content", "Content id"),  # 32 hex digits: under which the server keeps the sealed chunks
        Field("content_key", "Content key"),  # 64 hex digits: the key of this file alone
        Field("about", "About", FieldKind.REF, column=True),
    ),
)
