"""The account bundle and what it opens: a member's identity, for the few acts that need the signing key.

The identity's signing key never lies in the vault's database. It is opened here, from the sealed bundle that the
server keeps, with what the password gives; the caller drops it when the act is done.
"""

from __future__ import annotations

from protocol.ids import MemberId, WorkspaceId
from protocol.roster import IdentityKeys
from protocol.state import RosterState
from protocol.wire import BundleUpload
from vault.keys import Bundle, BundleIdentity, Derived, Identity
from vault.roster.errors import NotAMember


def seal_bundle(bundle: Bundle, derived: Derived, handle: str, version: int) -> BundleUpload:
    """The bundle as the server keeps it; `version` is one more than the one it has (1 for a new account)."""
    return BundleUpload(version, bundle.seal(derived.unlock_key, handle, version))


def open_bundle(upload: BundleUpload, derived: Derived, handle: str, newest_seen: int = 0) -> Bundle:
    """Raises OpenFailed, or BundleRefused for a version older than `newest_seen`."""
    return Bundle.open(upload.sealed, derived.unlock_key, handle, upload.version, newest_seen)


def only_row(bundle: Bundle, workspace: WorkspaceId | None = None) -> BundleIdentity:
    """The bundle's row for a workspace; without one, its newest. What the server lists plays no part.

    Raises NotAMember where there is none."""
    rows = [row for row in bundle.identities if workspace is None or row.workspace == workspace]
    if not rows:
        raise NotAMember("the account's bundle names no such workspace")
    return rows[-1]


def identity_of(bundle: Bundle, state: RosterState, member: MemberId) -> Identity:
    """The identity, checked against the verified roster. Raises NotAMember, BundleRefused."""
    person = state.members.get(member)
    expected: IdentityKeys | None = person.identity if person is not None else None
    if expected is None:
        raise NotAMember("the roster has no keys for this member")
    return bundle.identity(state.workspace, member, expected)
