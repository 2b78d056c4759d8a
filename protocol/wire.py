"""Bodies of requests and replies between client and server: MessagePack arrays (`application/msgpack`).

Routes are named in `Route`. Every error reply is an `ErrorReply` with a `code` of `protocol.errors` or of
`ErrorCode`. Handles and session tokens travel in bodies and headers only, never in a URL. Workspace and log ids
in a URL are lower-case hex.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta

from protocol.codec import Message
from protocol.commit import Commit
from protocol.ids import WorkspaceId
from protocol.limits import MAX_PUSH_COMMITS, MAX_PUSH_WRAPS, MAX_REQUEST_ENTRIES, MAX_REQUEST_WRAPS
from protocol.roster import Entry

# Lengths of lists in requests are judged before the items are decoded: a megabyte of tiny items would need many.
RequestEntries = Annotated[list[Entry], Meta(max_length=MAX_REQUEST_ENTRIES)]


class ErrorCode(enum.StrEnum):
    """Codes of the server that are not rules of roster or log."""

    UNAUTHENTICATED = "unauthenticated"  # 401: no session, or it ended
    LOGIN_REFUSED = "login-refused"  # 401: the same for an unknown handle and for a wrong key
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not-found"  # 404
    HANDLE_TAKEN = "handle-taken"  # 409
    ROSTER_MOVED = "roster-moved"  # 409: pull, sign again, push again
    LOG_MOVED = "log-moved"  # 409: the author's counter or the generation is behind: pull first
    BUNDLE_MOVED = "bundle-moved"  # 409: compare-and-swap of the bundle failed
    WRAPS_MISSING = "wraps-missing"  # 422: a rotate without a wrap for each reader
    TOO_LARGE = "too-large"  # 413
    TIMEOUT = "timeout"  # 408: the request did not come in time
    RATE_LIMITED = "rate-limited"  # 429, with Retry-After
    QUOTA = "quota"  # 507
    SIGNUP_CLOSED = "signup-closed"  # 403
    SECOND_FACTOR = "second-factor"  # 401: the signature was right; a code is needed, or was wrong
    SECOND_FACTOR_ON = "second-factor-on"  # 409: the account has one already
    SECOND_FACTOR_SETUP = "second-factor-setup"  # 403: a policy demands one, and the account has none
    MALFORMED = "format"  # 400
    INTERNAL = "internal"  # 500


class ErrorReply(Message, frozen=True):
    code: str
    message: str


class Route(enum.StrEnum):
    """Paths; `{workspace}` is 64 hex digits, `{log}` 66, `{file}` 32."""

    HEALTH = "/healthz"
    ACCOUNTS = "/v1/accounts"  # POST CreateAccount -> Done
    CHALLENGE = "/v1/login/challenge"  # POST ChallengeRequest -> Challenge
    LOGIN = "/v1/login"  # POST Login -> Session
    LOGIN_FORWARD = "/v1/login/forward"  # POST LoginForward -> Session
    LOGOUT = "/v1/logout"  # POST Done -> Done
    ACCOUNT = "/v1/account"  # GET -> Account; PUT ReplaceBundle -> Done
    SESSIONS = "/v1/sessions"  # GET -> Sessions; POST EndSession -> Done; PUT NameSession -> Done
    SECOND_FACTOR = "/v1/second-factor"  # GET -> SecondFactor; POST SecondFactorChange -> SecondFactorReply
    TRANSFER = "/v1/transfer"  # PUT PutTransfer -> Done; POST AskTransfer -> Transfer
    RECOVERY_REQUEST = "/v1/recovery/request"  # POST RequestRecovery -> RecoveryAsked (no session)
    RECOVERY_COLLECT = "/v1/recovery/collect"  # POST CollectRecovery -> RecoveryCollected (no session)
    RECOVERY_ACCOUNT = "/v1/recovery/account"  # POST RecoverAccount -> Done (no session)
    WORKSPACES = "/v1/workspaces"  # POST CreateWorkspace -> Done
    ROSTER = "/v1/workspaces/{workspace}/roster"  # GET ?from=n -> RosterPage; POST AppendRoster -> Done
    JOIN = "/v1/workspaces/{workspace}/join"  # POST ReadForJoin -> RosterPage (authorised by the token)
    PULL = "/v1/workspaces/{workspace}/pull"  # GET ?cursor=n -> PullPage
    HEADS = "/v1/workspaces/{workspace}/heads"  # GET -> Heads
    LOG = "/v1/workspaces/{workspace}/logs/{log}"  # GET ?from=n -> LogPage
    HEADERS = "/v1/workspaces/{workspace}/logs/{log}/headers"  # GET ?from=n -> HeaderPage (admins, readers)
    PUSH = "/v1/workspaces/{workspace}/push"  # POST Push -> PushReply
    RESTORE = "/v1/workspaces/{workspace}/restore"  # POST RestoreWorkspace -> Done
    JOURNAL = "/v1/workspaces/{workspace}/journal"  # GET ?from=n -> JournalPage (admins, owners)
    SIGN_INS = "/v1/workspaces/{workspace}/sign-ins"  # GET -> SignIns (admins, owners)
    RECOVERY = "/v1/workspaces/{workspace}/recovery"  # PUT RecoveryUpload -> Done
    RECOVERY_SHARES = "/v1/workspaces/{workspace}/recovery/shares"  # GET -> RecoveryShares
    RECOVERY_RELEASE = "/v1/workspaces/{workspace}/recovery/release"  # POST ReleaseShare -> Done
    WRAPS = "/v1/workspaces/{workspace}/wraps"  # GET ?log=hex&generation=n -> WrapList; POST AddWraps -> Done
    EVENTS = "/v1/workspaces/{workspace}/events"  # GET: server-sent events, data: the newest cursor (decimal)
    FILE_CHUNK = (
        "/v1/workspaces/{workspace}/logs/{log}/files/{file}/{index}"  # PUT bytes -> Done; GET -> bytes
    )
    FILE = "/v1/workspaces/{workspace}/logs/{log}/files/{file}"  # GET -> FileState


class Done(Message, frozen=True):
    pass


class BundleUpload(Message, frozen=True):
    """The sealed account bundle. `version` rises by one with each; `sealed` is opaque to the server."""

    version: int
    sealed: bytes


class SignupCode(Message, frozen=True, tag_field="kind", tag="code"):
    """The operator's code for new accounts; empty where the server is open."""

    code: str


