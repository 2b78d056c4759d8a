"""The commands of `python -m server`. Exit codes: 0 done, 1 refused or failed (one line says why), 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import ssl
import sys
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from server.errors import ServerError
from server.journal import journal, open_journal
from server.origins import normal
from server.serving.operating import add_commands
from server.serving.place import add_place, place_of
from server.serving.run import Listen, serve
from server.settings import Bounds, Settings, Signup

SIGNUP_CODE = "TACIT_SIGNUP_CODE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (ServerError, ssl.SSLError, OSError) as error:
        sys.stderr.write(f"tacit server: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description="The Tacit server.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _serve_options(commands.add_parser("serve", help="serve until SIGTERM"))
    add_commands(commands)
    return parser


def _serve_options(parser: argparse.ArgumentParser) -> None:
    bounds = Bounds()
    add = parser.add_argument
    add_place(parser)
    add("--listen", default="127.0.0.1:8443", metavar="HOST:PORT", help="port 0 takes a free one")
    add("--tls-cert", type=Path, help="certificate chain, PEM")
    add("--tls-key", type=Path, help="its private key, PEM")
    add("--behind-proxy", action="store_true", help="a proxy does TLS; X-Forwarded-For is believed")
    add("--proxy-address", action="append", metavar="ADDRESS", help="of the proxy (default: this machine)")
    add(
        "--origin",
        action="append",
        default=[],
        metavar="URL",
        help="as clients reach it: https://host[:port]",
    )
    add("--signup", type=Signup, choices=list(Signup), default=Signup.CLOSED, help="who may make an account")
    add("--signup-code-file", type=Path, help=f"holds the code for --signup code (or ${SIGNUP_CODE})")
    add("--port-file", type=Path, help="the port is written there when the server listens")
    add("--journal", type=Path, help="append the journal to this file (default: standard output)")
    add("--metrics-public", action="store_true", help="/metrics for others than this machine")
    add(
        "--patience", type=float, default=bounds.request_seconds, help="seconds for headers, for a small body"
    )
    add("--session-rate", type=int, default=bounds.session_requests, help="requests a minute of a session")
    add("--door-rate", type=int, default=bounds.sign_in_requests, help="logins a minute of an address")
    add(
        "--recovery-rate",
        type=int,
        default=bounds.recoveries_a_day,
        help="recoveries asked for a day, by an address",
    )
    add("--workspace-mib", type=int, default=bounds.workspace_bytes >> 20, help="space of one workspace")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    host, _, port = options.listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ServerError("--listen takes HOST:PORT")
    bounds = replace(
        Bounds(),
        session_requests=options.session_rate,
        sign_in_requests=options.door_rate,
        recoveries_a_day=options.recovery_rate,
        request_seconds=options.patience,
        header_seconds=options.patience,
        send_seconds=2 * options.patience,
        workspace_bytes=options.workspace_mib << 20,
    )
    place = place_of(options)
    settings = Settings(
        data=place if isinstance(place, Path) else None,
        database=place if isinstance(place, str) else "",
        origins=frozenset(normal(origin) for origin in options.origin),
        signup=options.signup,
        signup_code=_signup_code(options),
        behind_proxy=options.behind_proxy,
        metrics_public=options.metrics_public,
        bounds=bounds,
    )
    listen = Listen(
        host=host.strip("[]"),
        port=int(port),
        certificate=options.tls_cert,
        key=options.tls_key,
        proxy_addresses=tuple(_network(address) for address in options.proxy_address or ()),
        port_file=options.port_file,
    )
    with open_journal(options.journal):
        serve(settings, listen)
        journal().info("stopped")
    return 0


def _network(address: str) -> str:
    try:
        return str(ip_network(address, strict=False))
    except ValueError:
        raise ServerError("--proxy-address takes an address or a network") from None


def _signup_code(options: argparse.Namespace) -> str:
    if options.signup is not Signup.CODE:
        return ""
    if options.signup_code_file is not None:
        code = str(options.signup_code_file.read_text(encoding="utf-8").strip())
    else:
        code = os.environ.get(SIGNUP_CODE, "")
    if not code:
        raise ServerError(f"--signup code needs --signup-code-file or ${SIGNUP_CODE}")
    return code
