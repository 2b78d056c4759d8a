"""What an `adopt` in the roster means for this desk: heads that it names, logs of which it drops our branch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from protocol import wire
from protocol.codec import decode, encode
from protocol.fold_cuts import cuts_of
from protocol.ids import LogId
from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import Adopt, Entry, Rekey, RosterOperation
from protocol.roster_parse import parse_entry
from protocol.signing import key_id
from vault.admit.chains import Chains
from vault.admit.rewinding import rewind
from vault.roster.errors import Forked
from vault.store import Tx

if TYPE_CHECKING:
    from vault.exchange.desk import Change, Desk

_REKEY = "rekey-again"


def heads_in(entry: Entry) -> list[wire.LogHead]:
    """Positions of logs that an entry names, with the chain hash there."""
    operation = parse_entry(entry).operation
    heads = [wire.LogHead(cut.log, cut.position, cut.chain, 0) for cut in cuts_of(operation)]
    if isinstance(operation, Adopt):
        heads += [
            wire.LogHead(branch.log, branch.position, branch.kept, 0)
            for branch in operation.branches
            if branch.log
        ]
    return heads


def heads_named(entries: Iterable[Entry]) -> dict[LogId, dict[int, bytes]]:
    """What a whole roster names of each log: position and chain hash. An `adopt` makes void what was named before it,
    at its position or later."""
    found: dict[LogId, dict[int, bytes]] = {}
    for entry in entries:
        adopting = isinstance(parse_entry(entry).operation, Adopt)
        for head in heads_in(entry):
            named = found.setdefault(LogId.decode(head.log), {})
            if adopting:
                for later in [at for at in named if at >= head.position]:
                    del named[later]
            named.setdefault(head.position, head.chain)
    return found


def dropped_logs(desk: Desk, tx: Tx, adopt: Adopt) -> dict[LogId, int]:
    """Of the logs that an `adopt` names, those of which this desk holds the branch that is dropped."""
    chains, found = Chains(tx, desk.logs), {}
    for branch in adopt.branches:
        if branch.log:
            log = LogId.decode(branch.log)
            reached = 1 <= branch.position <= desk.logs.log_state(tx, log).position
            if reached and chains.at(log, branch.position) == branch.dropped:
                found[log] = branch.position
    return found


def adopt_logs(change: Change, desk: Desk, adopt: Adopt) -> None:
    """An `adopt` came as an entry of the roster that we have: let go of the logs' branches that it drops; a log of the
    branch that stays, which stopped over a head that the roster named in the other one, goes on."""
    tx, admission = change.tx, change.admission
    dropped = dropped_logs(desk, tx, adopt)
    for branch in adopt.branches:
        if not branch.log:
            continue
        log = LogId.decode(branch.log)
        admission.chains.forget_named_from(log, branch.position)
        progress = admission.book.progress(log)
        if log in dropped:
            rewind(tx, desk.context(), admission, log, branch.position)
        elif progress.stopped == Forked.code:
            progress.stopped = progress.detail = ""
        else:
            continue
        desk.set_gaps(tx, desk.gaps(tx) | {log})


def keep_rekey(desk: Desk, tx: Tx, dropped: Sequence[Entry]) -> None:
    """The branch that is dropped has new keys of this member's: his desk puts them into the roster again."""
    for entry in reversed(dropped):
        operation = parse_entry(entry).operation
        if isinstance(operation, Rekey) and operation.member == desk.own.member:
            desk.logs.set(tx, _REKEY, encode(operation))
            return


def rekey_due(desk: Desk) -> list[RosterOperation]:
    """The member's own re-key of a branch that was dropped, while the roster has his older keys."""
    with desk.store.read() as tx:
        stored = desk.logs.get(tx, _REKEY)
    found = desk.roster.state.device_of(desk.own.device.id)
    if stored is None or found is None or found[0].revoked or not found[1].active:
        return []
    operation = decode(stored, Rekey, MAX_ROSTER_ENTRY)
    known = desk.roster.state.keys
    return [] if key_id(operation.identity.encryption) in known else [operation]