class InvitationProof(Message, frozen=True, tag_field="kind", tag="invitation"):
    """The token's signature, in ACCOUNT_FROM_INVITATION, over `encode([workspace, invitation, login key])`."""

    workspace: WorkspaceId
    invitation: bytes
    signature: bytes


class CreateAccount(Message, frozen=True):
    handle: str
    login_key: bytes
    bundle: BundleUpload
    admission: SignupCode | InvitationProof


class ChallengeRequest(Message, frozen=True):
    handle: str


class Challenge(Message, frozen=True):
    challenge: bytes  # 32 bytes, single use, short-lived; given for unknown handles too


class LoginStatement(Message, frozen=True):
    """What the login key signs, in LOGIN: challenge, the origin that the client connected to, handle, Unix time."""

    challenge: bytes
    origin: str
    handle: str
    time: int


class Login(Message, frozen=True):
    statement: LoginStatement
    signature: bytes
    device_name: str  # shown in the list of sessions; "" where the user gives none
    code: str = ""  # of the second factor: six digits, or a recovery code; "" where none is given


class Session(Message, frozen=True):
    """`token` (32 random bytes) is sent as `Authorization: Bearer <base64url>`; the server stores its hash."""

    token: bytes
    expires: int


class Account(Message, frozen=True):
    handle: str
    bundle: BundleUpload
    workspaces: list[WorkspaceId]


class ReplaceBundle(Message, frozen=True):
    """Compare-and-swap from `expected_version`. `login_key` is empty, or the new one after a change of password."""

    expected_version: int
    bundle: BundleUpload
    login_key: bytes


class SessionInfo(Message, frozen=True):
    id: bytes
    created: int
    last_seen: int
    device_name: str
    current: bool


