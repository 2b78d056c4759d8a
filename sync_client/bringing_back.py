"""The server shows less than this desk has seen from it: give it back what it has lost, verbatim.

Nobody knows whether it came back from a backup or lies; either way it gets nothing that it did not have, and where it
goes on showing less the round that follows says so. Several desks may do this at once: the same bytes at the same
place are fine.
"""

from __future__ import annotations

from contextlib import suppress

from sync_client.cancel import CancelToken, OnProgress, Progress
from sync_client.errors import ServerRefused
from sync_client.workspace import WorkspaceCalls
from vault.exchange import Exchange

RESTORE = "restore"
"""A stage of progress."""
CONFLICTS = frozenset({"log-moved", "roster-moved"})


def bring_back(
    calls: WorkspaceCalls, exchange: Exchange, cancel: CancelToken, on_progress: OnProgress
) -> int:
    """How many entries and commits went back. What the server has other bytes for is left to the round that follows,
    which finds the fork. Raises SyncError, TrustError."""
    restorer, given = exchange.restorer, 0
    for request in restorer.requests(calls.heads(cancel)):
        cancel.check()
        try:
            calls.restore(request, cancel)
        except ServerRefused as refusal:
            if refusal.code not in CONFLICTS:
                raise
            continue
        given += len(request.entries) + len(request.commits)
        on_progress(Progress(RESTORE, given, 0))
    for log, generation in restorer.wraps_to_check():
        cancel.check()
        with suppress(ServerRefused):  # of a log that it has another past of
            missing = exchange.make_wraps(log, generation, calls.wraps(log, generation, cancel).recipients)
            if missing.wraps:
                calls.add_wraps(missing, cancel)
    restorer.finished(given)
    return given
