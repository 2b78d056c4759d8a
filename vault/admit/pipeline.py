"""Admission, commit by commit, inside one transaction of the vault.

    received -> (gap) | (known: must be the same) -> header stage -> inside stage -> folded
                              |                          |               |
                              +--- stopped: Forked       +- stopped      +- set aside, or waiting for its key

A log that stops keeps its code and text; other logs go on. What waits for a key is stored sealed and folded, in log
order, when the key comes. Roster entries that cut an author off set his later commits aside and fold again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.admission import LogState, advance, check_header, check_not_cut
from protocol.codes import CommitCode
from protocol.commit import Commit, Header, Kind, parse_commit, parse_header
from protocol.errors import CommitRefused, ProtocolError
from protocol.ids import DeviceId, LogId, MemberId
from protocol.operations import Body
from protocol.state import RosterState
from protocol.wire import SignedHeader, Wrap
from vault.admit.book import LogBook
from vault.admit.chains import Chains
from vault.admit.inside import AsideReason, SetAside, open_data
from vault.admit.keyring import Keyring
from vault.keys import EncryptionKey
from vault.roster.errors import Forked, LogBroken, TrustError
from vault.roster.local import LocalRoster
from vault.store import Changes, Folder, Logs, Outbox, Signed, Tx, refold

WAITING = AsideReason.WAITING.value
HEADERS_ONLY = "headers"
"""Kept in place of a reason for commits whose body this desk never had (an admin follows their headers)."""
ROTATE = "rotate"
NUMBER = "number"
BRIDGE = "bridge"
_KEPT_SEALED = {Kind.ROTATE: ROTATE, Kind.NUMBER: NUMBER, Kind.BRIDGE: BRIDGE}


@dataclass(frozen=True, slots=True)
class Context:
    """What admission works with: the desk's tables, roster and keys, and its own devices (now and before)."""

    logs: Logs
    folder: Folder
    outbox: Outbox
    roster: LocalRoster
    private: Sequence[EncryptionKey]
    device: DeviceId
    former: Sequence[DeviceId] = ()


