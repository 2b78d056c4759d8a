"""What can go wrong when a desk is set up or used, in words for people.

DeskError
+-- ServerDidNotStart   the embedded server
+-- HandleTaken         somebody has that handle on this server
+-- SignupClosed        the server takes no new accounts without the operator's code
+-- InvitationUnusable  not an invitation, used, expired, or withdrawn
+-- WaitingForAdmin     joined, and not yet confirmed by an admin's Tacit
+-- NotAllowed          the user's role does not allow it
+-- AccountRestored     an alarm: the server came back with older keys of the account, and has the newest again
+-- DidNotFinish        the server was not reached in time; nothing is lost
"""

from __future__ import annotations


class DeskError(Exception):
    title = "That did not work"
    message = "Something went wrong."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)
        if message:
            self.message = message


class ServerDidNotStart(DeskError):
    title = "The embedded server did not start"
    message = "Tacit could not start its own server on this computer."


class HandleTaken(DeskError):
    title = "That handle is taken"
    message = "Somebody on this server uses this handle already. Choose another one."


class SignupClosed(DeskError):
    title = "The server takes no new accounts"
    message = "Ask the people who run the server for a sign-up code, or for an invitation to their workspace."


class InvitationUnusable(DeskError):
    title = "This invitation cannot be used"
    message = "It was used, withdrawn, or is over. Ask for a new one."


class WaitingForAdmin(DeskError):
    title = "Waiting for your admin"
    message = "You have joined. As soon as an admin's Tacit is online it lets you in, by itself."


class NotAllowed(DeskError):
    title = "Your role does not allow this"
    message = "Ask your Team Admin."


class AccountRestored(DeskError):
    """Kept as an alarm, never raised."""

    title = "The server had older keys of your account"
    message = "It came back from a backup. This computer has given it the newest keys again."


class DidNotFinish(DeskError):
    title = "Not finished yet"
    message = "The server was not reached in time. Nothing is lost; Tacit goes on by itself."
