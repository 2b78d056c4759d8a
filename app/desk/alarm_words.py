"""Alarms in words: what happened, what it means, what to do. One table for window, command line and audit.

An alarm has a *kind* (what sort of promise was broken, the stable code of the error's class) and a *rule* (which check
found it, the code that the error carries; the same as the kind where there is none).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.desk.errors import AccountRestored
from protocol.codes import CommitCode, RosterCode
from sync_client import ServerMisbehaved
from vault.errors import VaultError
from vault.exchange import TrustError
from vault.keys.errors import BundleRefused, FileDamaged, KeyRefused
from vault.recovery import RecoveryReturned, RecoveryUsed, ShareUnusable


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """Sentences for people; none holds a secret or a record's content."""

    title: str
    happened: str
    means: str
    to_do: str


_KEPT = "Nothing of it was taken over; what you have here is as it was."
_TELL = "Tell your admin. Compare notes with a colleague by a way other than this server, such as a call."

ALARM_WORDS: dict[str, AlarmWords] = {
    "trust": AlarmWords(
        "The server's answer does not hold",
        "What the server offered contradicts what this computer has verified before.",
        f"An honest server does not do this. {_KEPT}",
        _TELL,
    ),
    "rolled-back": AlarmWords(
        "The server shows an older state",
        "The server ended before a point that this computer has already seen.",
        f"It was restored from a backup, or somebody hides what is newer from you. {_KEPT}",
        "Ask your admin whether the server was restored. If so, your team's computers send again what it lost, by "
        "themselves. If not, somebody is hiding changes from you: stop relying on this server until it is explained.",
    ),
    "forked": AlarmWords(
        "The server shows two different pasts",
        "At a place that this computer has already seen, the server showed another signed entry.",
        f"Two histories exist, and the server shows different ones to different people. {_KEPT}",
        "Tell an owner. Only an owner can decide, with a signature, which of the two goes on; until then edits wait "
        "on each computer and are not lost.",
    ),
    "wrong-workspace": AlarmWords(
        "This is another workspace",
        "The server offered a workspace whose beginning is not the one that you made or were invited to.",
        f"Somebody tries to put you into a workspace of their own. {_KEPT}",
        f"Do not join it. {_TELL}",
    ),
    "roster-broken": AlarmWords(
        "The list of members does not verify",
        "The server offered a change of members or rights that does not verify.",
        f"Nobody with the right to it has signed it so. An honest server refuses such a change itself. {_KEPT}",
        _TELL,
    ),
    "log-broken": AlarmWords(
        "A part of the records does not verify",
        "The server offered records that break the rules by which they are written.",
        "They were changed, left out or put in on the way. This part takes nothing more; the other parts go on. "
        "What you have here is as it was.",
        "Tell your admin. When the server is mended, choose “Try this part again” behind the sign at the top.",
    ),
    "restored-backup": AlarmWords(
        "This vault comes from a backup",
        "This computer has been further than the file of its vault knows.",
        "Somebody put an older copy of the file in its place: you, with a backup, or somebody else.",
        "Lock Tacit and unlock it again while the server can be reached: this computer gets a new key and goes on. If "
        "you did not restore a backup, revoke this computer on the Team page and find out who could reach it.",
    ),
    "server-restored": AlarmWords(
        "The server came back from a backup",
        "It had lost what this computer has seen, and this computer has sent it again, as it was signed.",
        "Nothing is missing here. What a colleague wrote last comes back with that colleague’s computer.",
        "Nothing is needed of you. If nobody restored the server, ask your admin why it lost something.",
    ),
    "account-restored": AlarmWords(
        "The server had older keys of your account",
        "It had lost a change of your password or Secret Key, and this computer has sent the newest again.",
        "The server came back from a backup that was made before that change. The older password or Secret Key signs "
        "in there no longer; your other computers go on as before.",
        "Nothing is needed of you. If nobody restored the server, ask your admin why it lost something.",
    ),
    "adopt-refused": AlarmWords(
        "A decision between two pasts does not hold",
        "Somebody signed that what this computer knows is to be dropped for what the server shows.",
        "Whoever signed it is no owner by what this computer knows, or does not repeat what was taken away here: a "
        f"removed colleague could come back by it. {_KEPT}",
        "Tell an owner, by a way other than this server, such as a call: what this computer knows of has to be done "
        "again there before it is dropped.",
    ),
    "server-misbehaved": AlarmWords(
        "The server gave an answer that makes no sense",
        "An answer was malformed, far too large, endless, or was not about what was asked.",
        f"The server, or something between it and you, is broken or hostile. {_KEPT}",
        "Try again later. If it stays so, tell your admin.",
    ),
    "bundle-refused": AlarmWords(
        "The server sent keys that are not yours",
        "The sealed keys of your account were older than, or other than, those that this computer knows.",
        f"The server was restored from a backup, or somebody tries to give you other keys. {_KEPT}",
        f"Do not make new keys because a server asks for it. {_TELL}",
    ),
    "journal-altered": AlarmWords(
        "The operator’s journal was changed",
        "The server shows another journal of its operator than the one that this computer has seen before.",
        "A line was changed, taken out or cut off: somebody hides what was done on the server, or the server lost its "
        "disk and came back without its journal. Your records are not touched by it.",
        "Ask whoever runs the server why. Until it is explained, do not rely on what the journal says.",
    ),
    "key-refused": AlarmWords(
        "A key was refused",
        "A key was delivered that is not the one which the signed record names.",
        "Whoever delivered it made a mistake, or tried to make you use a key of theirs. It was not used.",
        "Nothing is needed of you. If it happens again, tell your admin.",
    ),
    "recovery-used": AlarmWords(
        "A colleague has helped somebody to get back in as you",
        "Somebody asked for your colleagues’ help to get back in, and one of them has given a part.",
        "If it was you, at a new computer, all is well. If not, somebody talks your colleagues into it.",
        "If it was not you: Settings, “Getting back in with colleagues’ help”, “Stop it”, at once. Then phone the "
        "colleague; who it was stands in the audit trail.",
    ),
    "recovery-returned": AlarmWords(
        "Colleagues whom you no longer trust could get back in as you",
        "You ended or changed your recovery, and what an owner decided between two pasts brought the earlier one back.",
        "The server came back from a backup, or lied, and the past in which you had ended it was dropped.",
        "Settings, “Getting back in with colleagues’ help”: set it up anew with other colleagues, or switch it off.",
    ),
    "share-unusable": AlarmWords(
        "Your part of a colleague’s recovery is not sound",
        "The part that the server keeps for you does not open, or is not the one that your colleague signed for.",
        "It was changed on the server, or lost. With it your colleague might not get back in when it matters.",
        "Ask your colleague to set up recovery again, in Settings, and tell your admin.",
    ),
    "file-damaged": AlarmWords(
        "A file is damaged",
        "Parts of an attached file were missing, out of order, or another file's.",
        "It was changed or cut on the server or on the way. It was not opened.",
        "Try again. If it stays so, ask whoever attached it to attach it again, and tell your admin.",
    ),
}

