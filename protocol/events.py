"""Events in the directory: what members note about what they did. Nobody changes one, not even its author.

An event's record id is made from its author and its fields, so a put on that id with other fields, or by anybody else,
is void for every client by the commit alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from protocol.codec import encode
from protocol.ids import ID_SIZE, MemberId, RecordId
from protocol.operations import Put, Value
from protocol.signing import Namespace, digest

EVENT_TYPE = "event"
"""Record type of the directory: the field `by` is the author's member id in hex."""


def event_id(author: MemberId, fields: Mapping[str, Value]) -> RecordId:
    """The record id (16 bytes) of an event with exactly these fields: in EVENT, of member || message of the fields."""
    return digest(Namespace.EVENT, author, encode(dict(fields)))[:ID_SIZE]


def is_event_of(author: MemberId, operation: Put) -> bool:
    """Whether the put is an event that `author` may note."""
    return operation.fields.get("by") == author.hex() and operation.record == event_id(
        author, operation.fields
    )
