"""Vectors of recovery by trustees and of further computers, written by `second.py`. Identities and pins are seeded
bytes; what is sealed with a key of its own (HPKE draws its own randomness) is left to `wraps.json`."""

from __future__ import annotations

from typing import Any

from tests.protocol.world import seeded
from tests.vectors.second import (
    Packed,
    base32,
    checked,
    code_of,
    digest,
    message,
    padded,
    prefixed,
    seal,
    shares_of,
    sub,
)

Vector = dict[str, Any]
WORKSPACE, MEMBER, ENTRY = seeded("w"), seeded("m", size=16), seeded("entry")
HANDLE, ORIGIN = "ann@example.org", "https://crm.example.org"


def _vector(name: str, about: str, expect: str, **rest: Any) -> Vector:
    return {"name": name, "about": about, "expect": expect, **rest}


def recoveries() -> dict[str, Any]:
    """Section 7: what shares give back, the box, and the code of a request."""
    key, identity = seeded("recovery-key"), seeded("identity", size=128)
    halves = (key[:16], key[16:])
    parts = [shares_of(half, [seeded("coefficient", n, size=16) for n in range(2)], 5) for half in halves]
    shares = [first + second for first, second in zip(*parts, strict=True)]
    box = seal(
        key,
        seeded("salt"),
        prefixed("tacit/v1/recovery-box", WORKSPACE, MEMBER, ENTRY),
        b"",
        identity,
    )

    def opened(name: str, about: str, expect: str, points: tuple[int, ...], **other: str) -> Vector:
        given = {
            "workspace": WORKSPACE.hex(),
            "member": MEMBER.hex(),
            "enrolment": ENTRY.hex(),
            "shares": {str(point): shares[point - 1].hex() for point in points},
            "box": box.hex(),
        }
        return _vector(
            name, about, expect, what="box", **{**given, **other}, key=key.hex(), identity=identity.hex()
        )

    request = seeded("request-key", size=1216)
    asked = digest("recovery-request", WORKSPACE, MEMBER, request)
    return {
        "about": "`shares`, by their points, give `key`, which opens `box` to `identity`; or `code` is what both sides "
        "of a request compare.",
        "vectors": [
            opened("three-of-five", "the first three", "ok", (1, 2, 3)),
            opened("others", "any three", "ok", (5, 2, 4)),
            opened("two", "too few", "open-failed", (1, 2)),
            opened(
                "other-entry", "an earlier enrolment's", "open-failed", (1, 2, 3), enrolment=bytes(32).hex()
            ),
            opened("other-member", "another member's", "open-failed", (1, 2, 3), member=bytes(16).hex()),
            opened(
                "bent", "a box with a bit flipped", "open-failed", (1, 2, 3), box=(box[:-1] + b"\0").hex()
            ),
            _vector(
                "code",
                "the code of a request",
                "ok",
                what="code",
                workspace=WORKSPACE.hex(),
                member=MEMBER.hex(),
                request=request.hex(),
                code=code_of(prefixed("tacit/v1/recovery-code", asked)),
            ),
        ],
    }


def transfers() -> dict[str, Any]:
    """Section 7: the code that an old computer shows, and the pins that it leaves."""
    secret, head = seeded("transfer", size=16), seeded("head")
    log = b"\x03" + seeded("g", size=16) + bytes(16)
    rows: list[Packed] = [[log, 7, seeded("chain")]]
    pins = message([1, 12, head, 1_700_000_000, rows])
    ident = sub(secret, "transfer-id")[:16]
    context = prefixed("tacit/v1/transfer-pins", WORKSPACE)
    sealed = seal(
        sub(secret, "transfer-key"), seeded("salt"), context, message([HANDLE, ident]), padded(pins)
    )

    def code(version: int = 1, handle: str = HANDLE, more: bytes = b"") -> str:
        texts = b"".join(bytes((len(text),)) + text for text in (handle.encode(), ORIGIN.encode()))
        fixed = bytes((version,)) + (12).to_bytes(8, "big") + head + WORKSPACE
        keys = seeded("secret-key", size=16) + secret
        return "TACIT-ADD:" + base32(checked("transfer-text", fixed + keys + texts + more))

    text = code()
    codes = [
        ("code", "a code", "ok", text),
        ("small", "read in any case", "ok", text.lower()),
        ("cut", "its end is missing", "transfer-unreadable", text[:-3]),
        ("changed", "one character changed", "transfer-unreadable", text[:40] + "0" + text[41:]),
        ("kit", "a Kit's scheme", "transfer-unreadable", text.replace("TACIT-ADD:", "TACIT-KIT:")),
        ("version", "another version", "version", code(version=2)),
        ("handle", "a handle that is not in its form", "transfer-unreadable", code(handle="Ann@example.org")),
        ("more", "a byte behind the origin", "transfer-unreadable", code(more=b"\0")),
    ]
    known = {
        "position": 12,
        "head": head.hex(),
        "workspace": WORKSPACE.hex(),
        "handle": HANDLE,
        "server": ORIGIN,
        "secret_key": seeded("secret-key", size=16).hex(),
        "secret": secret.hex(),
        "id": ident.hex(),
    }
    left = {
        "what": "pins",
        "secret": secret.hex(),
        "workspace": WORKSPACE.hex(),
        "handle": HANDLE,
        "sealed": sealed.hex(),
        "logs": [[log.hex(), 7, seeded("chain").hex()]],
        "position": 12,
        "head": head.hex(),
        "made": 1_700_000_000,
    }
    return {
        "about": "`text` is the code of a further computer, or is not; `sealed` are the pins left under it.",
        "vectors": [
            *(
                _vector(n, a, e, what="code", text=given, **(known if e == "ok" else {}))
                for n, a, e, given in codes
            ),
            _vector("pins", "what was left", "ok", **left),
            _vector(
                "pins-handle", "left for another", "open-failed", **{**left, "handle": "ben@example.org"}
            ),
            _vector(
                "pins-workspace", "of another world", "open-failed", **{**left, "workspace": bytes(32).hex()}
            ),
            _vector(
                "pins-secret", "under another code", "open-failed", **{**left, "secret": bytes(16).hex()}
            ),
        ],
    }