_OTHERS: dict[type[Exception], str] = {
    ServerMisbehaved: "server-misbehaved",
    BundleRefused: "bundle-refused",
    AccountRestored: "account-restored",
    KeyRefused: "key-refused",
    FileDamaged: "file-damaged",
    RecoveryUsed: "recovery-used",
    RecoveryReturned: "recovery-returned",
    ShareUnusable: "share-unusable",
}
"""What is an alarm besides the trust errors."""


def alarm_kind(error: BaseException) -> str:
    """The kind of alarm that an error is; "" for what is none (no connection, a wrong password, a rule of a role)."""
    if isinstance(error, TrustError):
        return type(error).code
    return next((kind for known, kind in _OTHERS.items() if isinstance(error, known)), "")


def alarm_rule(error: BaseException) -> str:
    """The check that found it."""
    own = getattr(error, "code", "") if isinstance(error, VaultError) else ""
    return own if isinstance(own, str) else ""


def words_of(kind: str) -> AlarmWords:
    """The words of a kind; the general ones for one that this version does not know."""
    return ALARM_WORDS.get(kind, ALARM_WORDS["trust"])


_NOT_ENTITLED = "The change is signed by somebody who has no right to it."
_NOT_CHAINED = "It does not follow what came before it."
_KEYS = "It brings keys or computers that are known already, or that do not exist."
_NO_SUBJECT = "It is about somebody or something that does not exist, or not any more."
_NOT_POSSIBLE = "It asks for something that the rules do not know."

