"""How a desk begins: make a workspace, accept an invitation, sign in on a new computer, unlock every day.

All of these are slow (key derivation takes about a second, the server is asked several times) and tell their steps
to `on_step`. Local things are made first, and stay only if the server took its part: a refused handle leaves
nothing behind. What was broken off after the server had taken the account is finished at the next unlock.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.crm.schema import DEFAULT_PIPELINE_NAME, SCHEMA, pipeline_fields
from app.desk.adding import fetch_pins
from app.desk.desk import Desk
from app.desk.door import AskCode, sign_in_asking
from app.desk.drafts import stored_fields
from app.desk.entering import enter, open_account, read_roster, read_roster_for_join
from app.desk.errors import DeskError, InvitationUnusable
from app.desk.new_profile import NewProfile, Place
from app.desk.renewal import prepare_renewal
from app.desk.revocation import resume_revocation
from app.desk.steps import OnStep, ignore_step
from protocol.ids import Compartment, LogId
from protocol.wire import SignupCode
from sync_client import Credentials, Http, SyncError, WorkspaceCalls, read_account
from vault import Vault
from vault.errors import VaultError
from vault.exchange.carried import carry
from vault.keys import Derived, Link, SecretKey
from vault.keys.derive import derive
from vault.keys.kit import Account, Kit
from vault.keys.transfer import TransferSecret
from vault.profile import Keychain, KeychainError, Profile, WrongPassword
from vault.roster import BUILT_IN_ROLES, NewWorkspace, Refused, WrongWorkspace

FIRST_GROUP = "Everyone"


@dataclass(frozen=True)
class MakeWorkspace:
    """What somebody who starts a workspace fills in."""

    server: str
    handle: str
    password: str = field(repr=False)
    workspace_name: str
    my_name: str
    signup_code: str = field(default="", repr=False)
    first_group: str = FIRST_GROUP


@dataclass(frozen=True)
class AcceptInvitation:
    """What an invitee fills in; `link` was parsed from the text or the code that she was given."""

    link: Link
    handle: str
    password: str = field(repr=False)
    my_name: str


@dataclass(frozen=True)
class SignIn:
    """What somebody fills in on a new computer, from the Emergency Kit. `kit`: the whole of it, where its code was
    scanned or pasted: then the server has to show the Kit's workspace, and a roster that holds the Kit's head.
    `transfer`: of a code that another computer shows: then it has to show everything that that one has seen.
    `code` or `ask_code`: for an account with a second factor."""

    server: str
    handle: str
    secret_key: SecretKey
    password: str = field(repr=False)
    kit: Kit | None = None
    transfer: TransferSecret | None = field(default=None, repr=False)
    code: str = field(default="", repr=False)
    ask_code: AskCode | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NewDesk:
    """An open desk, and the Emergency Kit to print: it is not kept anywhere."""

    desk: Desk
    kit: Kit


def make_workspace(wanted: MakeWorkspace, place: Place, on_step: OnStep = ignore_step) -> NewDesk:
    """A new account, workspace and desk. Raises HandleTaken, SignupClosed, SyncError, VaultError."""
    on_step("Making your keys")
    secret_key = SecretKey.generate()
    derived = derive(wanted.password, secret_key)
    with NewProfile(wanted.handle, wanted.server, derived, secret_key, place) as made:
        on_step("Making the workspace")
        created = Vault.create_workspace(made.profile, made.key, derived, SCHEMA)
        desk = made.desk = Desk(created.vault, derived, certificates=place.certificates)
        on_step("Making your account on the server")
        open_account(desk, created.bundle, SignupCode(wanted.signup_code))
        made.keep()
        with desk.account.calls(desk.vault.roster.workspace) as calls:
            calls.create(created.request)
        _name_everything(desk, created.plan, wanted)
        on_step("Sending the first records")
        desk.sync_now()
        return NewDesk(desk, emergency_kit(desk, secret_key))


def read_invitation(text: str) -> Link:
    """A link, its QR text, or the code in groups. Raises LinkUnreadable, UnknownKeyVersion."""
    return Link.parse(text) if text.strip().lower().startswith("tacit:") else Link.parse_code(text)


def accept_invitation(wanted: AcceptInvitation, place: Place, on_step: OnStep = ignore_step) -> NewDesk:
    """Check the roster against the link, make keys, join. The desk is not a member before an admin's client has
    confirmed (`Desk.is_member`). Raises InvitationUnusable, HandleTaken, SyncError, TrustError."""
    on_step("Making your keys")
    link = wanted.link
    secret_key = SecretKey.generate()
    derived = derive(wanted.password, secret_key)
    on_step("Checking the invitation")
    http = Http(link.server, certificates=place.certificates)
    try:
        entries = read_roster_for_join(WorkspaceCalls(http, link.workspace), link, derived.login)
    finally:
        http.close()
    with NewProfile(wanted.handle, link.server, derived, secret_key, place) as made:
        try:
            entered = Vault.join(made.profile, made.key, derived, SCHEMA, link, entries)
        except Refused as refusal:
            raise InvitationUnusable() from refusal
        desk = made.desk = Desk(entered.vault, derived, certificates=place.certificates)
        assert entered.bundle is not None  # a join always has one
        on_step("Making your account on the server")
        proof = link.token.prove(link.workspace, link.invitation, derived.login.public)
        open_account(desk, entered.bundle, proof)
        made.keep()  # from here on the account is at the server, and this is its only Secret Key
        desk.own_name.keep(wanted.my_name)
        on_step("Joining the workspace")
        try:
            enter(desk)
        except InvitationUnusable:
            made.drop()
            raise
        desk.start_sync()
        return NewDesk(desk, emergency_kit(desk, secret_key))


def sign_in_with_kit(
    wanted: SignIn, place: Place, on_step: OnStep = ignore_step, *, start: bool = True
) -> NewDesk:
    """A new computer of a member, synchronising already where `start`. Raises SignInRefused, CodeNeeded, SyncError,
    VaultError; with a Kit: WrongWorkspace, RolledBack, Forked where the server shows another world than the Kit's."""
    on_step("Making your keys")
    derived = derive(wanted.password, wanted.secret_key)
    with NewProfile(wanted.handle, wanted.server, derived, wanted.secret_key, place) as made:
        on_step("Signing in")
        http = Http(wanted.server, certificates=place.certificates)
        try:
            credentials = Credentials(made.profile.handle, derived.login.sign)
            session = sign_in_asking(http, credentials, wanted.ask_code, wanted.code)
            bundle = read_account(http).bundle
            workspace = Vault.workspace_in(bundle, derived, made.profile.handle)
            on_step("Checking the workspace")
            if wanted.kit is not None and wanted.kit.workspace != workspace:
                raise WrongWorkspace("the account's bundle names another workspace than the Emergency Kit")
            pins = None
            if wanted.transfer is not None:
                pins = fetch_pins(http, wanted.transfer, made.profile.handle, workspace)
            entries = read_roster(WorkspaceCalls(http, workspace))
        finally:
            http.close()
        known = pins or wanted.kit
        known_head = None if known is None else (known.position, known.head)
        entered = Vault.sign_in(
            made.profile, made.key, derived, SCHEMA, bundle, entries, known_head=known_head
        )
        if pins is not None:
            carry(entered.vault.exchange.desk, pins.logs)
        desk = made.desk = Desk(entered.vault, derived, certificates=place.certificates)
        desk.account.take_session(session)
        on_step("Adding this computer")
        enter(desk)
        made.keep()
        if start:
            desk.start_sync()
        return NewDesk(desk, emergency_kit(desk, wanted.secret_key))


