"""Connections: uvicorn's own, but patience ends with who never ends a request's headers or takes nothing of a reply.

uvicorn waits for both for ever. Bodies that come too slowly are the matter of `server.http.bodies`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from protocol.limits import MAX_REQUEST
from server.http import SLOWEST

AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # SO_LINGER: on, for no time


def _among(host: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any(bool((mapped or address) in network) for network in networks)


class PatientProtocol(H11Protocol):
    """`header_seconds` for the headers of a request, the first or a later one; `send_seconds` without taking a byte."""

    header_seconds = 30.0
    send_seconds = 60.0
    most_connections = 1 << 30
    connections_of_address = 0  # any number
    peers: tuple[IPv4Network | IPv6Network, ...] = ()  # who may connect; empty for anybody
    _untaken = 0
    _unasked = 0
    _lingering: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _patience: asyncio.TimerHandle | None = None
    _watched: object = None  # the request after which the headers of another began to come

    def connection_made(self, transport: Any) -> None:  # the base class takes any transport
        super().connection_made(transport)
        if not self._welcome():
            transport.abort()
            return
        self._be_patient()
        # The system's own patience: also with what is less than a buffer, and with hosts that are gone.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            plain = transport.get_extra_info("socket")
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self.send_seconds * 1_000))

    def _welcome(self) -> bool:
        """Not where there are connections enough, of all or of this address, nor for others than the proxy."""
        host = self.client[0] if self.client is not None else ""
        if len(self.connections) > self.most_connections:
            return False
        if self.peers and not _among(host, self.peers):
            return False
        if not self.connections_of_address or len(self.connections) <= self.connections_of_address:
            return True
        others = (each.client for each in self.connections if isinstance(each, PatientProtocol))
        same = sum(1 for client in others if client is not None and client[0] == host)
        return same <= self.connections_of_address

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._patience, self._taking, self._lingering):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More waits to be taken than fits: from now on the client has to take some now and then."""
        super().pause_writing()
        self._expect_taking()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()

    def _expect_taking(self) -> None:
        self._untaken = self.transport.get_write_buffer_size()
        self._taking = self.loop.call_later(self.send_seconds, self._check_taking)

    def _check_taking(self) -> None:
        if self.transport.get_write_buffer_size() < self._untaken:
            self._expect_taking()
        else:
            self._drop()

    def _drop(self) -> None:
        """At once: a plain close would wait, here or in the system, for what is untaken."""
        plain = self.transport.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()
        if self._replied_early():
            self._unasked += len(data)
            if self._unasked > MAX_REQUEST:
                self._drop()

    def _replied_early(self) -> bool:
        """The reply is out, and the request's body still comes."""
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request
        return cycle is not None and cycle.response_complete and self.conn.their_state is h11.SEND_BODY

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._unasked = 0
        if self._replied_early():
            # Read on, so that the client comes to read the reply, but not for ever.
            seconds = self.header_seconds + MAX_REQUEST / SLOWEST
            self._lingering = self.loop.call_later(seconds, self._end_lingering, self.cycle)
        self._watch()

    def _end_lingering(self, cycle: object) -> None:
        if self.cycle is cycle and self._replied_early():
            self._drop()

    def _watch(self) -> None:
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if begun and self._watched is not self.cycle:
            self._watched = self.cycle
            self._be_patient()

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self.loop.call_later(self.header_seconds, self._give_up, self.cycle)

    def _give_up(self, before: object) -> None:
        """Unless a request's headers have ended since: then `cycle` is that request."""
        if self.cycle is before and not self.transport.is_closing():
            self.transport.close()
