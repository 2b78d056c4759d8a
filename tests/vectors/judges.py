"""What the code says of vectors of recovery and of further computers. Each raises where a vector does not hold."""

from __future__ import annotations

from typing import Any

from vault.keys.sharing import Enrolment, combine, open_box, request_code
from vault.keys.transfer import TransferCode, TransferSecret, open_pins

Vector = dict[str, Any]


def _hex(value: str) -> bytes:
    return bytes.fromhex(value)


def recoveries(vector: Vector) -> None:
    workspace, member = _hex(vector["workspace"]), _hex(vector["member"])
    if vector["what"] == "code":
        assert request_code(workspace, member, _hex(vector["request"])) == vector["code"]
        return
    key = combine({int(point): _hex(share) for point, share in vector["shares"].items()})
    of = Enrolment(workspace, member, _hex(vector["enrolment"]))
    assert open_box(key, of, _hex(vector["box"])).to_bytes().hex() == vector["identity"]
    assert key.hex() == vector["key"]


def transfers(vector: Vector) -> None:
    if vector["what"] == "pins":
        secret = TransferSecret(_hex(vector["secret"]))
        pins = open_pins(secret, vector["handle"], _hex(vector["workspace"]), _hex(vector["sealed"]))
        logs = [[pin.log.encode().hex(), pin.position, pin.chain.hex()] for pin in pins.logs]
        found = (logs, pins.position, pins.head.hex(), pins.made)
        assert found == (vector["logs"], vector["position"], vector["head"], vector["made"])
        return
    code = TransferCode.parse(vector["text"])
    kit, secret = code.kit, code.secret
    assert code.text() == vector["text"].upper()
    assert (kit.workspace.hex(), kit.position, kit.head.hex()) == (
        vector["workspace"],
        vector["position"],
        vector["head"],
    )
    assert (kit.account.server, kit.account.handle) == (vector["server"], vector["handle"])
    assert kit.account.secret_key.raw.hex() == vector["secret_key"]
    assert (secret.raw.hex(), secret.id.hex()) == (vector["secret"], vector["id"])
