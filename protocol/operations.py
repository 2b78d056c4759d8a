"""What is inside an opened commit body: operations on records.

A body is `[action, part, parts, time, operations]`. `time` is the author's clock (Unix seconds), shown to people
and never used in a rule. An operation is an array whose first item is its kind, so that unknown types and fields
pass through older clients unchanged.
"""

from __future__ import annotations

from protocol.codec import Message, decode, encode
from protocol.errors import FormatError
from protocol.ids import ID_SIZE, ActionId, LogId, RecordId
from protocol.limits import MAX_FIELDS, MAX_OPENED, MAX_OPERATIONS, MAX_VALUE

Value = bool | int | str | dict[str, bool | int | str | None] | None
"""A field's value. No floats (no canonical money in them) and no bytes (a photo is base64 text)."""


class Put(Message, frozen=True, tag_field="operation", tag=1):
    """Set fields. `seen` is the log position of the state that the user had before him."""

    type: str
    record: RecordId
    fields: dict[str, Value]
    seen: int


class Delete(Message, frozen=True, tag_field="operation", tag=2):
    type: str
    record: RecordId
    seen: int


class Restore(Message, frozen=True, tag_field="operation", tag=3):
    type: str
    record: RecordId
    seen: int


class Moved(Message, frozen=True, tag_field="operation", tag=4):
    """Left behind in the old home: the record now lives in `target`, under an id derived from this mark."""

    type: str
    record: RecordId
    target: bytes
    seen: int


class Erase(Message, frozen=True, tag_field="operation", tag=5):
    """Reserved."""

    type: str
    record: RecordId


Operation = Put | Delete | Restore | Moved | Erase


class Body(Message, frozen=True):
    """The opened body of a DATA commit."""

    action: ActionId
    part: int
    parts: int
    time: int
    operations: list[Operation]


class RotateBody(Message, frozen=True):
    """The opened body of a ROTATE commit: the key of `carried_generation`, or empty in a log's first."""

    key: bytes


class BridgeBody(Message, frozen=True):
    """The opened body of a BRIDGE commit: the key (32 bytes) of the generation that its header names."""

    key: bytes


class NumberBody(Message, frozen=True):
    """The opened body of a NUMBER commit: the record that takes the number."""

    record: RecordId
    time: int


def encode_body(body: Body | RotateBody | BridgeBody | NumberBody) -> bytes:
    return encode(body)


def parse_body(data: bytes) -> Body:
    """Strict parse within the limits of the format. Raises FormatError."""
    body = decode(data, Body, MAX_OPENED)
    if len(body.action) != ID_SIZE or not 1 <= body.part <= body.parts <= 1_000:
        raise FormatError("body: bad action or part")
    if not 0 <= body.time < 1 << 40:
        raise FormatError("body: bad time")
    if len(body.operations) > MAX_OPERATIONS:
        raise FormatError("body: too many operations", "too-large")
    for operation in body.operations:
        _check_operation(operation)
    return body


def _check_operation(operation: Operation) -> None:
    if len(operation.record) != ID_SIZE or not 1 <= len(operation.type) <= 64:
        raise FormatError("operation: bad record or type")
    if not isinstance(operation, Erase) and not 0 <= operation.seen < 1 << 53:
        raise FormatError("operation: bad position seen")
    if isinstance(operation, Put):
        _check_fields(operation.fields)
    elif isinstance(operation, Moved):
        LogId.decode(operation.target)


def _check_fields(fields: dict[str, Value]) -> None:
    if len(fields) > MAX_FIELDS:
        raise FormatError("put: too many fields", "too-large")
    for name, value in fields.items():
        if not 1 <= len(name) <= 128:
            raise FormatError("put: bad field name")
        if isinstance(value, str):
            if len(value) > MAX_VALUE:
                raise FormatError("put: value too large", "too-large")
        elif isinstance(value, dict):
            for text in value.values():
                if isinstance(text, str) and len(text) > MAX_VALUE:
                    raise FormatError("put: value too large", "too-large")
