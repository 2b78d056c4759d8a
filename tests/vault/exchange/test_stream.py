"""The stream of a lying server: dropped, replayed, reordered, doubled, rolled back, forked. And what stays shut."""

from __future__ import annotations

import copy
from collections.abc import Callable

import msgspec
import pytest

from protocol import wire
from protocol.codec import encode
from protocol.commit import Commit
from protocol.ids import LogId, Standing
from protocol.roster import Entry, EntryBody, RosterOperation
from protocol.signing import Namespace
from protocol.wire import PlacedCommit, PullPage
from tests.support.desks import Desk, World
from tests.support.lies import slip_in
from vault.exchange import Forked, LogBroken, RestoredBackup, RolledBack, RosterBroken
from vault.roster import LogEnd, plan_expire, plan_invite, plan_remove
from vault.store import RecordKey


def prepared(world: World) -> tuple[Desk, RecordKey]:
    """Ben has seen a record; three changes of it wait for him at the relay."""
    person = world.ann.add("person", name="Zoe 0")
    world.ann.sync()
    ben = world.member("ben")
    for number in (1, 2, 3):
        world.ann.put(person, name=f"Zoe {number}")
        world.ann.push()
    return ben, person


def mangled(world: World, change: Callable[[list[PlacedCommit]], list[PlacedCommit]]) -> None:
    def mangle(page: PullPage) -> PullPage:
        return msgspec.structs.replace(page, commits=change(page.commits))

    world.relay.mangle = mangle


def honest(world: World) -> None:
    world.relay.mangle = lambda page: page


def replaced_commit(page: list[PlacedCommit], at: int, like: int) -> list[PlacedCommit]:
    """The commit of another place, under the position of this one."""
    wrong = PlacedCommit(page[at].log, page[at].position, page[like].commit)
    return [*page[:at], wrong, *page[at + 1 :]]


@pytest.mark.hostile
@pytest.mark.A11
def test_dropped_commit_is_noticed_and_fetched(world: World) -> None:
    """A11: one commit dropped and later ones shown: the gap is asked for, nothing behind it is taken before."""
    ben, person = prepared(world)
    mangled(world, lambda page: page[:1] + page[2:])
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    accepted = ben.exchange.accept(page)
    assert [(gap.log, gap.from_position) for gap in accepted.gaps] == [(person.log, 4)]
    assert ben.field(person, "name") == "Zoe 1"
    honest(world)
    ben.sync()
    assert ben.field(person, "name") == "Zoe 3"


def test_gap_is_remembered_over_a_restart(world: World) -> None:
    ben, person = prepared(world)
    mangled(world, lambda page: page[:1] + page[2:])
    ben.exchange.accept(world.relay.pull(ben.member, ben.exchange.cursor()))
    honest(world)
    ben.reopen()
    ben.pull()
    assert ben.field(person, "name") == "Zoe 3"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda page: replaced_commit(page, 0, 1), id="reordered"),
        pytest.param(lambda page: replaced_commit(page, 1, 0), id="replayed"),
        pytest.param(
            lambda page: [*page, replaced_commit(page, 2, 2)[2], replaced_commit(page, 1, 0)[1]], id="twice"
        ),
    ],
)
@pytest.mark.hostile
@pytest.mark.A11
def test_stream_out_of_order_stops_the_log(
    world: World, change: Callable[[list[PlacedCommit]], list[PlacedCommit]]
) -> None:
    """A11: a commit at another's place breaks the chain of its device: the log stops and says so."""
    ben, person = prepared(world)
    mangled(world, change)
    ben.pull()
    stopped = ben.exchange.stopped()
    assert [stop.log for stop in stopped] == [person.log]
    assert isinstance(stopped[0].error, LogBroken | Forked)


def test_same_commit_twice_is_taken_once(world: World) -> None:
    ben, person = prepared(world)
    mangled(world, lambda page: page + page)
    ben.pull()
    assert ben.exchange.stopped() == []
    assert ben.field(person, "name") == "Zoe 3"
    assert len(ben.vault.history.history(person)) == 4


