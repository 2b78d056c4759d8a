"""Adding a computer from another one: the code that it shows, and the pins that it leaves at the server.

The code is shown on the old computer's screen, after its password, and is read by the new one's user; it goes by no
network. It has what the Emergency Kit has, and a fresh transfer secret:

    TACIT-ADD: and Crockford's base32 of
    version (1) || roster position (8) || roster head (32) || workspace (32) || Secret Key (16) || transfer secret (16)
    || handle (1 byte of length, UTF-8) || server address (1 byte of length, ASCII) || checksum (4)

In words: the twenty-four of BIP-39 for Secret Key || transfer secret; server and handle are typed beside them.

The pins are the heads of the roster and of every log that the old computer has seen. They are too many for a picture,
so they are left at the server, sealed under a key that comes of the transfer secret, and named by an id that comes of
it too. The Secret Key is not in them: it never goes by the server. A new computer that does not get them goes no
further; what it is shown later must hold against each of them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocol.codec import Message, decode, encode
from protocol.errors import FormatError
from protocol.ids import HASH_SIZE, LogId, WorkspaceId, sha256
from protocol.limits import MAX_TRANSFER, VERSION
from vault.keys import base32, seal, words
from vault.keys.errors import (
    AddressUnusable,
    HandleUnusable,
    OpenFailed,
    TransferUnreadable,
    UnknownKeyVersion,
)
from vault.keys.handle import canonical_handle
from vault.keys.hidden import Hidden
from vault.keys.kit import Account, Kit
from vault.keys.labels import Label, prefixed, subkey
from vault.keys.secret_key import SECRET_KEY_SIZE, SecretKey

TRANSFER_SECRET_SIZE = 16
SCHEME = "TACIT-ADD:"
MOST_PINS = 10_000
SECONDS = 900
"""How long a code serves."""
_CLOCKS = 600  # seconds by which two computers' clocks may differ
_CODE = re.compile(re.escape(SCHEME) + r"([0-9A-Z]{1,1200})", re.IGNORECASE)
_CHECK = 4
_FIXED = 1 + 8 + HASH_SIZE + HASH_SIZE + SECRET_KEY_SIZE + TRANSFER_SECRET_SIZE
_ID = 16


class TransferSecret(Hidden):
    """16 random bytes, for one transfer."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != TRANSFER_SECRET_SIZE:
            raise TransferUnreadable("a transfer secret has 16 bytes")
        self._raw = bytes(raw)

    def _secret(self) -> bytes:
        return self._raw

    @classmethod
    def generate(cls) -> TransferSecret:
        return cls(secrets.token_bytes(TRANSFER_SECRET_SIZE))

    @property
    def raw(self) -> bytes:
        """The 16 bytes."""
        return self._raw

    @property
    def id(self) -> bytes:
        """How the server knows what lies there: 16 bytes that say nothing about the key."""
        return subkey(self._raw, Label.TRANSFER_ID)[:_ID]

    @property
    def key(self) -> bytes:
        """What seals the pins: 32 bytes."""
        return subkey(self._raw, Label.TRANSFER_KEY)


@dataclass(frozen=True, slots=True)
class PinnedLog:
    """A head: `position` from 1 on, `chain` 32 bytes."""

    log: LogId
    position: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class CarriedPins:
    """What the old computer has seen. `made`: Unix seconds by its clock."""

    workspace: WorkspaceId
    position: int
    head: bytes
    logs: Sequence[PinnedLog]
    made: int

    def is_over(self, now: int) -> bool:
        """Whether the code has served its time, clocks that differ allowed for."""
        return not -_CLOCKS <= now - self.made <= SECONDS + _CLOCKS


class _Row(Message, frozen=True):
    log: bytes
    position: int
    chain: bytes


class _Rows(Message, frozen=True):
    version: int
    position: int
    head: bytes
    made: int
    logs: list[_Row]


def seal_pins(secret: TransferSecret, handle: str, pins: CarriedPins) -> bytes:
    """At most MAX_TRANSFER bytes, padded. Of more logs than MOST_PINS those with the longest past are taken."""
    chosen = sorted(pins.logs, key=lambda pin: (-pin.position, pin.log))[:MOST_PINS]
    rows = [
        _Row(pin.log.encode(), pin.position, pin.chain) for pin in sorted(chosen, key=lambda pin: pin.log)
    ]
    plaintext = encode(_Rows(VERSION, pins.position, pins.head, pins.made, rows))
    return seal.seal_body(
        secret.key, _context(pins.workspace), _associated(secret, handle), plaintext, MAX_TRANSFER
    )


