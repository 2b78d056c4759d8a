"""What admins may ask the server about itself: its operator's journal, and who logged in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from protocol import wire_security as wire
from protocol.wire import Route
from server import workspaces
from server.acts import journal_page
from server.errors import Forbidden
from server.http.call import Call
from server.http.endpoint import Endpoint

MOST_SIGN_INS = 500
"""Of those that went well, and as many of those that did not: neither pushes the other out."""
SIGN_INS_EACH = 50
"""Of one account, that went well; and as many that did not: nor does one account push out the others."""


@contextmanager
def _opened_by_admin(call: Call) -> Iterator[workspaces.OpenWorkspace]:
    """Raises NotFound for who never was a member, Forbidden for who is no admin, FactorMissing."""
    with call.context.workspaces.use(call.workspace) as workspace:
        roster = workspace.view.roster
        member = workspaces.linked_member(workspace, roster, call.account)
        workspaces.require_second_factor(roster, member, call.has_second_factor)
        if not workspaces.is_admin(member):
            raise Forbidden("for admins")
        yield workspace


def _journal(call: Call) -> wire.JournalPage:
    with _opened_by_admin(call) as workspace:
        return journal_page(workspace.store, call.number("from", 1))


def _sign_ins(call: Call) -> wire.SignIns:
    with _opened_by_admin(call) as workspace:
        with call.context.storage.read_accounts() as tx:
            rows = tx.sign_ins(workspace.id, SIGN_INS_EACH, MOST_SIGN_INS)
        members = workspace.links
        return wire.SignIns(
            [
                wire.SignIn(members[row.account], row.device_name, row.at, row.ok)
                for row in rows
                if row.account in members
            ]
        )


ADMIN_ENDPOINTS = [
    Endpoint("GET", Route.JOURNAL, _journal),
    Endpoint("GET", Route.SIGN_INS, _sign_ins),
]
