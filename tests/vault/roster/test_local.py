"""The verified roster of a desk: pinned to its genesis, never shorter, never different."""

from __future__ import annotations

import pytest

from protocol.roster import Entry
from vault.keys import DeviceKey, Identity
from vault.roster import (
    Forked,
    LocalRoster,
    NewWorkspace,
    RolledBack,
    RosterBroken,
    WrongWorkspace,
    join_roster,
    plan_create_workspace,
    plan_invite,
    sign_entries,
)

NOW = 1_800_000_000


def founded() -> tuple[list[Entry], DeviceKey, NewWorkspace]:
    device = DeviceKey.generate()
    plan = plan_create_workspace(Identity.generate(), device)
    entries, _ = sign_entries(None, plan.operations, device, NOW)
    return entries, device, plan


@pytest.mark.hostile
@pytest.mark.A13
def test_genesis_is_pinned() -> None:
    """A13: another genesis is another workspace."""
    (mine, _, _), (other, _, _) = founded(), founded()
    assert LocalRoster(mine[0].hash, mine).workspace == mine[0].hash
    for entries in (other, [], mine[1:]):
        with pytest.raises(WrongWorkspace):
            LocalRoster(mine[0].hash, entries)


def test_known_entries_are_skipped_and_new_ones_returned() -> None:
    entries, device, _ = founded()
    roster = LocalRoster(entries[0].hash, entries)
    more, _ = sign_entries(roster.state, plan_invite([], NOW).operations, device, NOW)
    taken = roster.extend(1, [*entries, *more])
    assert taken == [(len(entries) + 1, more[0])]
    assert roster.head == (len(entries) + 1, more[0].hash)


def test_two_branches_are_a_fork() -> None:
    entries, device, _ = founded()
    roster = LocalRoster(entries[0].hash, entries)
    one, _ = sign_entries(roster.state, plan_invite([], NOW).operations, device, NOW)
    two, after = sign_entries(roster.state, plan_invite([], NOW).operations, device, NOW)
    three, _ = sign_entries(after, plan_invite([], NOW).operations, device, NOW)
    roster.extend(len(entries) + 1, one)
    with pytest.raises(Forked):
        roster.extend(len(entries) + 1, two)
    with pytest.raises(Forked):
        roster.extend(len(entries) + 2, three)
    assert roster.head[1] == one[0].hash


def test_gap_and_bad_signature_are_refused() -> None:
    entries, device, _ = founded()
    roster = LocalRoster(entries[0].hash, entries)
    operations = [*plan_invite([], NOW).operations, *plan_invite([], NOW).operations]
    more, _ = sign_entries(roster.state, operations, device, NOW)
    with pytest.raises(RosterBroken) as refusal:
        roster.extend(len(entries) + 2, more[1:])
    assert refusal.value.code == "gap"
    with pytest.raises(RosterBroken) as refusal:
        roster.extend(len(entries) + 1, [Entry(more[0].body, bytes(64))])
    assert refusal.value.code == "signature"


def test_heads_behind_and_beside() -> None:
    entries, _, _ = founded()
    roster = LocalRoster(entries[0].hash, entries)
    position, head = roster.head
    roster.check_not_behind(position, head)
    roster.check_not_behind(position + 5, bytes(32))  # ahead: the pull will show
    with pytest.raises(RolledBack):
        roster.check_not_behind(position - 1, entries[-2].hash)
    with pytest.raises(Forked):
        roster.check_not_behind(position, bytes(32))


@pytest.mark.hostile
@pytest.mark.A45
def test_joiner_holds_the_links_head() -> None:
    """A45."""
    entries, _, _ = founded()
    workspace = entries[0].hash
    join_roster(workspace, len(entries), entries[-1].hash, entries)
    with pytest.raises(RolledBack):
        join_roster(workspace, len(entries), entries[-1].hash, entries[:-1])
    with pytest.raises(Forked):
        join_roster(workspace, len(entries) - 1, entries[-1].hash, entries)
