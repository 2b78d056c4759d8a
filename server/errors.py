"""The error tree of the server. Each error knows its reply: HTTP status, stable code, a text for developers.

    ServerError
    +-- Unauthenticated    401, no session, or it ended
    +-- LoginRefused       401, the same for an unknown handle and for a wrong key
    +-- CodeNeeded         401, the signature is right; the second factor's code is missing or wrong
    +-- Forbidden          403
    +-- FactorMissing      403, a policy of the workspace demands a second factor, and the account has none
    +-- SignupClosed       403
    +-- NotFound           404, also for what the caller may not know of
    +-- Conflict           409, compare-and-swap failed; `code` says of what
    +-- TooLarge           413
    +-- Malformed          400
    +-- WrapsMissing       422
    +-- RateLimited        429, `retry_after` in seconds
    +-- OverQuota          507
    +-- StorageError       500, the folder cannot be used; its subclasses end the start
        +-- NewerData      written by a newer version of the server
        +-- FolderBusy     another server process has the folder open
        +-- JournalBroken  the operator-access journal's chain does not hold

Rules of roster and log raise the errors of `protocol.errors`; `server.http.replies` gives them their status.
Texts never hold handles, tokens, or contents.
"""

from __future__ import annotations

from protocol.wire import ErrorCode


class ServerError(Exception):
    status = 500
    code: str = ErrorCode.INTERNAL

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class Unauthenticated(ServerError):
    status = 401
    code = ErrorCode.UNAUTHENTICATED


class LoginRefused(ServerError):
    status = 401
    code = ErrorCode.LOGIN_REFUSED


class CodeNeeded(ServerError):
    status = 401
    code = ErrorCode.SECOND_FACTOR


class FactorMissing(ServerError):
    status = 403
    code = ErrorCode.SECOND_FACTOR_SETUP


class Forbidden(ServerError):
    status = 403
    code = ErrorCode.FORBIDDEN


class SignupClosed(ServerError):
    status = 403
    code = ErrorCode.SIGNUP_CLOSED


class NotFound(ServerError):
    status = 404
    code = ErrorCode.NOT_FOUND


class Conflict(ServerError):
    """`code` is one of HANDLE_TAKEN, ROSTER_MOVED, LOG_MOVED, BUNDLE_MOVED, SECOND_FACTOR_ON."""

    status = 409


class TooLarge(ServerError):
    status = 413
    code = ErrorCode.TOO_LARGE


class Malformed(ServerError):
    status = 400
    code = ErrorCode.MALFORMED


class WrapsMissing(ServerError):
    status = 422
    code = ErrorCode.WRAPS_MISSING


class RateLimited(ServerError):
    status = 429
    code = ErrorCode.RATE_LIMITED

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OverQuota(ServerError):
    status = 507
    code = ErrorCode.QUOTA


class StorageError(ServerError):
    pass


class NewerData(StorageError):
    pass


class FolderBusy(StorageError):
    pass


class JournalBroken(StorageError):
    pass
