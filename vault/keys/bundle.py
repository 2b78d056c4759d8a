"""The account bundle: the private keys of the account's identities, sealed under the unlock key.

The server keeps it, with a version that rises by one. Handle and version are authenticated, so a bundle of
another account or an older one under a newer number does not open. What opens is still checked against the
roster: `Bundle.identity`.
"""

from __future__ import annotations

from collections.abc import Iterable

from protocol.codec import Message, decode, encode
from protocol.errors import FormatError
from protocol.ids import HASH_SIZE, ID_SIZE, MemberId, WorkspaceId
from protocol.limits import MAX_BUNDLE, VERSION
from protocol.roster import IdentityKeys
from protocol.signing import Namespace
from vault.keys import seal
from vault.keys.errors import BundleRefused, OpenFailed
from vault.keys.hidden import Hidden
from vault.keys.identity import IDENTITY_SIZE, Identity
from vault.keys.labels import prefixed

_CONTEXT = prefixed(Namespace.BUNDLE.value)


class _Row(Message, frozen=True):
    workspace: bytes
    member: bytes
    identity: bytes


class _Rows(Message, frozen=True):
    version: int
    rows: list[_Row]


class BundleIdentity(Hidden):
    """One identity: workspace (32 bytes), member (16 bytes) and the 128 bytes of `Identity.to_bytes`."""

    __slots__ = ("identity", "member", "workspace")

    def __init__(self, workspace: WorkspaceId, member: MemberId, identity: bytes) -> None:
        if (len(workspace), len(member), len(identity)) != (HASH_SIZE, ID_SIZE, IDENTITY_SIZE):
            raise OpenFailed
        self.workspace = workspace
        self.member = member
        self.identity = identity

    def _secret(self) -> bytes:
        return self.workspace + self.member + self.identity


class Bundle(Hidden):
    """The identities of one account, at most one for each workspace."""

    __slots__ = ("identities",)

    def __init__(self, identities: Iterable[BundleIdentity]) -> None:
        self.identities = list(identities)
        if len({row.workspace for row in self.identities}) != len(self.identities):
            raise OpenFailed

    def _secret(self) -> bytes:
        return b"".join(row._secret() for row in self.identities)

    def with_identity(self, workspace: WorkspaceId, member: MemberId, identity: Identity) -> Bundle:
        """A bundle in which this is the workspace's identity."""
        others = [row for row in self.identities if row.workspace != workspace]
        return Bundle([*others, BundleIdentity(workspace, member, identity.to_bytes())])

    def identity(self, workspace: WorkspaceId, member: MemberId, expected: IdentityKeys) -> Identity:
        """The identity for a workspace; raises BundleRefused unless its public keys are those of the verified
        roster."""
        for row in self.identities:
            if row.workspace == workspace and row.member == member:
                identity = Identity.from_bytes(row.identity)
                if identity.public == expected:
                    return identity
        raise BundleRefused("no identity for this workspace and member with the roster's keys")

    def seal(self, unlock_key: bytes, handle: str, version: int) -> bytes:
        """At most MAX_BUNDLE bytes, padded; raises BodyTooLarge."""
        rows = [_Row(row.workspace, row.member, row.identity) for row in self.identities]
        plaintext = encode(_Rows(VERSION, rows))
        return seal.seal_body(unlock_key, _CONTEXT, _associated(handle, version), plaintext, MAX_BUNDLE)

    @classmethod
    def open(
        cls, sealed: bytes, unlock_key: bytes, handle: str, version: int, newest_seen: int = 0
    ) -> Bundle:
        """Open the bundle that the server offers as `version` of `handle`.

        Raises BundleRefused where this desk has seen a newer version than that, OpenFailed for anything that
        is not this account's bundle of this version under this unlock key.
        """
        if version < newest_seen:
            raise BundleRefused(f"version {version} is offered, {newest_seen} was seen")
        plaintext = seal.open_body(unlock_key, _CONTEXT, _associated(handle, version), sealed, MAX_BUNDLE)
        try:
            content = decode(plaintext, _Rows, MAX_BUNDLE)
        except FormatError:
            raise OpenFailed from None
        if content.version != VERSION:
            raise OpenFailed
        return cls(BundleIdentity(row.workspace, row.member, row.identity) for row in content.rows)


def _associated(handle: str, version: int) -> bytes:
    return encode([handle, version])
