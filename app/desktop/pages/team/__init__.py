"""The Team page and its dialogs: people, invitations, groups, roles, who sees what."""

from app.desktop.pages.team.invite_dialog import InviteDialog
from app.desktop.pages.team.page import TeamPage
from app.desktop.pages.team.sharing_dialog import SharingDialog

__all__ = ["InviteDialog", "SharingDialog", "TeamPage"]
