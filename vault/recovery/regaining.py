"""The new computer's side: a request under a fresh key, and what has to hold before anything is believed.

The code that both screens show covers workspace, member and the request's key. So, once it was compared by voice:

- the roster must begin with that workspace's genesis, and every entry of it must verify
- in it, as many trustees of the member's present enrolment as it asks for must have released to this very request.
  The key is fresh, so such a roster is too: it cannot be older than the colleagues' answers
- each share must open under the request's key and be the one whose digest the enrolment names
- the box must open under what the shares give, bound to this enrolment
- the identity in it must be the one that the roster has for the member

Nothing is taken over where one of these fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from protocol.codec import encode
from protocol.errors import ProtocolError
from protocol.ids import HASH_SIZE, ID_SIZE, MemberId, WorkspaceId
from protocol.limits import MAX_RECOVERY_BOX, MAX_RECOVERY_SHARE
from protocol.roster import Entry
from protocol.signing import Namespace
from protocol.state import Recovery, RosterState
from protocol.wire import BundleUpload
from protocol.wire_recovery import (
    AccountRecovery,
    RecoverAccount,
    RecoveryAsked,
    WrappedShare,
    request_digest,
    share_digest,
)
from vault.account import seal_bundle
from vault.keys import Bundle, Derived, EncryptionKey, Identity, OpenFailed
from vault.keys.sharing import Enrolment, combine, open_answer, open_box, request_code
from vault.recovery.errors import NotEnough, NotEnrolled, RecoveryUntrue
from vault.roster import TrustError, join_roster


class RecoveryRequest:
    """A fresh key, and, once the server has said whom the login name stands for, the code to compare."""

    def __init__(self) -> None:
        self.key = EncryptionKey.generate()
        self.workspace: WorkspaceId = b""
        self.member: MemberId = b""

    @property
    def public(self) -> bytes:
        """1,216 bytes, for the server."""
        return self.key.public

    @property
    def digest(self) -> bytes:
        """How the trustees' releases name it."""
        return request_digest(self.workspace, self.member, self.public)

    def asked(self, reply: RecoveryAsked) -> str:
        """The server's word on workspace and member; the code that shows whether it is true. Once only: a server
        cannot change its mind after the code was compared. Raises RecoveryUntrue."""
        if len(reply.workspace) != HASH_SIZE or len(reply.member) != ID_SIZE:
            raise RecoveryUntrue("ids of another size")
        if self.workspace and (self.workspace, self.member) != (reply.workspace, reply.member):
            raise RecoveryUntrue("the server names another workspace or member than before")
        self.workspace, self.member = reply.workspace, reply.member
        return self.code

    @property
    def code(self) -> str:
        """Thirty digits, to be compared by voice with each colleague who helps."""
        return request_code(self.workspace, self.member, self.public)


@dataclass(frozen=True, slots=True)
class Collected:
    """What the server has for the request. `entries`: the whole roster."""

    box: bytes
    shares: Sequence[WrappedShare]
    entries: Sequence[Entry]
    bundle_version: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """The identity, and the verified roster that it belongs to."""

    identity: Identity = field(repr=False)
    workspace: WorkspaceId
    member: MemberId
    state: RosterState = field(repr=False)
    entries: Sequence[Entry] = field(repr=False)
    bundle_version: int
    request: bytes

    def account(self, handle: str, derived: Derived) -> RecoverAccount:
        """The account's new bundle and login key, signed by the identity."""
        bundle = Bundle([]).with_identity(self.workspace, self.member, self.identity)
        upload: BundleUpload = seal_bundle(bundle, derived, handle, self.bundle_version + 1)
        statement = AccountRecovery(
            self.workspace, self.member, handle, self.request, derived.login.public, upload
        )
        signature = self.identity.signing.sign(Namespace.ACCOUNT_RECOVERY, encode(statement))
        return RecoverAccount(statement, signature)


def recover(
    request: RecoveryRequest, collected: Collected, known_head: tuple[int, bytes] | None = None
) -> Recovered:
    """See the module. `known_head`: the roster's position and hash where the user has them from an Emergency Kit.

    Raises RecoveryUntrue, NotEnrolled, NotEnough; nothing of what was collected is used then.
    """
    position, head = known_head or (1, request.workspace)
    try:
        state = join_roster(request.workspace, position, head, collected.entries).state
    except (TrustError, ProtocolError) as error:
        raise RecoveryUntrue(f"the roster: {error}") from None
    person = state.members.get(request.member)
    if person is None or not person.active or person.identity is None:
        raise RecoveryUntrue("the roster has no such active member")
    if person.recovery is None:
        raise NotEnrolled("the roster has no enrolment of this member")
    of = Enrolment(request.workspace, request.member, person.recovery.enrolment)
    shares = _shares(request, person.recovery, of, collected.shares)
    if len(collected.box) > MAX_RECOVERY_BOX:
        raise RecoveryUntrue("a box over the limit")
    try:
        identity = open_box(combine(shares), of, collected.box)
    except OpenFailed:
        raise RecoveryUntrue("the box does not open under the shares") from None
    if identity.public != person.identity:
        raise RecoveryUntrue("the box holds another identity than the roster")
    return Recovered(
        identity,
        request.workspace,
        request.member,
        state,
        collected.entries,
        collected.bundle_version,
        request.digest,
    )


def _shares(
    request: RecoveryRequest, recovery: Recovery, of: Enrolment, sealed: Sequence[WrappedShare]
) -> dict[int, bytes]:
    """As many good shares as are needed, by their points; garbage among them blocks nobody.

    Raises NotEnough where too few trustees have said in the roster that they answer, or too few answers are good."""
    released = {each.trustee for each in recovery.releases if each.request == request.digest}
    if len(released) < recovery.threshold:
        raise NotEnough(f"{len(released)} of {recovery.threshold} trustees released to this request")
    points = {
        member: (point, expected) for point, (member, expected) in enumerate(recovery.trustees, start=1)
    }
    found: dict[int, bytes] = {}
    for each in sealed:
        if each.trustee not in released or each.trustee not in points or len(found) == recovery.threshold:
            continue
        point, expected = points[each.trustee]
        if len(each.sealed) > MAX_RECOVERY_SHARE:
            continue
        try:
            share = open_answer(request.key, of, each.trustee, each.sealed)
        except OpenFailed:
            continue
        if share_digest(of.workspace, of.member, each.trustee, share) == expected:
            found[point] = share
    if len(found) < recovery.threshold:
        raise NotEnough("too few shares are the ones that the roster names")
    return found
