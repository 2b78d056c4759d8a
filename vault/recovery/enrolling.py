"""The member's side: naming trustees, withdrawing it, and noticing when it has to be done anew.

The box and the wrapped shares are kept in the vault before the entry is sent: an entry that the roster takes while the
reply, or the computer, is lost is completed by `upload_due` at the next round.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.codec import Message, decode, encode
from protocol.fold_recovery import enrolment_message
from protocol.ids import MemberId
from protocol.limits import MAX_RECOVERY_BOX, MAX_RECOVERY_SHARE, MAX_TRUSTEES
from protocol.roster import RecoveryEnrol, Trustee
from protocol.signing import Namespace, key_id
from protocol.state import Member, Recovery, Release
from protocol.wire import AppendRoster
from protocol.wire_recovery import RecoveryUpload, WrappedShare, share_digest
from vault.exchange import Exchange
from vault.keys import Identity
from vault.keys.sharing import Enrolment, seal_box, split, wrap_share
from vault.recovery.errors import NotEnrolled
from vault.store import Logs, Store

_UPLOAD = "recovery/upload"
_STOOD = "recovery/stood"
_MOST_ENDED = 64
_WANTED = "recovery/wanted"
_TOLD = "recovery/told-of"
_LIMIT = MAX_RECOVERY_BOX + MAX_TRUSTEES * (MAX_RECOVERY_SHARE + 64) + 256


class _Wanted(Message, frozen=True):
    """The newest enrolment that this desk has seen, and the id of the encryption key under which it stood."""

    threshold: int
    trustees: list[bytes]
    key: bytes


class _Stood(Message, frozen=True):
    """The enrolment that this desk saw last (empty: none), and earlier ones that it has seen end, the newest last."""

    newest: bytes
    ended: list[bytes]


class _Told(Message, frozen=True):
    """Releases in this enrolment that this desk has told of, each as trustee || request."""

    enrolment: bytes
    releases: list[bytes]


class RenewalReason(enum.Enum):
    """Why a trustee's share will not serve."""

    GONE = "gone"
    REKEYED = "re-keyed"


@dataclass(frozen=True, slots=True)
class TrusteeState:
    """A trustee of the present enrolment; `reason` is None where his share serves."""

    member: MemberId
    reason: RenewalReason | None


