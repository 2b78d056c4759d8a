"""The strict parse of an opened body."""

from __future__ import annotations

import pytest

from protocol import (
    MAX_FIELDS,
    MAX_OPERATIONS,
    Body,
    Delete,
    FormatError,
    Moved,
    Put,
    encode_body,
    parse_body,
)
from tests.protocol.world import refused, seeded

RECORD = seeded("record", size=16)
ACTION = seeded("action", size=16)


def test_a_body_survives() -> None:
    body = Body(ACTION, 1, 2, 7, [Put("deal", RECORD, {"b": 1, "a": {"amount": 5, "currency": "EUR"}}, 3)])
    assert parse_body(encode_body(body)) == body


@pytest.mark.parametrize(
    "body",
    [
        Body(ACTION[:15], 1, 1, 7, []),
        Body(ACTION, 0, 1, 7, []),
        Body(ACTION, 2, 1, 7, []),
        Body(ACTION, 1, 1_001, 7, []),
        Body(ACTION, 1, 1, -1, []),
        Body(ACTION, 1, 1, 7, [Put("", RECORD, {}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD[:15], {}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {"": 1}, 0)]),
        Body(ACTION, 1, 1, 7, [Delete("deal", RECORD, -1)]),
        Body(ACTION, 1, 1, 7, [Moved("deal", RECORD, bytes(32), 0)]),
    ],
)
def test_a_body_that_cannot_be(body: Body) -> None:
    with pytest.raises(FormatError):
        parse_body(encode_body(body))


@pytest.mark.parametrize(
    "body",
    [
        Body(ACTION, 1, 1, 7, [Delete("deal", RECORD, 0)] * (MAX_OPERATIONS + 1)),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {f"f{n}": n for n in range(MAX_FIELDS + 1)}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {"text": "x" * ((1 << 19) + 1)}, 0)]),
    ],
)
def test_a_body_beyond_its_limits(body: Body) -> None:
    with refused("too-large", FormatError):
        parse_body(encode_body(body))
