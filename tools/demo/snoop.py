"""Run on a member's computer: what his keys and a copy of the server's folder open of each own log.

`python -m tools.demo.snoop PROFILE KEYFILE DATABASE`, with his password in TACIT_PASSWORD; prints JSON:
`{"opened": {owner's member id: bodies that open}, "stored": {owner's member id: bodies that there are}}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

from tools.demo.evidence import opened_serials, stored_bodies
from tools.demo.rob import steal


def main(words: list[str]) -> int:
    profile, key_file, database = Path(words[0]), Path(words[1]), Path(words[2])
    bodies = stored_bodies(database)
    serials: set[int] = set()
    for stolen in steal(profile, key_file, os.environ["TACIT_PASSWORD"]):
        serials |= opened_serials(stolen, database)
    opened: Counter[str] = Counter()
    stored: Counter[str] = Counter()
    for body in bodies:
        log = body.header.log_id
        if log.is_own:
            stored[log.owner.hex()] += 1
            opened[log.owner.hex()] += body.serial in serials
    print(json.dumps({"opened": opened, "stored": stored}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
