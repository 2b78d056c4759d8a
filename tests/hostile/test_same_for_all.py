"""Whatever order things arrive in, and however a desk came by them: the same state at every desk (A46, A50)."""

from __future__ import annotations

import itertools

import pytest

from protocol import wire
from protocol.ids import LogId
from protocol.operations import Delete, Operation, Put
from tests.support.desks import Desk, World
from tests.support.lies import aside_reasons, forged, slip_in
from vault.roster import plan_remove
from vault.store import RecordKey

pytestmark = [pytest.mark.hostile]


def states(desk: Desk, log: LogId) -> list[object]:
    """Every record of a log, with conflicts and marks, as this desk folded it."""
    found = []
    for name in ("person", "deal"):
        with desk.vault.store.read() as tx:
            rows = tx.all(f'SELECT rid FROM "r_{name}"')
        for (rid,) in rows:
            assert isinstance(rid, bytes)
            record = desk.record(RecordKey(log, name, rid))
            if record is not None:
                conflicts = desk.vault.history.conflicts(record.key)
                kept = [(one.field, one.value, [value for value, _ in one.kept]) for one in conflicts]
                found.append((rid, dict(record.fields), record.deleted, kept))
    return sorted(found, key=repr)


@pytest.mark.A50
def test_A50_a_restored_vault_folds_what_its_former_device_wrote_as_all_do(world: World) -> None:
    """Two edits of one field wait in a backup; the first was sent by the device that the vault was then."""
    ann, ben = world.ann, world.member("ben")
    person = ann.add("person", name="Zoe")
    world.sync_all()
    folder = ann.vault.profile.folder
    ann.put(person, name="First")
    ann.vault.lock()
    backup = (folder / "vault.db").read_bytes()
    ann.open_again(folder)
    ann.sync()
    ann.vault.lock()
    for leftover in folder.glob("vault.db*"):
        leftover.unlink()
    (folder / "vault.db").write_bytes(backup)
    ann.open_again(folder)
    ann.put(person, name="Second")
    _, identity = ann.vault.open_account(ann.account.bundle, ann.account.derived)
    world.relay.append_roster(ann.vault.renew_device(identity))
    ann.reopen()
    world.sync_all()
    assert states(ann, person.log) == states(ben, person.log)
    with ann.vault.store.read() as tx:
        assert ann.exchange.desk.outbox.count(tx) == 0


@pytest.mark.A46
@pytest.mark.A29
@pytest.mark.parametrize("order", list(itertools.permutations(("roster", "commits", "wraps"))))
def test_set_aside_alike_in_whatever_order_a_cut_a_key_and_commits_come(
    world: World, order: tuple[str, ...]
) -> None:
    """Cee writes, is removed behind her newest commits, and the log gets a new key; Ben gets it all in pieces."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, cee = world.member("ben"), world.member("cee", "manager")
    ben.sync()
    ends = world.ann.exchange.ends_to_cut()
    late: list[list[Operation]] = [
        [Put("person", person.id, {"name": "Behind the cut"}, 0)],
        [Delete("person", person.id, 0)],
    ]
    for operations in late:
        slip_in(world, person.log, forged(cee, person.log, operations=operations))
        cee.pull()
    world.ann.pull()
    world.ann.change_roster(plan_remove(world.ann.vault.roster, ends, cee.member))
    world.ann.put(person, phone="+31 20 555")
    world.ann.sync()
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    empty = wire.PullPage(0, [], [], [], ben.exchange.cursor(), False)
    pieces = {
        "roster": wire.PullPage(page.roster_first, page.roster, [], [], empty.cursor, False),
        "wraps": wire.PullPage(0, [], page.wraps, [], empty.cursor, False),
        "commits": wire.PullPage(0, [], [], page.commits, empty.cursor, False),
    }
    for name in order:
        ben.fetch(ben.exchange.accept(pieces[name]).gaps)
    ben.sync()
    fresh = world.second_computer(world.ann)
    world.ann.sync()
    fresh.sync()
    for desk in (world.ann, ben, fresh):
        assert desk.field(person, "name") == "Zoe" and desk.field(person, "phone") == "+31 20 555"
        assert aside_reasons(desk) == {"cut-off"}
        assert states(desk, person.log) == states(world.ann, person.log)
        assert desk.exchange.stopped() == []


@pytest.mark.A42
def test_A42_what_a_removed_member_typed_is_kept_on_his_desk(world: World) -> None:
    """What was typed is never lost: it waits, is shown as waiting, and goes nowhere."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    cee = world.member("cee", "manager")
    cee.sync()
    ends = world.ann.exchange.ends_to_cut()
    cee.put(person, name="Typed in the train")
    world.ann.change_roster(plan_remove(world.ann.vault.roster, ends, cee.member))
    cee.pull()
    assert cee.field(person, "name") == "Typed in the train"
    with cee.vault.store.read() as tx:
        assert cee.exchange.desk.outbox.count(tx) == 1
    assert [reason for _, reason in cee.exchange.blocked()] == ["not-writer"]
