"""Recovery by trustees: boxes and shares of the present enrolments, open requests, answers.

The roster decides: what is kept belongs to the member's present enrolment, and is dropped with it; a trustee answers
after his release stands in it. Nothing here could open anything.

All of it is bounded for each member and counts nothing in the workspace's quota: who asks needs no session, and must
not be able to use up what others need; and who has lost everything is let in whatever space there is.
"""

from __future__ import annotations

from protocol import wire
from protocol import wire_recovery as recovery
from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.ids import HASH_SIZE, ID_SIZE, MemberId
from protocol.limits import ENCRYPTION_KEY_SIZE, MAX_RECOVERY_BOX, MAX_RECOVERY_SHARE
from protocol.roster_parse import MAX_POSITION
from protocol.signing import Namespace, verify
from protocol.state import Member, Recovery, RosterState
from server.errors import Conflict, Forbidden, Malformed, NotFound, TooLarge
from server.storage.interface import WorkspaceTx
from server.workspaces.members import active_member
from server.workspaces.open import OpenWorkspace
from server.workspaces.roster import entries_from

REQUEST_SECONDS = 7 * 86_400
MOST_REQUESTS = 16
"""Open requests about one member. Of too many the oldest that nobody has released to gives way."""


def put_recovery(workspace: OpenWorkspace, account: int, wanted: recovery.RecoveryUpload) -> None:
    """What the member's desk leaves for the enrolment that stands. Repeating it succeeds. Raises NotFound, Forbidden,
    Conflict(ROSTER_MOVED) where another enrolment stands, Malformed, TooLarge."""
    if len(wanted.enrolment) != HASH_SIZE or not wanted.box:
        raise Malformed(f"an enrolment is named by {HASH_SIZE} bytes, and a box is not empty")
    if len(wanted.box) > MAX_RECOVERY_BOX or any(len(s.sealed) > MAX_RECOVERY_SHARE for s in wanted.shares):
        raise TooLarge("a box or a share over the limit")
    with workspace.changing() as change:
        member = active_member(workspace, workspace.view.roster, account)
        if member.recovery is None or member.recovery.enrolment != wanted.enrolment:
            raise Conflict("another enrolment stands in the roster", wire.ErrorCode.ROSTER_MOVED)
        if [share.trustee for share in wanted.shares] != [trustee for trustee, _ in member.recovery.trustees]:
            raise Malformed("one share for each trustee, in their order")
        if change.tx.recovery_box(member.id) == (wanted.enrolment, wanted.box):
            return
        change.tx.put_recovery(member.id, wanted.enrolment, wanted.box, wanted.shares)
        change.announce()


def recovery_shares(workspace: OpenWorkspace, account: int, now: int) -> recovery.RecoveryShares:
    """For a trustee: what lies here for him, and requests about those who named him; for all, those about himself."""
    roster = workspace.view.roster
    caller = active_member(workspace, roster, account)
    with workspace.store.read() as tx:
        held = [
            share
            for share in tx.shares_of_trustee(caller.id)
            if _stands(roster, share.member, share.enrolment)
        ]
        about = [share.member for share in held] + [caller.id]
        requests = [
            request
            for member in about
            for _, request in tx.requests_about(member)
            if request.time > now - REQUEST_SECONDS
        ]
    return recovery.RecoveryShares(held, requests)


def release_share(workspace: OpenWorkspace, account: int, wanted: recovery.ReleaseShare) -> None:
    """A trustee's answer, after his release. Raises NotFound, Forbidden, Malformed."""
    if (len(wanted.member), len(wanted.request)) != (ID_SIZE, HASH_SIZE):
        raise Malformed("ids of another size")
    if not 0 < len(wanted.sealed) <= MAX_RECOVERY_SHARE:
        raise Malformed("a share is not empty and within its limit")
    with workspace.changing() as change:
        roster = workspace.view.roster
        caller = active_member(workspace, roster, account)
        released = _released(_recovery(roster, wanted.member), wanted.request)
        if caller.id not in released:
            raise Forbidden("the roster has no such release")
        known = {digest for digest, _ in change.tx.requests_about(wanted.member)}
        if wanted.request not in known:
            raise NotFound("no such request")
        answer = recovery.WrappedShare(caller.id, wanted.sealed)
        change.tx.put_answer(wanted.member, wanted.request, answer)
        change.announce()


def member_to_recover(workspace: OpenWorkspace, account: int) -> Member | None:
    """The active, enrolled member that an account is; None for nobody's."""
    member = workspace.view.roster.members.get(workspace.links.get(account, b""))
    return member if member is not None and member.active and member.recovery is not None else None