class Sessions(Message, frozen=True):
    sessions: list[SessionInfo]


class NameSession(Message, frozen=True):
    """What the session that asks is listed as from now on: a new computer has no id before it has signed in."""

    device_name: str


class EndSession(Message, frozen=True):
    """`id` is 16 bytes, or empty for all sessions but the one that asks."""

    id: bytes


class CreateWorkspace(Message, frozen=True):
    """The genesis entry and whatever follows in the same breath (roles, the first group)."""

    entries: RequestEntries


class AppendRoster(Message, frozen=True):
    """Compare-and-swap: all of `entries` follow `expected_head` (hash of the newest entry), or none is taken."""

    expected_head: bytes
    entries: RequestEntries


class ReadForJoin(Message, frozen=True):
    """An invitee has no account yet, since its bundle holds keys that the roster's invitation asks for: the token alone
    opens the roster to her. It signs, in ACCOUNT_FROM_INVITATION, `encode([workspace, invitation, login key])`, as for
    the account that she makes next. Appending `join` needs that account's session."""

    proof: InvitationProof
    login_key: bytes
    position: int  # entries after this one are wanted


class RosterPage(Message, frozen=True):
    first: int  # position of entries[0]
    entries: list[Entry]
    head_position: int


class PlacedCommit(Message, frozen=True):
    log: bytes
    position: int
    commit: Commit


class Wrap(Message, frozen=True):
    """A log key sealed to one member's encryption key (`recipient` is the key's id, 32 bytes)."""

    log: bytes
    generation: int
    recipient: bytes
    sealed: bytes


class PullPage(Message, frozen=True):
    """What is new after the cursor, in the server's order: roster entries first, then wraps for the caller's key,
    then commits of logs that the caller may read now. `more` says that another page follows at `cursor`."""

    roster_first: int
    roster: list[Entry]
    wraps: list[Wrap]
    commits: list[PlacedCommit]
    cursor: int
    more: bool


class RestoreWorkspace(Message, frozen=True):
    """Verbatim continuations of what a server has lost: entries after its head, then commits at their old places by
    the header rules alone. All or none; what is there already with the same bytes is fine."""

    entries: RequestEntries
    commits: Annotated[list[PlacedCommit], Meta(max_length=MAX_PUSH_COMMITS)]
    wraps: Annotated[list[Wrap], Meta(max_length=MAX_PUSH_WRAPS)]


class LogHead(Message, frozen=True):
    log: bytes
    position: int
    chain: bytes
    generation: int


class Heads(Message, frozen=True):
    """Heads of all logs the caller may read, or, for an admin, of all logs; and the roster's."""

    roster_position: int
    roster_hash: bytes
    logs: list[LogHead]


class LogPage(Message, frozen=True):
    first: int
    commits: list[Commit]
    head_position: int


class SignedHeader(Message, frozen=True):
    header: bytes
    signature: bytes


class HeaderPage(Message, frozen=True):
    first: int
    headers: list[SignedHeader]
    head_position: int


class Push(Message, frozen=True):
    """Commits of one or several logs, stored all or none, in this order; wraps for the rotates among them."""

    commits: Annotated[list[Commit], Meta(max_length=MAX_PUSH_COMMITS)]
    wraps: Annotated[list[Wrap], Meta(max_length=MAX_PUSH_WRAPS)]


class Placement(Message, frozen=True):
    log: bytes
    position: int
    chain: bytes


class PushReply(Message, frozen=True):
    """One placement for each commit. A commit that the log has already (same bytes) gets its old position.
    `cursor_before` is the workspace's cursor before this push and `cursor` the one after: a client whose own
    cursor equals `cursor_before` need not pull its own commits."""

    placements: list[Placement]
    cursor_before: int
    cursor: int


class AddWraps(Message, frozen=True):
    wraps: Annotated[list[Wrap], Meta(max_length=MAX_REQUEST_WRAPS)]


class WrapList(Message, frozen=True):
    """Which recipient keys have a row for (log, generation)."""

    recipients: list[bytes]


class FileState(Message, frozen=True):
    """Which chunks of a file the server holds."""

    chunks: list[int]
