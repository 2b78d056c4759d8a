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
    GroupCreate,
    Heads,
    InvitationProof,
    LogHead,
    Login,
    LoginStatement,
    MemberGrant,
    Message,
    PlacedCommit,
    Placement,
    PullPage,
    Push,
    PushReply,
    RestoreWorkspace,
    Route,
    SignupCode,
    Wrap,
    decode,
    encode,
)
from protocol import wire_recovery as recovery
from protocol import wire_security as security

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
    Login(LoginStatement(b"c", "https://a.example", "ann", 7), b"signature", "desk", "123456"),
    RestoreWorkspace([Entry(b"body", b"signature")], [PlacedCommit(b"log", 7, COMMIT)], [WRAP]),
    GroupCreate(b"g", [MemberGrant(b"m", b"r")], True),
    security.SecondFactor(True, 7),
    security.SecondFactorChange(security.SecondFactorBegin()),
    security.SecondFactorChange(security.SecondFactorConfirm("123456")),
    security.SecondFactorReply(b"secret", ["code"]),
    security.JournalPage(1, [security.JournalEntry(1, 2, "a", "b", "c", b"p", b"h")], 1, b"head"),
    security.SignIns([security.SignIn(b"member", "desk", 7, True)]),
    recovery.RecoveryUpload(b"entry", b"box", [recovery.WrappedShare(b"trustee", b"sealed")]),
    recovery.RecoveryShares([recovery.HeldShare(b"m", b"e", b"s")], [recovery.OpenRequest(b"m", b"k", 7)]),
    recovery.RecoveryAsked(b"workspace", b"member"),
    recovery.RecoverAccount(
        recovery.AccountRecovery(b"w", b"m", "ann", b"request", b"key", BundleUpload(2, b"sealed")), b"sig"
    ),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_messages_survive_and_take_nothing_else(message: Message) -> None:
    data = encode(message)
    assert decode(data, type(message), 1_000) == message
    for varied in (data + b"\0", data[:-1], data[:1], b"\xc0", bytes((data[0] + 1,)) + data[1:] + b"\xc0"):
        with pytest.raises(FormatError):
            decode(varied, type(message), 1_000)


def test_what_was_shorter_before_is_refused() -> None:
    """No field of a message may be left out, those that have a value by default included."""
    login = encode(Login(LoginStatement(b"c", "o", "ann", 7), b"signature", "desk"))
    group = encode(GroupCreate(b"g", [MemberGrant(b"m", b"r")]))
    for data, last, kind in ((login, b"\xa0", Login), (group, b"\xc2", GroupCreate)):
        assert data.endswith(last)
        with pytest.raises(FormatError):
            decode(bytes((data[0] - 1,)) + data[1:-1], kind, 1_000)


def test_each_part_of_a_journals_entry_changes_its_hash() -> None:
    given: tuple[bytes, int, bytes, int, str, str, str] = (bytes(32), 1, bytes(32), 7, "op", "backup", "x")
    others: tuple[bytes, int, bytes, int, str, str, str] = (b"w" * 32, 2, b"p" * 32, 8, "o", "restore", "y")
    hashes = {security.journal_hash(*given)}
    for index in range(len(given)):
        varied = (*given[:index], others[index], *given[index + 1 :])
        hashes.add(security.journal_hash(*varied))  # type: ignore[arg-type]  # each of its own type
    assert len(hashes) == len(given) + 1


def test_a_share_and_a_request_are_bound_to_whom_they_are_for() -> None:
    ids = (bytes(32), bytes(16), b"t" * 16)
    shares = {
        recovery.share_digest(*ids, b"share"),
        recovery.share_digest(b"w" * 32, *ids[1:], b"share"),
        recovery.share_digest(ids[0], b"m" * 16, ids[2], b"share"),
        recovery.share_digest(*ids[:2], b"u" * 16, b"share"),
        recovery.share_digest(*ids, b"other"),
    }
    assert len(shares) == 5
    assert recovery.request_digest(*ids[:2], b"k") != recovery.request_digest(ids[0], b"m" * 16, b"k")


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
