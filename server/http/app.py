"""The application: storage, workspaces, sessions and routes put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from protocol.wire import ErrorCode, Route
from server.errors import ServerError
from server.http.account_routes import ACCOUNT_ENDPOINTS
from server.http.admin_routes import ADMIN_ENDPOINTS
from server.http.context import Context, address_of
from server.http.edge import Edge, record_of
from server.http.endpoint import routes_of
from server.http.foreign import ForeignNews
from server.http.gate import check_gate
from server.http.recovery_routes import RECOVERY_ENDPOINTS
from server.http.replies import error_reply, refusal
from server.http.workspace_routes import WORKSPACE_ENDPOINTS
from server.settings import Settings
from server.storage import Storage, open_storage

ALL_ENDPOINTS = ACCOUNT_ENDPOINTS + WORKSPACE_ENDPOINTS + ADMIN_ENDPOINTS + RECOVERY_ENDPOINTS
METRICS = "/metrics"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Application(Edge):
    """The ASGI application, with what `serving` and tests reach into: `context`."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self.context = Context(settings, storage)
        self._router = Router(
            routes=[
                StarletteRoute(str(Route.HEALTH), self._health),
                StarletteRoute(METRICS, self._metrics),
                *routes_of(self.context, ALL_ENDPOINTS),
            ],
            redirect_slashes=False,
            lifespan=self._lifespan,
        )
        super().__init__(self._route, self.context.figures)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._router(scope, receive, send)
            return
        try:
            check_gate(Headers(scope=scope), self.context.settings.hosts)
        except ServerError as refused:
            record_of(scope).code = refused.code
            await refusal(refused)(scope, receive, send)
            return
        scope["app"] = self  # then the router raises for what it does not know, in place of a page of its own
        try:
            await self._router(scope, receive, send)
        except HTTPException as error:
            record_of(scope).code = ErrorCode.NOT_FOUND
            response = error_reply(error.status_code, ErrorCode.NOT_FOUND, "no such route or method")
            await response(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _app: object) -> AsyncIterator[None]:
        self.context.hub.begin()
        self.context.storage.listen(ForeignNews(self.context))
        yield
        self.context.hub.stop()
        self.context.workspaces.close()
        self.context.storage.close()

    async def _health(self, request: Request) -> Response:
        """Answers when the accounts' database does."""
        record_of(request.scope).route = str(Route.HEALTH)
        await self.context.read(self._touch)
        return PlainTextResponse("ok\n")

    def _touch(self) -> None:
        with self.context.storage.read_accounts() as tx:
            tx.account(0)

    async def _metrics(self, request: Request) -> Response:
        record_of(request.scope).route = METRICS
        if not (self.context.settings.metrics_public or _local(request)):
            return error_reply(404, ErrorCode.NOT_FOUND, "nothing here")
        figures = self.context.figures
        figures.streams.set(self.context.hub.count)
        figures.open_workspaces.set(self.context.workspaces.open_count)
        return Response(figures.text(), media_type=METRICS_TYPE)


def _local(request: Request) -> bool:
    """Whether it comes from this machine, and not through a proxy on it."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


def create_app(settings: Settings, storage: Storage | None = None) -> Application:
    """The server's ASGI application on the storage that the settings name, or on one that the caller made.

    Raises StorageError where it cannot be used. The storage is closed when the application's lifespan ends.
    """
    return Application(settings, storage if storage is not None else open_storage(settings))
