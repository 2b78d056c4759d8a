"""What a storage is: transactions over accounts, and over each workspace. No rules, no protocol decisions.

A `write()` transaction is durable when its `with` block has ended without an error, and leaves nothing behind when
it ended with one. A `read()` transaction sees one state from beginning to end. All methods block; they are called
from worker threads. One writer a workspace at a time: `write()` waits for the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from protocol.ids import WorkspaceId
from protocol.roster import Entry
from protocol.wire import SignedHeader, Wrap
from protocol.wire_recovery import HeldShare, OpenRequest, WrappedShare
from protocol.wire_security import JournalEntry


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`handle` as its owner wrote it; `login_key` is a public Ed25519 key; `bundle` is sealed."""

    id: int
    handle: str
    login_key: bytes
    bundle_version: int
    bundle: bytes


@dataclass(frozen=True, slots=True)
class SessionRow:
    """`id` (16 bytes) is shown in lists; the token is kept as its hash only. Times are Unix seconds."""

    id: bytes
    account: int
    created: int
    expires: int
    last_seen: int
    device_name: str


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """`handle` is the hash of the handle that asked, so that the table names nobody who has no account."""

    handle: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A second factor (RFC 6238): the secret, when it was confirmed (0: not yet), the newest step that was taken."""

    secret: bytes
    confirmed: int
    last_step: int


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One attempt to log in. `account` 0 stands for a handle that nobody has."""

    account: int
    at: int
    device_name: str
    ok: bool


@dataclass(frozen=True, slots=True)
class RosterRow:
    serial: int
    position: int
    hash: bytes
    entry: Entry


@dataclass(frozen=True, slots=True)
class LogRow:
    """The kept state of a log; `key` is the storage's own short number for it."""

    key: int
    log: bytes
    position: int
    chain: bytes
    generation: int
    rotated_at: int
    roster_position: int


@dataclass(frozen=True, slots=True)
class StoredCommit:
    """A commit as read for a page."""

    serial: int
    log: int
    position: int
    header: bytes
    signature: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class CommitRow:
    """A commit as written: `author` and `counter` repeat what the header says, `chain` is the log's after it."""

    serial: int
    log: int
    position: int
    author: bytes
    counter: int
    hash: bytes
    chain: bytes
    header: bytes
    signature: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class WrapRow:
    serial: int
    wrap: Wrap


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """Where a device's commits on a log have come to."""

    device: bytes
    counter: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Usage:
    """`serial`: the newest cursor. `stored`: bytes of entries, commits, wraps and chunks, for the quota."""

    serial: int
    stored: int


class AccountTx(Protocol):
    """One transaction over the accounts' database. Handles are found by `handle_key` (see `server.accounts`)."""

    def account(self, account: int) -> AccountRow | None: ...
    def account_by_handle(self, handle_key: str) -> AccountRow | None: ...
    def add_account(
        self, handle_key: str, row: AccountRow, created: int, invitation: bytes | None
    ) -> int: ...
    def accounts_of_invitation(self, invitation: bytes) -> int: ...
    def made_by_invitation(self, invitation: bytes) -> list[int]: ...
    def replace_bundle(self, account: int, expected: int, version: int, bundle: bytes) -> bool: ...
    def set_login_key(self, account: int, login_key: bytes) -> None: ...

    def add_challenge(self, challenge: bytes, row: ChallengeRow) -> None: ...
    def take_challenge(self, challenge: bytes) -> ChallengeRow | None: ...
    def drop_expired(self, now: int) -> None: ...

    def add_attempt(self, who: bytes, at: int) -> None: ...
    def attempts_since(self, who: bytes, since: int) -> int: ...

    def add_session(self, token_hash: bytes, row: SessionRow) -> None: ...
    def session(self, token_hash: bytes) -> SessionRow | None: ...
    def sessions(self, account: int) -> list[SessionRow]: ...
    def seen_session(self, session: bytes, now: int) -> None: ...
    def name_session(self, session: bytes, device_name: str) -> None: ...
    def end_session(self, account: int, session: bytes) -> bool: ...
    def end_other_sessions(self, account: int, keep: bytes) -> list[bytes]: ...

    def second_factor(self, account: int) -> FactorRow | None: ...
    def put_second_factor(self, account: int, row: FactorRow) -> None: ...
    def spend_step(self, account: int, step: int) -> bool:
        """Take this step as the newest; False where it, or a later one, was taken before."""

    def drop_second_factor(self, account: int) -> None:
        """With its recovery codes."""

    def set_recovery_codes(self, account: int, hashes: Sequence[bytes]) -> None:
        """In the place of all that there were."""

    def spend_recovery_code(self, account: int, code_hash: bytes) -> bool:
        """Strike it out; False where there is no such code, or no more."""

    def recovery_codes_left(self, account: int) -> int: ...

    def add_sign_in(self, row: SignInRow, keep: int) -> None:
        """Of an account the newest `keep` that went well, and as many that did not, are kept."""

    def sign_ins(self, workspace: WorkspaceId, each: int, most: int) -> list[SignInRow]:
        """Of the accounts in a workspace, newest first: the newest `most` that went well, and as many that did not; of
        one account `each` of both."""

    def link(self, account: int, workspace: WorkspaceId) -> None: ...
    def workspaces_of(self, account: int) -> list[WorkspaceId]: ...
    def counts(self) -> dict[str, int]: ...

    def put_transfer(self, account: int, transfer: bytes, sealed: bytes, expires: int) -> None: ...
    def transfer(self, account: int, transfer: bytes, now: int) -> bytes | None: ...
    def drop_old_transfers(self, now: int) -> None: ...
    def server_secret(self, name: str) -> bytes:
        """32 random bytes under this name, made at the first call."""


