"""Own logs and the tree of reports, on real desks: who reads whose deals, and what moves when somebody moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import (
    AcceptInvitation,
    Desk,
    Invited,
    Invitee,
    accept_invitation,
    member_value,
    read_invitation,
)
from app.desk.entering import enter
from protocol.access import home_log, readers
from protocol.ids import Compartment, GroupId, Level, LogId, MemberId, Permission, Reach
from protocol.roster import Access
from sync_client import SyncError
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.store import Query, RecordKey

LEAD = (
    Access(Compartment.CATALOGUE, Level.READ, Reach.GROUP),
    Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP),
    Access(Compartment.SALES, Level.WRITE, Reach.OWN),
)


class Sales:
    """Ann, the owner; the leads Lia and Leo; the reps Ros (of Lia) and Rik (of Leo), invited all at once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ann = office.found()
        self.group: GroupId = self.ann.team().groups[0].id
        self.ann.actions.define_role("Team lead", LEAD, Permission(0))
        self.ann.actions.managers_read_reports(True)
        lead = ((self.group, office.role(self.ann, "Team lead")),)
        rep = ((self.group, office.role(self.ann, "Sales rep")),)
        people = [
            Invitee("Lia", lead),
            Invitee("Leo", lead),
            Invitee("Ros", rep, reports_to=0),
            Invitee("Rik", rep, reports_to=1),
        ]
        self.invited = dict(
            zip(("lia", "leo", "ros", "rik"), self.ann.actions.invite_all(people), strict=True)
        )

    def id_of(self, handle: str) -> MemberId:
        return self.invited[handle].member

    def log_of(self, handle: str) -> LogId:
        return LogId(self.group, Compartment.SALES, self.id_of(handle))

    def deal(self, author: Desk, handle: str, name: str) -> RecordKey:
        owner = self.id_of(handle)
        with author.editor.action() as action:
            home = author.home_for("deal", self.group, owner)
            return action.create("deal", home, {"name": name, "owner": member_value(owner)})

    def join(self, handle: str, name: str = "") -> Desk:
        link: Invited = self.invited[handle]
        wanted = AcceptInvitation(read_invitation(link.link), handle, PASSWORD, name)
        desk = accept_invitation(wanted, self.office.place(handle)).desk
        self.office.desks[handle] = desk
        return desk

    def all_join(self) -> dict[str, Desk]:
        desks = {handle: self.join(handle) for handle in self.invited}
        assert self.ann.sync_now()
        for desk in desks.values():
            wait_until(lambda d=desk: d.sync_now() and d.is_member)  # type: ignore[misc]
        return desks


@pytest.fixture
def sales(tmp_path: Path, fast_kdf: None) -> Iterator[Sales]:
    office = Office(tmp_path)
    yield Sales(office)
    office.close()


def names(desk: Desk) -> set[object]:
    return {record.fields.get("name") for record in desk.records.each(Query("deal"))}


def test_own_logs_are_filled_before_their_owners_join(sales: Sales) -> None:
    for handle in ("ros", "rik", "lia"):
        assert sales.deal(sales.ann, handle, f"of {handle}").log == sales.log_of(handle)
    desks = sales.all_join()
    wait_until(lambda: names(desks["lia"]) == {"of lia", "of ros"})
    wait_until(lambda: names(desks["ros"]) == {"of ros"})
    wait_until(lambda: names(desks["rik"]) == {"of rik"} == names(desks["leo"]))
    assert names(sales.ann) == {"of ros", "of rik", "of lia"}
    with desks["rik"].vault.store.read() as tx:
        held = set(desks["rik"].vault.exchange.desk.logs.logs_with_keys(tx))
    assert {log for log in held if log.is_own} == {sales.log_of("rik")}


def test_two_who_join_at_the_same_moment_both_get_in(sales: Sales) -> None:
    """Rik joins between Ros's reading of the roster and her own entry: she reads on as an invitee."""
    met: list[Desk] = []

    def meanwhile(step: str) -> None:
        if step == "Joining the workspace":
            met.append(sales.join("rik"))

    wanted = AcceptInvitation(read_invitation(sales.invited["ros"].link), "ros", PASSWORD, "")
    ros = accept_invitation(wanted, sales.office.place("ros"), meanwhile).desk
    sales.office.desks["ros"] = ros
    assert sales.ann.sync_now()
    for desk in (ros, *met):
        wait_until(lambda d=desk: d.sync_now() and d.is_member)  # type: ignore[misc]
        assert desk.vault.invitee_proof() is None


