"""What previews, refusals and waiting keys say: on real desks, against what then holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk, NotAllowed, RoleChange
from app.desk.audit_sources import event_lines
from protocol.ids import Standing
from tests.support.real_desks import Office, wait_until
from vault.roster import MANAGER


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def first_group(desk: Desk) -> bytes:
    return desk.team().groups[0].id


def test_a_preview_counts_the_records_behind_it(office: Office) -> None:
    ann = office.found()
    group = first_group(ann)
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, office.role(ann, "Assistant"))])
    with ann.editor.action() as action:
        for number in range(3):
            action.create("deal", ann.home_for("deal", group), {"name": f"Deal {number}"})
        action.create("company", ann.home_for("company", group), {"name": "Cranes"})
    gained = ann.actions.preview_role(ben.me, group, office.role(ann, "Manager"))
    assert gained.gains == (
        "Ben Brouwer will read and write all products, prices and pipelines, deals and quotes and costs and "
        "margins of Everyone: 3 deals.",
    )
    lost = ann.actions.preview_remove(ben.me)
    assert lost.losses[0].endswith("of Everyone: 1 company.")


def test_whoever_may_not_is_told_before_anything_is_signed(office: Office) -> None:
    ann = office.found()
    group = first_group(ann)
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, office.role(ann, "Read only"))])
    position = ben.vault.roster.position
    with pytest.raises(NotAllowed, match="Ask Ann Achterberg"):
        ben.actions.preview_remove(ann.me)
    with pytest.raises(NotAllowed, match="needs an admin, or a role that may manage it"):
        ben.actions.preview_role(ben.me, group, office.role(ben, "Manager"))
    with pytest.raises(NotAllowed, match="Only an owner"):
        ben.actions.preview_managers_read_reports(True)
    with pytest.raises(NotAllowed, match="last owner"):
        ann.actions.preview_leave()
    assert ben.vault.roster.position == position


def test_several_roles_add_up_and_one_is_taken_away(office: Office) -> None:
    ann = office.found()
    group = first_group(ann)
    rep, reader = office.role(ann, "Sales rep"), office.role(ann, "Read only")
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, rep)])
    ann.actions.set_roles([RoleChange(ben.me, group, frozenset([rep, reader]))])
    (here,) = ann.team().member(ben.me).memberships
    assert set(here.role_names) == {"Sales rep", "Read only"}
    assert {one.title: one.short for one in here.access}["Sales"] == "Reads; writes own"
    ann.actions.set_roles([RoleChange(ben.me, group, frozenset([reader]))])
    (here,) = ann.team().member(ben.me).memberships
    assert here.role_names == ("Read only",)


def test_a_right_without_its_key_shows_as_waiting_and_taking_it_back_undoes_nothing(office: Office) -> None:
    """Ann manages the roster and reads nothing of the second group; Ben has its key and is away."""
    ann = office.found()
    first = first_group(ann)
    manager = office.role(ann, MANAGER.name)
    ben = office.join(ann, "ben", "Ben Brouwer", [(first, manager)])
    cy = office.join(ann, "cy", "Cy Castellanos", [(first, manager)])
    second = ann.actions.create_group("West", [(ben.me, manager)])
    wait_until(lambda: ben.sync_now() and second in {one.id for one in ben.group_choices("deal")})
    with ben.editor.action() as action:
        action.create("deal", ben.home_for("deal", second), {"name": "Cranes"})
    assert ben.sync_now()
    ben.stop_sync()
    ann.actions.set_role(cy.me, second, manager)
    assert ann.sync_now()
    waits = [one for one in ann.team_view.approvals() if one.kind.name == "KEY" and one.member == cy.me]
    assert waits and "Pending until Ben Brouwer is online" in waits[0].text
    assert "deals and quotes of West" in waits[0].text
    assert cy.sync_now() and cy.records.by_log("deal") == {}
    assert ben.sync_now()  # his Tacit hands the key over by itself
    wait_until(lambda: cy.sync_now() and sum(cy.records.by_log("deal").values()) == 1)

    def waits_at_bens() -> bool:
        return any(one.kind.name == "KEY" and one.member == cy.me for one in ben.team_view.approvals())

    wait_until(lambda: ben.sync_now() and not waits_at_bens())


def test_what_was_never_begun_was_never_readable(office: Office) -> None:
    ann = office.found()
    group = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, office.role(ann, "Manager"))])
    words = ann.actions.preview_role(ben.me, group, None)
    assert words.losses
    assert words.notes == (
        "No key was handed to Ben Brouwer so far: what is taken back here was never readable.",
    )
    invited = ann.actions.invite("Eva Novak", [(group, office.role(ann, "Manager"))])
    not_in = ann.actions.preview_role(invited.member, group, None)
    assert "has not been let in yet" in not_in.notes[0]


def test_an_admin_is_made_an_owner_and_a_plain_member_again(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    for standing in (Standing.ADMIN, Standing.OWNER, Standing.MEMBER):
        ann.actions.set_standing(ben.me, standing)
        assert ann.team().member(ben.me).standing is standing


def test_small_groups_are_no_groups_of_the_team(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    ben.actions.create_small_group([ben.me], office.role(ben, "Manager"))
    assert ann.sync_now()
    assert len(ann.vault.roster.groups) == 2
    assert [one.name for one in ann.team().groups] == ["Everyone"]
    assert ann.team().private_places == 1
    assert [one.group_name for one in ann.team().member(ben.me).memberships] == ["Everyone"]


def test_requests_for_roles_stand_in_the_audit_trail(office: Office) -> None:
    ann = office.found()
    group = first_group(ann)
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, office.role(ann, "Read only"))])
    assert ben.asking.ask(group, office.role(ben, "Manager"))
    ben.asking.withdraw(ben.asking.open()[0])
    words = {line.words for line in event_lines(ben.events.all(), ben.name)}
    assert words == {"asked to be Manager in Everyone", "took a request for a role back"}