class WorkspaceTx(Protocol):
    """One transaction over one workspace. Serials are given by the caller and stored with `set_usage`."""

    def usage(self) -> Usage: ...
    def set_usage(self, usage: Usage) -> None: ...

    def member_links(self) -> dict[int, bytes]: ...
    def set_link(self, account: int, member: bytes) -> None: ...

    def roster(self) -> Iterator[RosterRow]: ...
    def roster_page(self, after: int, items: int, size: int) -> list[RosterRow]: ...
    def roster_since(self, serial: int, top: int, items: int, size: int) -> tuple[list[RosterRow], bool]:
        """Of the serials (serial, top], and whether the page has them all. So do the two below."""

    def add_entry(self, row: RosterRow) -> None: ...

    def logs(self) -> list[LogRow]: ...
    def add_log(self, log: bytes) -> int: ...
    def update_log(self, row: LogRow) -> None: ...
    def devices(self, log: int) -> list[DeviceRow]: ...
    def set_device(self, log: int, row: DeviceRow) -> None: ...
    def key_hashes(self, log: int) -> dict[int, bytes]: ...
    def add_key_hash(self, log: int, generation: int, key_hash: bytes) -> None: ...

    def add_commit(self, row: CommitRow) -> None: ...
    def commit_of(self, log: int, author: bytes, counter: int) -> tuple[int, bytes, bytes] | None:
        """(position, commit hash, chain) of a device's nth commit on a log."""

    def chain_at(self, log: int, position: int) -> bytes | None: ...
    def commits_since(
        self, serial: int, top: int, logs: Sequence[int], items: int, size: int
    ) -> tuple[list[StoredCommit], bool]: ...
    def commits_from(self, log: int, position: int, items: int, size: int) -> list[StoredCommit]: ...
    def headers_from(self, log: int, position: int, items: int) -> list[SignedHeader]: ...

    def add_wrap(self, row: WrapRow, sealer: bytes) -> bool:
        """False where this sealer's row is there already."""

    def wraps_since(
        self, serial: int, top: int, recipient: bytes, items: int, size: int
    ) -> tuple[list[WrapRow], bool]: ...
    def recipients(self, log: bytes, generation: int) -> list[bytes]: ...

    def newest_act(self) -> JournalEntry | None:
        """Of the operator-access journal."""

    def append_act(
        self, workspace: WorkspaceId, time: int, actor: str, action: str, detail: str
    ) -> JournalEntry:
        """The next line, with the hash of the one before. The caller is the workspace's only writer."""

    def add_act(self, act: JournalEntry) -> None:
        """A line as it is, where a journal is carried over."""

    def acts_from(self, seq: int, items: int) -> list[JournalEntry]: ...

    def chunk_hash(self, log: bytes, file: bytes, index: int) -> bytes | None: ...
    def chunk(self, log: bytes, file: bytes, index: int) -> bytes | None: ...
    def add_chunk(self, log: bytes, file: bytes, index: int, digest: bytes, data: bytes) -> None: ...
    def chunk_indexes(self, log: bytes, file: bytes) -> list[int]: ...

    def put_recovery(
        self, member: bytes, enrolment: bytes, box: bytes, shares: list[WrappedShare]
    ) -> None: ...
    def drop_recovery(self, member: bytes) -> None: ...
    def recovery_box(self, member: bytes) -> tuple[bytes, bytes] | None:
        """(enrolment, box)"""

    def shares_of_trustee(self, trustee: bytes) -> list[HeldShare]: ...
    def add_request(self, member: bytes, digest: bytes, request_key: bytes, time: int) -> None: ...
    def requests_about(self, member: bytes) -> list[tuple[bytes, OpenRequest]]:
        """(digest, request), the oldest first."""

    def drop_request(self, member: bytes, digest: bytes) -> None: ...
    def put_answer(self, member: bytes, digest: bytes, answer: WrappedShare) -> None: ...
    def answers(self, member: bytes, digest: bytes) -> list[WrappedShare]: ...


class WorkspaceStore(Protocol):
    """One workspace's transactions."""

    @property
    def shared(self) -> bool:
        """Whether other processes write to it too. Then what is kept in memory is compared with `newest`."""

    def newest(self) -> Usage:
        """The usage as of now, at the price of one small question."""

    def read(self) -> AbstractContextManager[WorkspaceTx]: ...
    def write(self) -> AbstractContextManager[WorkspaceTx]: ...
    def close(self) -> None: ...


class News(Protocol):
    """What other processes on the same storage have done. Called on a thread of the storage's."""

    def workspace_moved(self, workspace: WorkspaceId) -> None: ...
    def session_ended(self, session: bytes) -> None: ...
    def missed(self) -> None:
        """Nobody listened for a while: anything may have happened."""


class Storage(Protocol):
    """All that a server keeps."""

    def read_accounts(self) -> AbstractContextManager[AccountTx]: ...
    def write_accounts(self) -> AbstractContextManager[AccountTx]: ...
    def workspace_ids(self) -> list[WorkspaceId]: ...
    def open_workspace(self, workspace: WorkspaceId) -> WorkspaceStore:
        """Raises NotFound."""

    def create_workspace(self, workspace: WorkspaceId) -> WorkspaceStore:
        """Opens what a creation that was cut short has left, else makes it new."""

    def listen(self, news: News) -> None:
        """Tell of the other processes' doings until `close`. Does nothing where there can be none. Once only."""

    def close(self) -> None: ...
