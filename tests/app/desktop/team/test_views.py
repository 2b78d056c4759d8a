"""What the Team page says, without a window: expiry, codes of roles, the draft of an invitation and of a role."""

from __future__ import annotations

import pytest

from app.desk import Team, TeamRole
from app.desk.access_words import summarise
from app.desktop.viewmodels.inviting import InviteDraft, code_groups
from app.desktop.viewmodels.role_draft import RoleDraft, Sight
from app.desktop.viewmodels.sharing import role_codes
from app.desktop.viewmodels.team_rows import DAY, HOUR, expiry_words
from protocol.ids import Compartment, Level, Permission, Reach
from protocol.roster import Access


def role(number: int, name: str, *accesses: Access) -> TeamRole:
    return TeamRole(bytes([number]) * 16, name, summarise(accesses), Permission(0))


def team(*roles: TeamRole) -> Team:
    return Team("Meridian", "", True, True, (), (), roles, ())


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (14 * DAY, "for 14 more days"),
        (5 * HOUR + 60, "for 5 more hours"),
        (HOUR + 1, "for 1 more hour"),
        (600, "for less than an hour"),
        (-DAY, "ended on"),
    ],
)
def test_how_long_an_invitation_is_open(left: int, words: str) -> None:
    now = 1_790_000_000
    assert expiry_words(now + left, now).startswith(words)


def test_codes_of_roles_are_short_and_never_the_same() -> None:
    roles = (role(1, "Sales rep"), role(2, "Sales rookie"), role(3, "Manager"), role(4, "Marketing"))
    codes = role_codes(roles)
    assert codes[roles[0].id] == "SR"
    assert len(set(codes.values())) == len(roles)


def test_an_invitation_needs_a_name_and_warns_without_a_group() -> None:
    draft = InviteDraft.start(team(role(1, "Sales rep")))
    assert draft.problem()
    assert "names of the team" in draft.warning()
    draft.name = "Ben Brouwer"
    assert draft.problem() == ""


def test_a_code_is_read_out_in_its_groups() -> None:
    assert code_groups("04000-ABCDE-7F") == ["04000", "ABCDE", "7F"]
    assert code_groups("ABCDEFGHIJ") == ["ABCD", "EFGH", "IJ"]


def test_a_role_draft_says_what_it_adds_up_to() -> None:
    draft = RoleDraft(team())
    draft.see(Compartment.SALES, Sight.READ_WRITE_OWN)
    assert Access(Compartment.SALES, Level.READ, Reach.GROUP) in draft.accesses()
    assert Access(Compartment.SALES, Level.WRITE, Reach.OWN) in draft.accesses()
    assert "Reads all deals and quotes of the group, writes only their own." in draft.sentences()


def test_writing_the_catalogue_and_the_permission_go_together() -> None:
    draft = RoleDraft(team())
    draft.see(Compartment.CATALOGUE, Sight.WRITE)
    assert Permission.MANAGE_CATALOGUE in draft.permissions
    draft.allow(Permission.MANAGE_CATALOGUE, False)
    assert draft.sight[Compartment.CATALOGUE] is Sight.READ


def test_a_role_that_is_shown_again_is_unchanged() -> None:
    held = role(
        1,
        "Sales rep",
        Access(Compartment.CATALOGUE, Level.READ, Reach.GROUP),
        Access(Compartment.SALES, Level.WRITE, Reach.OWN),
    )
    draft = RoleDraft.of(team(held), held)
    assert not draft.is_changed
    draft.see(Compartment.MARGINS, Sight.READ)
    assert draft.is_changed
