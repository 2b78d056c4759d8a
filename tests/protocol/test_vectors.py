"""The checked-in vectors, each judged by the code for its one reason, and made again by their generator."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from protocol import (
    BridgeBody,
    CommitCode,
    Compartment,
    Entry,
    FormatError,
    IdentityKeys,
    LogId,
    LoginStatement,
    LogState,
    Namespace,
    ProtocolError,
    RosterCode,
    RosterHistory,
    RotateBody,
    advance,
    apply,
    body_hash,
    chain_hash,
    check_header,
    commit_hash,
    decode,
    device_id,
    encode,
    home_log,
    key_id,
    parse_body,
    parse_header,
    readers,
    signed_message,
    verify,
    writers,
)
from protocol.events import event_id
from protocol.operations import Value
from protocol.wire_recovery import request_digest, share_digest
from protocol.wire_security import journal_hash
from tests.vectors import generate, judges
from vault.admit.inside import MAX_KEY_BODY
from vault.keys import (
    Bundle,
    EncryptionKey,
    Kit,
    Link,
    SecretKey,
    check_code,
    check_key,
    key_hash,
    moved_id,
    workspace_code,
)
from vault.keys import unwrap as unwrap_key
from vault.keys.derive import derive
from vault.keys.errors import (
    BundleRefused,
    FileDamaged,
    KeyRefused,
    KeysError,
    KitUnreadable,
    LinkUnreadable,
    OpenFailed,
    TransferUnreadable,
    UnknownKeyVersion,
)
from vault.keys.files import open_file
from vault.keys.padding import padme, unpack
from vault.keys.seal import open_sealed
from vault.store.fold import fold
from vault.store.state import RecordState

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
LEAST = 60

Vector = dict[str, Any]


@cache
def _file(kind: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    return content


def _hex(value: str) -> bytes:
    return bytes.fromhex(value)


def _entry(given: Vector) -> Entry:
    return Entry(_hex(given["body"]), _hex(given["signature"]))


@cache
def _base() -> RosterHistory:
    roster = _file("roster")
    return RosterHistory([_entry(entry) for entry in roster["base"]], workspace=_hex(roster["workspace"]))


def _roster(vector: Vector) -> None:
    base = _base()
    assert base.head.head.hex() == _file("roster")["head"]
    after = apply(base.head, _entry(vector["entry"]))
    assert after.head.hex() == vector["hash"]


@cache
def _after(kind: str) -> RosterHistory:
    """The base, and what a file has to follow it."""
    return RosterHistory([*_base().entries(), *(_entry(entry) for entry in _file(kind)["more_roster"])])


def _access(vector: Vector) -> None:
    state = _after("access").head
    if "home" in vector:
        member, group = _hex(vector["member"]), _hex(vector["group"])
        home = home_log(state, member, group, Compartment(vector["compartment"]))
        assert home.encode().hex() == vector["home"]
        return
    log = LogId.decode(_hex(vector["log"]))
    assert sorted(member.hex() for member in readers(state, log)) == vector["readers"]
    assert sorted(member.hex() for member in writers(state, log)) == vector["writers"]


def _headers(vector: Vector) -> None:
    history, log = _after("headers"), _file("headers")["logs"][vector["log"]]
    state = LogState.empty(LogId.decode(_hex(log["log"])))
    chains = [state.chain]
    for commit in log["commits"]:
        header, signature = parse_header(_hex(commit["header"])), _hex(commit["signature"])
        check_header(state, header, signature, history)
        state = advance(state, header, signature)
        chains.append(state.chain)
    header = parse_header(_hex(vector["header"]))
    check_header(state, header, _hex(vector["signature"]), history, chains.__getitem__)


def _encodings(vector: Vector) -> None:
    data = _hex(vector["bytes"])
    if vector["as"] == "log":
        assert LogId.decode(data).encode() == data
    else:
        parse_header(data)


def _bodies(vector: Vector) -> None:
    data = _hex(vector["bytes"])
    if vector["as"] == "data":
        parse_body(data)
    else:
        decode(data, {"rotate": RotateBody, "bridge": BridgeBody}[vector["as"]], MAX_KEY_BODY)


def _signatures(vector: Vector) -> None:
    namespace, body = Namespace(vector["namespace"].encode()), _hex(vector["body"])
    verify(namespace, _hex(vector["key"]), body, _hex(vector["signature"]))
    assert signed_message(namespace, body).hex() == vector["message"]


def _hashes(vector: Vector) -> None:
    given = {name: _hex(v) if isinstance(v, str) else v for name, v in vector["input"].items()}
    assert HASHES[vector["what"]](given).hex() == vector["output"]


def _log(given: dict[str, Any]) -> LogId:
    return LogId.decode(given["log"])


HASHES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "entry": lambda g: Entry(g["body"], g["signature"]).hash,
    "commit": lambda g: commit_hash(g["header"], g["signature"]),
    "body": lambda g: body_hash(g["body"]),
    "chain": lambda g: chain_hash(g["before"], g["commit"]),
    "device-id": lambda g: device_id(g["key"]),
    "key-id": lambda g: key_id(g["key"]),
    "log-key": lambda g: key_hash(g["workspace"], _log(g), g["generation"], g["key"]),
    "moved": lambda g: moved_id(_log(g), g["record"], g["position"]),
    "recovery-share": lambda g: share_digest(g["workspace"], g["member"], g["trustee"], g["share"]),
    "recovery-request": lambda g: request_digest(g["workspace"], g["member"], g["key"]),
    "event": lambda g: event_id(g["member"], decode(g["fields"], dict[str, Value], 1_000)),
    "journal": lambda g: journal_hash(
        g["workspace"], g["seq"], g["previous"], *decode(g["entry"], tuple[int, str, str, str], 1_000)
    ),
    "check-code": lambda g: check_code(
        g["workspace"], g["member"], IdentityKeys(g["signing"], g["encryption"])
    ).encode(),
    "workspace-code": lambda g: workspace_code(g["workspace"]).encode(),
}


def _padding(vector: Vector) -> None:
    if "length" in vector:
        assert padme(vector["length"]) == vector["padded"]
    else:
        assert unpack(_hex(vector["packed"]), 1_000).hex() == vector["plaintext"]


def _seal(vector: Vector) -> None:
    names = ("key", "context", "associated", "sealed")
    assert open_sealed(*(_hex(vector[name]) for name in names)).hex() == vector["plaintext"]


def _derivation(vector: Vector) -> None:
    """At the real cost: no table of costs is patched here."""
    secret = SecretKey(_hex(vector["secret_key"]))
    derived = derive(vector["password"], secret)
    assert derived.unlock_key.hex() == vector["unlock_key"]
    assert derived.login.public.hex() == vector["login_public"]
    assert SecretKey.parse(vector["text"]).raw == secret.raw


def _links(vector: Vector) -> None:
    link = Link.parse(vector["text"])
    assert (link.server, link.position) == (vector["server"], vector["position"])
    for name in ("workspace", "head", "invitation"):
        assert getattr(link, name).hex() == vector[name]
    assert (link.token.raw.hex(), link.token.public.hex()) == (vector["token"], vector["token_key"])


def _wraps(vector: Vector) -> None:
    workspace, log, generation = (
        _hex(vector["workspace"]),
        LogId.decode(_hex(vector["log"])),
        vector["generation"],
    )
    private = EncryptionKey.from_bytes(_hex(vector["private"]))
    key = unwrap_key(private, workspace, log, generation, _hex(vector["sealed"]))
    check_key(workspace, log, generation, key, _hex(vector["key_hash"]))
    assert key.hex() == vector["key"]


def _bundles(vector: Vector) -> None:
    key, sealed = _hex(vector["key"]), _hex(vector["sealed"])
    bundle = Bundle.open(sealed, key, vector["handle"], vector["version"], vector["newest_seen"])
    found = [[row.workspace.hex(), row.member.hex(), row.identity.hex()] for row in bundle.identities]
    assert found == vector["rows"]


def _logins(vector: Vector) -> None:
    statement = encode(
        LoginStatement(_hex(vector["challenge"]), vector["origin"], vector["handle"], vector["time"])
    )
    verify(Namespace.LOGIN, _hex(vector["key"]), statement, _hex(vector["signature"]))
    assert statement.hex() == vector["message"]


def _kits(vector: Vector) -> None:
    kit = Kit.parse(vector["text"])
    assert kit.code() == vector["text"]
    assert (kit.workspace.hex(), kit.position, kit.head.hex()) == (
        vector["workspace"],
        vector["position"],
        vector["head"],
    )
    account = kit.account
    assert (account.server, account.handle) == (vector["server"], vector["handle"])
    assert account.secret_key.raw.hex() == vector["secret_key"]


def _files(vector: Vector) -> None:
    chunks = [_hex(chunk) for chunk in vector["chunks"]]
    pieces = open_file(_hex(vector["key"]), _hex(vector["file"]), vector["size"], chunks)
    assert b"".join(pieces).hex() == vector["content"]


def _records(vector: Vector) -> None:
    state: RecordState | None = None
    devices = {name: n for n, name in enumerate(sorted({c["device"] for c in vector["commits"]}))}
    for commit in vector["commits"]:
        for operation in parse_body(_hex(commit["body"])).operations:
            state = fold(state, operation, (commit["position"], devices[commit["device"]], 0))
    assert state is not None
    # As text, where 1 and true differ.
    assert json.dumps(state.fields, sort_keys=True) == json.dumps(vector["fields"], sort_keys=True)
    kept = [[each.field, each.value, each.stamp[0]] for each in state.kept]
    assert json.dumps(kept) == json.dumps(vector["kept"])
    target = b"" if state.moved is None else state.moved[0]
    found = (state.deleted, target.hex(), state.edited_after)
    assert found == (vector["deleted"], vector["moved_to"], vector["marked"])


JUDGES: dict[str, Callable[[Vector], None]] = {
    "roster": _roster,
    "access": _access,
    "headers": _headers,
    "encodings": _encodings,
    "bodies": _bodies,
    "signatures": _signatures,
    "hashes": _hashes,
    "padding": _padding,
    "seal": _seal,
    "derivation": _derivation,
    "links": _links,
    "wraps": _wraps,
    "bundles": _bundles,
    "logins": _logins,
    "kits": _kits,
    "recoveries": judges.recoveries,
    "transfers": judges.transfers,
    "files": _files,
    "records": _records,
}

CODES: dict[type[KeysError], str] = {
    OpenFailed: "open-failed",
    KeyRefused: "key-refused",
    LinkUnreadable: "link-unreadable",
    KitUnreadable: "kit-unreadable",
    BundleRefused: "bundle-refused",
    FileDamaged: "file-damaged",
    TransferUnreadable: "transfer-unreadable",
    UnknownKeyVersion: "version",
}


def _code(error: Exception) -> str:
    if isinstance(error, ProtocolError):
        return error.code
    return CODES[type(error)] if isinstance(error, KeysError) else "padding"


ALL = [(kind, vector["name"]) for kind in JUDGES for vector in _file(kind)["vectors"]]


@pytest.mark.parametrize(("kind", "name"), ALL, ids=[f"{kind}:{name}" for kind, name in ALL])
def test_vector(kind: str, name: str) -> None:
    (vector,) = (vector for vector in _file(kind)["vectors"] if vector["name"] == name)
    try:
        JUDGES[kind](vector)
    except (ProtocolError, KeysError, ValueError) as error:
        assert _code(error) == vector["expect"], str(error)
    else:
        assert vector["expect"] == "ok"


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(ALL) >= LEAST
    assert len(set(ALL)) == len(ALL)
    assert {path.stem for path in FOLDER.glob("*.json")} == set(JUDGES)


def test_every_refusal_has_a_vector() -> None:
    """But that of a cut-off, which is a matter of the fold and not of the header."""
    for kind, codes in (("roster", set(RosterCode)), ("headers", set(CommitCode) - {CommitCode.CUT_OFF})):
        assert {code.value for code in codes} <= {vector["expect"] for vector in _file(kind)["vectors"]}


@pytest.mark.parametrize("kind", [kind for kind in generate.KINDS if kind != "derivation"])
def test_the_generator_gives_the_same_bytes(kind: str) -> None:
    made = generate.text_of(generate.KINDS[kind]())
    assert made == (FOLDER / f"{kind}.json").read_text(encoding="utf-8")


def test_a_bent_vector_would_be_noticed() -> None:
    """The judges judge: a vector said to be good fails when one byte of it changes."""
    (vector,) = (v for v in _file("roster")["vectors"] if v["name"] == "leave")
    body = vector["entry"]["body"]
    bent = {**vector, "entry": {**vector["entry"], "body": body[:-2] + "91"}}
    with pytest.raises((ProtocolError, FormatError)):
        _roster(bent)