RULE_WORDS: dict[str, str] = {
    "format": "The bytes are not exactly what the format demands.",
    "signature": "A signature is not by the key that should have made it.",
    "gap": "Entries in the middle are missing.",
    "reply": "The answer does not fit what was sent.",
    "journal-shortened": "Lines at the end of the journal are missing.",
    "journal-broken": "A line of the journal does not follow the one before it.",
    "cursor": "The server counted in a way that cannot be.",
    **dict.fromkeys(
        (RosterCode.WORKSPACE, RosterCode.POSITION, RosterCode.PREVIOUS, RosterCode.GENESIS), _NOT_CHAINED
    ),
    **dict.fromkeys(
        (
            RosterCode.AUTHOR_UNKNOWN,
            RosterCode.AUTHOR_REVOKED,
            RosterCode.AUTHOR_INACTIVE,
            RosterCode.AUTHOR_OTHER,
            RosterCode.NOT_ADMIN,
            RosterCode.NOT_OWNER,
            RosterCode.NOT_MANAGER,
            RosterCode.OWN_GRANT,
            RosterCode.COSIGNER,
            RosterCode.LAST_OWNER,
        ),
        _NOT_ENTITLED,
    ),
    **dict.fromkeys(
        (
            RosterCode.MEMBER_EXISTS,
            RosterCode.MEMBER_UNKNOWN,
            RosterCode.MEMBER_STATUS,
            RosterCode.NO_CHANGE,
            RosterCode.INVITATION_EXISTS,
            RosterCode.INVITATION_UNKNOWN,
            RosterCode.INVITATION_CLOSED,
            RosterCode.ROLE_UNKNOWN,
            RosterCode.GROUP_EXISTS,
            RosterCode.GROUP_UNKNOWN,
            RosterCode.GRANT_EXISTS,
            RosterCode.GRANT_UNKNOWN,
            RosterCode.GRANTS_EMPTY,
        ),
        _NO_SUBJECT,
    ),
    **dict.fromkeys(
        (RosterCode.KEY_REUSED, RosterCode.DEVICE_EXISTS, RosterCode.DEVICE_UNKNOWN, RosterCode.DEVICE_GONE),
        _KEYS,
    ),
    CommitCode.COUNTER: "A computer's own count of what it wrote has a hole: something was left out or repeated.",
    CommitCode.SEEN_POSITION: "It claims to have seen more than there is.",
    CommitCode.SEEN_CHAIN: "Its author has seen another past than this computer.",
    CommitCode.ROSTER_BACK: "It claims to be older than what came before it.",
    CommitCode.ROSTER_AHEAD: "It names members and rights that are not known here.",
    CommitCode.ROSTER_HASH: "Its author has seen another list of members than this computer.",
    CommitCode.NOT_WRITER: "It is written by somebody who may not write there.",
    CommitCode.STALE: "It is written under a key that somebody who lost access still holds.",
    CommitCode.GENERATION: "It is written under a key that is not the current one.",
}


BROUGHT_BACK = "brought-back:"
"""The rule of a restored server is this, and how many entries and commits went back."""


def rule_words(rule: str) -> str:
    """One sentence about the check that failed; a general one for the rest, with the code."""
    if rule.startswith(BROUGHT_BACK):
        count = int(rule.removeprefix(BROUGHT_BACK))
        return "1 change was brought back." if count == 1 else f"{count:,} changes were brought back."
    found = RULE_WORDS.get(rule)
    if found is not None:
        return found
    return f"{_NOT_POSSIBLE} (Check “{rule}”.)" if rule else ""


__all__ = ["ALARM_WORDS", "RULE_WORDS", "AlarmWords", "alarm_kind", "alarm_rule", "rule_words", "words_of"]
