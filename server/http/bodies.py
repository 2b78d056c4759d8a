"""Reading a request's body: the bound holds while it is read, and whoever sends too slowly is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request

from protocol.wire import ErrorCode
from server.errors import Malformed, ServerError, TooLarge

SLOWEST = 1 << 16  # bytes in a second that a client must keep up, after the first seconds


class TooSlow(ServerError):
    """408: the body did not come in time."""

    status = 408
    code = ErrorCode.TIMEOUT


class Gone(ServerError):
    """The client went away; nobody reads the reply."""

    status = 400
    code = "disconnected"


async def read_body(
    request: Request, limit: int, seconds: float, carry: Callable[[int], None] = lambda size: None
) -> bytes:
    """The body, of at most `limit` bytes, within `seconds` and a second more for each 64 KiB received.

    `carry` is told of each part's size, and may refuse it. Raises TooLarge as soon as it is (by the header, or by
    what has come), TooSlow, Gone, Malformed.
    """
    declared = request.headers.get("content-length")
    if declared is not None:
        if not declared.isascii() or not declared.isdigit():
            raise Malformed("no such length")
        if len(declared) > 12 or int(declared) > limit:
            raise TooLarge(f"at most {limit} bytes")
    parts = bytearray()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        async with asyncio.timeout(seconds) as patience:
            async for part in request.stream():
                parts += part
                if len(parts) > limit:
                    raise TooLarge(f"at most {limit} bytes")
                carry(len(part))
                patience.reschedule(begun + seconds + len(parts) / SLOWEST)
    except TimeoutError:
        raise TooSlow("the body did not come in time") from None
    except ClientDisconnect:
        raise Gone("the client went away") from None
    return bytes(parts)
