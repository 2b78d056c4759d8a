"""What an operator decides, with the defaults. Sizes in bytes, times in seconds."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


class Signup(enum.StrEnum):
    """Who may make an account. Invitees of a workspace always may: their invitation is signed."""

    OPEN = "open"
    CODE = "code"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Rates, quotas and patience. A rate is a number of requests in a minute."""

    session_requests: int = 12_000
    address_requests: int = 24_000
    sign_in_requests: int = 300  # of one address: accounts, challenges, logins
    accounts_a_day: int = 500  # of one address
    recoveries_a_day: int = (
        12  # asked for by one address; fewer than are kept of a member, see `workspaces.recovery`
    )
    refused_logins: int = 20  # of one handle from one address, in `refused_window`
    refused_window: int = 900
    code_tries: int = (
        5  # wrong codes of a second factor in `refused_window`; only the account's own key can try
    )
    code_tries_a_day: int = 30
    sign_ins_kept: int = 100  # of an account, that went well; and as many that did not
    accounts_of_invitation: int = 5
    sessions_of_account: int = 50
    streams_of_session: int = 4
    streams: int = 4_000
    workspace_bytes: int = 20 << 30
    workspace_logs: int = 20_000
    workspace_entries: int = 200_000
    workspaces_of_account: int = 20
    open_workspaces: int = 64
    transfers: int = 512 << 20  # of large bodies and replies at once, in all
    transfers_of_account: int = 96 << 20
    request_seconds: float = 30.0  # to send a request's body, and 1 s more for each 64 KiB
    send_seconds: float = 60.0  # a client that takes nothing for so long is dropped
    header_seconds: float = 30.0
    heartbeat_seconds: float = 20.0
    challenge_seconds: int = 60
    login_clock_seconds: int = 900
    session_seconds: int = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Settings:
    """`origins`: what a login may have been signed for, as `https://host[:port]` without a path. `signup_code` is
    needed for Signup.CODE. `metrics_public`: /metrics for everybody, not for this machine only. `journal`: a file;
    None for standard output.
    `data`: the folder; None where `database` is a PostgreSQL's URL, which holds a password.
    `hosts`: the only names that requests may ask for, as on loopback; empty for any."""

    data: Path | None
    origins: frozenset[str] = frozenset()
    signup: Signup = Signup.CLOSED
    signup_code: str = ""
    behind_proxy: bool = False
    hosts: frozenset[str] = frozenset()
    metrics_public: bool = False
    database: str = field(default="", repr=False)
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], float] = time.time

    def now(self) -> int:
        """Unix seconds."""
        return int(self.clock())
