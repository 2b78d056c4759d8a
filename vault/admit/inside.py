"""The inside stage: open a commit's body and judge what it says.

A pure function of the header, the body, the key that the log's signed rotate commit names, and the roster at the
position that the header names. So every client comes to the same verdict; what it holds besides plays no part.
"""

from __future__ import annotations

import enum

from protocol.access import permissions
from protocol.codec import decode
from protocol.commit import Header
from protocol.errors import FormatError
from protocol.events import EVENT_TYPE, is_event_of
from protocol.ids import KEY_SIZE, Compartment, MemberId, Permission, Standing
from protocol.operations import (
    Body,
    BridgeBody,
    Delete,
    Erase,
    Operation,
    Put,
    Restore,
    RotateBody,
    parse_body,
)
from protocol.state import RosterState
from vault.keys import OpenedBody, OpenFailed, body_context, check_key, open_body_kept
from vault.keys.errors import KeyRefused
from vault.roster.builtin import NAME_TYPE

MAX_KEY_BODY = 1 << 10
"""Bytes of an opened body that carries a key."""


class AsideReason(enum.StrEnum):
    """Why a commit was set aside. Stable: kept in the vault beside the commit, and explained to people in the app."""

    WAITING = "waiting"  # for its key: nobody's fault, and not final
    NOT_OPENED = "not-opened"
    FORMAT = "format"
    PERMISSION = "permission"
    SEEN = "seen"
    CARRIED_KEY = "carried-key"
    RESERVED = "reserved"
    CUT_OFF = "cut-off"


class SetAside(Exception):
    """Raised by the inside stage: the whole commit does not count."""

    def __init__(self, reason: AsideReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason


def _opened(header: Header, key: bytes, sealed: bytes) -> OpenedBody:
    context = body_context(header.workspace, header.log_id, header.generation)
    try:
        return open_body_kept(key, context, header.associated_data(), sealed)
    except OpenFailed:
        raise SetAside(AsideReason.NOT_OPENED) from None


def open_data(
    header: Header, key: bytes, sealed: bytes, state: RosterState, author: MemberId
) -> tuple[Body, OpenedBody]:
    """The operations of a DATA commit, and what is kept of its body. `state` is the roster at the header's roster
    position. Raises SetAside."""
    opened = _opened(header, key, sealed)
    try:
        body = parse_body(opened.plaintext)
    except FormatError as error:
        raise SetAside(AsideReason.FORMAT, str(error)) from None
    may = _Judge(header, state, author)
    for operation in body.operations:
        may.check(operation)
    return body, opened


def open_rotate(header: Header, key: bytes, sealed: bytes, carried_hash: bytes) -> bytes:
    """The key of the generation that a ROTATE carries (empty in a log's first). `carried_hash` is that key's hash
    from its own rotate commit. Raises SetAside."""
    try:
        carried = decode(_opened(header, key, sealed).plaintext, RotateBody, MAX_KEY_BODY).key
    except FormatError as error:
        raise SetAside(AsideReason.FORMAT, str(error)) from None
    if header.carried_generation == 0:
        if carried:
            raise SetAside(AsideReason.CARRIED_KEY, "a key where the header names none")
        return b""
    return _checked(header, header.carried_generation, carried, carried_hash)


def open_bridge(header: Header, key: bytes, sealed: bytes, skipped_hash: bytes) -> bytes:
    """The key of the skipped generation that a BRIDGE carries. `skipped_hash`: its hash from its own rotate commit.
    Raises SetAside."""
    try:
        skipped = decode(_opened(header, key, sealed).plaintext, BridgeBody, MAX_KEY_BODY).key
    except FormatError as error:
        raise SetAside(AsideReason.FORMAT, str(error)) from None
    return _checked(header, header.bridged_generation, skipped, skipped_hash)


def _checked(header: Header, generation: int, key: bytes, expected: bytes) -> bytes:
    if len(key) != KEY_SIZE:
        raise SetAside(AsideReason.CARRIED_KEY, "not a key")
    try:
        check_key(header.workspace, header.log_id, generation, key, expected)
    except KeyRefused:
        raise SetAside(AsideReason.CARRIED_KEY, "not the key that its rotate names") from None
    return key


class _Judge:
    """What one author may do in one commit, by the roster that its header names."""

    def __init__(self, header: Header, state: RosterState, author: MemberId) -> None:
        self._seen = header.seen_position
        self._author = author
        log = header.log_id
        self._directory = log.compartment is Compartment.DIRECTORY
        if self._directory:
            self._admin = state.members[author].standing is not Standing.MEMBER
            self._allowed = Permission(0)
        else:
            self._admin = False
            # Writing a catalogue is MANAGE_CATALOGUE itself, and so a matter of the header stage.
            self._allowed = permissions(state, author, log.group)

    def _need(self, permission: Permission) -> None:
        if permission not in self._allowed:
            raise SetAside(AsideReason.PERMISSION, permission.name or "")

    def check(self, operation: Operation) -> None:
        if isinstance(operation, Erase):
            raise SetAside(AsideReason.RESERVED, "erase")
        if operation.seen > self._seen:
            raise SetAside(AsideReason.SEEN, "an operation has seen more than its commit")
        if self._directory:
            self._check_directory(operation)
        elif isinstance(operation, Delete):
            self._need(Permission.DELETE)
        elif isinstance(operation, Restore):
            self._need(Permission.RESTORE)

    def _check_directory(self, operation: Operation) -> None:
        """A member writes his own name, admins any; a name's record id is its subject's id. Events are their author's,
        and stay as they are."""
        if operation.type == EVENT_TYPE:
            if isinstance(operation, Put) and is_event_of(self._author, operation):
                return
            raise SetAside(AsideReason.PERMISSION, "an event that is not its author's, or is changed")
        if isinstance(operation, Put) and operation.type == NAME_TYPE:
            subject = operation.fields.get("subject", operation.record.hex())
            if subject != operation.record.hex():
                raise SetAside(AsideReason.PERMISSION, "a name that is about somebody else")
            if self._admin:
                return
            if operation.record == self._author and operation.fields.get("kind", "member") == "member":
                return
        elif self._admin:
            return
        raise SetAside(AsideReason.PERMISSION, "in the directory a member writes his own name only")
