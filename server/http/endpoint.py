"""A route: checks in one order for all (rates, session, size, strict decoding), then the route's own function.

The function blocks and runs on a thread; it gets a `Call` and returns a message of the protocol, or bytes.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.types import Receive, Scope, Send

from protocol.codec import Message, decode
from protocol.errors import ProtocolError
from protocol.wire import Route
from server.accounts import Caller
from server.errors import ServerError
from server.http.bodies import read_body
from server.http.call import Call, caller_of
from server.http.context import Context, address_of, counted_address
from server.http.edge import record_of
from server.http.replies import refusal, reply
from server.http.transfers import Transfer, in_slices

SHOWN = re.compile(r"[0-9a-f]{64}\Z")
SMALL = 1 << 15  # bytes that are decoded faster than handed to a thread

Run = Callable[[Call], object]
Answer = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`body` is a message type, or bytes for a raw chunk, or None for no body at all; `limit` bounds it.

    `door`: open to those without a session, at the rate of the door. `writes`: takes a turn among the writers of
    the workspace in the path. `answer` in place of `run`: makes the response itself, on the event loop.
    """

    method: str
    route: Route
    run: Run | None = None
    body: type[Message] | type[bytes] | None = None
    limit: int = 4_096
    door: bool = False
    writes: bool = False
    answer: Answer | None = None


def routes_of(context: Context, endpoints: list[Endpoint]) -> list[StarletteRoute]:
    return [
        StarletteRoute(str(each.route), _Application(context, each), methods=[each.method])
        for each in endpoints
    ]


def _short(workspace: str) -> str:
    """As it may stand in the journal; nothing of what is no id."""
    return workspace[:8] if SHOWN.match(workspace) else ""


class _Application:
    """The ASGI application of one endpoint."""

    def __init__(self, context: Context, endpoint: Endpoint) -> None:
        self._context = context
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        transfer = self._context.transfers.begin()
        record = record_of(scope)
        record.route = str(self._endpoint.route)
        record.workspace = _short(request.path_params.get("workspace", ""))
        try:
            response = await self._respond(request, transfer)
            transfer.end()  # of the body nothing is left
            transfer.carry(len(response.body) if hasattr(response, "body") else 0)
            await response(scope, receive, in_slices(send))
        except (ServerError, ProtocolError) as error:
            if record.status:
                raise  # the reply had begun
            record.code = error.code
            await refusal(error)(scope, receive, send)
        finally:
            transfer.end()

    async def _respond(self, request: Request, transfer: Transfer) -> Response:
        endpoint, context = self._endpoint, self._context
        address = counted_address(address_of(request))
        context.rates.address(address)
        caller: Caller | None = None
        if endpoint.door:
            context.rates.door(address)
        else:
            caller = await caller_of(context, request)
            context.rates.session(caller.session)
            transfer.account = caller.account
        call = Call(context, request, address, caller, await self._body(request, transfer))
        if endpoint.answer is not None:
            return await endpoint.answer(call)
        run = endpoint.run
        assert run is not None
        if endpoint.writes:
            workspace = call.workspace if "workspace" in request.path_params else None
            return await context.write(lambda: reply(run(call)), workspace)
        return await context.read(lambda: reply(run(call)))

    async def _body(self, request: Request, transfer: Transfer) -> Message | bytes | None:
        wanted = self._endpoint.body
        if wanted is None:
            return None
        limit = self._endpoint.limit
        patience = self._context.settings.bounds.request_seconds
        data = await read_body(request, limit, patience, transfer.carry)
        record_of(request.scope).received = len(data)
        if issubclass(wanted, bytes):
            return data
        if len(data) <= SMALL:
            return decode(data, wanted, limit)
        return await self._context.read(lambda: decode(data, wanted, limit))