class Admission:
    """One transaction's admissions. Call `finish` before it commits.

    `gaps` maps a log to the first position that is missing here; `stopped` to the error that stopped it.
    """

    def __init__(self, tx: Tx, context: Context) -> None:
        self._tx = tx
        self._context = context
        self._logs = context.logs
        self._roster = context.roster
        self.book = LogBook(tx, context.logs)
        self._keyring = Keyring(tx, context.logs, self.book, context.roster, context.private)
        self.changes = Changes()
        self.gaps: dict[LogId, int] = {}
        self.stopped: dict[LogId, TrustError] = {}
        self.named: dict[MemberId, int] = {}  # the newest roster position that each member's commits name
        self._refold: set[LogId] = set()
        self.chains = Chains(tx, context.logs)

    # what comes in

    def wraps(self, wraps: Sequence[Wrap]) -> None:
        """Keys come before the commits that need them, and may come long after."""
        for log in {log for wrap in wraps if (log := self._keyring.take_wrap(wrap)) is not None}:
            self._keys_came(log)

    def commit(self, log: LogId, position: int, commit: Commit) -> None:
        """Admit one commit at `position`; a gap, a stop or a known commit is no error here."""
        progress, state = self.book.progress(log), self.book.state(log)
        if progress.stopped or log in self.gaps:
            return
        if position > state.position + 1 or position > progress.opened + 1:
            self.gaps[log] = progress.opened + 1
            return
        try:
            if position <= state.position:
                self._known(log, position, commit)
                return
            header = parse_commit(commit)
            if not self._admit_header(log, state, header, commit.signature):
                self.gaps[log] = position
                return
        except (ProtocolError, TrustError) as error:
            self.stop(log, position, error)
            return
        self._inside(log, position, header, commit, kept=False)

    def header(self, log: LogId, position: int, signed: SignedHeader) -> None:
        """Follow a log without its key: an admin's desk pins the heads that its cut-offs name."""
        progress, state = self.book.progress(log), self.book.state(log)
        if progress.stopped or log in self.gaps:
            return
        if position > state.position + 1:
            self.gaps[log] = state.position + 1
            return
        try:
            if position <= state.position:
                self._same(log, position, signed.header, signed.signature)
                return
            header = parse_header(signed.header)
            if not self._admit_header(log, state, header, signed.signature):
                self.gaps[log] = position
                return
        except (ProtocolError, TrustError) as error:
            self.stop(log, position, error)
            return
        self._save(log, position, header, signed.header, signed.signature, None, HEADERS_ONLY)

    def read_back(self, log: LogId) -> None:
        """Open what the held keys of a log seal of others: keys that an earlier version took without noting whence."""
        self._keys_came(log)

    def roster_moved(self, before: RosterState) -> None:
        """Entries after `before` were taken: commits later than their cuts are set aside."""
        after = self._roster.state
        for device, cuts in after.cuts.items():
            known = before.cuts.get(device, {})
            for log, made in cuts.items():
                if made != known.get(log):
                    self._cut(log, device, min(cut.position for cut in made))

    def head_named(self, log: LogId, position: int, chain: bytes) -> None:
        """A roster entry names a head of `log`: where we have been there, it must be ours, else there are two pasts.
        Where we come only later, it is remembered until then."""
        try:
            self.chains.name(log, self.book.state(log).position, position, chain)
        except Forked as error:
            self.stop(log, position, error)

    def finish(self) -> None:
        """Fold again what has to be, and write the log book."""
        for log in sorted(self._refold):
            self.changes.merge(refold(self._tx, self._context.folder, log))
        self.book.save()

    # header stage

    def _admit_header(self, log: LogId, state: LogState, header: Header, signature: bytes) -> bool:
        """Check and advance; False where the header names a roster entry that has not come yet."""
        if header.roster_position > self._roster.state.position:
            return False
        try:
            check_header(state, header, signature, self._roster.history, lambda at: self.chains.at(log, at))
        except CommitRefused as error:
            if error.code in (CommitCode.SEEN_CHAIN, CommitCode.ROSTER_HASH):
                raise Forked(str(error)) from None
            raise
        after = advance(state, header, signature)
        author = self._roster.state.devices[header.author].member
        self.named[author] = max(self.named.get(author, 0), header.roster_position)
        self.chains.reached(after)
        self.book.advance(after)
        if header.kind is Kind.ROTATE:
            self.book.progress(log).rotates[header.generation] = after.position
        return True

    def _known(self, log: LogId, position: int, commit: Commit) -> None:
        """A commit that we have: the same, or a fork. Its body may be new to us."""
        self._same(log, position, commit.header, commit.signature)
        if position == self.book.progress(log).opened + 1:
            self._inside(log, position, parse_commit(commit), commit, kept=True)

    def _same(self, log: LogId, position: int, header: bytes, signature: bytes) -> None:
        if next(self._logs.headers(self._tx, log, position, position), None) != (header, signature):
            raise Forked(f"another commit at position {position}")

    def stop(self, log: LogId, position: int, error: ProtocolError | TrustError) -> None:
        """Nothing more is taken into this log; others go on."""
        progress = self.book.progress(log)
        progress.stopped, progress.detail = error.code, f"position {position}: {error}"
        trust = error if isinstance(error, TrustError) else LogBroken(progress.detail, error.code)
        self.stopped[log] = trust

    # inside stage

    def _inside(self, log: LogId, position: int, header: Header, commit: Commit, *, kept: bool) -> None:
        """Judge a body that came with its header, or after it (`kept`)."""
        progress = self.book.progress(log)
        progress.opened = position
        body, aside, salt = commit.body, "", None
        opened: Body | None = None
        if header.kind is Kind.DATA:
            if header.generation not in self.book.keys(log):
                aside = WAITING
                progress.waiting = progress.waiting or position
            else:
                opened, body, aside, salt = self._judge(header, position, commit.body)
        else:
            aside = _KEPT_SEALED[header.kind]
        if kept:
            self._logs.fill(self._tx, log, position, body, aside, salt)
        else:
            self._save(log, position, header, commit.header, commit.signature, body, aside, salt)
        if header.kind is Kind.DATA:
            if aside != WAITING:
                self._count(log, position, header, commit, opened, aside)
        else:
            if header.author == self._context.device:
                self._context.outbox.done(self._tx, log, header.counter)
            if header.kind is Kind.ROTATE and self._keyring.rotate_read(log, header.generation):
                self._keys_came(log)
            elif header.kind is Kind.BRIDGE:
                progress.bridges[position] = header.generation
                if header.generation in self.book.keys(log):
                    self._keys_came(log)

    def _judge(
        self, header: Header, position: int, sealed: bytes
    ) -> tuple[Body | None, bytes, str, bytes | None]:
        """(operations, their zstd frame, "", the seal's salt) or (None, the sealed bytes, the reason, None)."""
        state, author = self._author(header)
        try:
            check_not_cut(self._roster.state, header, position)
            key = self.book.keys(header.log_id)[header.generation]
            body, opened = open_data(header, key, sealed, state, author)
        except CommitRefused:
            return None, sealed, AsideReason.CUT_OFF.value, None
        except SetAside as aside:
            return None, sealed, aside.reason.value, None
        return body, opened.frame, "", opened.salt

    def _count(
        self, log: LogId, position: int, header: Header, commit: Commit, body: Body | None, aside: str
    ) -> None:
        """Fold what counts, in log order; end or reject own parts."""
        folder, own = self._context.folder, self._is_own(header)
        if own and body is not None:
            self._find_own_part(log, header, commit, body)
        if body is None:
            if header.author == self._context.device:  # counters of a former device are not those of this one
                self.changes.merge(folder.reject(self._tx, log, header.counter, aside))
            return
        progress = self.book.progress(log)
        if header.author in self._context.former:
            self._refold.add(log)  # others fold it as that device's: so do we, once our part has ended
        if position <= progress.folded:
            self._refold.add(log)
            if not own:
                return
        progress.folded = max(position, progress.folded)
        _, member = self._author(header)
        device = self._context.device if own else header.author
        folder.apply(self._tx, log, position, member, device, header.counter, body, self.changes)

    def _find_own_part(self, log: LogId, header: Header, commit: Commit, body: Body) -> None:
        """A copy of an own part that was signed in an earlier round (or by the device that this vault was before a
        backup) ends that part too: what waits beside it gets new counters when it is signed again."""
        outbox, tx = self._context.outbox, self._tx
        waiting = outbox.part_of(tx, log, header.counter)
        if waiting is not None and (waiting.action, waiting.part) == (body.action, body.part):
            return
        found = next(
            (
                part
                for part in outbox.waiting(tx, log)
                if (part.action, part.part) == (body.action, body.part)
            ),
            None,
        )
        if found is None:
            return
        for signed in outbox.signed(tx, log):
            outbox.unsign(tx, log, signed.counter)
        entry = Signed(log, header.counter, found.id, commit.header, commit.signature, commit.body, b"")
        outbox.store_signed(tx, entry)

    def _keys_came(self, log: LogId) -> None:
        """Open what has waited, in log order. What lies behind something folded already is folded again."""
        self._keyring.read_back(log)
        progress = self.book.progress(log)
        if not progress.waiting:
            return
        first_left = 0
        for position in self._logs.waiting(self._tx, log, WAITING, progress.waiting):
            stored = self._logs.commit(self._tx, log, position)
            assert stored is not None and stored.body is not None
            header = parse_header(stored.header)
            if header.generation not in self.book.keys(log):
                first_left = first_left or position
                continue
            body, kept, aside, salt = self._judge(header, position, stored.body)
            self._logs.fill(self._tx, log, position, kept, aside, salt)
            commit = Commit(stored.header, stored.signature, stored.body)
            self._count(log, position, header, commit, body, aside)
        progress.waiting = first_left

    def _cut(self, log: LogId, device: DeviceId, end: int) -> None:
        """Set aside what `device` wrote on `log` after `end`, where a cut binds it."""
        reason = AsideReason.CUT_OFF.value
        self._keyring.cut_bridges(log, end)
        for stored in list(self._logs.commits(self._tx, log, end + 1, aside=False)):
            if stored.device != device:
                continue
            try:
                check_not_cut(self._roster.state, parse_header(stored.header), stored.position)
            except CommitRefused:
                self._logs.set_aside(self._tx, log, stored.position, reason)
                self._refold.add(log)

    def _is_own(self, header: Header) -> bool:
        return header.author == self._context.device or header.author in self._context.former

    def _author(self, header: Header) -> tuple[RosterState, MemberId]:
        state = self._roster.history.at(header.roster_position)
        return state, state.devices[header.author].member

    def _save(
        self,
        log: LogId,
        position: int,
        header: Header,
        encoded: bytes,
        signature: bytes,
        body: bytes | None,
        aside: str,
        salt: bytes | None = None,
    ) -> None:
        _, member = self._author(header)
        tx = self._tx
        self._logs.save_commit(
            tx, log, position, member, header.author, encoded, signature, body, aside, salt
        )
