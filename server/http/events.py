"""The event stream: the newest cursor whenever it moves, a heartbeat otherwise (server-sent events).

It ends when the session does, when the member is no longer one, and when the server stops.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from protocol.ids import WorkspaceId
from server.errors import ServerError
from server.http.call import Call, token_of
from server.http.context import Context
from server.http.hub import Waiter
from server.workspaces.members import present_member, require_second_factor

HEARTBEAT = b":\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def answer_events(call: Call) -> Response:
    """Raises NotFound, Forbidden."""
    await call.context.read(lambda: _newest(call))
    return _Stream(call)


def _newest(call: Call) -> int:
    """The workspace's cursor, for a member of it."""
    with call.context.workspaces.use(call.workspace) as workspace:
        view = workspace.view
        member = present_member(workspace, view.roster, call.account)
        require_second_factor(view.roster, member, call.has_second_factor)
        return view.serial


class _Stream(Response):
    """A response that is registered with the hub for exactly as long as it is being sent."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = self._call
        context: Context = call.context
        workspace: WorkspaceId = call.workspace
        with context.hub.waiting(workspace, call.caller) as waiter:
            # Asked after registering: whatever comes in between is announced.
            waiter.tell(await context.read(lambda: _newest(call)))
            events = self._events(waiter)
            response = StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)
            await response(scope, receive, send)

    async def _events(self, waiter: Waiter) -> AsyncIterator[bytes]:
        context = self._call.context
        token = token_of(self._call.request)
        while True:
            news = await waiter.news(context.settings.bounds.heartbeat_seconds)
            if waiter.ended:
                return
            if news:
                yield f"data: {waiter.cursor}\n\n".encode()
                continue
            try:
                await context.read(lambda: context.sessions.caller(token))
            except ServerError:
                return
            yield HEARTBEAT
