"""Recovery with colleagues' help, at the desks of those who are in: naming trustees, and answering as one.

What has to be fetched is fetched by `look`, which the desk calls by itself after a round in which something moved. The
rest answers in milliseconds, from the verified roster and from what was fetched last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.desk.errors import DeskError, DidNotFinish, NotAllowed
from app.desk.server_account import ServerAccount
from app.desk.steps import OnStep, ignore_step
from protocol.ids import MemberId
from protocol.wire import AppendRoster, BundleUpload, ErrorCode
from protocol.wire_recovery import RecoveryShares
from sync_client import CancelToken, Round, ServerRefused, WorkspaceCalls, read_account
from sync_client.recovery import put_recovery, read_shares, release_share
from vault import Vault
from vault.keys import Bundle, Identity, SecretKey
from vault.recovery import Asked, HeldFor, RecoveryReturned, RecoveryUsed, RenewalReason, ShareUnusable
from vault.roster import Refused

TRIES = 12
Named = Callable[[str, bytes], str]
OpenAccount = Callable[[BundleUpload], tuple[Bundle, Identity]]
Listener = Callable[[], None]


class TooFewTrustees(DeskError):
    title = "Name at least two colleagues"
    message = "One alone could become you. Choose two or more, and how many of them have to help together."


@dataclass(frozen=True, slots=True)
class TrusteeView:
    """A colleague who holds a part. `problem`: why it would not serve, in a sentence; "" where it would."""

    member: MemberId
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Use:
    """A trustee has given his part, by the roster's entry at `position`."""

    trustee: MemberId
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class RecoveryStatus:
    """This member's own. `threshold` 0: nobody is named. `lapsed`: whom new keys have made set up anew."""

    threshold: int
    trustees: tuple[TrusteeView, ...]
    uses: tuple[Use, ...]
    lapsed: tuple[int, tuple[MemberId, ...]] | None

    @property
    def enrolled(self) -> bool:
        return self.threshold > 0

    @property
    def needs_renewal(self) -> bool:
        """Whether it has to be set up anew, with the password."""
        return self.lapsed is not None or any(trustee.problem for trustee in self.trustees)

    @property
    def still_works(self) -> bool:
        """Whether enough parts would serve."""
        return self.enrolled and sum(not trustee.problem for trustee in self.trustees) >= self.threshold


_PROBLEMS = {
    RenewalReason.GONE: "Is no longer in the team.",
    RenewalReason.REKEYED: "Has new keys since, and cannot open this part on a new computer.",
}


