"""Is there a Tacit server at this address? Asked before somebody fills in the rest of a form."""

from __future__ import annotations

from pathlib import Path

from protocol import wire
from sync_client import Http
from vault.keys import canonical_origin


def check_server(address: str, certificates: Path | None = None) -> str:
    """The canonical address of a server that answers as one (slow).

    A challenge is asked for a handle that says nothing. Raises AddressUnusable, Offline, ServerMisbehaved.
    """
    origin = canonical_origin(address)
    http = Http(origin, certificates=certificates)
    try:
        http.post(wire.Route.CHALLENGE, wire.ChallengeRequest("hello"), wire.Challenge)
    finally:
        http.close()
    return origin