def test_other_logs_go_on_when_one_stops(world: World) -> None:
    ben, person = prepared(world)
    deal = world.ann.add("deal", title="Roof")
    world.ann.sync()
    mangled(world, lambda page: replaced_commit(page, 0, 1))
    ben.pull()
    assert [stop.log for stop in ben.exchange.stopped()] == [person.log]
    assert ben.field(deal, "title") == "Roof"
    ben.put(person, name="Waits")
    ben.put(deal, title="Roof and walls")
    honest(world)
    ben.push()
    assert ben.exchange.blocked() == [(person.log, "stopped")]
    world.ann.sync()
    assert world.ann.field(deal, "title") == "Roof and walls"


@pytest.mark.hostile
@pytest.mark.A21
@pytest.mark.A36
def test_commit_of_another_log_is_refused(world: World) -> None:
    """A21, A36: what was sealed for one home cannot be shown in another."""
    person = world.ann.add("person", name="Zoe")
    deal = world.ann.add("deal", title="Roof")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Zoe 2")
    world.ann.push()
    mangled(
        world,
        lambda page: [PlacedCommit(deal.log.encode(), 3, placed.commit) for placed in page],
    )
    ben.pull()
    assert [stop.log for stop in ben.exchange.stopped()] == [deal.log]
    assert ben.field(deal, "title") == "Roof"


@pytest.mark.hostile
@pytest.mark.A33
def test_rolled_back_log_is_refused(world: World) -> None:
    """A33: the server comes back with an older log."""
    ben, person = prepared(world)
    ben.sync()
    held = world.relay.logs[person.log]
    heads = world.relay.heads(ben.member)
    shorter = [
        wire.LogHead(head.log, 3, held.chains[2], 1) if LogId.decode(head.log) == person.log else head
        for head in heads.logs
    ]
    with pytest.raises(RolledBack):
        ben.exchange.accept_heads(msgspec.structs.replace(heads, logs=shorter))
    hidden = [head for head in heads.logs if LogId.decode(head.log) != person.log]
    with pytest.raises(RolledBack):
        ben.exchange.accept_heads(msgspec.structs.replace(heads, logs=hidden))
    other = [msgspec.structs.replace(head, chain=bytes(32)) for head in heads.logs]
    with pytest.raises(Forked):
        ben.exchange.accept_heads(msgspec.structs.replace(heads, logs=other))


@pytest.mark.hostile
@pytest.mark.A33
def test_rolled_back_roster_and_cursor_are_refused(world: World) -> None:
    """A33: an older roster, or a cursor that goes back."""
    ben, _ = prepared(world)
    ben.sync()
    heads = world.relay.heads(ben.member)
    older = world.relay.history.hash_at(3)
    with pytest.raises(RolledBack):
        ben.exchange.accept_heads(msgspec.structs.replace(heads, roster_position=3, roster_hash=older))
    with pytest.raises(Forked):
        ben.exchange.accept_heads(msgspec.structs.replace(heads, roster_hash=bytes(32)))
    with pytest.raises(RolledBack):
        ben.exchange.accept(wire.PullPage(0, [], [], [], ben.exchange.cursor() - 1, False))


