"""Rules of the fold: recovery by trustees, and which of two branches stays."""

from __future__ import annotations

from dataclasses import replace

from protocol.codec import encode
from protocol.codes import RosterCode
from protocol.errors import FormatError
from protocol.fold_author import Author, Place, known_member, refuse, refuse_support, require_owner
from protocol.ids import LogId, MemberId, WorkspaceId
from protocol.limits import MAX_RELEASES, MAX_TRUSTEES
from protocol.reading import log_exists
from protocol.roster import Adopt, RecoveryEnrol, RecoveryRelease, Trustee
from protocol.signing import Namespace, Verifier
from protocol.state import Recovery, Release, RosterState, with_item


def enrolment_message(
    workspace: WorkspaceId, previous: bytes, member: MemberId, threshold: int, trustees: list[Trustee]
) -> bytes:
    """What the member's identity signs, in RECOVERY_ENROL. `previous` is the hash of the entry before: an enrolment
    that was replaced cannot be put in again."""
    return encode([workspace, previous, member, threshold, trustees])


def recovery_enrol(
    state: RosterState, author: Author, operation: RecoveryEnrol, place: Place, check: Verifier
) -> RosterState:
    """By a device of the member, under his identity's signature."""
    member = author.member
    if operation.member != member.id:
        raise refuse(RosterCode.AUTHOR_OTHER, "a member enrols himself")
    if not operation.threshold and not operation.trustees:
        if member.recovery is None:
            raise refuse(RosterCode.NO_CHANGE, "there is no enrolment to withdraw")
    else:
        _check_trustees(state, operation)
    assert member.identity is not None  # of an active member
    message = enrolment_message(
        state.workspace, place.previous, member.id, operation.threshold, operation.trustees
    )
    check(Namespace.RECOVERY_ENROL, member.identity.signing, message, operation.signature)
    recovery = None
    if operation.trustees:
        trustees = tuple((trustee.member, trustee.digest) for trustee in operation.trustees)
        recovery = Recovery(operation.threshold, trustees, place.position, place.hash)
    return replace(state, members=with_item(state.members, member.id, replace(member, recovery=recovery)))


def _check_trustees(state: RosterState, operation: RecoveryEnrol) -> None:
    if not 2 <= operation.threshold <= len(operation.trustees) <= MAX_TRUSTEES:
        raise refuse(RosterCode.RECOVERY, "at least two of at most sixteen")
    before = b""
    for trustee in operation.trustees:
        if trustee.member <= before or trustee.member == operation.member:
            raise refuse(RosterCode.RECOVERY, "trustees are others, ascending, each once")
        before = trustee.member
        found = known_member(state, trustee.member)
        refuse_support(found)
        if not found.active:
            raise refuse(RosterCode.MEMBER_STATUS, "a trustee is an active member")


def recovery_release(
    state: RosterState, author: Author, operation: RecoveryRelease, place: Place
) -> RosterState:
    """A trustee's word that he gives his share to a request: for all to see, and for ever."""
    member = known_member(state, operation.member)
    if not member.active:
        raise refuse(RosterCode.MEMBER_STATUS, "only an active member is recovered")
    recovery = member.recovery
    if recovery is None or not recovery.is_trustee(author.member.id):
        raise refuse(RosterCode.RECOVERY_TRUSTEE, "no trustee in the member's present enrolment")
    own = [release.request for release in recovery.releases if release.trustee == author.member.id]
    if operation.request in own:
        raise refuse(RosterCode.NO_CHANGE, "this trustee released to this request before")
    if len(own) >= MAX_RELEASES:
        raise refuse(RosterCode.RECOVERY, "a trustee who releases to everything: the member names others")
    release = Release(author.member.id, operation.request, place.position)
    changed = replace(recovery, releases=(*recovery.releases, release))
    return replace(state, members=with_item(state.members, member.id, replace(member, recovery=changed)))


def adopt(state: RosterState, author: Author, operation: Adopt) -> RosterState:
    """An owner's word about branches: desks of the dropped branch judge what follows. Here it only brings cuts back to
    what both branches of a log have: nobody who was cut off gains by writing where something else was dropped."""
    require_owner(author)
    if not operation.branches:
        raise refuse(RosterCode.ADOPT, "at least one branch")
    before: bytes | None = None
    for branch in operation.branches:
        if before is not None and branch.log <= before:
            raise refuse(RosterCode.ADOPT, "branches stand in the order of their logs, each once")
        before = branch.log
        if branch.kept == branch.dropped:
            raise refuse(RosterCode.ADOPT, "two branches differ")
        if not branch.log:
            if state.past.at(branch.position) != branch.kept:
                raise refuse(RosterCode.ADOPT, "the roster that stays is this one")
            continue
        try:
            known = log_exists(state, LogId.decode(branch.log))
        except FormatError:
            known = False
        if not known:
            raise refuse(RosterCode.ADOPT, "no such log")
    return _with_shorter_cuts(state, operation)


def _with_shorter_cuts(state: RosterState, operation: Adopt) -> RosterState:
    last = {LogId.decode(branch.log): branch.position - 1 for branch in operation.branches if branch.log}
    changed = {}
    for device, logs in state.cuts.items():
        shorter = {
            log: tuple(replace(cut, position=min(cut.position, last[log])) for cut in made)
            for log, made in logs.items()
            if log in last and any(cut.position > last[log] for cut in made)
        }
        if shorter:
            changed[device] = {**logs, **shorter}
    return replace(state, cuts={**state.cuts, **changed}) if changed else state