def unlock(
    profile: Path,
    password: str,
    keychain: Keychain,
    secret_key: SecretKey | None = None,
    certificates: Path | None = None,
) -> Desk:
    """Every day. The Secret Key comes from the keychain, or is given, and is then kept there. A vault that was
    restored from a backup gets a new device key, where the server answers; until then it can be read only.

    Raises WrongPassword, SecretKeyMissing, ProfileBusy, ProfileDamaged and the other errors of the vault; SupportOver
    at the desk of support after its end.
    """
    opened = Profile.open(profile)
    try:
        used = secret_key or keychain.load(opened.id)
        derived = opened.derive(password, used)
        newer = opened.next_secret_key(derived)  # the keychain was not told of it yet
        if newer is not None:
            used, derived = _newer(opened, password, derived, used, newer)
        desk = _open(opened, derived, certificates)
    except BaseException:
        opened.close()
        raise
    try:
        if secret_key is not None:
            keychain.store(opened.id, used)
        elif newer is not None:
            keychain.store(opened.id, used)  # where it is locked today, the next unlocking does it
        opened.secret_key_kept()
    except KeychainError:
        if secret_key is not None:
            desk.lock()
            raise
    except BaseException:
        desk.lock()
        raise
    try:
        desk.support.check()
    except DeskError:
        desk.lock()
        raise
    if desk.vault.exchange.restored:
        desk = _renewed(desk, derived, certificates)
    if desk.vault.entering() is not None:  # a join, or a new device key, that was broken off
        with suppress(SyncError, DeskError):
            enter(desk)
    with suppress(SyncError, DeskError, VaultError):  # offline: it goes on when the server answers
        resume_revocation(desk, password, keychain)
    return desk


def _newer(
    opened: Profile, password: str, present: Derived, used: SecretKey, newer: SecretKey
) -> tuple[SecretKey, Derived]:
    """Of two Secret Keys the one under which the profile is sealed: a change was broken off between two files."""
    derived = opened.derive(password, newer)
    try:
        opened.unlock_with(derived)
    except WrongPassword:
        return used, present
    return newer, derived


def _open(profile: Profile, derived: Derived, certificates: Path | None) -> Desk:
    return Desk(Vault.open(profile, profile.unlock_with(derived), SCHEMA), derived, certificates=certificates)


def _renewed(desk: Desk, derived: Derived, certificates: Path | None) -> Desk:
    """Where the server does not play its part the desk stays as it is: it can be read, and says why not written."""
    folder = desk.profile.folder
    try:
        prepare_renewal(desk)
    except (SyncError, VaultError):
        return desk
    desk.lock()
    opened = Profile.open(folder)
    try:
        return _open(opened, derived, certificates)
    except BaseException:
        opened.close()
        raise


def _name_everything(desk: Desk, plan: NewWorkspace, wanted: MakeWorkspace) -> None:
    """The names that the roster does not have, and the pipeline that deals go through."""
    names = {
        ("workspace", desk.vault.roster.workspace[:16]): wanted.workspace_name,
        ("member", plan.member): wanted.my_name,
        ("group", plan.group): wanted.first_group,
    }
    for template in BUILT_IN_ROLES:
        names["role", plan.roles[template.key]] = template.name
    desk.directory.write(names)
    with desk.editor.action() as action:
        home = LogId(plan.group, Compartment.CATALOGUE)
        action.create("pipeline", home, stored_fields(pipeline_fields(DEFAULT_PIPELINE_NAME)))


def emergency_kit(desk: Desk, secret_key: SecretKey) -> Kit:
    """The Kit for this account, with the roster as this desk knows it now."""
    state = desk.vault.roster
    account = Account(desk.profile.server, desk.profile.handle, secret_key)
    return Kit(
        account,
        state.workspace,
        state.position,
        state.head,
        desk.workspace_name,
        datetime.now().astimezone().date(),
    )