@pytest.mark.parametrize("length", [1, 2, 300])
@pytest.mark.hostile
@pytest.mark.A33
def test_fork_shows_when_the_branches_touch(world: World, length: int) -> None:
    """A33: two desks are shown two pasts of a log; the first commit that crosses over gives it away."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, cy = world.member("ben"), world.member("cy")
    branch = copy.deepcopy(world.relay)  # another past, for Ben and Cy
    for number in range(length - 1):
        world.ann.put(person, phone=str(number))
    world.ann.put(person, name="Only Ann's branch")
    world.ann.push()
    world.relay, original = branch, world.relay
    ben.put(person, name="Only Ben's branch")
    ben.push()
    cy.pull()
    cy.put(person, phone="1")
    cy.push()
    crossing = branch.logs[person.log].commits[-1]
    world.relay = original
    slip_in(world, person.log, crossing)
    world.ann.pull()
    stopped = world.ann.exchange.stopped()
    assert [(stop.log, type(stop.error)) for stop in stopped] == [(person.log, Forked)]
    assert world.ann.field(person, "name") == "Only Ann's branch"


@pytest.mark.hostile
@pytest.mark.A33
def test_head_in_a_roster_entry_shows_a_fork(world: World) -> None:
    """A33: the heads that an admin's cuts name are compared with ours: his desk was shown another past."""
    ben, person = prepared(world)
    ben.pull()
    dee = world.member("dee")
    ends = world.ann.exchange.log_ends()
    ends[person.log] = LogEnd(ends[person.log].position, bytes(range(32)))
    world.ann.change_roster(plan_remove(world.ann.vault.roster, ends, dee.member))
    ben.pull()
    assert [(stop.log, type(stop.error)) for stop in ben.exchange.stopped()] == [(person.log, Forked)]


def test_fork_of_the_roster_is_refused(world: World) -> None:
    ben = world.member("ben")
    branch = copy.deepcopy(world.relay)
    world.invite("cy")
    ben.pull()
    world.relay, original = branch, world.relay
    entries, _ = _signed(world.ann, ben.vault.roster.position)
    with pytest.raises(Forked):
        ben.exchange.accept(
            PullPage(ben.vault.roster.position, entries, [], [], ben.exchange.cursor(), False)
        )
    world.relay = original


def _signed(desk: Desk, position: int) -> tuple[list[Entry], bytes]:
    """An entry at `position` that was never sent, on the same past."""
    body = desk.world.relay.history.entry(position - 1)
    state = desk.vault.roster
    made = EntryBody(1, state.workspace, position, body.hash, desk.vault.device, 0, _expire(desk))
    encoded = encode(made)
    return [Entry(encoded, desk.vault.own.device.sign(Namespace.ROSTER_ENTRY, encoded))], encoded


def _expire(desk: Desk) -> RosterOperation:
    return plan_expire(next(iter(desk.vault.roster.invitations)))[0]


def is_restored(desk: Desk) -> bool:
    return desk.exchange.restored


