"""The error tree of the protocol package, and the codes that travel on the wire.

    ProtocolError
    +-- FormatError        bytes that are not exactly one encoding of the thing expected
    +-- SignatureInvalid   a signature does not verify under the key that should have made it
    +-- RosterRefused      a roster entry that is not valid in the state before it
    +-- CommitRefused      a commit whose header breaks a rule of the log
    +-- UpgradeNeeded      the workspace uses a format version that this program does not know

Each carries `code`, a stable short string that tests, vectors, the server's replies and the words for people
refer to. Texts never hold secrets or record contents.
"""

from __future__ import annotations


class ProtocolError(Exception):
    """Base of all: `code` is stable, the text is for logs and developers."""

    code = "protocol"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class FormatError(ProtocolError):
    code = "format"


class SignatureInvalid(ProtocolError):
    code = "signature"


class RosterRefused(ProtocolError):
    code = "roster"


class CommitRefused(ProtocolError):
    code = "commit"


class UpgradeNeeded(ProtocolError):
    code = "upgrade-needed"
