"""From results and errors to responses; the one place that knows the status of each error."""

from __future__ import annotations

from starlette.responses import Response

from protocol.codec import encode
from protocol.errors import ProtocolError
from protocol.wire import ErrorCode, ErrorReply
from server.errors import RateLimited, ServerError

MEDIA_TYPE = "application/msgpack"
BYTES_TYPE = "application/octet-stream"
MAX_MESSAGE = 300

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def reply(value: object) -> Response:
    """A message of the protocol, or raw bytes of a chunk."""
    if isinstance(value, bytes):
        return Response(value, media_type=BYTES_TYPE, headers=HEADERS)
    return Response(encode(value), media_type=MEDIA_TYPE, headers=HEADERS)


def error_reply(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = encode(ErrorReply(code, message[:MAX_MESSAGE]))
    return Response(body, status, media_type=MEDIA_TYPE, headers={**HEADERS, **(headers or {})})


def refusal(error: ServerError | ProtocolError) -> Response:
    """A refusal: 400 for bytes that are no message, 413 for too large, 422 for what a rule of the protocol forbids."""
    if isinstance(error, ServerError):
        headers = {"retry-after": str(error.retry_after)} if isinstance(error, RateLimited) else None
        return error_reply(error.status, error.code, str(error), headers)
    return error_reply(protocol_status(error.code), error.code, str(error))


def protocol_status(code: str) -> int:
    if code == ErrorCode.TOO_LARGE:
        return 413
    return 400 if code in (ErrorCode.MALFORMED, "version") else 422
