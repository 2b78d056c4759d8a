"""Bodies of requests and replies: strict like everything else."""

from __future__ import annotations

import string

import pytest

from protocol import (
    BundleUpload,
    Challenge,
    Commit,
    CreateAccount,
    Entry,
    ErrorReply,
    FormatError,
    Heads,
    InvitationProof,
    LogHead,
    Message,
    PlacedCommit,
    Placement,
    PullPage,
    Push,
    PushReply,
    Route,
    SignupCode,
    Wrap,
    decode,
    encode,
)

COMMIT = Commit(b"header", b"signature", b"body")
WRAP = Wrap(b"log", 2, b"recipient", b"sealed")

MESSAGES: list[Message] = [
    CreateAccount("ann", b"key", BundleUpload(1, b"sealed"), SignupCode("")),
    CreateAccount("ann", b"key", BundleUpload(1, b"sealed"), InvitationProof(b"w", b"i", b"s")),
    Challenge(b"challenge"),
    PullPage(3, [Entry(b"body", b"signature")], [WRAP], [PlacedCommit(b"log", 7, COMMIT)], 9, True),
    Heads(3, b"hash", [LogHead(b"log", 1, b"chain", 2)]),
    Push([COMMIT], [WRAP]),
    PushReply([Placement(b"log", 1, b"chain")], 4, 5),
    ErrorReply("format", "x"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_messages_survive_and_take_nothing_else(message: Message) -> None:
    data = encode(message)
    assert decode(data, type(message), 1_000) == message
    for varied in (data + b"\0", data[:-1], data[:1], b"\xc0", bytes((data[0] + 1,)) + data[1:] + b"\xc0"):
        with pytest.raises(FormatError):
            decode(varied, type(message), 1_000)


@pytest.mark.A16
def test_an_admission_of_another_tag() -> None:
    data = encode(MESSAGES[0])
    with pytest.raises(FormatError):
        decode(data.replace(b"\xa4code", b"\xa4none"), CreateAccount, 1_000)


@pytest.mark.A19
def test_urls_name_workspaces_logs_and_files_only() -> None:
    allowed = {"workspace", "log", "file", "index"}
    for route in Route:
        names = {name for _, name, _, _ in string.Formatter().parse(route.value) if name}
        assert names <= allowed
