"""What can be done with records beyond their fields: commercial fields, moves, sharing with one person."""

from __future__ import annotations

from app.desk.changing import Changing
from app.desk.margins import Margins
from app.desk.moving import Moving
from app.desk.seeing import Named
from app.desk.sharing import Sharing
from app.desk.team_actions import TeamActions
from vault import Vault


class RecordActs:
    """One for a desk. Threads: any."""

    def __init__(self, vault: Vault, actions: TeamActions, named: Named) -> None:
        self.margins = Margins(vault)
        self.moving = Moving(vault, self.margins, named)
        self.changing = Changing(self.margins, self.moving)
        self.sharing = Sharing(vault, actions, self.moving, named)
