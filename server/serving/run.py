"""Listening and serving until a signal asks for the end.

SIGTERM and SIGINT: no new connections, event streams end, requests that are under way are answered, and the
databases are closed. A `kill -9` loses nothing that was acknowledged: every reply follows a durable commit.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from types import FrameType

import uvicorn

from server.errors import ServerError
from server.http import Application, create_app, host_names
from server.journal import journal
from server.origins import derived, is_loopback
from server.serving.connection import PatientProtocol
from server.serving.tls import server_context
from server.settings import Settings

KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 10
BACKLOG = 512
MAX_HEADERS = 1 << 14
MAX_CONNECTIONS = 8_000
MAX_OF_ADDRESS = 2_000  # an office behind one address has some for each desk
FILES = 1_200  # of the databases: three a connection to one, and some
THIS_MACHINE = ("127.0.0.0/8", "::1/128")


class CannotListen(ServerError):
    """The address cannot be had, or should not be."""


@dataclass(frozen=True, slots=True)
class Listen:
    """`port` 0 takes any free one. `proxy_addresses`: addresses and networks of the proxy, this machine
    where there are none: whose X-Forwarded-For is believed, and who may connect to a plain port."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    proxy_addresses: tuple[str, ...] = ()
    port_file: Path | None = None


def check_listen(settings: Settings, listen: Listen) -> None:
    """Raises CannotListen for a plain port that others can reach, unless a proxy was named."""
    if (listen.certificate is None) != (listen.key is None):
        raise CannotListen("--tls-cert and --tls-key go together")
    if listen.certificate is None and not settings.behind_proxy and not is_loopback(listen.host):
        raise CannotListen("beyond loopback only with --tls-cert and --tls-key, or --behind-proxy")
    if settings.behind_proxy and not listen.proxy_addresses and not is_loopback(listen.host):
        raise CannotListen("behind a proxy and beyond loopback: give --proxy-address")
    if settings.behind_proxy and not settings.origins:
        raise CannotListen("behind a proxy the server cannot know its origin: give --origin")


def bind(listen: Listen) -> socket.socket:
    """Raises CannotListen."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    # With the protocol named: only then does asyncio set TCP_NODELAY, without which each reply waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((listen.host, listen.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListen(f"cannot listen: {error.strerror}") from None
    return listener


class _Server(uvicorn.Server):
    """Ends the event streams first: they would keep their connections for ever."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        super().__init__(config)
        self._application = app

    def run_on(self, listener: socket.socket, listen: Listen) -> None:
        self._listen = listen
        self._port = int(listener.getsockname()[1])
        self.run(sockets=[listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.ssl is not None:
            # uvicorn has no setting for it: a connection that does not begin TLS would stay for a minute.
            loop = asyncio.get_running_loop()
            patience = self._application.context.settings.bounds.header_seconds
            create = partial(loop.create_server, ssl_handshake_timeout=patience)
            loop.create_server = create  # type: ignore[method-assign]
        await super().startup(sockets=sockets)
        announce(self._listen, self._port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True
        self._application.context.hub.stop()


def announce(listen: Listen, port: int) -> None:
    """Say where the server listens, now that it does: one line on standard output, and the port file."""
    scheme = "http" if listen.certificate is None else "https"
    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    if listen.port_file is not None:
        partial = listen.port_file.with_name(listen.port_file.name + ".partial")
        partial.write_text(f"{port}\n", encoding="ascii")
        partial.replace(listen.port_file)
    sys.stdout.write(f"listening on {scheme}://{host}:{port}\n")
    sys.stdout.flush()
    journal().info("listening", port=port, tls=listen.certificate is not None, process=os.getpid())


def serve(settings: Settings, listen: Listen) -> None:
    """Serve until a signal. Raises CannotListen, StorageError."""
    check_listen(settings, listen)
    context = None
    if listen.certificate is not None and listen.key is not None:
        context = server_context(listen.certificate, listen.key)
    listener = bind(listen)
    try:
        port = int(listener.getsockname()[1])
        if not settings.origins or (is_loopback(listen.host) and not settings.behind_proxy):
            origins = settings.origins | derived(listen.host, port, listen.certificate)
            settings = replace(settings, origins=origins)
        if is_loopback(listen.host) and not settings.behind_proxy:
            settings = replace(settings, hosts=host_names(settings.origins))
        app = create_app(settings)
        _Server(_config(settings, listen, app, context), app).run_on(listener, listen)
    finally:
        listener.close()


def connections() -> int:
    """How many connections there may be: the files of databases need some of what the system allows."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        return max(allowed - FILES, allowed // 4)
    return MAX_CONNECTIONS


def _config(settings: Settings, listen: Listen, app: Application, context: object) -> uvicorn.Config:
    bounds = settings.bounds
    proxies = tuple(ip_network(address, strict=False) for address in (*listen.proxy_addresses, *THIS_MACHINE))
    limits = {
        "header_seconds": bounds.header_seconds,
        "send_seconds": bounds.send_seconds,
        "connections_of_address": 0 if settings.behind_proxy else MAX_OF_ADDRESS,
        "most_connections": connections(),
        "peers": proxies if settings.behind_proxy and listen.certificate is None else (),
    }
    protocol = type("Protocol", (PatientProtocol,), limits)
    config = uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=[str(network) for network in proxies],
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=MAX_HEADERS,
    )
    config.load()
    config.ssl = context  # type: ignore[assignment]  # made by ourselves: TLS 1.2 and newer
    return config
