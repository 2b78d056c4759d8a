"""One open profile: the unlocked vault, the syncer beside it, and what CLI and window ask of both.

Threads: every method may be called from any thread. Listeners are called on the thread on which something
changed; a window hands them over to its own. Methods marked "slow" talk to the server or to the disk for long.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.desk import homes
from app.desk.account_forward import AccountForward
from app.desk.alarms import Alarms, watch
from app.desk.asking import Asking
from app.desk.attachments import Attachments
from app.desk.audit import Audit
from app.desk.audit_events import EventBook
from app.desk.colleagues import has_colleagues
from app.desk.compared import Compared
from app.desk.directory import Directory
from app.desk.held_keys import KeysHeld, keys_held
from app.desk.homes import GroupChoice
from app.desk.kept_session import KeptSession
from app.desk.listening import Unsubscribe, listen, tell
from app.desk.own_name import OwnName
from app.desk.pasts import Pasts
from app.desk.record_acts import RecordActs
from app.desk.recovery import DeskRecovery
from app.desk.sealed import SealedView, sealed_view
from app.desk.server_account import ServerAccount
from app.desk.server_word import ServerWord
from app.desk.small_groups import small_words
from app.desk.support import SupportSwitch
from app.desk.team import Team
from app.desk.team_actions import TeamActions
from app.desk.team_view import TeamView
from app.desk.technical_journal import TechnicalJournal
from app.desk.upkeep import Upkeep
from app.desk.waiting_work import WaitingWork
from app.desk.writer import DeskWriter
from protocol.ids import GroupId, LogId, MemberId, Permission
from protocol.state import Member, MemberStatus
from protocol.wire import BundleUpload
from sync_client import (
    CancelToken,
    Http,
    OnProgress,
    Phase,
    Round,
    SessionEnded,
    Syncer,
    SyncState,
    ignore_progress,
)
from vault import Vault
from vault.keys import Bundle, Derived, Identity, LoginKey
from vault.profile import Profile, VaultKey
from vault.store import Changes, Editor, History, RecordKey, Records, Search

OnChange = Callable[[Changes], None]
OnState = Callable[[SyncState], None]

_LAST_CONTACT = "desk/last-contact"


class Desk:
    """See the module. Made by `app.desk.setup`; ends with `lock`."""

    def __init__(self, vault: Vault, derived: Derived, *, certificates: Path | None = None) -> None:
        self.vault = vault
        self._derived = derived
        self._certificates = certificates
        self.records: Records = vault.records
        self.editor: Editor = vault.editor
        self.search: Search = vault.search
        self.history: History = vault.history
        self.directory = Directory(vault.records, vault.editor)
        self.own_name = OwnName(vault, self.directory)
        self.events = EventBook(vault)
        self.journal = TechnicalJournal()
        self.alarms = Alarms(vault, self.events, journal=self.journal)
        self.account = ServerAccount(
            vault.profile, derived, self.new_http, KeptSession(vault), self.alarms.record, vault.device.hex()
        )
        self._forward = AccountForward(vault, self.account, self.present_keys, self.alarms.record)
        self.server_word = ServerWord(vault, self.account)
        self.audit = Audit(vault, self.name, self.events, self.alarms, self.server_word)
        self._turn = threading.Lock()
        self.actions = TeamActions(vault, self.account, self.directory, self._turn)
        self.asking = Asking(self.events, lambda: vault.roster, vault.own.member)
        self.team_view = TeamView(vault, self.directory, self.asking)
        self.compared = Compared(vault)
        self.support = SupportSwitch(vault, self.actions, self.name)
        self.acts = RecordActs(vault, self.actions, self.name)
        self.pasts = Pasts(vault, self.account, self._turn, self.place_words)
        self.attachments = Attachments(vault, self.account)
        self._state_listeners: list[OnState] = []
        self._change_listeners: list[OnChange] = []
        self.recovery = DeskRecovery(
            vault, self.account, self.directory.name, self.open_account, self._turn, self.alarms.record
        )
        self._upkeep = Upkeep(vault, self.attachments, self._look)
        self._waiting = WaitingWork()
        self._syncer: Syncer | None = None
        self._lock = threading.Lock()
        self._unsubscribe = vault.subscribe(self._changed)
        self._unwatch = watch(vault, self.alarms)

    # who and where

    @property
    def profile(self) -> Profile:
        return self.vault.profile

    @property
    def me(self) -> MemberId:
        return self.vault.own.member

    @property
    def login_key(self) -> LoginKey:
        """Signs in to the server; held while the desk is unlocked."""
        return self._derived.login

    def vault_key(self) -> VaultKey:
        """The key of this computer's database, to seal it anew; the caller drops it at once."""
        return self.profile.unlock_with(self._derived)

    def use_keys(self, derived: Derived) -> None:
        """The password was changed, here and at the server: sign in with the new login key from now on. The syncer
        is to be stopped before and started after."""
        self._derived = derived
        self.account.use_login(derived)

    def present_keys(self) -> Derived:
        """What the password and the Secret Key give at present, for acts that seal this computer's key anew; the
        caller drops it at once."""
        return self._derived

    @property
    def turn(self) -> threading.Lock:
        """Rounds for one vault take turns."""
        return self._turn

    def wait_with(self, work: Callable[[], None] | None) -> None:
        """Work that was begun and must be finished: tried again, on a thread of its own, when the server is there
        (or refuses keys that are not the newest any more). None: it is done."""
        self._waiting.keep(work)

    def open_account(self, bundle: BundleUpload) -> tuple[Bundle, Identity]:
        """The account's bundle and the identity in it, for an act that needs the signing key; drop both after it.
        Raises OpenFailed, BundleRefused, NotAMember."""
        return self.vault.open_account(bundle, self._derived)

    @property
    def is_member(self) -> bool:
        """False until an admin's client has confirmed, and after leaving, removal or suspension."""
        found: Member | None = self.vault.roster.members.get(self.me)
        return found is not None and found.status is MemberStatus.ACTIVE and not self.vault.is_revoked

    @property
    def confirmed_by(self) -> MemberId | None:
        """The colleague who was the first to sign something that names this computer."""
        found = self.vault.confirmed_by
        return None if found is None else found.member

    @property
    def not_yet_confirmed(self) -> bool:
        """Whether colleagues could have named this computer, and none has: it may have been shown an older state."""
        return self.is_member and self.confirmed_by is None and has_colleagues(self.vault.roster, self.me)

    @property
    def workspace_name(self) -> str:
        return self.name("workspace", self.vault.roster.workspace[:16])

    @property
    def my_name(self) -> str:
        return self.own_name.waiting() or self.name("member", self.me)

    def name(self, kind: str, subject: bytes) -> str:
        """The name of a member, group, role or workspace. Small groups have none: "Private", "Shared with Ben"."""
        small = small_words(self.vault.roster, self.me, subject, self.name) if kind == "group" else ""
        return small or self.directory.name(kind, subject)

    def owner_text(self, value: object) -> str:
        """What a MEMBER field shows."""
        member = homes.member_of(value)
        if member is not None:
            return self.name("member", member)
        return value if isinstance(value, str) else ""

    def team(self) -> Team:
        """Who is who, as of the newest roster; the same object until the roster or a name changes."""
        return self.team_view.team()

    # places

    def group_choices(self, type_name: str) -> list[GroupChoice]:
        """Groups in which the user may make records of this type, by name."""
        return homes.group_choices(self.vault.roster, self.me, type_name, self.name)

    def home_for(self, type_name: str, group: GroupId, owner: MemberId | None = None) -> LogId:
        return homes.home_for(self.vault.roster, self.me, type_name, group, owner)

    def may_write(self, key: RecordKey) -> bool:
        return homes.may_write(self.vault.roster, self.me, key.log)

    def may(self, permission: Permission, group: GroupId) -> bool:
        return homes.may(self.vault.roster, self.me, permission, group)

    def place_words(self, log: LogId) -> str:
        return homes.place_words(log, self.name)

    def writer(self, group: GroupId) -> DeskWriter:
        """Where an import writes; `group` takes what names no group of its own."""
        state = self.vault.roster
        return DeskWriter(
            self.records,
            self.editor,
            lambda: self.vault.roster,
            self.me,
            group,
            {self.name("group", found): found for found, one in state.groups.items() if not one.small},
            {
                self.name("member", member.id).casefold(): member.id
                for member in state.members.values()
                if self.directory.is_named(member.id)
            },
            self.acts.changing,
        )

    def sealed_view(self, key: RecordKey) -> SealedView:
        """What the server stores for this record (slow)."""
        return sealed_view(self.vault, self.account, key)

    def keys_held(self) -> list[KeysHeld]:
        """How many logs this computer has keys of, by the reason for which it has them."""
        with self.vault.store.read() as tx:
            logs = self.vault.exchange.desk.logs.logs_with_keys(tx)
        return keys_held(self.vault.roster, self.me, logs, self.name)

    # synchronising

    @property
    def sync_state(self) -> SyncState:
        syncer = self._syncer
        return syncer.state if syncer else SyncState(Phase.STOPPED)

    @property
    def is_syncing(self) -> bool:
        """Whether it keeps in step by itself, or tries to."""
        return self._syncer is not None

    def pending(self) -> int:
        """Edits (actions' parts) that no server has yet."""
        with self.vault.store.read() as tx:
            return self.vault.exchange.desk.outbox.count(tx)

    def start_sync(self) -> None:
        """Keep in step from now on, in the background."""
        with self._lock:
            if self._syncer is None:
                self._syncer = Syncer(
                    self.new_http,
                    self.account.door,
                    self.vault.exchange,
                    self._state_changed,
                    self._turn,
                )
                self._syncer.start()
                self._upkeep.start()

    def stop_sync(self) -> None:
        with self._lock:
            syncer, self._syncer = self._syncer, None
        if syncer is not None:
            syncer.stop()
            self._remember_contact(syncer.state.last_contact)
        self._upkeep.stop()

    def sync_now(self, timeout: float = 60.0) -> bool:
        """Wait until a whole round is done (slow). False where it was not; `sync_state.error` says why."""
        self.start_sync()
        syncer = self._syncer
        return syncer is not None and syncer.sync_now(timeout)

    def sync_once(self, cancel: CancelToken | None = None, on_progress: OnProgress = ignore_progress) -> None:
        """One whole round on this thread (slow), for programs that come and go. Raises SyncError, VaultError."""
        try:
            self._round(cancel or CancelToken(), on_progress)
        except SessionEnded:
            self._round(cancel or CancelToken(), on_progress)  # signs in anew
        if self.own_name.settle() | self.vault.moves.settle():
            self._round(cancel or CancelToken(), on_progress)
        self._remember_contact(time.time())

    def _round(self, cancel: CancelToken, on_progress: OnProgress) -> None:
        with self.account.calls(self.vault.roster.workspace) as calls:
            Round(calls, self.vault.exchange, turn=self._turn, on_progress=on_progress).run(cancel)

    def wait_until_member(self, seconds: float) -> bool:
        """Wait until an admin's client has confirmed (slow); False when the time is over, or where synchronising
        halted (`sync_state.error` says why)."""
        happened = threading.Event()
        stop = self.on_state(lambda state: happened.set())
        deadline = time.monotonic() + seconds
        try:
            self.start_sync()
            while not self.is_member:
                left = deadline - time.monotonic()
                if left <= 0 or self.sync_state.phase is Phase.HALTED:
                    return False
                happened.wait(left)
                happened.clear()
        finally:
            stop()
        return True

    @property
    def last_contact(self) -> float:
        """Unix time of the last complete round, of an earlier unlock too; 0 for never."""
        with self.vault.store.read() as tx:
            known = self.vault.exchange.desk.logs.get_number(tx, _LAST_CONTACT)
        return max(float(known), self.sync_state.last_contact)

    def _remember_contact(self, when: float) -> None:
        if when:
            with self.vault.store.write() as tx:
                self.vault.exchange.desk.logs.set_number(tx, _LAST_CONTACT, int(when))

    def wake(self) -> None:
        syncer = self._syncer
        if syncer is not None:
            syncer.wake()

    def new_http(self) -> Http:
        return Http(self.profile.server, certificates=self._certificates)

    # listening

    def on_change(self, listener: OnChange) -> Unsubscribe:
        return listen(self._change_listeners, listener)

    def on_state(self, listener: OnState) -> Unsubscribe:
        return listen(self._state_listeners, listener)

    def _changed(self, changes: Changes) -> None:
        self.directory.changed(changes)
        self._upkeep.wake()
        self.wake_if_pending()
        tell(self._change_listeners, changes)

    def _look(self) -> None:
        """Only while the server answers: whoever locks does not wait for one that is away."""
        if self.sync_state.phase is Phase.IDLE:
            self._forward.look()
            self.recovery.look()

    def wake_if_pending(self) -> None:
        syncer = self._syncer
        if syncer is not None and self.pending():
            syncer.wake()

    def _state_changed(self, state: SyncState) -> None:
        self.journal.state(state)
        self.alarms.hear(state)
        if state.phase is Phase.IDLE:
            self.own_name.settle()
            self._upkeep.wake()
        if state.phase in (Phase.IDLE, Phase.HALTED):
            self._waiting.go_on()
        for listener in list(self._state_listeners):
            listener(state)

    def lock(self) -> None:
        """Stop, drop the keys, close the database. The desk is of no use afterwards."""
        self._waiting.end()
        self.stop_sync()
        self._unsubscribe()
        self._unwatch()
        self.account.close()
        self.vault.lock()
        self.team_view.forget()
        # Whatever still refers to this desk (a page, a listener) refers to no key any more.
        self._derived = Derived(secrets.token_bytes(32), LoginKey(secrets.token_bytes(32)))
