"""One HTTP connection to one server: bounded in size and time, no redirects, nothing secret in a URL.

A server may lie, drip, or send without end: each reply is read with a limit of bytes and a deadline, decoded
strictly, and anything else raises ServerMisbehaved. Whoever calls gets a value of the type asked for or a typed
error, never a half-read reply.
"""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import TypeVar

import requests
from urllib3.exceptions import HTTPError

from protocol import codec
from protocol.errors import FormatError
from protocol.limits import MAX_PAGE_BYTES, MAX_REQUEST
from protocol.naming import canonical_origin
from protocol.wire import ErrorCode, ErrorReply
from sync_client.cancel import CancelToken
from sync_client.cutting import CuttableAdapter, Cutter
from sync_client.errors import (
    CodeNeeded,
    FactorMissing,
    Offline,
    RateLimited,
    ServerMisbehaved,
    ServerRefused,
    ServerTrouble,
    SessionEnded,
    SignInRefused,
    SyncError,
)

T = TypeVar("T")

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 30.0
REPLY_SECONDS = 120.0
MAX_REPLY = 2 * MAX_PAGE_BYTES + (1 << 16)
MAX_ERROR = 1 << 14
_STEP = 1 << 16


class Http:
    """Requests to one origin over kept-alive connections. One instance serves one thread at a time.

    Raises FormatError for what is no address, and for plain http beyond loopback: it would carry the session.
    """

    def __init__(self, origin: str, *, certificates: Path | None = None) -> None:
        self.origin = canonical_origin(origin)
        self._session = requests.Session()
        self._cutter = Cutter()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CuttableAdapter(self._cutter))
        self._session.trust_env = (
            False  # no proxies, no .netrc: nothing from the environment decides where bytes go
        )
        self._session.verify = str(certificates) if certificates else True
        self._authorization = ""
        self._token = b""

    def sign_out(self) -> None:
        self._authorization, self._token = "", b""

    @property
    def session_token(self) -> bytes:
        """The token of the session in use, a secret; b"" without one."""
        return self._token

    def use_session(self, token: bytes) -> None:
        self._token = token
        self._authorization = "Bearer " + base64.urlsafe_b64encode(token).rstrip(b"=").decode()

    def share_session(self, other: Http) -> None:
        """Use the session that `other` signed in with."""
        self._authorization, self._token = other._authorization, other._token

    def close(self) -> None:
        self._session.close()

    def cut(self) -> None:
        """Break what is being read, from any thread; whoever reads gets Offline."""
        self._cutter.cut()

    def get(
        self,
        path: str,
        reply: type[T],
        *,
        query: dict[str, str] | None = None,
        cancel: CancelToken | None = None,
    ) -> T:
        return self._decoded(self._exchange("GET", path, None, query, cancel), reply)

    def post(self, path: str, body: codec.Message, reply: type[T], *, cancel: CancelToken | None = None) -> T:
        return self._decoded(self._exchange("POST", path, codec.encode(body), None, cancel), reply)

    def put(
        self, path: str, body: codec.Message | bytes, reply: type[T], *, cancel: CancelToken | None = None
    ) -> T:
        data = body if isinstance(body, bytes) else codec.encode(body)
        return self._decoded(self._exchange("PUT", path, data, None, cancel), reply)

    def get_bytes(self, path: str, *, cancel: CancelToken | None = None) -> bytes:
        """The raw body of a reply, for chunks of files."""
        return self._exchange("GET", path, None, None, cancel)

    def open_stream(self, path: str, idle_seconds: float) -> requests.Response:
        """A reply that goes on (server-sent events). The caller closes it; each read waits `idle_seconds` at most."""
        try:
            response = self._session.get(
                self.origin + path,
                headers=self._headers("text/event-stream"),
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, idle_seconds),
            )
        except (requests.RequestException, OSError) as error:
            raise Offline(type(error).__name__) from None
        if response.status_code != 200:
            with response:
                raise self._refusal(response.status_code, self._read(response, MAX_ERROR, None), response)
        return response

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "tacit"}
        if self._authorization:
            headers["Authorization"] = self._authorization
        return headers

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        query: dict[str, str] | None,
        cancel: CancelToken | None,
    ) -> bytes:
        if cancel is not None:
            cancel.check()
        if body is not None and len(body) > MAX_REQUEST:
            raise SyncError(f"a request of {len(body)} bytes is over the limit")
        headers = self._headers("application/msgpack")
        if body is not None:
            headers["Content-Type"] = "application/msgpack"
        deadline = time.monotonic() + REPLY_SECONDS
        try:
            with self._cutter.watching(REPLY_SECONDS, cancel):
                response = self._session.request(
                    method,
                    self.origin + path,
                    params=query,
                    data=body,
                    headers=headers,
                    stream=True,
                    allow_redirects=False,
                    timeout=(CONNECT_SECONDS, IDLE_SECONDS),
                )
                with response:
                    if response.status_code == 200:
                        return self._read(response, MAX_REPLY, cancel)
                    raise self._refusal(
                        response.status_code, self._read(response, MAX_ERROR, cancel), response
                    )
        except (requests.RequestException, HTTPError, OSError) as error:
            if cancel is not None:
                cancel.check()  # the connection was cut for this
            if time.monotonic() > deadline:
                raise Offline("the reply took too long") from None
            if isinstance(error, requests.exceptions.SSLError):
                raise ServerMisbehaved("its TLS certificate does not hold") from None
            raise Offline(type(error).__name__) from None

    @staticmethod
    def _read(response: requests.Response, limit: int, cancel: CancelToken | None) -> bytes:
        deadline = time.monotonic() + REPLY_SECONDS
        data = bytearray()
        # What has arrived, not a full piece: a server that drips would hold that back for ever.
        while piece := response.raw.read1(_STEP, decode_content=False):
            data += piece
            if len(data) > limit:
                raise ServerMisbehaved(f"a reply over {limit} bytes")
            if time.monotonic() > deadline:
                raise Offline("the reply took too long")
            if cancel is not None:
                cancel.check()
        if cancel is not None:
            cancel.check()
        return bytes(data)

    @staticmethod
    def _decoded(data: bytes, as_type: type[T]) -> T:
        try:
            return codec.decode(data, as_type, MAX_REPLY)
        except FormatError as error:
            raise ServerMisbehaved(str(error)) from None

    @staticmethod
    def _refusal(status: int, data: bytes, response: requests.Response) -> SyncError:
        try:
            reply = codec.decode(data, ErrorReply, MAX_ERROR)
        except FormatError:
            if status in (502, 503, 504):
                return Offline(f"HTTP {status}")
            return ServerMisbehaved(f"HTTP {status} without a typed error")
        code, detail = reply.code[:64], reply.message[:500]
        if code == ErrorCode.INTERNAL:
            return ServerTrouble(detail)
        if code == ErrorCode.LOGIN_REFUSED:
            return SignInRefused(code, detail)
        if code == ErrorCode.SECOND_FACTOR:
            return CodeNeeded(code, detail)
        if code == ErrorCode.SECOND_FACTOR_SETUP:
            return FactorMissing(code, detail)
        if code == ErrorCode.UNAUTHENTICATED:
            return SessionEnded(code, detail)
        if code == ErrorCode.RATE_LIMITED:
            return RateLimited(code, detail, _seconds(response.headers.get("Retry-After", "")))
        return ServerRefused(code, detail)


def _seconds(text: str) -> float:
    """Retry-After in whole seconds, between 1 and 300: a server cannot make a desk wait for ever."""
    return float(min(300, max(1, int(text)))) if text.isascii() and text.isdigit() and len(text) < 6 else 5.0
