"""Bodies about the second factor of an account, and about what a server says of sign-ins and of its operator.

The journal is hash-chained per workspace: `journal_hash` binds each entry to the one before, so that an admin's client
that keeps the head notices a journal that was cut, changed or begun anew.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.codec import Message, encode
from protocol.ids import WorkspaceId, sha256
from protocol.limits import MAX_SUCCESSIONS
from protocol.signing import Namespace, digest
from protocol.wire import BundleUpload, Login


class SecondFactor(Message, frozen=True):
    enabled: bool
    codes_left: int  # recovery codes that were not used yet


class SecondFactorBegin(Message, frozen=True, tag_field="change", tag="begin"):
    """A new secret, which counts once it is confirmed."""


class SecondFactorConfirm(Message, frozen=True, tag_field="change", tag="confirm"):
    code: str


class SecondFactorDisable(Message, frozen=True, tag_field="change", tag="disable"):
    code: str


class SecondFactorCodes(Message, frozen=True, tag_field="change", tag="codes"):
    """New recovery codes in the place of those that there are."""

    code: str


class SecondFactorChange(Message, frozen=True):
    """`code` of confirm is one of the new secret's; of disable and codes, also a recovery code."""

    change: SecondFactorBegin | SecondFactorConfirm | SecondFactorDisable | SecondFactorCodes


class SecondFactorReply(Message, frozen=True):
    """After `begin` the secret (20 bytes, RFC 6238); after `confirm` and `codes` ten recovery codes, this once."""

    secret: bytes
    recovery_codes: list[str]


class JournalEntry(Message, frozen=True):
    """What the operator or a program of his touched. `seq` counts from 1; `time` is in Unix seconds."""

    seq: int
    time: int
    actor: str
    action: str
    detail: str
    previous: bytes
    hash: bytes


class JournalPage(Message, frozen=True):
    """Entries from `first` on; `head_position` and `head` are the newest entry's number and hash, 0 and 32 zero bytes
    for an empty journal."""

    first: int
    entries: list[JournalEntry]
    head_position: int
    head: bytes


def journal_hash(
    workspace: WorkspaceId, seq: int, previous: bytes, time: int, actor: str, action: str, detail: str
) -> bytes:
    """In OPERATOR_JOURNAL: workspace || be8(seq) || previous (32) || SHA-256(message [time, actor, action, detail])."""
    rest = sha256(encode([time, actor, action, detail]))
    return digest(Namespace.OPERATOR_JOURNAL, workspace, seq.to_bytes(8, "big"), previous, rest)


class SignIn(Message, frozen=True):
    """The server's word about one attempt to log in; `ok` is false for a wrong signature and for a wrong code."""

    member: bytes
    device_name: str
    time: int
    ok: bool


class SignIns(Message, frozen=True):
    sign_ins: list[SignIn]


class SuccessionStatement(Message, frozen=True):
    """What a login key signs, in ACCOUNT_SUCCESSION, about the one that takes its place (or its own next bundle)."""

    handle: str
    first: int  # it holds while the account's bundle has this version or a later one, and one below `version`
    version: int
    login_key: bytes
    bundle_hash: bytes  # SHA-256 of the sealed bundle of `version`


class Succession(Message, frozen=True):
    statement: SuccessionStatement
    signature: bytes


class LoginForward(Message, frozen=True):
    """A login by the key that `successions` lead to from the one that the server has; it then has `bundle`."""

    login: Login
    successions: Annotated[list[Succession], Meta(max_length=MAX_SUCCESSIONS)]
    bundle: BundleUpload
