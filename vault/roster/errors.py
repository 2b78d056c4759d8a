"""What a desk says when the past that it is shown is not the past that it knows.

VaultError
+-- TrustError          bytes from the server, or this vault's own file, contradict what was seen before
|   +-- RolledBack      an older past: shorter than a head that this desk has seen
|   +-- Forked          a different past: another entry or commit where this desk has seen one
|   +-- WrongWorkspace  another genesis than the one pinned
|   +-- RosterBroken    an entry that does not verify, or is not valid in the state before it
|   +-- LogBroken       a commit whose header breaks a rule: its log is stopped
|   +-- RestoredBackup  this vault's file is older than the pins beside it
|   +-- ServerRestored  not raised: the server came back from a backup, and was brought forward
|   +-- AdoptRefused    a branch was declared dropped by somebody who cannot, or without what it has to repeat
+-- MovedOn             an owner raised the format version above what this program knows
+-- MemberError
    +-- NotAMember      this account has no place in the roster (any more)
    +-- NotConfirmed    joined, and waiting for an admin's client
    +-- Refused         the roster's rules do not allow what was planned
"""

from __future__ import annotations

from vault.errors import VaultError

_NOTHING_TAKEN = "Nothing was taken over, and what you have here is as it was. "


class TrustError(VaultError):
    """`code` is stable and may come from the protocol; the text names positions and opaque ids only."""

    code = "trust"

    def __init__(self, detail: str = "", code: str | None = None) -> None:
        super().__init__(detail)
        if code is not None:
            self.code = code


class RolledBack(TrustError):
    code = "rolled-back"
    title = "The server shows an older state"
    message = (
        "The server offered a past that is shorter than what this computer has already seen. "
        + _NOTHING_TAKEN
        + "The server may have been restored from a backup. Please tell your admin."
    )


class Forked(TrustError):
    code = "forked"
    title = "The server shows two different pasts"
    message = (
        "What the server offers contradicts what this computer has already seen. "
        + _NOTHING_TAKEN
        + "Please tell your admin: an honest server cannot do this."
    )


class WrongWorkspace(TrustError):
    code = "wrong-workspace"
    title = "This is another workspace"
    message = (
        "The server offered a workspace that is not the one you made or were invited to. " + _NOTHING_TAKEN
    )


class RosterBroken(TrustError):
    code = "roster-broken"
    title = "The list of members does not verify"
    message = (
        "The server offered a change of members or rights that nobody with the right to it has signed. "
        + (_NOTHING_TAKEN)
    )


class LogBroken(TrustError):
    code = "log-broken"
    title = "A part of the records does not verify"
    message = (
        "The server offered records that break the rules by which they are written. This part is stopped; "
        "what you have here is as it was, and the other parts go on. Please tell your admin."
    )


class RestoredBackup(TrustError):
    code = "restored-backup"
    title = "This vault comes from a backup"
    message = (
        "This computer has already been further than the vault's file knows, so the file was restored from a backup. "
        "You can read everything. Before you can change something, this computer needs a new key: lock "
        "Tacit and unlock "
        "it again while the server can be reached, and it makes one by itself."
    )


class ServerRestored(TrustError):
    """Kept as an alarm, never raised. `code` ends with the number of entries and commits that went back."""

    code = "server-restored"
    title = "The server came back from a backup"
    message = (
        "The server had lost what this computer has seen, and this computer has sent it again, as it was signed. "
        "Nothing is missing here."
    )

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} changes were brought back", f"brought-back:{count}")


class AdoptRefused(TrustError):
    code = "adopt-refused"
    title = "A decision between two pasts does not hold"
    message = (
        "Somebody signed that what this computer knows is to be dropped for what the server shows. It was not done: "
        "whoever signed it is no owner here, or it does not repeat what was taken away here. "
        + _NOTHING_TAKEN
    )


class MovedOn(VaultError):
    """The roster's format version is above this program's: it stops there and becomes read-only (SPEC, section 9).

    No lie, and no alarm: the entry is an owner's, and verified. What is written meanwhile waits in the outbox."""

    code = "upgrade-needed"
    title = "Update Tacit"
    message = (
        "This workspace has moved on to a newer version of Tacit. You can read everything that is here; what you "
        "change waits on this computer until Tacit is updated."
    )


class MemberError(VaultError):
    """Base of what the roster says about this account itself."""


class NotAMember(MemberError):
    title = "You are not a member of this workspace"
    message = (
        "Your account has no place in this workspace, or it was removed. Your admin can invite you again."
    )


class NotConfirmed(MemberError):
    title = "Waiting to be confirmed"
    message = "You have joined. As soon as an admin's Tacit is online, it confirms you by itself."


class Refused(MemberError):
    """`code` is the protocol's code of the rule."""

    title = "This change is not allowed"
    message = "The rules of this workspace do not allow this change to you, or not any more."

    def __init__(self, detail: str = "", code: str = "roster") -> None:
        super().__init__(detail)
        self.code = code
