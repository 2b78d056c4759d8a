"""Writes the test vectors: `python -m tests.vectors.generate`. Every key and salt comes from a fixed name.

One file for each kind. Each vector has one reason to pass or to fail, named in `about`, and `expect`: "ok" or the
code of the refusal. Bytes are lower-case hex. HPKE draws its own randomness, so the wraps are the exception: those
in the file are kept, and new ones are made only where there are none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors import accounts, crypto, formats, headers, records, regaining, rosters

HERE = Path(__file__).resolve().parent
Vectors = dict[str, Any]

KINDS: dict[str, Callable[[], Vectors]] = {
    "roster": rosters.roster,
    "access": rosters.access_rules,
    "headers": headers.headers,
    "encodings": formats.encodings,
    "bodies": formats.bodies,
    "signatures": formats.signatures,
    "hashes": formats.hashes,
    "padding": crypto.padding_vectors,
    "seal": crypto.seals,
    "derivation": crypto.derivation,
    "links": crypto.links,
    "bundles": accounts.bundles,
    "logins": accounts.logins,
    "kits": accounts.kits,
    "recoveries": regaining.recoveries,
    "transfers": regaining.transfers,
    "files": accounts.files,
    "records": records.records,
}


def text_of(vectors: Vectors) -> str:
    """The file's text: stable, and readable in a diff."""
    return json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    for kind, make in KINDS.items():
        (HERE / f"{kind}.json").write_text(text_of(make()), encoding="utf-8")
    wraps = HERE / "wraps.json"
    if not wraps.exists():
        wraps.write_text(text_of(crypto.wraps()), encoding="utf-8")


if __name__ == "__main__":
    main()
