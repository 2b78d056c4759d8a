"""Errors of `vault.recovery`.

RecoveryError
+-- NotEnrolled     nobody was named who could help
+-- NotEnough       not enough trustees have given their shares
+-- NotReleased     a trustee's release is not in the roster (any more): his share is not given
+-- ShareUnusable   a trustee's share does not open, or is not the one that the roster names
+-- RecoveryUntrue  what the server shows does not hold together
+-- RecoveryReturned  an enrolment that its owner has ended stands again
+-- RecoveryUsed    not an error of the vault's: a trustee has given a share away, and its owner is to know
"""

from __future__ import annotations

from vault.errors import VaultError


class RecoveryError(VaultError):
    """Base of the errors of recovery."""


class NotEnrolled(RecoveryError):
    title = "Nobody was named who could help"
    message = "Recovery with colleagues' help works only where it was set up before."


class NotEnough(RecoveryError):
    title = "Not enough colleagues have answered yet"
    message = "Phone the others, and ask them to open Tacit and to answer your request."


class NotReleased(RecoveryError):
    title = "Your part was not given"
    message = "Your colleague set up recovery anew in between, or your answer did not reach the team. Look once more."


class ShareUnusable(RecoveryError):
    title = "Your part of the recovery does not open"
    message = (
        "The server delivered something else than what your colleague gave you. Ask your colleague to set up recovery "
        "again, in Settings, and tell your admin."
    )


class RecoveryUsed(RecoveryError):
    title = "A colleague has helped somebody to get back in as you"
    message = "If that was not you, stop it in the settings at once, and phone the colleague."


class RecoveryReturned(RecoveryError):
    title = "Colleagues whom you no longer trust could get back in as you"
    message = (
        "You ended or changed your recovery, and an owner's decision between two pasts brought the earlier one back. "
        "Set it up anew in Settings, or switch it off there."
    )


class RecoveryUntrue(RecoveryError):
    title = "The server's answer does not hold"
    message = (
        "What the server sent does not belong to the workspace and the person whose code you compared, or it was "
        "changed. Nothing was taken over. Tell your colleagues, and the people who run the server."
    )
