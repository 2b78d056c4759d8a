"""Workspaces: what may be appended, and what each member may have. Functions block; `registry` holds what is open.

Rules of roster and log are `protocol`'s. What is decided here: who a session stands for, compare-and-swap, one
serial for everything, all or none, which rows a member may see now, quotas.
"""

from server.workspaces.files import file_state, get_chunk, put_chunk
from server.workspaces.founding import create_workspace
from server.workspaces.invitees import check_proof, check_wanted, read_for_join
from server.workspaces.logs import header_page, heads, log_page
from server.workspaces.members import is_admin, known_member, linked_member, require_second_factor
from server.workspaces.open import OpenWorkspace
from server.workspaces.pull import pull
from server.workspaces.push import push
from server.workspaces.registry import Announce, Workspaces
from server.workspaces.restore import restore
from server.workspaces.roster import append_roster, is_entering, roster_page
from server.workspaces.wraps import add_wraps, wrap_list

__all__ = [
    "Announce",
    "OpenWorkspace",
    "Workspaces",
    "add_wraps",
    "append_roster",
    "check_proof",
    "check_wanted",
    "create_workspace",
    "file_state",
    "get_chunk",
    "header_page",
    "heads",
    "is_admin",
    "is_entering",
    "known_member",
    "linked_member",
    "log_page",
    "pull",
    "push",
    "put_chunk",
    "read_for_join",
    "require_second_factor",
    "restore",
    "roster_page",
    "wrap_list",
]
