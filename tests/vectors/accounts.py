"""Vectors of account bundles, login statements, Emergency Kits and files, all made by the second hand."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.protocol.world import seeded
from tests.vectors.second import base32, checked, message, padded, prefixed, seal, signed

Vector = dict[str, Any]
UNLOCK, SALT = seeded("unlock"), seeded("bundle salt")
HANDLE = "ann@example.org"
ORIGIN = "https://crm.example.org"


def _vector(name: str, about: str, expect: str, **rest: Any) -> Vector:
    return {"name": name, "about": about, "expect": expect, **rest}


def bundles() -> dict[str, Any]:
    """Section 7: account bundles."""
    workspace, member = seeded("w"), seeded("member", "ann", size=16)
    row = [workspace, member, seeded("identity", size=128)]
    second = [seeded("v"), seeded("member", "b", size=16), seeded("identity 2", size=128)]

    def sealed(content: bytes, handle: str = HANDLE, version: int = 3, context: bytes | None = None) -> bytes:
        place = prefixed("tacit/v1/bundle") if context is None else context
        return seal(UNLOCK, SALT, place, message([handle, version]), padded(content))

    good = message([1, [row, second]])
    base = {"key": UNLOCK.hex(), "handle": HANDLE, "version": 3, "newest_seen": 3}
    rows: list[tuple[str, str, str, bytes, dict[str, Any]]] = [
        ("open", "identities in two workspaces", "ok", sealed(good), {}),
        ("empty", "no identity", "ok", sealed(message([1, []])), {}),
        ("older", "older than one that was seen", "bundle-refused", sealed(good), {"newest_seen": 4}),
        ("key", "another unlock key", "open-failed", sealed(good), {"key": seeded("other").hex()}),
        ("handle", "another account's", "open-failed", sealed(good, handle="ben@example.org"), {}),
        ("version", "an older one under a newer number", "open-failed", sealed(good, version=2), {}),
        ("context", "another context", "open-failed", sealed(good, context=prefixed("tacit/v1/body")), {}),
        ("content", "a content of version 2", "open-failed", sealed(message([2, [row]])), {}),
        ("twice", "two rows for one workspace", "open-failed", sealed(message([1, [row, row]])), {}),
        (
            "short",
            "an identity of 127 bytes",
            "open-failed",
            sealed(message([1, [[workspace, member, bytes(127)]]])),
            {},
        ),
        ("more", "a byte behind the message", "open-failed", sealed(good + b"\0"), {}),
        (
            "unpadded",
            "a message that is no padded frame",
            "open-failed",
            seal(UNLOCK, SALT, prefixed("tacit/v1/bundle"), message([HANDLE, 3]), good),
            {},
        ),
    ]
    made = []
    for name, about, expect, data, changes in rows:
        vector = _vector(name, about, expect, **{**base, **changes}, sealed=data.hex())
        if expect == "ok":
            found = [row, second] if name == "open" else []
            vector["rows"] = [[each.hex() for each in fields] for fields in found]
        made.append(vector)
    return {
        "about": "`sealed` opens under `key` as the bundle `version` of `handle`, where `newest_seen` was seen before, "
        "to `rows` of workspace, member and identity; or is refused.",
        "vectors": made,
    }


def logins() -> dict[str, Any]:
    """Section 7: login statements."""
    key = Ed25519PrivateKey.from_private_bytes(seeded("login"))
    fields: dict[str, Any] = {
        "challenge": seeded("challenge").hex(),
        "origin": ORIGIN,
        "handle": HANDLE,
        "time": 1_700_000_000,
    }
    body = message([seeded("challenge"), ORIGIN, HANDLE, 1_700_000_000])
    signature = key.sign(signed("login", body))
    base = {**fields, "key": key.public_key().public_bytes_raw().hex(), "signature": signature.hex()}
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        ("login", "a login", "ok", {"message": body.hex()}),
        ("origin", "signed for another server", "signature", {"origin": "https://crm.example.net"}),
        ("handle", "signed for another account", "signature", {"handle": "ben@example.org"}),
        ("time", "signed at another time", "signature", {"time": 1_700_000_001}),
        ("challenge", "signed for another challenge", "signature", {"challenge": seeded("c").hex()}),
        (
            "namespace",
            "signed as a commit",
            "signature",
            {"signature": key.sign(signed("commit", body)).hex()},
        ),
    ]
    return {
        "about": "`signature` is `key`'s over the statement of `challenge`, `origin`, `handle` and `time`, or is not.",
        "vectors": [
            _vector(name, about, expect, **{**base, **changes}) for name, about, expect, changes in rows
        ],
    }


def kits() -> dict[str, Any]:
    """Section 7: codes of Emergency Kits."""

    def code(version: int = 1, handle: str = HANDLE, origin: str = ORIGIN, more: bytes = b"") -> str:
        texts = b"".join(bytes((len(text.encode()),)) + text.encode() for text in (handle, origin))
        fixed = bytes((version,)) + (12).to_bytes(8, "big") + seeded("head") + seeded("w")
        return "TACIT-KIT:" + base32(
            checked("kit-text", fixed + seeded("secret-key", size=16) + texts + more)
        )

    text = code()
    rows = [
        ("kit", "a Kit's code", "ok", text),
        ("unicode", "a handle beyond ASCII", "ok", code(handle="zoë")),
        ("cut", "its end is missing", "kit-unreadable", text[:-3]),
        ("changed", "one character changed", "kit-unreadable", text[:40] + "0" + text[41:]),
        ("link", "an invitation's scheme", "kit-unreadable", text.replace("TACIT-KIT:", "tacit:")),
        ("version", "another version", "version", code(version=2)),
        ("handle", "a handle that is not in its form", "kit-unreadable", code(handle="Ann@example.org")),
        ("origin", "an origin with a path", "kit-unreadable", code(origin=ORIGIN + "/crm")),
        ("plain", "http beyond this computer", "kit-unreadable", code(origin="http://crm.example.org")),
        ("more", "a byte behind the origin", "kit-unreadable", code(more=b"\0")),
    ]
    made = []
    for name, about, expect, given in rows:
        vector = _vector(name, about, expect, text=given)
        if expect == "ok":
            vector |= {
                "workspace": seeded("w").hex(),
                "position": 12,
                "head": seeded("head").hex(),
                "secret_key": seeded("secret-key", size=16).hex(),
                "handle": "zoë" if name == "unicode" else HANDLE,
                "server": ORIGIN,
            }
        made.append(vector)
    return {"about": "`text` is the code of an Emergency Kit, or is not.", "vectors": made}


def files() -> dict[str, Any]:
    """Section 15: files of one chunk."""
    key, file = seeded("file key"), seeded("file", size=16)
    content = seeded("content", size=1_025)
    full = content.ljust(1_088, b"\0")

    def chunk(
        data: bytes = full, index: int = 0, last: int = 1, of: bytes = file, under: bytes = key
    ) -> bytes:
        context = prefixed("tacit/v1/file-chunk", of, index.to_bytes(8, "big"), bytes((last,)))
        return seal(under, seeded("chunk salt", index), context, b"", data)

    good = chunk()
    rows: list[tuple[str, str, str, list[bytes], int]] = [
        ("file", "1,025 bytes, filled up to 1,088", "ok", [good], 1_025),
        ("empty", "a file without content has one chunk", "ok", [chunk(b"")], 0),
        ("none", "no chunk", "file-damaged", [], 1_025),
        ("more", "a chunk behind the last", "file-damaged", [good, chunk(b"", 1)], 1_025),
        ("size", "a size whose padded length is another", "file-damaged", [good], 1_100),
        ("shorter", "a size that makes content of the padding", "file-damaged", [good], 1_024),
        ("padding", "padding that is not zero", "file-damaged", [chunk(content.ljust(1_088, b"\1"))], 1_025),
        ("index", "a chunk of another index", "open-failed", [chunk(index=1)], 1_025),
        ("last", "a last chunk that does not say so", "open-failed", [chunk(last=0)], 1_025),
        ("other", "another file's chunk", "open-failed", [chunk(of=seeded("f", size=16))], 1_025),
        ("key", "another key", "open-failed", [chunk(under=seeded("k"))], 1_025),
        ("flipped", "a bit of it", "open-failed", [good[:-1] + bytes((good[-1] ^ 1,))], 1_025),
    ]
    made = []
    for name, about, expect, chunks, size in rows:
        vector = _vector(
            name, about, expect, key=key.hex(), file=file.hex(), size=size, chunks=[c.hex() for c in chunks]
        )
        if expect == "ok":
            vector["content"] = content[:size].hex()
        made.append(vector)
    return {"about": "`chunks` open to `content` of `size` bytes, or are refused.", "vectors": made}
