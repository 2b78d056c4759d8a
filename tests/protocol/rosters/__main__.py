"""`python3 -m tests.protocol.rosters [how many]`: plays random teams, and prints how many there were and the time."""

from __future__ import annotations

import sys
import time

from tests.protocol.rosters.play import run


def main() -> None:
    wall, began = time.perf_counter(), time.process_time()
    made = run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, 1_000)
    seconds, work = time.perf_counter() - wall, time.process_time() - began
    print(f"{made.line()}; {seconds:.0f} s, {work:.0f} s of one core")


if __name__ == "__main__":
    main()
