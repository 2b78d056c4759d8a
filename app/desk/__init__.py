"""One open profile, vault and sync together, for whoever shows it: the command line and the window. No Qt.

`setup` makes or unlocks a `Desk`; everything else hangs on it.
"""

from app.desk.desk import Desk
from app.desk.embedded import EmbeddedServer
from app.desk.errors import (
    DeskError,
    DidNotFinish,
    HandleTaken,
    InvitationUnusable,
    NotAllowed,
    ServerDidNotStart,
    SignupClosed,
    WaitingForAdmin,
)
from app.desk.held_keys import KeysHeld
from app.desk.homes import GroupChoice, member_of, member_value
from app.desk.inviting import MOST_AT_ONCE, Invitee
from app.desk.new_profile import Place
from app.desk.preview import ChangeWords
from app.desk.role_change import RoleChange
from app.desk.sealed import SealedCommit, SealedView
from app.desk.setup import (
    AcceptInvitation,
    MakeWorkspace,
    NewDesk,
    SignIn,
    accept_invitation,
    emergency_kit,
    make_workspace,
    read_invitation,
    sign_in_with_kit,
    unlock,
)
from app.desk.team import Team, TeamDevice, TeamGroup, TeamInvitation, TeamMember, TeamRole
from app.desk.team_actions import Invited, TeamActions

__all__ = [
    "MOST_AT_ONCE",
    "AcceptInvitation",
    "ChangeWords",
    "Desk",
    "DeskError",
    "DidNotFinish",
    "EmbeddedServer",
    "GroupChoice",
    "HandleTaken",
    "InvitationUnusable",
    "Invited",
    "Invitee",
    "KeysHeld",
    "MakeWorkspace",
    "NewDesk",
    "NotAllowed",
    "Place",
    "RoleChange",
    "SealedCommit",
    "SealedView",
    "ServerDidNotStart",
    "SignIn",
    "SignupClosed",
    "Team",
    "TeamActions",
    "TeamDevice",
    "TeamGroup",
    "TeamInvitation",
    "TeamMember",
    "TeamRole",
    "WaitingForAdmin",
    "accept_invitation",
    "emergency_kit",
    "make_workspace",
    "member_of",
    "member_value",
    "read_invitation",
    "sign_in_with_kit",
    "unlock",
]