class DeskRecovery:
    """See the module. Slow ones say so; any thread."""

    def __init__(
        self,
        vault: Vault,
        account: ServerAccount,
        named: Named,
        open_account: OpenAccount,
        turn: threading.Lock,
        notice: Callable[[BaseException], object] = lambda error: None,
    ) -> None:
        """`notice` hears of uses of this member's recovery, and of parts that are not sound: both are alarms."""
        self._notice = notice
        self._vault, self._account, self._named = vault, account, named
        self._open_account = open_account
        self._turn = turn
        self._lock = threading.Lock()
        self._shares = RecoveryShares([], [])
        self._held: tuple[HeldFor, ...] = ()
        self._asked: tuple[Asked, ...] = ()
        self._looked_at: tuple[int, tuple[int, bytes]] | None = None
        self._listeners: list[Listener] = []

    # the member's own

    def status(self) -> RecoveryStatus:
        enrolling = self._vault.enrolling
        present, lapsed = enrolling.present(), enrolling.lapsed()
        trustees = tuple(
            TrusteeView(each.member, self._name(each.member), _PROBLEMS[each.reason] if each.reason else "")
            for each in enrolling.trustees()
        )
        uses = (
            ()
            if present is None
            else tuple(
                Use(each.trustee, self._name(each.trustee), each.position) for each in present.releases
            )
        )
        return RecoveryStatus(
            present.threshold if present else 0,
            trustees,
            uses,
            (lapsed[0], tuple(lapsed[1])) if lapsed else None,
        )

    def candidates(self) -> list[tuple[MemberId, str]]:
        """Whom this member could name, by name."""
        state, me = self._vault.roster, self._vault.own.member
        found = [
            (member.id, self._name(member.id))
            for member in state.members.values()
            if member.active and member.id != me and member.support is None
        ]
        return sorted(found, key=lambda one: one[1].casefold())

    def enrol(
        self,
        password: str,
        secret_key: SecretKey,
        threshold: int,
        trustees: Sequence[MemberId],
        on_step: OnStep = ignore_step,
    ) -> None:
        """Name trustees, in place of earlier ones (slow). Raises WrongPassword, TooFewTrustees, NotAllowed, SyncError,
        VaultError, DidNotFinish."""
        if threshold < 2 or len(set(trustees)) < threshold:
            raise TooFewTrustees
        on_step("Checking your password")
        self._vault.profile.unlock(password, secret_key)
        self.enrol_unasked(threshold, trustees, on_step)

    def enrol_unasked(
        self, threshold: int, trustees: Sequence[MemberId], on_step: OnStep = ignore_step
    ) -> None:
        """As `enrol`, where the password was asked for by what makes it necessary (slow)."""
        self._append(lambda identity: self._vault.enrolling.enrol(identity, threshold, trustees), on_step)
        self._vault.enrolling.remember()

    def withdraw(self, password: str, secret_key: SecretKey, on_step: OnStep = ignore_step) -> None:
        """Nobody can help from now on (slow). Raises as `enrol`, NotEnrolled."""
        on_step("Checking your password")
        self._vault.profile.unlock(password, secret_key)
        self._append(self._vault.enrolling.withdraw, on_step)
        self._vault.enrolling.remember()

    def renew_lapsed(self) -> None:
        """After new keys of this member's: the same trustees once more, as far as they are still there (slow)."""
        lapsed = self._vault.enrolling.lapsed()
        if lapsed is None:
            return
        threshold, wanted = lapsed
        present = {member for member, _ in self.candidates()}
        left = [member for member in wanted if member in present]
        if len(left) >= threshold:
            self.enrol_unasked(threshold, left)

    # as a trustee

    def asked(self) -> tuple[Asked, ...]:
        """Open requests, as of the last look: of those who named this member, and about himself."""
        return self._asked

    def held(self) -> tuple[HeldFor, ...]:
        """Whose trustee this member is, and whether his part is sound, as of the last look."""
        return self._held

    def help(self, asked: Asked, on_step: OnStep = ignore_step) -> None:
        """Give the part to the request (slow); its code was compared by voice. Raises ShareUnusable, NotEnrolled,
        NotAllowed, SyncError, DidNotFinish."""
        vault = self._vault
        with self._account.calls(vault.roster.workspace) as calls:
            on_step("Checking your part")
            shares = read_shares(calls)
            on_step("Writing it where everybody sees it")
            self._until_taken(calls, lambda: vault.trusting.release(asked, shares))
            on_step("Handing your part over")
            release_share(calls, vault.trusting.answer(asked, shares))
        self._looked_at = None
        self.look()

    # looking

    def on_news(self, listener: Listener) -> Callable[[], None]:
        """Called, on any thread, when `asked` or `held` are others than before; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def concerned(self) -> bool:
        """Whether there is anything to look for at the server."""
        return (
            self._vault.exchange.is_active
            and (self._vault.enrolling.present() is not None or bool(self._vault.trusting.trusted_by()))
        ) or bool(self._asked or self._held)

    def look(self) -> None:
        """Fetch and judge what lies at the server, and complete what was broken off (slow). Raises SyncError,
        VaultError. Nothing is asked where nothing has moved since the last look."""
        vault = self._vault
        if vault.enrolling.remember():
            self._notice(RecoveryReturned())
        if vault.enrolling.new_uses():
            self._notice(RecoveryUsed())
        seen = (vault.exchange.cursor(), vault.exchange.roster_head())
        if not self.concerned or seen == self._looked_at:
            return
        with self._lock:
            with self._account.calls(vault.roster.workspace) as calls:
                self._upload(calls)
                shares = read_shares(calls)
                held, asked = vault.trusting.judge(shares)
                self._answer_again(calls, asked, shares)
            before = (self._held, self._asked)
            self._shares, self._held, self._asked = shares, tuple(held), tuple(asked)
            self._looked_at = seen
        if any(not one.sound and one not in before[0] for one in self._held):
            self._notice(ShareUnusable())
        if before != (self._held, self._asked):
            for listener in list(self._listeners):
                listener()

    def _upload(self, calls: WorkspaceCalls) -> None:
        upload = self._vault.enrolling.upload_due()
        if upload is None:
            return
        try:
            put_recovery(calls, upload)
        except ServerRefused as refusal:
            if refusal.code != ErrorCode.ROSTER_MOVED:
                raise
            return  # another enrolment stands by now: what the roster brings says the rest
        self._vault.enrolling.uploaded(upload)

    def _answer_again(self, calls: WorkspaceCalls, asked: Sequence[Asked], shares: RecoveryShares) -> None:
        """The roster has a release of ours: see to it that its answer is there too, once for each start."""
        for each in asked:
            if each.released and not each.mine and each not in self._asked:
                release_share(calls, self._vault.trusting.answer(each, shares))

    def _name(self, member: MemberId) -> str:
        return self._named("member", member)

    # appending

    def _append(self, sign: Callable[[Identity], AppendRoster], on_step: OnStep) -> None:
        vault = self._vault
        with self._account.calls(vault.roster.workspace) as calls:
            on_step("Opening your account")
            _, identity = self._opened(calls)
            on_step("Signing")
            self._until_taken(calls, lambda: sign(identity))
            on_step("Handing over the sealed parts")
            self._upload(calls)

    def _opened(self, calls: WorkspaceCalls) -> tuple[Bundle, Identity]:
        account = read_account(calls.http)
        Round(calls, self._vault.exchange, turn=self._turn).pull(CancelToken())
        return self._open_account(account.bundle)

    def _until_taken(self, calls: WorkspaceCalls, sign: Callable[[], AppendRoster | None]) -> None:
        exchange = self._vault.exchange
        rounds, cancel = Round(calls, exchange, turn=self._turn), CancelToken()
        for _ in range(TRIES):
            rounds.catch_up(cancel)
            try:
                append = sign()
            except Refused as refused:
                raise NotAllowed(refused.message) from refused
            if append is None:
                return
            try:
                calls.append_roster(append)
            except ServerRefused as refusal:
                if refusal.code not in (ErrorCode.ROSTER_MOVED, ErrorCode.LOG_MOVED):
                    raise
                continue
            exchange.roster_appended(append)
            return
        raise DidNotFinish()
