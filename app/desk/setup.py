"""How a desk begins: make a workspace, accept an invitation, sign in on a new computer, unlock every day.

All of these are slow (key derivation takes about a second, the server is asked several times) and tell their steps
to `on_step`. Local things are made first, and stay only if the server took its part: a refused handle leaves
nothing behind. What was broken off after the server had taken the account is finished at the next unlock.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.crm.schema import DEFAULT_PIPELINE_NAME, SCHEMA, pipeline_fields
from app.desk.desk import Desk
from app.desk.entering import enter, open_account, read_roster, read_roster_for_join
from protocol.ids import Compartment, LogId
from protocol.wire import SignupCode
from sync_client import Credentials, Http, WorkspaceCalls, read_account, sign_in
from vault import Vault
from vault.keys import Derived, Link, SecretKey, derive
from vault.keys.kit import Kit
from vault.profile import Keychain, Profile, new_profile_folder
from vault.roster import BUILT_IN_ROLES, NewWorkspace

OnStep = Callable[[str], None]

FIRST_GROUP = "Everyone"


def ignore_step(text: str) -> None:
    """For callers that show none."""


@dataclass(frozen=True)
class MakeWorkspace:
    """What somebody who starts a workspace fills in."""

    server: str
    handle: str
    password: str
    workspace_name: str
    my_name: str
    signup_code: str = ""
    first_group: str = FIRST_GROUP


@dataclass(frozen=True)
class AcceptInvitation:
    """What an invitee fills in; `link` was parsed from the text or the code that she was given."""

    link: Link
    handle: str
    password: str
    my_name: str


@dataclass(frozen=True)
class SignIn:
    """What somebody fills in on a new computer, from the Emergency Kit."""

    server: str
    handle: str
    secret_key: SecretKey
    password: str


@dataclass(frozen=True)
class NewDesk:
    """An open desk, and the Emergency Kit to print: it is not kept anywhere."""

    desk: Desk
    kit: Kit


@dataclass(frozen=True)
class Place:
    """Where a new profile lies and what keeps its Secret Key. `certificates`: a private authority's, for TLS."""

    keychain: Keychain
    folder: Path | None = None
    certificates: Path | None = None


def make_workspace(wanted: MakeWorkspace, place: Place, on_step: OnStep = ignore_step) -> NewDesk:
    """A new account, workspace and desk. Raises HandleTaken, SignupClosed, SyncError, VaultError."""
    on_step("Making your keys")
    secret_key = SecretKey.generate()
    derived = derive(wanted.password, secret_key)
    with _new_profile(wanted.handle, wanted.server, derived, secret_key, place) as made:
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
        return NewDesk(desk, _kit(desk, secret_key))


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
    proof = link.token.prove(link.workspace, link.invitation, derived.login.public)
    with _new_profile(wanted.handle, link.server, derived, secret_key, place) as made:
        on_step("Checking the invitation")
        from vault.account import seal_bundle  # noqa: PLC0415
        del seal_bundle
        raise NotImplementedError(proof)
