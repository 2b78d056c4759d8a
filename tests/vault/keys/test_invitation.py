"""Invitation tokens and links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.signing import Namespace, verify
from vault.keys import Identity, Link, Token, base32, qr
from vault.keys.errors import LinkUnreadable, UnknownKeyVersion

SERVER, WORKSPACE, HEAD, INVITATION = "https://crm.example.org", b"\x01" * 32, b"\x02" * 32, b"\x03" * 16
LINK = Link(SERVER, WORKSPACE, 7, HEAD, INVITATION, Token(b"\x04" * 16))
TEXT = (
    "tacit:04000000000001R2081040G2081040G2081040G2081040G2081040G2081040G2080G2081040G2081040G2081040G20"
    "81040G2081040G2081040G20R30C1G60R30C1G60R30C1G60R40G2081040G2081040G2081042XM78X3GECX2YBV3E9PJWSBRC5PQ0V355SQQ4SZ76PYN0"
)


def test_format_is_stable() -> None:
    assert LINK.text() == TEXT
    assert LINK.token.public.hex() == "3a923c746aafe452aa63035eb30702207eec8a7cab934f3ffe2cbffedd803ca4"


@given(
    st.sampled_from(
        ["https://crm.example.org", "https://a.b:8443", "http://127.0.0.1:8080", "https://[2001:db8::1]"]
    ),
    st.binary(min_size=32, max_size=32),
    st.integers(1, (1 << 53) - 1),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=16, max_size=16),
)
def test_round_trips(
    server: str, workspace: bytes, position: int, head: bytes, invitation: bytes, raw: bytes
) -> None:
    link = Link(server, workspace, position, head, invitation, Token(raw))
    for read in (Link.parse(link.text()), Link.parse(link.qr_text()), Link.parse_code(link.code())):
        assert read == link
        assert (read.server, read.workspace, read.position) == (server, workspace, position)
        assert (read.head, read.invitation, read.token.raw) == (head, invitation, raw)


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda text: f" {text}\n"])
def test_case_and_blanks_around_do_not_matter(change: object) -> None:
    assert callable(change)
    assert Link.parse(change(TEXT)) == LINK


@pytest.mark.A19
def test_is_no_web_address_and_names_nobody() -> None:
    assert TEXT.startswith("tacit:")
    assert "//" not in TEXT
    for refused in (f"https://crm.example.org/#{TEXT}", f"https:{TEXT[6:]}", TEXT[6:], f"web+{TEXT}"):
        with pytest.raises(LinkUnreadable):
            Link.parse(refused)


@pytest.mark.A10
def test_every_wrong_character_is_noticed() -> None:
    body = TEXT[6:]
    for index, character in enumerate(body):
        other = base32.ALPHABET[(base32.ALPHABET.index(character) + 1 + index % 30) % 32]
        with pytest.raises(LinkUnreadable):
            Link.parse(TEXT[:6] + body[:index] + other + body[index + 1 :])


@pytest.mark.A16
def test_parts_and_more_than_the_whole_are_refused() -> None:
    for end in range(len(TEXT)):
        with pytest.raises(LinkUnreadable):
            Link.parse(TEXT[:end])
    for wrong in (
        TEXT + "0",
        TEXT + TEXT[6:],
        TEXT.replace("0", "O"),
        TEXT.replace("1", "I"),
        TEXT[:40] + " " + TEXT[40:],
    ):
        with pytest.raises(LinkUnreadable):
            Link.parse(wrong)
    with pytest.raises(LinkUnreadable):
        Link.parse("tacit:" + "0" * 100_000)


def with_payload(change: dict[int, int]) -> str:
    """The link with bytes of its payload changed and the checksum made right again."""
    import hashlib

    payload = bytearray(base32.decode(TEXT[6:])[:-4])
    for index, value in change.items():
        payload[index] = value
    check = hashlib.sha256(b"\x12tacit/v1/link-text" + payload).digest()[:4]
    return "tacit:" + base32.encode(bytes(payload) + check)


def test_the_checksum_is_that_of_its_docstring() -> None:
    assert with_payload({}) == TEXT


@pytest.mark.A15
@pytest.mark.A16
def test_a_newer_format_is_named_as_such() -> None:
    with pytest.raises(UnknownKeyVersion):
        Link.parse(with_payload({0: 2}))


@pytest.mark.parametrize(
    "change",
    [{8: 0}, {1: 0xFF}, {105: 22}, {105: 24}, {106: 0x80}, {110: ord("x")}, {117: ord("/")}, {114: ord("C")}],
    ids=["position 0", "position", "length", "length+", "not ascii", "scheme", "path", "upper case"],
)
def test_impossible_contents_are_refused(change: dict[int, int]) -> None:
    with pytest.raises(LinkUnreadable):
        Link.parse(with_payload(change))


@pytest.mark.parametrize(
    "server", ["http://crm.example.org", "crm.example.org", "https://crm.example.org/x", ""]
)
def test_only_a_canonical_address_is_put_in(server: str) -> None:
    with pytest.raises(LinkUnreadable):
        Link(server, WORKSPACE, 7, HEAD, INVITATION, Token.generate())


def test_errors_do_not_repeat_the_link() -> None:
    for wrong in (TEXT[:-1], TEXT[6:], with_payload({8: 0})):
        with pytest.raises(LinkUnreadable) as caught:
            Link.parse(wrong)
        assert wrong[8:40] not in repr(caught.value)
        assert caught.value.__cause__ is None


def test_the_code_can_be_typed() -> None:
    typed = LINK.code().lower().replace("0", "o").replace("1", "i").replace("-", " ")
    assert Link.parse_code(typed) == LINK
    assert set(map(len, LINK.code().split("-")[:-1])) == {5}


def test_the_qr_text_is_alphanumeric() -> None:
    """So the code is small: ISO/IEC 18004's alphanumeric mode has 45 characters."""
    assert set(LINK.qr_text()) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(qr.modules(LINK.qr_text())) < len(qr.modules(LINK.text().lower()))


@pytest.mark.A30
def test_a_join_is_the_tokens_over_workspace_invitation_and_keys() -> None:
    token, keys, device = Token.generate(), Identity.generate().public, b"\x09" * 32
    signature = token.sign_join(WORKSPACE, INVITATION, keys, device)
    verify(
        Namespace.JOIN,
        token.public,
        encode([WORKSPACE, INVITATION, keys.signing, keys.encryption, device]),
        signature,
    )
    swapped = Identity.generate().public
    for other in (
        [WORKSPACE, INVITATION, swapped.signing, swapped.encryption, device],
        [bytes(32), INVITATION, keys.signing, keys.encryption, device],
        [WORKSPACE, bytes(16), keys.signing, keys.encryption, device],
        [WORKSPACE, INVITATION, keys.signing, keys.encryption, bytes(32)],
    ):
        with pytest.raises(SignatureInvalid):
            verify(Namespace.JOIN, token.public, encode(other), signature)


def test_the_proof_for_an_account() -> None:
    token, login = Token.generate(), b"\x05" * 32
    proof = token.prove(WORKSPACE, INVITATION, login)
    assert (proof.workspace, proof.invitation) == (WORKSPACE, INVITATION)
    signed = encode([WORKSPACE, INVITATION, login])
    verify(Namespace.ACCOUNT_FROM_INVITATION, token.public, signed, proof.signature)
    with pytest.raises(SignatureInvalid):
        verify(Namespace.JOIN, token.public, signed, proof.signature)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_token_has_16_bytes(size: int) -> None:
    with pytest.raises(LinkUnreadable):
        Token(bytes(size))
