"""What members note in the directory about what they did: exports, imports, deletions in bulk, alarms.

The signature on the record's commit says who wrote it, and nothing else is proved: a changed program notes what it
likes, or nothing. There is no content of a record in an event, only types, counts and stable words.
"""

from __future__ import annotations

from protocol import Compartment
from vault.schema import Field, FieldKind, RecordType

EVENT = RecordType(
    name="event",
    code=10,
    label="Event",
    plural="Events",
    compartment=Compartment.DIRECTORY,
    fields=(
        Field("by", "By", required=True),  # the author's member id, 32 hex digits
        Field(
            "at", "At", FieldKind.INTEGER, column=True, required=True
        ),  # Unix seconds, by the author's clock
        Field("what", "What", required=True),
        Field("kind", "Of what"),  # a record type, or the place of an alarm
        Field("count", "How many", FieldKind.INTEGER),
        Field("code", "Code"),
        Field("detail", "Detail"),
        Field("nonce", "Nonce"),
    ),
)
