"""One roster folded as a server does and as a desk does, each from what it stores, and a digest to compare them by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from protocol import wire
from protocol.codec import encode
from protocol.history import RosterHistory
from protocol.ids import sha256
from protocol.roster import Entry
from protocol.state import RosterState
from server.settings import Bounds
from server.storage import RosterRow, Storage, WorkspaceStore
from server.storage.interface import Usage
from server.workspaces.holds import Holds
from server.workspaces.open import OpenWorkspace
from server.workspaces.roster import append_roster, entries_from
from vault.roster.local import LocalRoster


class Shelf:
    """A workspace's storage in memory, as far as a roster needs it. A transaction that fails leaves no trace."""

    shared = False

    def __init__(self) -> None:
        self.rows: list[RosterRow] = []
        self.links: dict[int, bytes] = {}
        self.used = Usage(0, 0)

    def newest(self) -> Usage:
        return self.used

    @contextmanager
    def read(self) -> Iterator[Shelf]:
        yield self

    @contextmanager
    def write(self) -> Iterator[Shelf]:
        before = len(self.rows), dict(self.links), self.used
        try:
            yield self
        except BaseException:
            del self.rows[before[0] :]
            self.links, self.used = before[1:]
            raise

    def close(self) -> None:
        pass

    def usage(self) -> Usage:
        return self.used

    def set_usage(self, usage: Usage) -> None:
        self.used = usage

    def member_links(self) -> dict[int, bytes]:
        return dict(self.links)

    def set_link(self, account: int, member: bytes) -> None:
        self.links[account] = member

    def roster(self) -> Iterator[RosterRow]:
        yield from self.rows

    def roster_page(self, after: int, items: int, size: int) -> list[RosterRow]:
        return self.rows[after : after + items]

    def add_entry(self, row: RosterRow) -> None:
        self.rows.append(row)

    def logs(self) -> list[Any]:
        return []


class _Accounts:
    @contextmanager
    def write_accounts(self) -> Iterator[_Accounts]:
        yield self

    def link(self, account: int, workspace: bytes) -> None:
        pass


class Server:
    """A workspace at a server that takes appends of its accounts. `restart` opens it again from what is stored."""

    def __init__(self, links: dict[int, bytes], entries: Sequence[Entry]) -> None:
        """Of members with these accounts, and entries that were judged before."""
        self._shelf = Shelf()
        self._shelf.links = dict(links)
        self._shelf.rows = [RosterRow(n, n, entry.hash, entry) for n, entry in enumerate(entries, 1)]
        self._shelf.used = Usage(len(entries), 0)
        self._accounts = cast(Storage, _Accounts())
        self._id = entries[0].hash
        self._open()

    def _open(self) -> None:
        store = cast(WorkspaceStore, self._shelf)
        self._workspace = OpenWorkspace(self._id, store, Bounds(), lambda *_: None)
        self._now = 0.0
        self._workspace.holds = Holds(self._clock)

    def _clock(self) -> float:
        """Everybody waits as long as he is told to."""
        self._now += 60.0
        return self._now

    def append(self, account: int, head: bytes, entries: list[Entry]) -> None:
        append_roster(self._workspace, self._accounts, account, wire.AppendRoster(head, entries))

    def page(self, first: int) -> list[Entry]:
        return entries_from(self._workspace, first).entries

    @property
    def history(self) -> RosterHistory:
        return self._workspace.history

    def restart(self) -> None:
        self._open()


class Desk:
    """A vault's roster, which follows a server page by page and is folded again from what the vault keeps."""

    def __init__(self, server: Server) -> None:
        self._server = server
        first = server.page(1)
        self._roster = LocalRoster(first[0].hash, first, verified=True)

    def sync(self) -> None:
        position = self._roster.state.position
        self._roster.extend(position + 1, self._server.page(position + 1))

    @property
    def history(self) -> RosterHistory:
        return self._roster.history

    @property
    def head(self) -> tuple[int, bytes]:
        return self._roster.head

    def restart(self) -> None:
        """As at the next unlocking: entries that were judged before."""
        kept = list(self._roster.history.entries())
        self._roster = LocalRoster(self._roster.workspace, kept, verified=True)

    def afresh(self) -> RosterState:
        """As on a new computer: every signature verified from the genesis on."""
        return LocalRoster(self._roster.workspace, list(self._roster.history.entries())).state


def state_digest(state: RosterState) -> bytes:
    """Of all that a state says, in one order: two states with the same digest are the same."""
    members = [
        [
            m.id, int(m.standing), m.status.value, m.manager, m.revoked_devices, sorted(m.devices),
            [] if m.identity is None else [m.identity.signing, m.identity.encryption],
            []
            if m.recovery is None
            else [
                m.recovery.threshold, m.recovery.trustees, m.recovery.enrolled_at, m.recovery.enrolment,
                [[r.trustee, r.request, r.position] for r in m.recovery.releases],
            ],
            [] if m.support is None else [m.support.group, sorted(m.support.compartments), m.support.until],
        ]
        for _, m in sorted(state.members.items())
    ]  # fmt: skip
    rest = [
        [[d.id, d.member, d.signing, d.revoked, d.added_at] for _, d in sorted(state.devices.items())],
        [[r.id, list(r.accesses), int(r.permissions)] for _, r in sorted(state.roles.items())],
        [[g.id, g.archived, g.small, g.creator] for _, g in sorted(state.groups.items())],
        [[m, g, sorted(roles)] for (m, g), roles in sorted(state.grants.items())],
        [[m, g, sorted(places)] for (m, g), places in sorted(state.own.items())],
        [
            [i.id, i.member, i.token_key, i.expires, i.author, i.status.value, int(i.standing), i.device]
            for _, i in sorted(state.invitations.items())
        ],
        [
            state.policies.managers_read_reports, state.policies.support_allowed,
            state.policies.second_factor, sorted(state.policies.catalogue_of.items()),
        ],
        [
            [device, [[log.encode(), [[c.position, c.entry] for c in made]] for log, made in sorted(cuts.items())]]
            for device, cuts in sorted(state.cuts.items())
        ],
        sorted(state.keys.items()), sorted(state.supports),
        [[manager, sorted(below)] for manager, below in sorted(state.reports.items()) if below],
        [state.past.at(position) for position in range(1, state.position + 1)],
    ]  # fmt: skip
    return sha256(encode([state.workspace, state.position, state.head, state.format_version, members, rest]))