def open_pins(secret: TransferSecret, handle: str, workspace: WorkspaceId, sealed: bytes) -> CarriedPins:
    """Raises OpenFailed for anything that is not what was left under this secret, for this handle and workspace."""
    plaintext = seal.open_body(
        secret.key, _context(workspace), _associated(secret, handle), sealed, MAX_TRANSFER
    )
    try:
        content = decode(plaintext, _Rows, 1 << 23)
        logs = [PinnedLog(LogId.decode(row.log), row.position, row.chain) for row in content.logs]
    except FormatError:
        raise OpenFailed from None
    sizes = {len(content.head), *(len(pin.chain) for pin in logs)}
    positions = [content.position, *(pin.position for pin in logs)]
    if content.version != VERSION or sizes != {HASH_SIZE} or not all(1 <= at < 1 << 53 for at in positions):
        raise OpenFailed
    return CarriedPins(workspace, content.position, content.head, logs, content.made)


def _context(workspace: WorkspaceId) -> bytes:
    return prefixed(Label.TRANSFER_PINS.value, workspace)


def _associated(secret: TransferSecret, handle: str) -> bytes:
    return encode([canonical_handle(handle), secret.id])


class TransferCode(Hidden):
    """What the old computer shows: what a Kit holds, and the transfer secret."""

    __slots__ = ("kit", "secret")

    def __init__(self, kit: Kit, secret: TransferSecret) -> None:
        self.kit = kit
        self.secret = secret

    def _secret(self) -> bytes:
        return self._payload()

    def _payload(self) -> bytes:
        kit, account = self.kit, self.kit.account
        fixed = bytes((VERSION,)) + kit.position.to_bytes(8, "big") + kit.head + kit.workspace
        handle, server = account.handle.encode("utf-8"), account.server.encode("ascii")
        texts = bytes((len(handle),)) + handle + bytes((len(server),)) + server
        return fixed + account.secret_key.raw + self.secret.raw + texts

    def text(self) -> str:
        """What the QR code holds, and what can be copied: upper-case letters, digits, a dash and a colon."""
        payload = self._payload()
        return SCHEME + base32.encode(payload + _checksum(payload))

    def words(self) -> str:
        """Twenty-four words. Server and login name are typed beside them."""
        return words.to_words(self.kit.account.secret_key.raw + self.secret.raw)

    @classmethod
    def parse(cls, text: str) -> TransferCode:
        """Read a scanned or pasted code. Raises TransferUnreadable, UnknownKeyVersion; neither repeats the text."""
        found = _CODE.search(text)
        if found is None:
            raise TransferUnreadable("no code in it")
        try:
            data = base32.decode(found.group(1).upper())
        except ValueError:
            raise TransferUnreadable("not base32") from None
        payload, checksum = data[:-_CHECK], data[-_CHECK:]
        if len(payload) <= _FIXED or checksum != _checksum(payload):
            raise TransferUnreadable("not complete")
        if payload[0] != VERSION:
            raise UnknownKeyVersion("a code of another version")
        handle, rest = _counted(payload[_FIXED:])
        server, rest = _counted(rest)
        if rest:
            raise TransferUnreadable("something follows")
        secret_key = SecretKey(payload[73:89])
        try:
            account = Account(server.decode("ascii"), handle.decode("utf-8"), secret_key)
        except (UnicodeDecodeError, AddressUnusable, HandleUnusable):
            raise TransferUnreadable("not a server or a login name") from None
        position = int.from_bytes(payload[1:9], "big")
        if not 1 <= position < 1 << 53:
            raise TransferUnreadable("a position out of range")
        kit = Kit(account, payload[41:73], position, payload[9:41], made=date.min)
        code = cls(kit, TransferSecret(payload[89:_FIXED]))
        if code._payload() != payload:
            raise TransferUnreadable("not in the canonical form")
        return code


def parse_transfer_words(text: str) -> tuple[SecretKey, TransferSecret]:
    """Read the twenty-four words, forgiving case and spaces. Raises WordsUnreadable."""
    raw = words.from_words(text, words.TRANSFER_WORD_COUNT)
    return SecretKey(raw[:SECRET_KEY_SIZE]), TransferSecret(raw[SECRET_KEY_SIZE:])


def _counted(data: bytes) -> tuple[bytes, bytes]:
    """Split off bytes that follow their length; raises TransferUnreadable."""
    if not data or len(data) < 1 + data[0]:
        raise TransferUnreadable("a field is cut off")
    return data[1 : 1 + data[0]], data[1 + data[0] :]


def _checksum(payload: bytes) -> bytes:
    return sha256(prefixed(Label.TRANSFER_TEXT.value), payload)[:_CHECK]
