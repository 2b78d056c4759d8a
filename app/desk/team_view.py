"""The team as this desk shows it: built once for a state of the roster and the names, and what waits in it."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.approvals import Approval, approvals
from app.desk.asking import Asking
from app.desk.directory import Directory
from app.desk.team import Team, build_team
from protocol.state import Member, RosterState
from vault import Vault
from vault.keys import check_code, workspace_code


class TeamView:
    """Threads: any."""

    def __init__(self, vault: Vault, directory: Directory, asking: Asking) -> None:
        self._vault = vault
        self._directory = directory
        self._asking = asking
        self._kept: tuple[RosterState, Mapping[bytes, str], Team] | None = None

    def team(self) -> Team:
        """Who is who, as of the newest roster; the same object until the roster or a name changes."""
        state, names, kept = self._vault.roster, self._directory.names(), self._kept
        if kept is not None and kept[0] is state and kept[1] is names:
            return kept[2]
        team = self._build(state)
        self._kept = (state, names, team)
        return team

    def forget(self) -> None:
        """The desk is locked."""
        self._kept = None

    def _build(self, state: RosterState) -> Team:
        vault = self._vault

        def code(member: Member) -> str:
            return check_code(state.workspace, member.id, member.identity) if member.identity else ""

        return build_team(
            state, vault.own.member, vault.device, self._directory.name, code, workspace_code(state.workspace)
        )

    def approvals(self) -> list[Approval]:
        """What waits for somebody (slow: reads the directory's events and the heads of all logs)."""
        waiting = self._vault.exchange.waiting_for_keys()
        return approvals(
            self._vault.roster,
            self._asking.open(),
            waiting,
            self._directory.name,
            self.team().i_am_admin,
        )


__all__ = ["TeamView"]
