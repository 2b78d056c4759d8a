"""One request, taken apart: who calls, from where, with which ids and numbers, and the message in its body."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from starlette.requests import Request

from protocol.codec import Message
from protocol.errors import FormatError
from protocol.ids import LogId, WorkspaceId
from server.accounts import Caller
from server.errors import Malformed, NotFound, Unauthenticated
from server.http.context import Context

_HEX = re.compile(r"[0-9a-f]+\Z")
_NUMBER = re.compile(r"0\Z|[1-9][0-9]{0,15}\Z")


@dataclass(slots=True)
class Call:
    """What a route's function works on. `body` is the decoded message, or the raw bytes of a chunk."""

    context: Context
    request: Request
    address: str
    caller_or_none: Caller | None
    body: Message | bytes | None

    @property
    def caller(self) -> Caller:
        if self.caller_or_none is None:
            raise Unauthenticated("no session")
        return self.caller_or_none

    @property
    def account(self) -> int:
        return self.caller.account

    def has_second_factor(self) -> bool:
        """Whether the caller's account has one; asked anew where it had none a moment ago (another process may know
        better). Blocks."""
        if self.caller.second_factor:
            return True
        with self.context.storage.read_accounts() as tx:
            row = tx.second_factor(self.account)
        return row is not None and row.confirmed > 0

    @property
    def workspace(self) -> WorkspaceId:
        return path_id(self.request, "workspace", 32)

    @property
    def log(self) -> LogId:
        try:
            return LogId.decode(path_id(self.request, "log", 33))
        except FormatError:
            raise NotFound("no such log") from None

    @property
    def file(self) -> bytes:
        return path_id(self.request, "file", 16)

    @property
    def index(self) -> int:
        text = self.request.path_params["index"]
        if not _NUMBER.match(text) or len(text) > 6:
            raise NotFound("no such chunk")
        return int(text)

    def number(self, name: str, least: int) -> int:
        """A number of the query string. Raises Malformed."""
        text = self.request.query_params.get(name, "")
        if not _NUMBER.match(text) or int(text) < least:
            raise Malformed(f"{name}: a number from {least} on")
        return int(text)

    def query_log(self) -> LogId:
        text = self.request.query_params.get("log", "")
        if not _HEX.match(text) or len(text) != 66:
            raise Malformed("log: 66 hex digits")
        return LogId.decode(bytes.fromhex(text))


def path_id(request: Request, name: str, size: int) -> bytes:
    """An id of the path, in lower-case hex. Raises NotFound."""
    text = request.path_params[name]
    if len(text) != 2 * size or not _HEX.match(text):
        raise NotFound("no such thing")
    return bytes.fromhex(text)


def token_of(request: Request) -> bytes:
    """The session token of the Authorization header. Raises Unauthenticated."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        token = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        token = b""
    if kind.lower() != "bearer" or len(token) != 32:
        raise Unauthenticated("a session's token is needed")
    return token


async def caller_of(context: Context, request: Request) -> Caller:
    """Raises Unauthenticated."""
    token = token_of(request)
    known = context.sessions.remembered(token)
    if known is not None:
        return known
    return await context.read(lambda: context.sessions.caller(token))