def test_a_join_that_is_broken_off_goes_on_later(sales: Sales) -> None:
    """The account is at the server by then: without its Secret Key its handle would be lost, and the invitation."""
    server = sales.office.server

    def cable(step: str) -> None:
        if step == "Joining the workspace":
            server.kill()

    wanted = AcceptInvitation(read_invitation(sales.invited["ros"].link), "ros", PASSWORD, "Rosalind")
    with pytest.raises(SyncError):
        accept_invitation(wanted, sales.office.place("ros"), cable)
    server.start(sales.office.port)
    ros = sales.office.open("ros")
    enter(ros)
    assert sales.ann.sync_now()
    wait_until(lambda: ros.sync_now() and ros.is_member)
    wait_until(lambda: sales.ann.sync_now() and sales.ann.name("member", ros.me) == "Rosalind")


def test_one_catalogue_serves_several_groups(sales: Sales) -> None:
    ann = sales.ann
    west = ann.actions.create_group("West", [(ann.me, sales.office.role(ann, "Team Admin"))])
    ann.actions.catalogue_of(west, sales.group)
    ann.actions.catalogue_of(west, sales.group)  # nothing more to do
    assert ann.home_for("product", west) == LogId(sales.group, Compartment.CATALOGUE)
    cy = sales.office.join(ann, "cy", "Cy", [(west, sales.office.role(ann, "Sales rep"))])
    with ann.editor.action() as action:
        product = action.create("product", ann.home_for("product", west), {"name": "Beacon"})
    wait_until(lambda: cy.records.get(product) is not None)
    assert any("serves a further group" in one.reason for one in cy.keys_held())
    ann.actions.catalogue_of(west, None)
    assert ann.home_for("product", west) == LogId(west, Compartment.CATALOGUE)


def test_the_next_reader_completes_what_the_admin_began(sales: Sales) -> None:
    """Ros moves below Leo while only Lia's and Ros's desks hold the key: one of them hands it to Leo."""
    desks = sales.all_join()
    key = sales.deal(desks["ros"], "ros", "of ros")
    assert desks["ros"].sync_now()
    wait_until(lambda: "of ros" in names(desks["lia"]))
    desks["ros"].stop_sync()
    sales.ann.actions.reports_to(sales.id_of("ros"), sales.id_of("leo"))
    sales.ann.stop_sync()
    desks["ros"].start_sync()
    wait_until(lambda: "of ros" in names(desks["leo"]))
    assert sales.id_of("lia") not in readers(sales.ann.vault.roster, key.log)


def test_who_moves_in_the_tree_takes_his_log_along(sales: Sales) -> None:
    desks = sales.all_join()
    key = sales.deal(desks["ros"], "ros", "before")
    assert desks["ros"].sync_now()
    wait_until(lambda: "before" in names(desks["lia"]))
    sales.ann.actions.reports_to(sales.id_of("ros"), sales.id_of("leo"))
    wait_until(lambda: "before" in names(desks["leo"]))
    wait_until(lambda: desks["ros"].sync_now())
    sales.deal(desks["ros"], "ros", "after")
    wait_until(lambda: names(desks["leo"]) == {"before", "after"})
    assert desks["lia"].sync_now(), desks["lia"].sync_state
    assert "after" not in names(desks["lia"])
    assert not desks["lia"].may_write(key)
    with desks["lia"].vault.store.read() as tx:
        held = desks["lia"].vault.exchange.desk.logs.keys(tx, key.log)
    with desks["leo"].vault.store.read() as tx:
        newest = desks["leo"].vault.exchange.desk.logs.log_state(tx, key.log).generation
    assert newest not in held


def test_the_policy_taken_back_closes_what_is_written_then(sales: Sales) -> None:
    desks = sales.all_join()
    sales.deal(desks["rik"], "rik", "before")
    wait_until(lambda: "before" in names(desks["leo"]))
    sales.ann.actions.managers_read_reports(False)
    wait_until(lambda: desks["rik"].sync_now())
    sales.deal(desks["rik"], "rik", "after")
    assert desks["rik"].sync_now()
    wait_until(lambda: "after" in names(sales.ann))
    assert desks["leo"].sync_now()
    assert "after" not in names(desks["leo"])
    assert desks["leo"].vault.exchange.stopped() == []


def test_a_newcomer_who_names_himself_makes_no_conflict(sales: Sales) -> None:
    """Ann named him when she invited him; he had not seen that when he wrote his own name."""
    ros = sales.join("ros", "Rosalind Rhys")
    rik = sales.join("rik", "Rik")
    assert sales.ann.sync_now()
    wait_until(lambda: ros.sync_now() and rik.sync_now() and ros.is_member and rik.is_member)
    wait_until(lambda: ros.pending() == rik.pending() == 0)
    wait_until(lambda: sales.ann.sync_now() and sales.ann.name("member", ros.me) == "Rosalind Rhys")
    assert sales.ann.history.conflict_count() == 0
    assert ros.history.conflict_count() == 0


