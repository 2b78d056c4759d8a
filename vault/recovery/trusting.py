"""A trustee's side: the shares that he holds, the requests that reach him, and giving a share.

What lies at the server is checked against the signed roster: a share that does not open, or whose digest is another,
is told, so that its owner sets up recovery anew while he still can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.ids import HASH_SIZE, MemberId
from protocol.limits import ENCRYPTION_KEY_SIZE, MAX_RECOVERY_SHARE
from protocol.roster import RecoveryRelease
from protocol.state import Recovery, RosterState
from protocol.wire import AppendRoster
from protocol.wire_recovery import (
    HeldShare,
    OpenRequest,
    RecoveryShares,
    ReleaseShare,
    request_digest,
    share_digest,
)
from vault.exchange import Exchange, Own
from vault.keys import OpenFailed
from vault.keys.sharing import Enrolment, answer_request, request_code, unwrap_share
from vault.recovery.errors import NotEnrolled, NotReleased, ShareUnusable


@dataclass(frozen=True, slots=True)
class HeldFor:
    """A member whose trustee this member is. `sound`: his share lies at the server, opens, and is the roster's."""

    member: MemberId
    sound: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks to be let back in as `member`. `code`: to be compared by voice, before anything is given. `time`
    is the server's word (Unix seconds). `released`: this member has given his share to it; `releases` of `needed`
    trustees have. `mine`: the request is about this member himself, who is looking at it on a computer of his."""

    member: MemberId
    code: str
    time: int
    released: bool
    releases: int
    needed: int
    mine: bool
    request_key: bytes = field(repr=False)


class Trusting:
    """One for an open vault. Any thread."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def trusted_by(self) -> list[MemberId]:
        """Members whose present enrolment names this one."""
        state, own = self._now()
        return [
            member.id
            for member in state.members.values()
            if member.active and member.recovery is not None and member.recovery.is_trustee(own.member)
        ]

    def judge(self, shares: RecoveryShares) -> tuple[list[HeldFor], list[Asked]]:
        """What lies at the server, judged by the verified roster. Requests about others are left out."""
        state, own = self._now()
        held = [HeldFor(member, self._sound(member, shares.held)) for member in self.trusted_by()]
        return held, list(self._asked(state, own, shares.requests))

    def _sound(self, member: MemberId, held: Iterable[HeldShare]) -> bool:
        try:
            self._share(member, held)
        except ShareUnusable:
            return False
        return True

    def _asked(self, state: RosterState, own: Own, requests: Iterable[OpenRequest]) -> Iterable[Asked]:
        for request in requests:
            member = state.members.get(request.member)
            if member is None or member.recovery is None or len(request.request_key) != ENCRYPTION_KEY_SIZE:
                continue
            mine = member.id == own.member
            if not mine and not member.recovery.is_trustee(own.member):
                continue
            named = request_digest(state.workspace, member.id, request.request_key)
            given = {each.trustee for each in member.recovery.releases if each.request == named}
            yield Asked(
                member.id,
                request_code(state.workspace, member.id, request.request_key),
                request.time,
                own.member in given,
                len(given),
                member.recovery.threshold,
                mine,
                request.request_key,
            )

    def release(self, asked: Asked, shares: RecoveryShares) -> AppendRoster | None:
        """The entry by which everybody sees that this member gives his share; None where the roster has it.

        Raises ShareUnusable before anything is signed, NotEnrolled, Refused.
        """
        state, own = self._now()
        self._share(asked.member, shares.held)
        recovery = _enrolled(state, asked.member)
        named = request_digest(state.workspace, asked.member, asked.request_key)
        if any(each.trustee == own.member and each.request == named for each in recovery.releases):
            return None
        return self._exchange.sign_roster([RecoveryRelease(asked.member, named)])

    def answer(self, asked: Asked, shares: RecoveryShares) -> ReleaseShare:
        """The share, sealed to the request's key. Raises ShareUnusable, and NotReleased before the roster has the
        entry: nothing is given that not everybody can see."""
        state, own = self._now()
        share, of = self._share(asked.member, shares.held)
        named = request_digest(state.workspace, asked.member, asked.request_key)
        recovery = _enrolled(state, asked.member)
        if not any(each.trustee == own.member and each.request == named for each in recovery.releases):
            raise NotReleased("no release of this trustee to this request")
        return ReleaseShare(asked.member, named, answer_request(share, of, own.member, asked.request_key))

    def _share(self, member: MemberId, held: Iterable[HeldShare]) -> tuple[bytes, Enrolment]:
        """The share of the present enrolment. Raises NotEnrolled, ShareUnusable."""
        state, own = self._now()
        recovery = _enrolled(state, member)
        expected = dict(recovery.trustees).get(own.member)
        if expected is None:
            raise NotEnrolled("not a trustee of this member")
        of = Enrolment(state.workspace, member, recovery.enrolment)
        for each in held:
            if (each.member, each.enrolment) != (member, recovery.enrolment):
                continue
            if len(each.sealed) > MAX_RECOVERY_SHARE:
                continue
            for private in reversed(own.private):
                try:
                    share = unwrap_share(private, of, own.member, each.sealed)
                except OpenFailed:
                    continue
                if share_digest(state.workspace, member, own.member, share) == expected:
                    return share, of
        raise ShareUnusable("no share that opens and is the one that the roster names")

    def _now(self) -> tuple[RosterState, Own]:
        desk = self._exchange.desk
        with desk.lock:
            return desk.roster.state, desk.own


def _enrolled(state: RosterState, member: MemberId) -> Recovery:
    person = state.members.get(member)
    if person is None or person.recovery is None:
        raise NotEnrolled("the member is not enrolled")
    assert len(person.recovery.enrolment) == HASH_SIZE
    return person.recovery
