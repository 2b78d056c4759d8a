"""Routes of a workspace: roster, logs, wraps, files. Each opens the workspace and calls `server.workspaces`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from protocol import wire
from protocol.limits import MAX_CHUNK, MAX_REQUEST
from protocol.wire import Route
from server import workspaces
from server.errors import Forbidden, NotFound
from server.http.account_routes import body_of
from server.http.call import Call
from server.http.endpoint import Endpoint
from server.http.events import answer_events
from server.journal import journal, short

MAX_WRAPS_REQUEST = 1 << 23


def _create(call: Call) -> wire.Done:
    workspaces.create_workspace(call.context.workspaces, call.account, body_of(call, wire.CreateWorkspace))
    return wire.Done()


@contextmanager
def opened(call: Call) -> Iterator[workspaces.OpenWorkspace]:
    """The workspace of the path, for whoever is or was a member: before anything else that could be refused, so that
    others do not learn from a refusal that it exists. Raises NotFound."""
    with call.context.workspaces.use(call.workspace) as workspace:
        member = workspaces.linked_member(workspace, workspace.view.roster, call.account)
        workspaces.require_second_factor(workspace.view.roster, member, call.has_second_factor)
        yield workspace


def _roster(call: Call) -> wire.RosterPage:
    """Also for who has yet to set up the second factor that the roster's policy demands."""
    with call.context.workspaces.use(call.workspace) as workspace:
        workspaces.linked_member(workspace, workspace.view.roster, call.account)
        return workspaces.roster_page(workspace, call.account, call.number("from", 1))


def _append_roster(call: Call) -> wire.Done:
    context = call.context
    wanted = body_of(call, wire.AppendRoster)
    with context.workspaces.use(call.workspace) as workspace:
        member = workspaces.known_member(workspace, call.account)
        if member is not None and not workspaces.is_entering(wanted):
            workspaces.require_second_factor(workspace.view.roster, member, call.has_second_factor)
        workspaces.append_roster(workspace, context.storage, call.account, wanted)
        journal().info("roster", workspace=short(workspace.id), position=workspace.view.roster.position)
    return wire.Done()


def _join(call: Call) -> wire.RosterPage:
    context = call.context
    wanted = body_of(call, wire.ReadForJoin)
    workspaces.check_wanted(wanted)
    try:
        with context.workspaces.use(call.workspace) as workspace:
            return workspaces.read_for_join(workspace, wanted, context.settings.now())
    except NotFound:
        raise Forbidden("no such open invitation") from None


def _pull(call: Call) -> wire.PullPage:
    with opened(call) as workspace:
        return workspaces.pull(workspace, call.account, call.number("cursor", 0))


def _heads(call: Call) -> wire.Heads:
    with opened(call) as workspace:
        return workspaces.heads(workspace, call.account)


def _log(call: Call) -> wire.LogPage:
    with opened(call) as workspace:
        return workspaces.log_page(workspace, call.account, call.log, call.number("from", 1))


def _headers(call: Call) -> wire.HeaderPage:
    with opened(call) as workspace:
        return workspaces.header_page(workspace, call.account, call.log, call.number("from", 1))


def _push(call: Call) -> wire.PushReply:
    wanted = body_of(call, wire.Push)
    with opened(call) as workspace:
        placed = workspaces.push(workspace, call.account, wanted)
    call.context.figures.commits.inc(len(placed.placements))
    return placed


def _restore(call: Call) -> wire.Done:
    wanted = body_of(call, wire.RestoreWorkspace)
    with opened(call) as workspace:
        entries, commits = workspaces.restore(workspace, call.context.storage, call.account, wanted)
        journal().info("restore", workspace=short(workspace.id), entries=entries, commits=commits)
    return wire.Done()


def _wraps(call: Call) -> wire.WrapList:
    with opened(call) as workspace:
        return workspaces.wrap_list(workspace, call.account, call.query_log(), call.number("generation", 1))


def _add_wraps(call: Call) -> wire.Done:
    with opened(call) as workspace:
        workspaces.add_wraps(workspace, call.account, body_of(call, wire.AddWraps))
    return wire.Done()


def _put_chunk(call: Call) -> wire.Done:
    assert isinstance(call.body, bytes)
    with opened(call) as workspace:
        workspaces.put_chunk(workspace, call.account, call.log, call.file, call.index, call.body)
    return wire.Done()


def _get_chunk(call: Call) -> bytes:
    with opened(call) as workspace:
        return workspaces.get_chunk(workspace, call.account, call.log, call.file, call.index)


def _file(call: Call) -> wire.FileState:
    with opened(call) as workspace:
        return workspaces.file_state(workspace, call.account, call.log, call.file)


WORKSPACE_ENDPOINTS = [
    Endpoint("POST", Route.WORKSPACES, _create, wire.CreateWorkspace, MAX_REQUEST, writes=True),
    Endpoint("GET", Route.ROSTER, _roster),
    Endpoint("POST", Route.ROSTER, _append_roster, wire.AppendRoster, MAX_REQUEST, writes=True),
    Endpoint("POST", Route.JOIN, _join, wire.ReadForJoin, door=True),
    Endpoint("GET", Route.PULL, _pull),
    Endpoint("GET", Route.HEADS, _heads),
    Endpoint("GET", Route.LOG, _log),
    Endpoint("GET", Route.HEADERS, _headers),
    Endpoint("POST", Route.PUSH, _push, wire.Push, MAX_REQUEST, writes=True),
    Endpoint("POST", Route.RESTORE, _restore, wire.RestoreWorkspace, MAX_REQUEST, writes=True),
    Endpoint("GET", Route.WRAPS, _wraps),
    Endpoint("POST", Route.WRAPS, _add_wraps, wire.AddWraps, MAX_WRAPS_REQUEST, writes=True),
    Endpoint("GET", Route.EVENTS, answer=answer_events),
    Endpoint("PUT", Route.FILE_CHUNK, _put_chunk, bytes, MAX_CHUNK, writes=True),
    Endpoint("GET", Route.FILE_CHUNK, _get_chunk),
    Endpoint("GET", Route.FILE, _file),
]
