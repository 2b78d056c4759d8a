"""Vectors of sealing, padding, wraps, derivation and links.

Sealing is done here a second time, from the specification, so that the vectors do not repeat the code's mistakes.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol import Compartment, LogId
from tests.protocol.world import NORTH, seeded
from vault.keys import EncryptionKey, Link, SecretKey, Token, key_hash, wrap
from vault.keys.derive import derive
from vault.keys.padding import pack, padme

Vector = dict[str, Any]
LOG = LogId(NORTH, Compartment.SALES)


def _vector(name: str, about: str, expect: str, **rest: Any) -> Vector:
    return {"name": name, "about": about, "expect": expect, **rest}


def _hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    extracted = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    output, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes((counter,)), hashlib.sha256)
        output += block
    return output[:length]


def _seal(key: bytes, salt: bytes, context: bytes, associated: bytes, plaintext: bytes) -> bytes:
    label = b"tacit/v1/seal"
    info = bytes((len(label),)) + label + len(context).to_bytes(2, "big") + context
    both = _hkdf(key, salt, info, 64)
    return b"\x01" + salt + both[32:] + AESGCM(both[:32]).encrypt(bytes(12), plaintext, associated)


def seals() -> dict[str, Any]:
    key, salt, context, associated = seeded("seal-key"), seeded("salt"), b"context", b"associated"
    good = _seal(key, salt, context, associated, b"plaintext")
    empty = _seal(key, salt, context, b"", b"")
    other = _seal(seeded("other-key"), salt, context, associated, b"plaintext")
    base = {"key": key, "context": context, "associated": associated, "sealed": good}

    def flipped(index: int) -> bytes:
        return good[:index] + bytes((good[index] ^ 1,)) + good[index + 1 :]

    rows: list[tuple[str, str, str, dict[str, bytes]]] = [
        ("open", "opens", "ok", {}),
        ("empty", "an empty plaintext", "ok", {"associated": b"", "sealed": empty}),
        ("key", "another key", "open-failed", {"key": seeded("other-key")}),
        ("context", "another context", "open-failed", {"context": b"contexu"}),
        ("associated", "other associated data", "open-failed", {"associated": b"associatee"}),
        ("version", "another version byte", "open-failed", {"sealed": flipped(0)}),
        ("salt", "a bit of the salt", "open-failed", {"sealed": flipped(5)}),
        ("commitment", "a bit of the key commitment", "open-failed", {"sealed": flipped(40)}),
        ("ciphertext", "a bit of the ciphertext", "open-failed", {"sealed": flipped(66)}),
        ("tag", "a bit of the tag", "open-failed", {"sealed": flipped(len(good) - 1)}),
        ("short", "shorter than a seal can be", "open-failed", {"sealed": good[:80]}),
        ("longer", "a byte after it", "open-failed", {"sealed": good + b"\0"}),
        ("null", "nothing", "open-failed", {"sealed": b""}),
        (
            "two-keys",
            "another key's commitment before this key's ciphertext",
            "open-failed",
            {"sealed": good[:33] + other[33:65] + good[65:]},
        ),
    ]
    made = []
    for name, about, expect, changes in rows:
        fields = {field: value.hex() for field, value in {**base, **changes}.items()}
        if expect == "ok":
            fields["plaintext"] = (b"" if name == "empty" else b"plaintext").hex()
        made.append(_vector(name, about, expect, **fields))
    return {"about": "`sealed` opens to `plaintext`, or fails without a reason.", "vectors": made}


def padding_vectors() -> dict[str, Any]:
    lengths = (0, 1, 2, 7, 8, 9, 17, 100, 129, 1_000, 1_024, 1_025, 65_535, 100_000, 1_048_577)
    rows = [
        _vector(f"padme-{length}", "the Padmé length", "ok", length=length, padded=padme(length))
        for length in lengths
    ]
    plaintext = b"tacit " * 30
    good = pack(plaintext)
    for name, about, expect, data in (
        ("unpack", "a frame, padded", "ok", good),
        ("unpack-unpadded", "a byte short of the Padmé length", "padding", good[:-1]),
        ("unpack-longer", "a byte more than the Padmé length", "padding", good + b"\0"),
        ("unpack-filled", "padding that is not zero", "padding", good[:-1] + b"\1"),
        ("unpack-length", "a frame longer than the bytes", "padding", b"\xff\xff\xff\xff" + good[4:]),
        ("unpack-empty", "nothing", "padding", b""),
        ("unpack-raw", "what is no zstd frame", "padding", b"\0\0\0\x04" + b"none"),
    ):
        vector = _vector(name, about, expect, packed=data.hex())
        rows.append({**vector, "plaintext": plaintext.hex()} if expect == "ok" else vector)
    return {"about": "`length` is padded to `padded`; `packed` unpacks to `plaintext`.", "vectors": rows}


def derivation() -> dict[str, Any]:
    """One, at the real cost: about a second and 256 MiB."""
    secret = SecretKey(seeded("secret-key", size=16))
    password = "Grüße aus Kraków 7"
    derived = derive(password, secret)
    return {
        "about": "Password and Secret Key give the unlock key and the login key; the text form is the Secret Key's.",
        "vectors": [
            _vector(
                "derive",
                "a password that NFKD changes",
                "ok",
                password=password,
                secret_key=secret.raw.hex(),
                text=secret.text(),
                unlock_key=derived.unlock_key.hex(),
                login_public=derived.login.public.hex(),
            )
        ],
    }


def links() -> dict[str, Any]:
    link = Link(
        "https://crm.example.org",
        seeded("w"),
        12,
        seeded("head"),
        seeded("i", size=16),
        Token(seeded("t", size=16)),
    )
    text = link.text()
    rows = [
        _vector(
            "link",
            "an invitation",
            "ok",
            text=text,
            workspace=link.workspace.hex(),
            position=12,
            head=link.head.hex(),
            invitation=link.invitation.hex(),
            token=link.token.raw.hex(),
            token_key=link.token.public.hex(),
            server=link.server,
        ),
        _vector(
            "upper",
            "the form for QR codes",
            "ok",
            text=link.qr_text(),
            workspace=link.workspace.hex(),
            position=12,
            head=link.head.hex(),
            invitation=link.invitation.hex(),
            token=link.token.raw.hex(),
            token_key=link.token.public.hex(),
            server=link.server,
        ),
        _vector("cut", "its end is missing", "link-unreadable", text=text[:-3]),
        _vector(
            "changed",
            "one character changed",
            "link-unreadable",
            text=text[:40] + ("0" if text[40] != "0" else "1") + text[41:],
        ),
        _vector(
            "https", "never a web address", "link-unreadable", text="https://crm.example.org/" + text[6:]
        ),
    ]
    return {"about": "`text` parses as an invitation, or does not.", "vectors": rows}


def wraps() -> dict[str, Any]:
    """Made once: HPKE draws its own randomness."""
    private, other = EncryptionKey(seeded("wrap", size=96)), EncryptionKey(seeded("other", size=96))
    key, workspace = seeded("log-key"), seeded("w")
    sealed = wrap(key, workspace, LOG, 3, private.public)
    base: dict[str, Any] = {
        "private": private.to_bytes().hex(),
        "workspace": workspace.hex(),
        "log": LOG.encode().hex(),
        "generation": 3,
        "sealed": sealed.hex(),
        "key_hash": key_hash(workspace, LOG, 3, key).hex(),
    }
    flip = sealed[:-1] + bytes((sealed[-1] ^ 1,))
    swapped = wrap(seeded("another key"), workspace, LOG, 3, private.public)
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        ("unwrap", "opens to the key that the rotate names", "ok", {"key": key.hex()}),
        ("private", "another member's key", "open-failed", {"private": other.to_bytes().hex()}),
        ("workspace", "another workspace", "open-failed", {"workspace": seeded("v").hex()}),
        ("log", "another log", "open-failed", {"log": LogId(NORTH, Compartment.MARGINS).encode().hex()}),
        ("generation", "another generation", "open-failed", {"generation": 2}),
        ("flipped", "a bit of it", "open-failed", {"sealed": flip.hex()}),
        ("short", "a byte short", "open-failed", {"sealed": sealed[:-1].hex()}),
        ("long", "a byte more", "open-failed", {"sealed": (sealed + b"\0").hex()}),
        ("null", "nothing", "open-failed", {"sealed": ""}),
        ("substituted", "a key that the rotate does not name", "key-refused", {"sealed": swapped.hex()}),
    ]
    return {
        "about": "`sealed` unwraps to `key`, whose hash is `key_hash`, or is refused. HPKE base mode.",
        "vectors": [
            _vector(name, about, expect, **{**base, **changes}) for name, about, expect, changes in rows
        ],
    }
