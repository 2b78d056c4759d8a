"""The outermost layer: counts and journals each request, and answers what went wrong.

An error that nobody expected becomes a plain 500 for the client and an entry with its trace for the operator; traces
show lines of code, not values.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from protocol.wire import ErrorCode
from server.http.replies import error_reply
from server.journal import journal
from server.metrics import Figures

RECORD = "tacit.record"
QUIET = frozenset({"/healthz", "/metrics"})


@dataclass(slots=True)
class Record:
    """What is known of a request when it has ended."""

    route: str = "none"
    status: int = 0
    code: str = ""
    workspace: str = ""
    received: int = 0
    sent: int = 0


def record_of(scope: Scope) -> Record:
    record = scope[RECORD]
    assert isinstance(record, Record)
    return record


class Edge:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = scope[RECORD] = Record()
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
            else:
                record.sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            record.code = ErrorCode.INTERNAL
            journal().exception("failed", route=record.route)
            if record.status:
                raise
            response = error_reply(500, ErrorCode.INTERNAL, "an error of the server's; its journal says more")
            await response(scope, receive, sending)
        finally:
            self._note(scope, record, time.perf_counter() - begun)

    def _note(self, scope: Scope, record: Record, seconds: float) -> None:
        figures = self._figures
        figures.requests.labels(record.route, str(record.status)).inc()
        figures.seconds.labels(record.route).observe(seconds)
        figures.received.inc(record.received)
        figures.sent.inc(record.sent)
        if record.code:
            figures.refusals.labels(record.code).inc()
        if record.route not in QUIET:
            journal().info(
                "request",
                method=scope["method"][:16],
                route=record.route,
                status=record.status,
                ms=round(seconds * 1000, 2),
                received=record.received,
                sent=record.sent,
                **({"workspace": record.workspace} if record.workspace else {}),
                **({"code": str(record.code)} if record.code else {}),
            )