@pytest.mark.hostile
@pytest.mark.A33
def test_restored_backup_is_noticed(world: World) -> None:
    """A33: the vault's file was put back from a backup: it reads, and writes only under a new device key."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    world.member("ben")
    desk = world.ann
    folder = desk.vault.profile.folder
    desk.vault.lock()
    backup = (folder / "vault.db").read_bytes()
    desk.open_again(folder)
    desk.put(person, name="After the backup")
    desk.sync()
    desk.vault.lock()
    for leftover in folder.glob("vault.db*"):
        leftover.unlink()
    (folder / "vault.db").write_bytes(backup)
    desk.open_again(folder)
    assert is_restored(desk)
    desk.pull()
    assert desk.field(person, "name") == "After the backup"
    desk.put(person, phone="1")
    with pytest.raises(RestoredBackup):
        desk.push()
    with pytest.raises(RestoredBackup):
        desk.exchange.sign_roster(plan_invite([], 0).operations)
    desk.reopen()
    assert is_restored(desk)  # it does not go away by itself
    _, identity = desk.vault.open_account(desk.account.bundle, desk.account.derived)
    append = desk.vault.renew_device(identity)
    world.relay.append_roster(append)
    desk.reopen()
    desk.sync()
    assert not is_restored(desk)
    assert not desk.shown(person).pending
    other = world.desks[1]
    other.sync()
    assert (other.field(person, "name"), other.field(person, "phone")) == ("After the backup", "1")


def test_edit_of_the_backup_that_was_sent_is_not_sent_again(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    desk = world.ann
    folder = desk.vault.profile.folder
    desk.put(person, name="Waits in the backup")
    desk.vault.lock()
    backup = (folder / "vault.db").read_bytes()
    desk.open_again(folder)
    desk.sync()
    desk.vault.lock()
    for leftover in folder.glob("vault.db*"):
        leftover.unlink()
    (folder / "vault.db").write_bytes(backup)
    desk.open_again(folder)
    assert desk.exchange.restored
    desk.pull()
    assert not desk.shown(person).pending
    assert desk.field(person, "name") == "Waits in the backup"
    assert desk.exchange.next_push(10, 1 << 20) is None
    assert len(desk.vault.history.history(person)) == 2


def test_page_that_fails_leaves_nothing(world: World) -> None:
    """A roster entry that nobody may have made: the whole page is refused, and a restart finds the same state."""
    ben, person = prepared(world)
    before = (ben.exchange.cursor(), ben.exchange.roster_head(), ben.exchange.log_ends())
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    good = world.relay.history.entry(world.relay.history.position)
    bad = Entry(good.body, bytes(64))
    position = ben.exchange.roster_head()[0]
    false = msgspec.structs.replace(page, roster_first=position + 1, roster=[bad])
    with pytest.raises((RosterBroken, Forked)):
        ben.exchange.accept(false)
    assert (ben.exchange.cursor(), ben.exchange.roster_head(), ben.exchange.log_ends()) == before
    ben.reopen()
    assert (ben.exchange.cursor(), ben.exchange.roster_head(), ben.exchange.log_ends()) == before
    ben.sync()
    assert ben.field(person, "name") == "Zoe 3"


@pytest.mark.parametrize("lie", [Commit(b"", b"", b""), Commit(b"\xc0", bytes(64), bytes(200))])
@pytest.mark.hostile
@pytest.mark.A16
def test_empty_and_null_commits_stop_the_log(world: World, lie: Commit) -> None:
    """A16: null and truncated blobs are no commits. The log can be tried again: nothing of the lie was kept."""
    ben, person = prepared(world)
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    false = [PlacedCommit(page.commits[0].log, page.commits[0].position, lie)]
    ben.exchange.accept(msgspec.structs.replace(page, commits=false))
    assert [stop.log for stop in ben.exchange.stopped()] == [person.log]
    ben.exchange.resume(person.log)
    ben.pull()
    assert ben.exchange.stopped() == []
    assert ben.field(person, "name") == "Zoe 3"


def test_page_that_fails_after_its_roster_leaves_the_roster_as_it_was(world: World) -> None:
    """All or nothing: good entries in a page whose commits are nonsense are not kept in memory either."""
    ben, person = prepared(world)
    world.invite("somebody")
    before = ben.exchange.roster_head()
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    nonsense = msgspec.structs.replace(page, commits=[PlacedCommit(b"?", 1, page.commits[0].commit)])
    with pytest.raises(LogBroken):
        ben.exchange.accept(nonsense)
    assert ben.exchange.roster_head() == before
    ben.pull()
    assert ben.exchange.roster_head() == world.ann.exchange.roster_head()
    assert ben.field(person, "name") == "Zoe 3"


def test_commit_that_names_a_roster_to_come_waits_for_it(world: World) -> None:
    """A page of a log may be newer than the roster that was pulled: that is no lie, and nothing stops."""
    ben, person = prepared(world)
    ben.pull()
    world.invite("somebody")
    world.ann.put(person, name="After the invitation")
    world.ann.push()
    page = world.relay.log(ben.member, person.log, 6)
    accepted = ben.exchange.accept_log(person.log, page)
    assert accepted.stopped == []
    assert [(gap.log, gap.from_position) for gap in accepted.gaps] == [(person.log, 6)]
    ben.sync()
    assert ben.field(person, "name") == "After the invitation"


def test_headers_with_a_gap_are_not_taken(world: World) -> None:
    ben, person = prepared(world)
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.ann.sync()
    eve.pull()
    page = world.relay.headers(person.log, 3)
    accepted = eve.exchange.accept_headers(person.log, page)
    assert accepted.stopped == []
    assert person.log not in eve.exchange.log_ends() or eve.exchange.log_ends()[person.log].position == 0
    eve.sync()
    ben.sync()
    assert eve.exchange.log_ends()[person.log] == ben.exchange.log_ends()[person.log]
