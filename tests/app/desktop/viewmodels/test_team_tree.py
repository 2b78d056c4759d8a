"""The tree of reports as rows, and the drafts beside it: no window, no desk."""

from __future__ import annotations

from app.desk import Team, TeamGroup, TeamMember, TeamRole
from app.desk.access_words import summarise
from app.desk.team import Membership
from app.desktop.viewmodels.catalogues import Catalogues
from app.desktop.viewmodels.sharing import Matrix, Sharing, role_union
from app.desktop.viewmodels.team_tree import TeamTree
from protocol.ids import Compartment, Level, Permission, Reach, Standing
from protocol.roster import Access
from protocol.state import MemberStatus


def the_id(number: int) -> bytes:
    return bytes([number]) * 16


def member(number: int, name: str, above: int = 0, *memberships: Membership) -> TeamMember:
    return TeamMember(
        the_id(number),
        name,
        Standing.MEMBER,
        MemberStatus.ACTIVE,
        the_id(above) if above else None,
        "",
        False,
        (),
        memberships,
    )


def team(*members: TeamMember, groups: tuple[TeamGroup, ...] = (), roles: tuple[TeamRole, ...] = ()) -> Team:
    return Team("Meridian", "", True, True, members, groups, roles, ())


ANN, BEN, CY, DEE, EVA = (
    member(1, "Ann"), member(2, "Ben", 1), member(3, "Cy", 2), member(4, "Dee", 2), member(5, "Eva", 9),
)  # fmt: skip


def names(tree: TeamTree) -> list[tuple[int, str]]:
    return [(row.depth, row.member.name) for row in tree.rows()]


def test_rows_are_depth_first_and_whoever_has_no_manager_here_stands_at_the_top() -> None:
    tree = TeamTree(team(ANN, BEN, CY, DEE, EVA))
    assert names(tree) == [(0, "Ann"), (1, "Ben"), (2, "Cy"), (2, "Dee"), (0, "Eva")]
    ann = tree.rows()[0]
    assert (ann.direct, ann.below, ann.detail) == (1, 3, "1 report, 3 people in all")
    assert tree.rows()[1].detail == "2 reports"


def test_folding_stays_with_another_team() -> None:
    tree = TeamTree(team(ANN, BEN, CY, DEE))
    tree.toggle(BEN.id)
    assert names(tree) == [(0, "Ann"), (1, "Ben")]
    again = TeamTree(team(ANN, BEN, CY, DEE, EVA))
    again.keep_folds(tree)
    assert names(again) == [(0, "Ann"), (1, "Ben"), (0, "Eva")]
    again.set_open(BEN.id, True)
    assert (2, "Cy") in names(again)


def test_a_search_shows_who_fits_with_those_above() -> None:
    tree = TeamTree(team(ANN, BEN, CY, DEE, EVA))
    tree.toggle(BEN.id)
    tree.search("dee")
    assert names(tree) == [(0, "Ann"), (1, "Ben"), (2, "Dee")]


def test_nobody_reports_to_himself_at_any_distance() -> None:
    tree = TeamTree(team(ANN, BEN, CY, DEE, EVA))
    assert not tree.may_move(ANN.id, CY.id)
    assert not tree.may_move(CY.id, BEN.id), "so it is already"
    assert tree.may_move(CY.id, DEE.id) and tree.may_move(CY.id, None)
    assert {one.name for one in tree.managers_for(BEN.id)} == {"Eva"}


def test_a_large_tree_begins_folded() -> None:
    people = [member(1, "Top")]
    people += [
        TeamMember(
            number.to_bytes(16, "big"), f"P{number:03}", Standing.MEMBER, MemberStatus.ACTIVE,
            the_id(1) if number < 300 else (256).to_bytes(16, "big"), "", False, (), (),
        )
        for number in range(256, 400)
    ]  # fmt: skip
    tree = TeamTree(team(*people))
    assert len(tree.rows()) == 1 + 44
    tree.set_open((256).to_bytes(16, "big"), True)
    assert len(tree.rows()) == 1 + 44 + 100


def group(number: int, name: str, served_by: int = 0) -> TeamGroup:
    return TeamGroup(the_id(number), name, False, (), True, the_id(served_by) if served_by else None)


def test_catalogues_have_no_chains_and_say_what_changes() -> None:
    draft = Catalogues(
        team(groups=(group(1, "East"), group(2, "West", 1), group(3, "North"), group(4, "South", 3))),
        the_id(2),
    )
    assert draft.source == the_id(1) and draft.served == {the_id(2)}
    assert [one.name for one in draft.sources] == ["East", "North"]
    assert "serves other groups" in draft.why_not(the_id(3))
    assert "uses the catalogue of North" in draft.why_not(the_id(4))
    assert draft.changes() == []
    draft.serve(the_id(2), False)
    assert draft.changes() == [(the_id(2), None)]
    assert draft.moves() == ["West uses its own catalogue again."]


REP = TeamRole(
    the_id(11),
    "Sales rep",
    summarise([Access(Compartment.SALES, Level.WRITE, Reach.OWN)]),
    Permission.DELETE,
)
READER = TeamRole(
    the_id(12),
    "Read only",
    summarise([Access(Compartment.SALES, Level.READ, Reach.GROUP)]),
    Permission.EXPORT,
)


def test_several_roles_add_up_as_the_roster_counts_them() -> None:
    both = role_union([REP, READER])
    assert "Reads all deals and quotes of the group, writes only their own." in both
    assert both[-1] == "May delete records and export."
    assert role_union([]) == ["Not in the group: sees nothing of it."]


def test_a_choice_of_several_roles_is_one_change() -> None:
    held = Membership(the_id(1), "East", (REP.id,), ("Sales rep",), REP.access)
    sharing = Sharing(
        team(member(2, "Ben", 0, held), member(3, "Cy"), groups=(group(1, "East"),), roles=(REP, READER)),
        the_id(1),
    )
    assert [line.member.name for line in sharing.rows] == ["Ben", "Cy"]
    sharing.want(the_id(2), [READER.id, REP.id])
    (change,) = sharing.changes
    assert change.roles == {REP.id, READER.id}
    assert sharing.moves() == ["Ben becomes Sales rep and Read only (was Sales rep)."]
    assert sharing.people == 1
    sharing.want(the_id(3), [READER.id])
    assert sharing.people == 2
    sharing.want(the_id(2), [REP.id])
    assert not sharing.is_changed(the_id(2))


def test_the_matrix_is_searched_by_person_and_by_group() -> None:
    held = Membership(the_id(1), "East", (REP.id,), ("Sales rep",), REP.access)
    whole = team(
        member(2, "Ben", 0, held),
        member(3, "Cy"),
        groups=(
            TeamGroup(the_id(1), "East", False, (the_id(2),), True),
            TeamGroup(the_id(4), "West", False, (), True),
        ),
        roles=(REP,),
    )
    assert [one.name for one in Matrix(whole, "ben").people] == ["Ben"]
    assert [one.name for one in Matrix(whole, "ben").groups] == ["East"]
    by_group = Matrix(whole, "eas")
    assert ([one.name for one in by_group.people], [one.name for one in by_group.groups]) == (
        ["Ben"],
        ["East"],
    )
    cell = by_group.cell(0, 0)
    assert cell is not None and cell.access == REP.access
