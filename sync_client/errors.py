"""What can go wrong between desk and server.

    SyncError
    +-- Offline            no connection, a broken one, or a time limit: try again later, nothing is lost
    |   +-- ServerTrouble  it is there and cannot do its work now
    +-- Defect             a mistake of Tacit's own; synchronising stops
    +-- Cancelled          the user asked to stop
    +-- ServerRefused      the server answered with a typed refusal (`code` of protocol.wire.ErrorCode)
    |   +-- SignInRefused  wrong handle, password or Secret Key; the server does not say which
    |   +-- SessionEnded   the session ended: sign in again
    |   +-- CodeNeeded     the second factor's code is missing or wrong: ask for one
    |   +-- FactorMissing  the workspace demands a second factor: set one up first
    |   +-- RateLimited    too many requests: wait `retry_after` seconds
    +-- ServerMisbehaved   an answer that no honest server gives: malformed, too large, endless, redirecting

`title` and `message` are for people; neither ever holds a secret or an address with one.
"""

from __future__ import annotations


class SyncError(Exception):
    title = "Synchronising did not work"
    message = "Something went wrong while talking to the server. Nothing is lost; Tacit tries again."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.message)
        self.detail = detail


class Offline(SyncError):
    title = "No connection"
    message = "The server cannot be reached. You can go on working; your changes are sent when it is back."


class ServerTrouble(Offline):
    title = "The server has a problem"
    message = "The server answers that it cannot do its work now. You can go on working; Tacit tries again."


class Defect(SyncError):
    title = "Tacit made a mistake"
    message = (
        "Synchronising has stopped because of a defect in Tacit. Your changes are kept; restart to try again."
    )


class Cancelled(SyncError):
    title = "Stopped"
    message = "You stopped it. What was done until then is kept."


class ServerRefused(SyncError):
    title = "The server refused"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.message = f"The server answered: {detail} ({code})."


class SignInRefused(ServerRefused):
    title = "Signing in did not work"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.message = "The handle, the password or the Secret Key is not right. Check them and try again."


class SessionEnded(ServerRefused):
    title = "Signed out"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.message = "Your session on the server has ended. Sign in again."


class CodeNeeded(ServerRefused):
    title = "Enter your code"

    def __init__(self, code: str, detail: str, *, wrong: bool = False) -> None:
        super().__init__(code, detail)
        self.wrong = wrong
        self.message = (
            "This code is wrong, or was used already. Wait for the next one."
            if wrong
            else "The server asks for the code of your authenticator app. You can go on working without it."
        )


class FactorMissing(ServerRefused):
    title = "Set up your second factor"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.message = (
            "This workspace demands a second factor. Set one up; until then nothing is sent or received."
        )


class RateLimited(ServerRefused):
    title = "Too many requests"

    def __init__(self, code: str, detail: str, retry_after: float) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after
        self.message = f"The server asks to wait {retry_after:.0f} seconds."


class ServerMisbehaved(SyncError):
    title = "The server gave an answer that makes no sense"
    message = "Tacit did not use it, and nothing was changed. Tell your administrator if it happens again."
