"""Invitees: who is no member yet, and shows by the token's signature that an invitation is his."""

from __future__ import annotations

from protocol import wire
from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.ids import HASH_SIZE, ID_SIZE
from protocol.roster_parse import MAX_POSITION
from protocol.signing import Namespace, verify
from protocol.state import Invitation, InvitationStatus
from server.errors import Forbidden, Malformed, NotFound
from server.workspaces.open import OpenWorkspace
from server.workspaces.registry import Workspaces
from server.workspaces.roster import entries_from


def check_proof(workspaces: Workspaces, proof: wire.InvitationProof, login_key: bytes, now: int) -> None:
    """Raises Forbidden (one for all reasons) unless the invitation is open, in time, and its token signed."""
    _check_sizes(proof)
    try:
        with workspaces.use(proof.workspace) as workspace:
            _signed(workspace, proof, login_key, now, frozenset({InvitationStatus.OPEN}))
    except NotFound:
        raise Forbidden("no such open invitation") from None


def read_for_join(workspace: OpenWorkspace, wanted: wire.ReadForJoin, now: int) -> wire.RosterPage:
    """Roster entries after `wanted.position` for an invitee; also when the reply to the join was lost. Raises
    Forbidden (one for all reasons, so that nobody learns which workspaces there are)."""
    if wanted.proof.workspace != workspace.id:
        raise Forbidden("no such open invitation")
    _signed(
        workspace,
        wanted.proof,
        wanted.login_key,
        now,
        frozenset({InvitationStatus.OPEN, InvitationStatus.JOINED}),
    )
    return entries_from(workspace, wanted.position + 1)


def check_wanted(wanted: wire.ReadForJoin) -> None:
    """What can be judged without any workspace. Raises Malformed."""
    _check_sizes(wanted.proof)
    if not 0 <= wanted.position < MAX_POSITION:
        raise Malformed("a position is a number from 0 on")


def _check_sizes(proof: wire.InvitationProof) -> None:
    if len(proof.workspace) != HASH_SIZE or len(proof.invitation) != ID_SIZE:
        raise Malformed("a workspace's id has 32 bytes, an invitation's 16")


def _signed(
    workspace: OpenWorkspace,
    proof: wire.InvitationProof,
    login_key: bytes,
    now: int,
    wanted: frozenset[InvitationStatus],
) -> Invitation:
    invitation = workspace.view.roster.invitations.get(proof.invitation)
    if invitation is None or invitation.status not in wanted or invitation.expires < now:
        raise Forbidden("no such open invitation")
    statement = encode([proof.workspace, proof.invitation, login_key])
    try:
        verify(Namespace.ACCOUNT_FROM_INVITATION, invitation.token_key, statement, proof.signature)
    except SignatureInvalid:
        raise Forbidden("no such open invitation") from None
    return invitation
