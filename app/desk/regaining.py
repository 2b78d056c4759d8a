"""Getting back in with colleagues' help, on a computer that knows nothing of the account but its login name.

    1 `ask`: a fresh key; the code that each colleague compares by voice before he gives his part
    2 `look`, now and then: how many have answered; when enough have, everything is checked (`vault.recovery`)
    3 `choose`: a new password and a new Secret Key; the new Emergency Kit is in its owner's hands before anything is
      changed
    4 `enter`: the server takes the new keys, by the identity's signature, and this computer signs in as a new one

Nothing of 1 and 2 is kept on this computer: where Tacit is closed in between, one asks anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.crm.schema import SCHEMA
from app.desk.desk import Desk
from app.desk.entering import enter, read_roster
from app.desk.errors import DeskError
from app.desk.new_profile import NewProfile, Place
from app.desk.setup import NewDesk, emergency_kit
from app.desk.steps import OnStep, ignore_step
from protocol.ids import DeviceId
from protocol.wire import ErrorCode
from sync_client import Credentials, Http, ServerRefused, SyncError, WorkspaceCalls, read_account, sign_in
from sync_client.recovery import collect_recovery, recover_account, request_recovery
from vault import Vault
from vault.errors import VaultError
from vault.keys import Account, Derived, Kit, SecretKey, canonical_handle, canonical_origin
from vault.keys.derive import derive
from vault.recovery import Collected, Recovered, RecoveryRequest, recover
from vault.revoking import own_devices


class ChangedMeanwhile(DeskError):
    title = "The account was changed in between"
    message = "Somebody used this account while you were getting back in. Ask your colleagues once more."


class SignInWithTheKit(DeskError):
    title = "Nearly done: sign in with your new Emergency Kit"
    message = (
        "The server has taken your new password and keys, and this computer could not be added in the same go. Choose "
        "“I have an Emergency Kit” and use the new Kit and the new password."
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """How many colleagues have answered, of how many that are needed (0 while nobody has). `ready`: enough have, and
    everything that the server showed was checked."""

    given: int
    needed: int
    ready: bool


@dataclass(frozen=True)
class NewKeys:
    """A new password and Secret Key, chosen and not in force yet. `kit` is to be printed first."""

    kit: Kit = field(repr=False)
    secret_key: SecretKey = field(repr=False)
    derived: Derived = field(repr=False)


class Regaining:
    """One attempt. Slow ones talk to the server; one call at a time."""

    def __init__(
        self, server: str, handle: str, place: Place, kit_head: tuple[int, bytes] | None = None
    ) -> None:
        """`kit_head`: the roster's position and hash from an old Emergency Kit, where there is one.

        Raises AddressUnusable, HandleUnusable."""
        self.server = canonical_origin(server)
        self.handle = canonical_handle(handle)
        self.place = place
        self._kit_head = kit_head
        self._request = RecoveryRequest()
        self._recovered: Recovered | None = None

    def ask(self) -> str:
        """Send the request (slow; the same again changes nothing). The code to compare. It looks the same for a login
        name that nobody has. Raises SyncError, RecoveryUntrue."""
        http = self._http()
        try:
            return self._request.asked(request_recovery(http, self.handle, self._request.public))
        finally:
            http.close()

    @property
    def code(self) -> str:
        """Thirty digits, after `ask`."""
        return self._request.code

    def look(self) -> Answers:
        """How far it is (slow). Raises SyncError; RecoveryUntrue, NotEnough and NotEnrolled where what came does not
        hold."""
        http = self._http()
        try:
            found, entries = collect_recovery(http, self.handle, self._request.public)
        finally:
            http.close()
        if not found.needed or found.given < found.needed:
            return Answers(found.given, found.needed, False)
        collected = Collected(found.box, found.shares, entries, found.bundle_version)
        self._recovered = recover(self._request, collected, self._kit_head)
        return Answers(found.given, found.needed, True)

    @property
    def other_computers(self) -> list[DeviceId]:
        """Those that the account has, when `look` said ready: offered for revoking."""
        recovered = self._ready()
        return own_devices(recovered.state, recovered.member)

    def choose(self, password: str) -> NewKeys:
        """A new Secret Key beside the new password, and the Kit (slow). Nothing is changed. Raises PasswordUnusable."""
        recovered = self._ready()
        secret_key = SecretKey.generate()
        derived = derive(password, secret_key)
        kit = Kit(
            Account(self.server, self.handle, secret_key),
            recovered.workspace,
            recovered.state.position,
            recovered.state.head,
            "",
            datetime.now().astimezone().date(),
        )
        return NewKeys(kit, secret_key, derived)

    def enter(self, keys: NewKeys, on_step: OnStep = ignore_step, *, start: bool = True) -> NewDesk:
        """Change the account and add this computer (slow). Raises ChangedMeanwhile, SyncError, VaultError, DeskError:
        nothing has changed then; SignInWithTheKit: the account has the new keys, this computer is not added yet."""
        recovered = self._ready()
        with NewProfile(self.handle, self.server, keys.derived, keys.secret_key, self.place) as made:
            on_step("Giving your account its new keys")
            http = self._http()
            try:
                _change_account(http, recovered, made.profile.handle, keys.derived)
                try:
                    desk = self._signed_in(http, made, recovered, keys.derived, on_step)
                    on_step("Adding this computer")
                    enter(desk)
                except (SyncError, VaultError, DeskError) as error:
                    raise SignInWithTheKit from error
            finally:
                http.close()
            made.keep()
            if start:
                desk.start_sync()
            return NewDesk(desk, emergency_kit(desk, keys.secret_key))

    def _signed_in(
        self, http: Http, made: NewProfile, recovered: Recovered, derived: Derived, on_step: OnStep
    ) -> Desk:
        """The roster is read once more, and has to go on from the one that was checked."""
        on_step("Signing in")
        session = sign_in(http, Credentials(made.profile.handle, derived.login.sign))
        bundle = read_account(http).bundle
        entries = read_roster(WorkspaceCalls(http, recovered.workspace))
        head = (recovered.state.position, recovered.state.head)
        entered = Vault.sign_in(made.profile, made.key, derived, SCHEMA, bundle, entries, known_head=head)
        desk = made.desk = Desk(entered.vault, derived, certificates=self.place.certificates)
        desk.account.take_session(session)
        return desk

    def _ready(self) -> Recovered:
        if self._recovered is None:
            raise ValueError("not ready: look first")
        return self._recovered

    def _http(self) -> Http:
        return Http(self.server, certificates=self.place.certificates)


def _change_account(http: Http, recovered: Recovered, handle: str, derived: Derived) -> None:
    request = recovered.account(handle, derived)
    try:
        recover_account(http, request)
    except ServerRefused as refusal:
        if refusal.code in (ErrorCode.BUNDLE_MOVED, ErrorCode.FORBIDDEN):
            raise ChangedMeanwhile from refusal
        raise