def test_changes_of_the_tree_are_told_in_sentences(sales: Sales) -> None:
    sales.all_join()
    moved = sales.ann.actions.preview_reports_to(sales.id_of("ros"), sales.id_of("leo"))
    assert any("Leo" in one and "Ros" in one for one in moved.gains)
    assert any("Lia" in one and "Ros" in one for one in moved.losses)
    policy = sales.ann.actions.preview_managers_read_reports(False)
    assert set(policy.losses) == {
        "Leo will no longer see Rik’s deals and quotes of Everyone.",
        "Lia will no longer see Ros’s deals and quotes of Everyone.",
    }


def test_nobody_brings_rotations_by_joining(sales: Sales) -> None:
    """Keys are handed to those who come later; nothing needs a new one."""
    sales.deal(sales.ann, "ros", "of ros")
    assert sales.ann.sync_now()
    desks = sales.all_join()
    assert all(desk.sync_now() for desk in desks.values())
    assert sales.ann.sync_now()
    exchange = sales.ann.vault.exchange.desk
    with exchange.store.read() as tx:
        states = [exchange.logs.log_state(tx, log) for log in exchange.logs.known_logs(tx)]
    assert {state.generation for state in states if state.position} == {1}


def test_a_home_is_the_owners_whatever_his_status(sales: Sales) -> None:
    state = sales.ann.vault.roster
    assert home_log(state, sales.id_of("ros"), sales.group, Compartment.SALES) == sales.log_of("ros")
    assert home_log(state, sales.ann.me, sales.group, Compartment.SALES) == LogId(
        sales.group, Compartment.SALES
    )


def test_keys_held_are_told_with_their_reasons(sales: Sales) -> None:
    for handle in ("ros", "rik", "lia"):
        sales.deal(sales.ann, handle, f"of {handle}")
    desks = sales.all_join()
    wait_until(lambda: names(desks["lia"]) == {"of lia", "of ros"})
    told = {one.reason: one.logs for one in desks["lia"].keys_held()}
    assert sum("each report's own" in reason for reason in told) == 1
    assert sum("one's own" in reason for reason in told) == 1
    assert not any("reads all of the group" in reason for reason in told)
    owner = {one.reason: one.logs for one in sales.ann.keys_held()}
    assert [logs for reason, logs in owner.items() if "each member's own" in reason] == [3]


def test_the_deals_of_somebody_who_was_removed_go_on_with_his_manager(sales: Sales) -> None:
    desks = sales.all_join()
    key = sales.deal(desks["ros"], "ros", "of ros")
    wait_until(lambda: "of ros" in names(desks["lia"]) and "of ros" in names(sales.ann))
    sales.ann.actions.remove(sales.id_of("ros"))
    lia = desks["lia"]
    wait_until(lambda: lia.sync_now() and sales.id_of("ros") not in readers(lia.vault.roster, key.log))
    with desks["lia"].editor.action() as action:
        action.put(key, {"name": "taken over"})
    wait_until(lambda: "taken over" in names(sales.ann))
    assert names(desks["ros"]) == {"of ros"}
    assert desks["lia"].vault.exchange.stopped() == sales.ann.vault.exchange.stopped() == []


def test_managers_of_managers_read_all_below(sales: Sales) -> None:
    desks = sales.all_join()
    sales.deal(desks["rik"], "rik", "of rik")
    wait_until(lambda: "of rik" in names(desks["leo"]))
    sales.ann.actions.reports_to(sales.id_of("leo"), sales.id_of("lia"))
    wait_until(lambda: "of rik" in names(desks["lia"]))
    sales.deal(desks["lia"], "rik", "from above")
    wait_until(lambda: "from above" in names(desks["rik"]))


def test_who_gets_a_wider_role_keeps_what_was_his_own(sales: Sales) -> None:
    desks = sales.all_join()
    ros, ann = desks["ros"], sales.ann
    sales.deal(ros, "ros", "of ros")
    sales.deal(ann, "rik", "of rik")
    wait_until(lambda: names(ann) == {"of ros", "of rik"})
    ann.actions.set_role(ros.me, sales.group, sales.office.role(ann, "Manager"))
    wait_until(lambda: names(ros) == {"of ros", "of rik"})
    ann.actions.set_role(ros.me, sales.group, sales.office.role(ann, "Sales rep"))
    wait_until(lambda: desks["rik"].sync_now())
    sales.deal(desks["rik"], "rik", "later")
    wait_until(lambda: "later" in names(ann))
    sales.deal(ros, "ros", "own again")
    wait_until(lambda: "own again" in names(ann))
    assert ros.sync_now(), ros.sync_state
    assert "later" not in names(ros)