def ask(workspace: OpenWorkspace, account: int, request_key: bytes, now: int) -> MemberId | None:
    """Keep a request, and tell the trustees' desks. The same again changes nothing. None where nobody is enrolled."""
    with workspace.changing() as change:
        member = member_to_recover(workspace, account)
        if member is None or change.tx.recovery_box(member.id) is None:
            return None
        digest = recovery.request_digest(workspace.id, member.id, request_key)
        open_now = change.tx.requests_about(member.id)
        if digest in {known for known, _ in open_now}:
            return member.id
        _make_room(change.tx, member, open_now, now)
        change.tx.add_request(member.id, digest, request_key, now)
        change.announce()
        return member.id


def _make_room(
    tx: WorkspaceTx, member: Member, open_now: list[tuple[bytes, recovery.OpenRequest]], now: int
) -> None:
    assert member.recovery is not None
    answered = {release.request for release in member.recovery.releases}
    over = [digest for digest, request in open_now if request.time <= now - REQUEST_SECONDS]
    left = [digest for digest, _ in open_now if digest not in over]
    spare = [digest for digest in left if digest not in answered]
    for digest in over + spare[: max(0, len(left) - MOST_REQUESTS + 1)]:
        tx.drop_request(member.id, digest)


def collect(
    workspace: OpenWorkspace, account: int, wanted: recovery.CollectRecovery, bundle_version: int, now: int
) -> recovery.RecoveryCollected | None:
    """How far a request is, and all that lies here for it when enough trustees have answered. None where there is no
    such request, or where it is over: its key is known to trustees, who may be gone by now, and the roster goes on."""
    member = member_to_recover(workspace, account)
    if member is None or member.recovery is None:
        return None
    digest = recovery.request_digest(workspace.id, member.id, wanted.request_key)
    with workspace.store.read() as tx:
        kept = tx.recovery_box(member.id)
        answers = tx.answers(member.id, digest) if _is_open(tx, member.id, digest, now) else []
    released = _released(member.recovery, digest)
    answers = [answer for answer in answers if answer.trustee in released]
    if kept is None or kept[0] != member.recovery.enrolment or not answers:
        return None
    given, needed = len(answers), member.recovery.threshold
    if given < needed:
        return recovery.RecoveryCollected(given, needed, b"", [], 0, [], 0)
    page = entries_from(workspace, wanted.position + 1)
    return recovery.RecoveryCollected(
        given, needed, kept[1], answers, bundle_version, page.entries, page.head_position
    )


def check_request(request_key: bytes, position: int = 0) -> None:
    """What can be judged without any workspace. Raises Malformed."""
    if len(request_key) != ENCRYPTION_KEY_SIZE or not 0 <= position < MAX_POSITION:
        raise Malformed("a request's key has another size, or a position is none")


def check_account_recovery(
    workspace: OpenWorkspace, account: int, wanted: recovery.RecoverAccount, now: int
) -> None:
    """Raises Forbidden (one for all reasons) unless the identity of the member that the account is has signed, and
    enough trustees have released to the request, which is open: one that has served is spent."""
    statement = wanted.statement
    refused = Forbidden("not signed by this account's member, or not enough trustees have answered")
    member = member_to_recover(workspace, account)
    if member is None or member.id != statement.member or workspace.id != statement.workspace:
        raise refused
    assert member.recovery is not None and member.identity is not None  # of an enrolled member
    if len(_released(member.recovery, statement.request)) < member.recovery.threshold:
        raise refused
    with workspace.store.read() as tx:
        if not _is_open(tx, member.id, statement.request, now):
            raise refused
    try:
        verify(Namespace.ACCOUNT_RECOVERY, member.identity.signing, encode(statement), wanted.signature)
    except SignatureInvalid:
        raise refused from None


def recovered(workspace: OpenWorkspace, member: MemberId, request: bytes) -> None:
    """The account has its new keys: the request has served."""
    with workspace.changing() as change:
        change.tx.drop_request(member, request)


def _is_open(tx: WorkspaceTx, member: MemberId, request: bytes, now: int) -> bool:
    return any(
        digest == request and kept.time > now - REQUEST_SECONDS for digest, kept in tx.requests_about(member)
    )


def _stands(roster: RosterState, member: MemberId, enrolment: bytes) -> bool:
    found = roster.members.get(member)
    return (
        found is not None
        and found.active
        and found.recovery is not None
        and found.recovery.enrolment == enrolment
    )


def _recovery(roster: RosterState, member: MemberId) -> Recovery:
    found = roster.members.get(member)
    if found is None or found.recovery is None:
        raise NotFound("no such enrolment")
    return found.recovery


def _released(present: Recovery, request: bytes) -> set[MemberId]:
    return {release.trustee for release in present.releases if release.request == request}
