"""Commits: the header in clear but authenticated, the sealed body, the chain of a log.

A commit on the wire is `[header bytes, signature, body]`. The header carries the body's hash and the signature
covers the header, so headers alone can be followed and pinned without keys. The associated data of the seal is
the header with `body_hash` zeroed: the hash of the body cannot be part of what the body authenticates.
"""

from __future__ import annotations

import enum

import msgspec

from protocol.codec import Message, decode, encode
from protocol.errors import FormatError
from protocol.ids import HASH_SIZE, ID_SIZE, NO_HASH, SIGNATURE_SIZE, DeviceId, LogId, WorkspaceId
from protocol.limits import MAX_BODY, MAX_HEADER, SEAL_OVERHEAD, VERSION
from protocol.signing import Namespace, digest


class Kind(enum.IntEnum):
    """What a commit is. Pack and countersign are reserved: no program of this version writes them, and every one
    refuses them."""

    DATA = 1
    ROTATE = 2
    BRIDGE = 3
    NUMBER = 4
    PACK = 5
    COUNTERSIGN = 6


RESERVED_KINDS = frozenset({Kind.PACK, Kind.COUNTERSIGN})


class Header(Message, frozen=True):
    """The header of a commit (`protocol/SPEC.md`, Commit header).

    `counter` starts at 1 for each device on each log; `previous` is the hash of that device's commit before (zeros
    at first). `seen_position` and `seen_chain` are the log's head that the author had, `roster_position` and
    `roster_hash` the roster's. `detail` depends on the kind: ROTATE: 32 bytes hash of the new key and 4 bytes
    big-endian generation whose key the body carries (0 in the first); BRIDGE: 4 bytes big-endian generation whose
    key the body carries; NUMBER: 16 bytes series; else empty.
    """

    version: int
    kind: Kind
    workspace: WorkspaceId
    log: bytes  # LogId, 33 bytes
    generation: int
    author: DeviceId
    counter: int
    previous: bytes
    seen_position: int
    seen_chain: bytes
    roster_position: int
    roster_hash: bytes
    detail: bytes
    body_hash: bytes

    @property
    def log_id(self) -> LogId:
        return LogId.decode(self.log)

    @property
    def key_hash(self) -> bytes:
        """ROTATE only: the hash of the new generation's key."""
        return self.detail[:HASH_SIZE]

    @property
    def carried_generation(self) -> int:
        """ROTATE only: the generation whose key is sealed in the body; 0 where there is none."""
        return int.from_bytes(self.detail[HASH_SIZE:], "big")

    @property
    def bridged_generation(self) -> int:
        """BRIDGE only: the generation whose key is sealed in the body."""
        return int.from_bytes(self.detail, "big")

    def associated_data(self) -> bytes:
        """What the body's seal authenticates: the header without the body's hash."""
        return encode(msgspec.structs.replace(self, body_hash=NO_HASH))


DETAIL_SIZES = {Kind.DATA: 0, Kind.ROTATE: HASH_SIZE + 4, Kind.BRIDGE: 4, Kind.NUMBER: ID_SIZE}


class Commit(Message, frozen=True):
    """A commit as it travels and is stored: exact header bytes, signature, sealed body."""

    header: bytes
    signature: bytes
    body: bytes

    @property
    def hash(self) -> bytes:
        """The commit hash: over the header and the signature (the header has the body's hash)."""
        return commit_hash(self.header, self.signature)


def commit_hash(header: bytes, signature: bytes) -> bytes:
    return digest(Namespace.COMMIT, signature, header)


def body_hash(body: bytes) -> bytes:
    return digest(Namespace.BODY, body)


def chain_hash(before: bytes, commit: bytes) -> bytes:
    """H(n) = hash(H(n-1) || commit hash); H(0) is 32 zero bytes."""
    return digest(Namespace.CHAIN, before, commit)


def rotate_detail(key_hash: bytes, carried_generation: int) -> bytes:
    return key_hash + carried_generation.to_bytes(4, "big")


def bridge_detail(skipped_generation: int) -> bytes:
    return skipped_generation.to_bytes(4, "big")


def parse_header(data: bytes) -> Header:
    """Strict parse: canonical, known version and kind, exact lengths. Raises FormatError."""
    header = decode(data, Header, MAX_HEADER)
    if header.version != VERSION:
        raise FormatError(f"commit: unknown version {header.version}", "version")
    LogId.decode(header.log)
    expected = DETAIL_SIZES.get(header.kind)
    if expected is not None and len(header.detail) != expected:
        raise FormatError(f"commit: the detail of {header.kind.name} has {expected} bytes")
    if expected is None and len(header.detail) > 128:
        raise FormatError("commit: detail too long")
    for name, value, size in (
        ("workspace", header.workspace, HASH_SIZE),
        ("author", header.author, ID_SIZE),
        ("previous", header.previous, HASH_SIZE),
        ("seen_chain", header.seen_chain, HASH_SIZE),
        ("roster_hash", header.roster_hash, HASH_SIZE),
        ("body_hash", header.body_hash, HASH_SIZE),
    ):
        if len(value) != size:
            raise FormatError(f"commit: {name} has {size} bytes")
    for name, number, least in (
        ("generation", header.generation, 1),
        ("counter", header.counter, 1),
        ("seen_position", header.seen_position, 0),
        ("roster_position", header.roster_position, 0),
    ):
        if not least <= number < 1 << 53:
            raise FormatError(f"commit: {name} out of range")
    if header.kind is Kind.ROTATE and header.carried_generation >= header.generation:
        raise FormatError("commit: a rotate carries an earlier generation")
    if header.kind is Kind.BRIDGE and not 1 <= header.bridged_generation < header.generation:
        raise FormatError("commit: a bridge carries an earlier generation")
    return header


def parse_commit(commit: Commit) -> Header:
    """Check sizes, header, and that the body is the header's. Raises FormatError."""
    if len(commit.signature) != SIGNATURE_SIZE:
        raise FormatError("commit: a signature has 64 bytes")
    if not SEAL_OVERHEAD < len(commit.body) <= MAX_BODY:
        raise FormatError("commit: body too small or too large", "too-large")
    header = parse_header(commit.header)
    if body_hash(commit.body) != header.body_hash:
        raise FormatError("commit: the body is not the one that the header names", "body-hash")
    return header
