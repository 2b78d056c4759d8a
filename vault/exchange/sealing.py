"""Making commits: sealed under the log's current key, signed by this device at the current heads.

Each commit follows the one before it in the same round: counter and previous hash start at what the admitted log has
of this device. Two rounds therefore exclude each other from their first difference on, so no operation can be
admitted twice whatever a server does with the copies.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from protocol.access import recipients
from protocol.admission import DeviceEnd, LogState
from protocol.codec import encode
from protocol.commit import (
    Commit,
    Header,
    Kind,
    body_hash,
    bridge_detail,
    commit_hash,
    parse_header,
    rotate_detail,
)
from protocol.ids import NO_HASH, LogId
from protocol.limits import VERSION
from protocol.operations import BridgeBody, RotateBody
from protocol.signing import Namespace, key_id
from protocol.state import RosterState
from protocol.wire import Wrap
from vault.exchange.own import Own
from vault.keys import body_context, key_hash, new_log_key, seal_body, wrap


class LogSigner:
    """Signs one round of commits on one log, which stands at `state`; `roster` is the newest roster state."""

    def __init__(self, own: Own, roster: RosterState, state: LogState, keys: dict[int, bytes]) -> None:
        self._own = own
        self._roster = roster
        self._state = state
        self._keys = keys
        self._end: DeviceEnd = state.end_of(own.device.id)
        self._generation = state.generation

    @property
    def log(self) -> LogId:
        return self._state.log

    @property
    def counter(self) -> int:
        """The counter of the newest commit made."""
        return self._end.counter

    def data(self, encoded_body: bytes) -> Commit:
        """A DATA commit with these encoded operations, under the current generation."""
        return self._commit(Kind.DATA, b"", encoded_body)

    def rotate(self) -> tuple[Commit, list[Wrap], bytes]:
        """A ROTATE: a new random key, the newest earlier key that we hold sealed under it, a wrap for each reader
        of the newest roster and nobody else. Returns the commit, the wraps and the new key."""
        carried = max((number for number in self._keys if number <= self._state.generation), default=0)
        self._generation += 1
        key = new_log_key()
        self._keys[self._generation] = key
        detail = rotate_detail(key_hash(self._own.workspace, self.log, self._generation, key), carried)
        body = encode(RotateBody(self._keys[carried] if carried else b""))
        commit = self._commit(Kind.ROTATE, detail, body)
        return commit, wraps_for(self._own, self._roster, self.log, self._generation, key), key

    def bridge(self, skipped: int) -> Commit:
        """A BRIDGE: the key of the skipped generation, which we hold, sealed under the newest."""
        return self._commit(Kind.BRIDGE, bridge_detail(skipped), encode(BridgeBody(self._keys[skipped])))

    def _commit(self, kind: Kind, detail: bytes, encoded_body: bytes) -> Commit:
        header = Header(
            version=VERSION,
            kind=kind,
            workspace=self._own.workspace,
            log=self.log.encode(),
            generation=self._generation,
            author=self._own.device.id,
            counter=self._end.counter + 1,
            previous=self._end.hash,
            seen_position=self._state.position,
            seen_chain=self._state.chain,
            roster_position=self._roster.position,
            roster_hash=self._roster.head,
            detail=detail,
            body_hash=NO_HASH,
        )
        context = body_context(self._own.workspace, self.log, self._generation)
        sealed = seal_body(self._keys[self._generation], context, header.associated_data(), encoded_body)
        final = encode(msgspec.structs.replace(header, body_hash=body_hash(sealed)))
        signature = self._own.device.sign(Namespace.COMMIT, final)
        self._end = DeviceEnd(header.counter, commit_hash(final, signature))
        return Commit(final, signature, sealed)


def is_upkeep(commit: Commit) -> bool:
    """Whether a commit of our own only changes or hands on keys."""
    return parse_header(commit.header).kind in (Kind.ROTATE, Kind.BRIDGE)


def wraps_for(
    own: Own,
    roster: RosterState,
    log: LogId,
    generation: int,
    key: bytes,
    missing: Callable[[bytes], bool] = lambda recipient: True,
) -> list[Wrap]:
    """The key sealed to each reader's key in the verified roster: there is no other source of recipients."""
    return [
        Wrap(
            log.encode(),
            generation,
            key_id(identity.encryption),
            wrap(key, own.workspace, log, generation, identity.encryption),
        )
        for identity in recipients(roster, log).values()
        if missing(key_id(identity.encryption))
    ]
