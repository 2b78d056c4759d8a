"""The Emergency Kit: what a person needs, with the password, to open their records on a new computer.

It is printed or saved by its owner and never sent. `text` is for a password manager or a printer without PDF,
`code` is what the QR code holds:

    TACIT-KIT: and Crockford's base32 of
    version (1) || roster position (8) || roster head (32) || workspace (32) || Secret Key (16)
    || handle (1 byte of length, UTF-8) || server address (1 byte of length, ASCII) || checksum (4)

The workspace's name and the day of making are for the reader and not in the code. A server that shows a roster
without `head` at `position` to a desk that started from the Kit shows an older or another state.
"""

from __future__ import annotations

import re
from datetime import date

from protocol.ids import HASH_SIZE, WorkspaceId, sha256
from protocol.limits import VERSION
from vault.keys import base32
from vault.keys.checkcode import workspace_code
from vault.keys.errors import AddressUnusable, HandleUnusable, KitUnreadable, UnknownKeyVersion
from vault.keys.handle import canonical_handle
from vault.keys.hidden import Hidden
from vault.keys.labels import Label, prefixed
from vault.keys.origin import canonical_origin
from vault.keys.secret_key import SECRET_KEY_SIZE, SecretKey

SCHEME = "TACIT-KIT:"
_CODE = re.compile(re.escape(SCHEME) + r"([0-9A-Z]{1,1200})", re.IGNORECASE)
_CHECK = 4
_FIXED = 1 + 8 + HASH_SIZE + HASH_SIZE + SECRET_KEY_SIZE


class Account(Hidden):
    """What somebody types from the paper to sign in on a computer: server, handle, Secret Key."""

    __slots__ = ("handle", "secret_key", "server")

    def __init__(self, server: str, handle: str, secret_key: SecretKey) -> None:
        """Server and handle in any form; raises AddressUnusable, HandleUnusable."""
        self.server = canonical_origin(server)
        self.handle = canonical_handle(handle)
        self.secret_key = secret_key

    def _secret(self) -> bytes:
        return prefixed(self.secret_key.raw, self.handle.encode("utf-8"), self.server.encode("ascii"))

    @classmethod
    def typed(cls, server: str, handle: str, secret: str) -> Account:
        """From three fields of a form; `secret` is the Secret Key or the recovery words, forgiving as those are.

        Raises AddressUnusable, HandleUnusable, SecretKeyUnreadable, UnknownKeyVersion: each names the field.
        """
        return cls(server, handle, SecretKey.parse_any(secret))


class Kit(Hidden):
    """The content of an Emergency Kit: the account, and a state of its workspace's roster that the server must show."""

    __slots__ = ("account", "head", "made", "position", "workspace", "workspace_name")

    def __init__(
        self,
        account: Account,
        workspace: WorkspaceId,
        position: int,
        head: bytes,
        workspace_name: str = "",
        made: date | None = None,
    ) -> None:
        if (len(workspace), len(head)) != (HASH_SIZE, HASH_SIZE) or not 1 <= position < 1 << 53:
            raise KitUnreadable("a field has the wrong size")
        self.account = account
        self.workspace = workspace
        self.position = position
        self.head = head
        self.workspace_name = workspace_name
        self.made = made

    def _secret(self) -> bytes:
        return self._payload()

    @property
    def check_code(self) -> str:
        """The workspace's check code: six groups of five digits."""
        return workspace_code(self.workspace)

    def _payload(self) -> bytes:
        fixed = bytes((VERSION,)) + self.position.to_bytes(8, "big") + self.head + self.workspace
        handle, server = self.account.handle.encode("utf-8"), self.account.server.encode("ascii")
        texts = bytes((len(handle),)) + handle + bytes((len(server),)) + server
        return fixed + self.account.secret_key.raw + texts

    def code(self) -> str:
        """What the QR code holds: upper-case letters, digits, a dash and a colon."""
        payload = self._payload()
        return SCHEME + base32.encode(payload + _checksum(payload))

    def head_text(self) -> str:
        """The roster's head for the eye: position and 64 hex digits in groups of eight."""
        digits = self.head.hex()
        return f"{self.position} · " + " ".join(digits[start : start + 8] for start in range(0, 64, 8))

    def text(self) -> str:
        """The whole Kit as plain text; `parse` reads it back by its code."""
        lines = [
            "TACIT EMERGENCY KIT",
            "",
            "With this and your password you can open your records on a new computer. Nobody else",
            "has a copy, and nobody can make you a new one from outside. Keep it like a passport.",
            "Do not write your password on it.",
            "",
            *([f"Workspace:       {self.workspace_name}"] if self.workspace_name else []),
            f"Server:          {self.account.server}",
            f"Login name:      {self.account.handle}",
            f"Secret Key:      {self.account.secret_key.text()}",
            f"Recovery words:  {self.account.secret_key.words()}",
            "                 (the same key, in words)",
            f"Workspace check: {self.check_code}",
            f"Roster:          {self.head_text()}",
            *([f"Made on:         {self.made.isoformat()}"] if self.made else []),
            "",
            "All of the above in one code:",
            self.code(),
            "",
        ]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str) -> Kit:
        """Read a scanned code, or find the code in a pasted Kit. Raises KitUnreadable, UnknownKeyVersion."""
        found = _CODE.search(text)
        if found is None:
            raise KitUnreadable("no code in it")
        try:
            data = base32.decode(found.group(1).upper())
        except ValueError:
            raise KitUnreadable("not base32") from None
        payload, checksum = data[:-_CHECK], data[-_CHECK:]
        if len(payload) <= _FIXED or checksum != _checksum(payload):
            raise KitUnreadable("not complete")
        if payload[0] != VERSION:
            raise UnknownKeyVersion("an Emergency Kit of another version")
        handle, rest = _counted(payload[_FIXED:])
        server, rest = _counted(rest)
        if rest:
            raise KitUnreadable("something follows")
        secret_key = SecretKey(payload[_FIXED - SECRET_KEY_SIZE : _FIXED])
        try:
            account = Account(server.decode("ascii"), handle.decode("utf-8"), secret_key)
        except (UnicodeDecodeError, AddressUnusable, HandleUnusable):
            raise KitUnreadable("not a server or a login name") from None
        kit = cls(account, payload[41:73], int.from_bytes(payload[1:9], "big"), payload[9:41])
        if kit._payload() != payload:
            raise KitUnreadable("not in the canonical form")
        return kit


def _counted(data: bytes) -> tuple[bytes, bytes]:
    """Split off bytes that follow their length; raises KitUnreadable."""
    if not data or len(data) < 1 + data[0]:
        raise KitUnreadable("a field is cut off")
    return data[1 : 1 + data[0]], data[1 + data[0] :]


def _checksum(payload: bytes) -> bytes:
    return sha256(prefixed(Label.KIT_TEXT.value), payload)[:_CHECK]
