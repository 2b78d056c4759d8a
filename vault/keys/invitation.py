"""Invitations: the token that signs a join, and the link that carries it by a way of the users' own.

Link: `tacit:` and Crockford's base32 of

    version (1) || roster position (8) || roster head (32) || workspace (32) || invitation (16) || token (16)
    || server address (1 byte of length, ASCII) || checksum (4)

Upper-case letters and digits only, so that a QR code of it is small, and one encoding of each link. Never an
https link: the token is a secret that no server's journal may see. It names no group and no person.
"""

from __future__ import annotations

import secrets

from protocol.codec import encode
from protocol.ids import HASH_SIZE, ID_SIZE, InvitationId, WorkspaceId, sha256
from protocol.limits import VERSION
from protocol.roster import IdentityKeys
from protocol.signing import Namespace
from protocol.wire import InvitationProof
from vault.keys import base32
from vault.keys.errors import AddressUnusable, LinkUnreadable, UnknownKeyVersion
from vault.keys.hidden import Hidden
from vault.keys.labels import Label, prefixed, subkey
from vault.keys.origin import canonical_origin
from vault.keys.signer import Signer

TOKEN_SIZE = 16
SCHEME = "tacit:"
_CHECK = 4
_FIXED = 1 + 8 + HASH_SIZE + HASH_SIZE + ID_SIZE + TOKEN_SIZE
MAX_LINK = 1_024  # characters


class Token(Hidden):
    """128 random bits and the Ed25519 key derived from them. Its public half stands in the roster."""

    __slots__ = ("_raw", "_signer")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != TOKEN_SIZE:
            raise LinkUnreadable("a token has 16 bytes")
        self._raw = bytes(raw)
        self._signer = Signer(subkey(self._raw, Label.TOKEN_SEED))

    def _secret(self) -> bytes:
        return self._raw

    @classmethod
    def generate(cls) -> Token:
        return cls(secrets.token_bytes(TOKEN_SIZE))

    @property
    def raw(self) -> bytes:
        """The 16 bytes."""
        return self._raw

    @property
    def public(self) -> bytes:
        """The public key (32 bytes): `token_key` of the roster's `invite`."""
        return self._signer.public

    def sign_join(
        self, workspace: WorkspaceId, invitation: InvitationId, identity: IdentityKeys, device_public: bytes
    ) -> bytes:
        """`token_signature` of the roster's `join`, 64 bytes."""
        body = encode([workspace, invitation, identity.signing, identity.encryption, device_public])
        return self._signer.sign(Namespace.JOIN, body)

    def prove(self, workspace: WorkspaceId, invitation: InvitationId, login_key: bytes) -> InvitationProof:
        """The proof with which the server lets an invitee make an account with `login_key` (32 bytes,
        public)."""
        signature = self._signer.sign(
            Namespace.ACCOUNT_FROM_INVITATION, encode([workspace, invitation, login_key])
        )
        return InvitationProof(workspace=workspace, invitation=invitation, signature=signature)


class Link(Hidden):
    """What an admin hands to the invitee. The roster that the server shows her must contain `head` at
    `position`."""

    __slots__ = ("head", "invitation", "position", "server", "token", "workspace")

    def __init__(
        self,
        server: str,
        workspace: WorkspaceId,
        position: int,
        head: bytes,
        invitation: InvitationId,
        token: Token,
    ) -> None:
        sizes = (len(workspace), len(head), len(invitation))
        if sizes != (HASH_SIZE, HASH_SIZE, ID_SIZE) or not 1 <= position < 1 << 53:
            raise LinkUnreadable("a field has the wrong size")
        try:
            if canonical_origin(server) != server:
                raise LinkUnreadable("the server's address is not in its canonical form")
        except AddressUnusable:
            raise LinkUnreadable("not the address of a server") from None
        self.server = server
        self.workspace = workspace
        self.position = position
        self.head = head
        self.invitation = invitation
        self.token = token

    def _secret(self) -> bytes:
        return self._payload()

    def _payload(self) -> bytes:
        server = self.server.encode("ascii")
        fixed = (
            bytes((VERSION,)),
            self.position.to_bytes(8, "big"),
            self.head,
            self.workspace,
            self.invitation,
            self.token.raw,
        )
        return b"".join(fixed) + bytes((len(server),)) + server

    def text(self) -> str:
        """`tacit:…`, to copy or to send."""
        payload = self._payload()
        return SCHEME + base32.encode(payload + _checksum(payload))

    def qr_text(self) -> str:
        """The same in upper case throughout, which a QR code holds in its dense alphanumeric mode."""
        return self.text().upper()

    def code(self) -> str:
        """The same in groups of five, without the scheme: to read out or to type."""
        return base32.grouped(self.text().removeprefix(SCHEME))

    @classmethod
    def parse(cls, text: str) -> Link:
        """Read `text()` or `qr_text()`: strict but for case (systems change that of a scheme) and blanks
        around it.

        Raises LinkUnreadable, or UnknownKeyVersion for one of a newer format. Neither repeats the text.
        """
        text = text.strip().upper()
        if not text.startswith(SCHEME.upper()):
            raise LinkUnreadable("no tacit: at its start")
        return cls._decode(text[len(SCHEME) :])

    @classmethod
    def parse_code(cls, text: str) -> Link:
        """Read `code()`, forgiving case, spaces, dashes, O for 0, I and L for 1. Raises as `parse`."""
        return cls._decode(base32.forgive(text[: 4 * MAX_LINK]))

    @classmethod
    def _decode(cls, body: str) -> Link:
        if len(body) > MAX_LINK:
            raise LinkUnreadable("too long")
        try:
            data = base32.decode(body)
        except ValueError:
            raise LinkUnreadable("not base32") from None
        payload, checksum = data[:-_CHECK], data[-_CHECK:]
        if len(payload) <= _FIXED or checksum != _checksum(payload):
            raise LinkUnreadable("not complete")
        if payload[0] != VERSION:
            raise UnknownKeyVersion("an invitation of another version")
        server = payload[_FIXED + 1 :]
        if len(server) != payload[_FIXED]:
            raise LinkUnreadable("not its length")
        try:
            address = server.decode("ascii")
        except UnicodeDecodeError:
            raise LinkUnreadable("not the address of a server") from None
        head, workspace = payload[9:41], payload[41:73]
        return cls(
            address,
            workspace,
            int.from_bytes(payload[1:9], "big"),
            head,
            payload[73:89],
            Token(payload[89:105]),
        )


def _checksum(payload: bytes) -> bytes:
    return sha256(prefixed(Label.LINK_TEXT.value), payload)[:_CHECK]
