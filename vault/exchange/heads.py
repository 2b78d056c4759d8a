"""The server's heads against what this desk has seen of each log."""

from __future__ import annotations

from collections.abc import Mapping, Set

from protocol import wire
from protocol.ids import LogId
from vault.admit import read_progress
from vault.admit.chains import Chains
from vault.exchange.desk import Desk
from vault.roster.errors import LogBroken
from vault.store import Tx


def compare_heads(
    desk: Desk, tx: Tx, shown: Mapping[LogId, wire.LogHead], readable: Set[LogId]
) -> tuple[list[tuple[LogId, int]], LogId | None]:
    """(logs whose head is of another past, with its position; a log of which the server has less, or None). Logs that
    are stopped already are passed over, and those that the server does not show to this member any more.

    Raises LogBroken for a number that is no position."""
    forked: list[tuple[LogId, int]] = []
    behind: LogId | None = None
    chains = Chains(tx, desk.logs)
    for log in desk.logs.known_logs(tx):
        state, head = desk.logs.log_state(tx, log), shown.get(log)
        if not state.position or read_progress(tx, desk.logs, log).stopped:
            continue
        if head is None:
            behind = log if log in readable else behind
        elif head.position < 0:
            raise LogBroken("a head at a position that no log has", "heads")
        elif head.position <= state.position:
            if head.position and chains.at(log, head.position) != head.chain:
                forked.append((log, head.position))
            elif head.position < state.position:
                behind = log
    return forked, behind