class Enrolling:
    """One for an open vault. Any thread."""

    def __init__(self, store: Store, logs: Logs, exchange: Exchange) -> None:
        self._store, self._logs, self._exchange = store, logs, exchange
        self._judged: tuple[tuple[int, bytes], list[TrusteeState]] = ((0, b""), [])

    def present(self) -> Recovery | None:
        """This member's enrolment, by the verified roster."""
        return self._me().recovery

    def trustees(self) -> list[TrusteeState]:
        """The present trustees, and whose shares will not serve: he is gone, or has had other keys since."""
        recovery = self.present()
        if recovery is None:
            return []
        roster = self._exchange.desk.roster
        if self._judged[0] == roster.head:
            return list(self._judged[1])  # the state of long ago costs a fold
        judged = self._judge(recovery)
        self._judged = (roster.head, judged)
        return list(judged)

    def _judge(self, recovery: Recovery) -> list[TrusteeState]:
        roster = self._exchange.desk.roster
        then = roster.history.at(recovery.enrolled_at).members
        return [
            TrusteeState(member, _reason(then[member], roster.state.members[member]))
            for member, _ in recovery.trustees
        ]

    def remember(self) -> bool:
        """Keep whom the member wants as trustees: a new encryption key of his ends the enrolment, not the wish.

        True where an enrolment that had ended stands again, once: an owner has dropped the past in which it ended.
        """
        me = self._me()
        recovery = me.recovery
        stood = self._stood()
        newest = b"" if recovery is None else recovery.enrolment
        if newest != stood.newest:
            ended = [*stood.ended, stood.newest] if stood.newest else stood.ended
            with self._store.write() as tx:
                self._logs.set(tx, _STOOD, encode(_Stood(newest, ended[-_MOST_ENDED:])))
        if newest in stood.ended:
            return newest != stood.newest
        self._keep_wanted(me)
        return False

    def _stood(self) -> _Stood:
        with self._store.read() as tx:
            stored = self._logs.get(tx, _STOOD)
        return _Stood(b"", []) if stored is None else decode(stored, _Stood, _LIMIT)

    def _keep_wanted(self, me: Member) -> None:
        recovery = me.recovery
        wanted: bytes | None = None
        if recovery is not None and me.identity is not None:
            trustees = [member for member, _ in recovery.trustees]
            wanted = encode(_Wanted(recovery.threshold, trustees, key_id(me.identity.encryption)))
        elif self.lapsed() is not None:
            return
        with self._store.read() as tx:
            known = self._logs.get(tx, _WANTED)
        if known != wanted:
            with self._store.write() as tx:
                self._logs.set(tx, _WANTED, wanted)

    def new_uses(self) -> list[Release]:
        """Releases about this member that this computer has not told of yet; the next call knows them."""
        recovery = self.present()
        if recovery is None:
            return []
        with self._store.read() as tx:
            stored = self._logs.get(tx, _TOLD)
        told = decode(stored, _Told, _LIMIT) if stored is not None else _Told(b"", [])
        # By name, not by position: where a past was dropped, positions begin again before those told of.
        before = set(told.releases) if told.enrolment == recovery.enrolment else set()
        fresh = [release for release in recovery.releases if _name(release) not in before]
        if fresh:
            names = [_name(release) for release in recovery.releases]
            with self._store.write() as tx:
                self._logs.set(tx, _TOLD, encode(_Told(recovery.enrolment, names)))
        return fresh

    def lapsed(self) -> tuple[int, list[MemberId]] | None:
        """(threshold, trustees) of an enrolment that the member's new keys have ended, and nobody has withdrawn."""
        me = self._me()
        with self._store.read() as tx:
            stored = self._logs.get(tx, _WANTED)
        if stored is None or me.recovery is not None or me.identity is None:
            return None
        wanted = decode(stored, _Wanted, _LIMIT)
        if wanted.key == key_id(me.identity.encryption):
            return None  # withdrawn
        return wanted.threshold, wanted.trustees

    def enrol(self, identity: Identity, threshold: int, trustees: Sequence[MemberId]) -> AppendRoster:
        """The signed entry, with box and shares kept for `upload_due`. Where the roster moved meanwhile: pull, and
        once more, which makes everything anew. Raises ValueError for numbers that cannot be, Refused by the rules."""
        desk = self._exchange.desk
        with desk.lock:
            state, me = desk.roster.state, desk.own.member
            chosen = sorted(set(trustees))
            key, shares = split(threshold, len(chosen))
            named = [
                Trustee(member, share_digest(state.workspace, me, member, share))
                for member, share in zip(chosen, shares, strict=True)
            ]
            append = self._sign(identity, threshold, named)
            of = Enrolment(state.workspace, me, append.entries[0].hash)
            wrapped = []
            for member, share in zip(chosen, shares, strict=True):
                keys = state.members[member].identity
                assert keys is not None  # of an active member, as the fold has checked
                wrapped.append(WrappedShare(member, wrap_share(share, of, member, keys.encryption)))
            upload = RecoveryUpload(of.entry, seal_box(key, of, identity), wrapped)
            with self._store.write() as tx:
                self._logs.set(tx, _UPLOAD, encode(upload))
            return append

    def withdraw(self, identity: Identity) -> AppendRoster:
        """Nobody can help any more: shares that were given are of no use from then on. Raises NotEnrolled."""
        if self.present() is None:
            raise NotEnrolled("there is no enrolment to withdraw")
        with self._exchange.desk.lock:
            return self._sign(identity, 0, [])

    def upload_due(self) -> RecoveryUpload | None:
        """What the server must keep for the present enrolment, until `uploaded`. What belongs to an entry that the
        roster did not take, or that another has followed, is forgotten."""
        with self._store.read() as tx:
            stored = self._logs.get(tx, _UPLOAD)
        if stored is None:
            return None
        upload = decode(stored, RecoveryUpload, _LIMIT)
        recovery = self.present()
        return upload if recovery is not None and recovery.enrolment == upload.enrolment else None

    def uploaded(self, upload: RecoveryUpload) -> None:
        """The server has it."""
        with self._store.write() as tx:
            if self._logs.get(tx, _UPLOAD) == encode(upload):
                self._logs.set(tx, _UPLOAD, None)

    def _me(self) -> Member:
        desk = self._exchange.desk
        return desk.roster.state.members[desk.own.member]

    def _sign(self, identity: Identity, threshold: int, named: list[Trustee]) -> AppendRoster:
        state, me = self._exchange.desk.roster.state, self._exchange.desk.own.member
        message = enrolment_message(state.workspace, state.head, me, threshold, named)
        signature = identity.signing.sign(Namespace.RECOVERY_ENROL, message)
        return self._exchange.sign_roster([RecoveryEnrol(me, threshold, named, signature)])


def _name(release: Release) -> bytes:
    return release.trustee + release.request


def _reason(then: Member, now: Member) -> RenewalReason | None:
    if not now.active:
        return RenewalReason.GONE
    assert then.identity is not None and now.identity is not None  # both active
    return RenewalReason.REKEYED if then.identity.encryption != now.identity.encryption else None
