"""The audit trail of a real team: read, filtered, verified, exported, checked by a third party."""

from __future__ import annotations

import csv
import importlib
import io
import json
from collections.abc import Iterator
from types import MappingProxyType

import pytest

from app.desk import Desk, NotAllowed
from app.desk.audit import Audit, AuditFilter, ServersWord, Trail, line_details
from app.desk.audit_events import EXPORT
from app.desk.audit_export import check_lines, write_csv, write_json_lines
from app.desk.audit_line import AuditKind, AuditLine, Basis
from app.desk.audit_roster import roster_lines
from app.desk.audit_sources import first_break
from protocol.access import permissions
from protocol.ids import NO_HASH, Level, Permission, Reach
from protocol.ids import Compartment as Part
from protocol.limits import VERSION
from protocol.roster import Access, Entry
from protocol.wire_security import JournalEntry, SignIn, journal_hash
from tests.support.real_desks import Office, wait_until
from vault.exchange import Forked
from vault.roster.small import plan_small_group


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    derive = importlib.import_module("vault.keys.derive")
    cheap = MappingProxyType({VERSION: derive.Cost(memory=64, passes=1, lanes=1)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derive, "COSTS", cheap)
        made = Office(tmp_path_factory.mktemp("audit"))
        ann = made.found()
        ann.actions.create_group("West", [(ann.me, made.role(ann, "Team Admin"))])
        made.join(ann, "ben", "Ben Brouwer")
        yield made
        made.close()


@pytest.fixture
def ann(office: Office) -> Desk:
    return office.desks["ann"]


@pytest.fixture
def trail(ann: Desk) -> Trail:
    return ann.audit.local()


def _sentences(trail: Trail) -> list[str]:
    return [line.sentence for line in trail.lines]


def test_the_newest_comes_first_and_every_entry_has_a_line(ann: Desk, trail: Trail) -> None:
    signed = [line for line in trail.lines if line.basis is Basis.SIGNED]
    assert [line.number for line in signed] == list(range(ann.vault.roster.position, 0, -1))
    assert signed[-1].sentence == "Ann Achterberg made the workspace"
    assert "Ann Achterberg created the group West with Ann Achterberg" in _sentences(trail)
    assert "Ann Achterberg let Ben Brouwer in" in _sentences(trail)


def test_it_is_verified_from_the_genesis_on(ann: Desk, trail: Trail) -> None:
    verified = ann.audit.verify(trail)
    assert verified.holds
    assert (verified.entries, verified.head) == ann.vault.exchange.roster_head()


@pytest.mark.parametrize("at", [0, 3, -1])
def test_an_entry_that_was_changed_in_the_file_is_found(ann: Desk, trail: Trail, at: int) -> None:
    entries = list(trail.entries)
    old = entries[at]
    entries[at] = Entry(old.body[:-1] + bytes([old.body[-1] ^ 1]), old.signature)
    changed = Trail(trail.workspace, trail.lines, tuple(entries), trail.head)
    verified = ann.audit.verify(changed)
    assert not verified.holds
    assert verified.entries == at % len(entries)
    assert verified.problem


def test_what_cannot_be_read_is_a_line_too(ann: Desk, trail: Trail) -> None:
    entries = list(trail.entries)
    entries[4] = Entry(b"\x90", bytes(64))
    del entries[8]
    lines = roster_lines(entries, ann.name, trail.read_at)
    assert [line.number for line in lines] == list(range(1, len(entries) + 1))
    assert lines[4].words == "left what cannot be read here"
    broken = Trail(trail.workspace, tuple(reversed(lines)), tuple(entries), trail.head)
    assert dict(line_details(broken, lines[4], None))["Remark"]
    assert ann.audit.verify(broken).entries == 4


def test_a_roster_that_ends_early_is_found(ann: Desk, trail: Trail) -> None:
    shorter = Trail(trail.workspace, trail.lines, trail.entries[:-1], trail.head)
    assert "does not end" in ann.audit.verify(shorter).problem


def test_filters(ann: Desk, office: Office, trail: Trail) -> None:
    ben = office.desks["ben"].me
    of_ben = trail.find(AuditFilter(person=ben))
    assert {line.words for line in of_ben} >= {"let Ben Brouwer in"}
    assert all(ben in (line.member, line.about) for line in of_ben)
    groups = trail.find(AuditFilter(kinds=frozenset({AuditKind.ACCESS}), text="west CREATED"))
    assert [line.words for line in groups] == ["created the group West with Ann Achterberg"]
    newest = trail.lines[0].at
    assert trail.find(AuditFilter(before=newest + 1)) == list(trail.lines)
    assert trail.find(AuditFilter(after=newest + 1)) == []


def test_alarms_and_exports_are_in_it(office: Office, ann: Desk) -> None:
    ann.events.note(EXPORT, kind="deal", count=2, code="csv")
    ann.alarms.record(Forked("another entry"))
    sentences = _sentences(ann.audit.local())
    assert "Ann Achterberg exported 2 deals as CSV" in sentences
    raised = "Ann Achterberg raised an alarm: The server shows two different pasts"
    assert sentences.count(raised) == 1


def test_whoever_may_not_see_it_does_not(office: Office, ann: Desk) -> None:
    ben = office.desks["ben"]
    assert not ben.audit.may_see()
    with pytest.raises(NotAllowed):
        ben.audit.local()
    everything = plan_small_group([ben.me], office.role(ben, "Team Admin"))  # as for a private record
    ben.actions.apply(lambda state, heads: everything.operations)
    assert Permission.SEE_AUDIT in permissions(ben.vault.roster, ben.me, everything.group)
    assert not ben.audit.may_see()
    ann.actions.define_role("Auditor", [Access(Part.CONTACTS, Level.READ, Reach.GROUP)], Permission.SEE_AUDIT)
    group = next(one.id for one in ann.team().groups if one.name == "West")
    ann.actions.set_role(ben.me, group, office.role(ann, "Auditor"))
    wait_until(lambda: ben.sync_now() and ben.audit.may_see())
    assert ben.audit.local().lines
    assert ben.audit.servers_word() == ServersWord()  # that he has no right to ask for


def _journal(workspace: bytes, count: int) -> tuple[JournalEntry, ...]:
    entries, previous = [], NO_HASH
    for seq in range(1, count + 1):
        made = journal_hash(workspace, seq, previous, 1_700_000_000 + seq, "root", "backup", f"number {seq}")
        entries.append(
            JournalEntry(seq, 1_700_000_000 + seq, "root", "backup", f"number {seq}", previous, made)
        )
        previous = made
    return tuple(entries)


def test_the_operators_journal_is_a_chain(trail: Trail) -> None:
    journal = _journal(trail.workspace, 5)
    assert first_break(trail.workspace, journal) is None
    assert first_break(trail.workspace, journal[1:]) == 1
    assert first_break(trail.workspace, [*journal[:2], *journal[3:]]) == 3
    assert first_break(b"\x01" * 32, journal) == 1


def test_the_servers_word_is_marked_as_such(ann: Desk, trail: Trail) -> None:
    invented = b"\x07" * 16
    word = ServersWord(
        (SignIn(ann.me, "Laptop\u202e of Ann", 1_700_000_000, True), SignIn(invented, "", 1, False)),
        _journal(trail.workspace, 2),
    )
    joined = ann.audit.joined(trail, word)
    told = [line for line in joined.lines if line.basis is Basis.SERVER]
    assert [line.words for line in told] == [
        "made a backup: number 2",
        "made a backup: number 1",
        "signed in on “Laptop of Ann”",
        "failed to sign in",
    ]
    assert next(line for line in told if line.member == invented).doubt
    assert len(ann.audit.joined(joined, word).lines) == len(joined.lines)


def test_details_name_position_hash_and_signer(ann: Desk, trail: Trail) -> None:
    line = next(line for line in trail.lines if line.source == "roster")
    details = dict(line_details(trail, line, ann.audit.verify(trail)))
    assert details["Hash"] == trail.head[1].hex()
    assert details["Signature"] == "Verified here"
    assert "Held by signatures" in details["What that means"]


def test_a_third_party_verifies_the_exported_file(ann: Desk, trail: Trail) -> None:
    joined = ann.audit.joined(trail, ServersWord((), _journal(trail.workspace, 3)))
    stream = io.StringIO()
    chosen = joined.find(AuditFilter(kinds=frozenset({AuditKind.PEOPLE})))
    assert write_json_lines(chosen, joined, stream) == len(chosen)
    rows = stream.getvalue().splitlines()
    checked = check_lines(rows)
    assert (checked.problem, checked.roster_entries, checked.journal_entries) == ("", trail.head[0], 3)
    assert checked.workspace == ann.vault.roster.workspace.hex()
    for index, row in enumerate(rows):
        if json.loads(row).get("raw"):
            assert check_lines([*rows[:index], *rows[index + 1 :]]).problem or index == len(rows) - 1
    reordered = [*rows[:-5], rows[-4], rows[-5], *rows[-3:]]
    assert check_lines(reordered).problem


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format":"tacit-audit","version":2}', "no json", '{"format":"x"}']
)
def test_what_is_no_audit_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        check_lines(text.splitlines())


def test_the_table_is_safe_in_a_spreadsheet(trail: Trail) -> None:
    evil = AuditLine(
        "sign-in", 1, 1, 1, AuditKind.SIGN_INS, Basis.SERVER, "=cmd|' /c calc'!A0", "@SUM(1+1)", None
    )
    stream = io.StringIO()
    assert write_csv([evil], trail, stream) == 1
    rows = list(csv.reader(io.StringIO(stream.getvalue())))
    assert rows[1][1:3] == ["'=cmd|' /c calc'!A0", "'@SUM(1+1)"]


def test_lines_of_a_chain_stand_in_its_order_whatever_clocks_said(ann: Desk, trail: Trail) -> None:
    lines = roster_lines(trail.entries, ann.name, trail.lines[-1].at - 86_400)
    assert all("ahead" in line.doubt for line in lines)
    assert [line.order for line in lines] == sorted(line.order for line in lines)


def test_a_desk_that_reads_it_needs_no_server(office: Office, ann: Desk) -> None:
    assert Audit(ann.vault, ann.name, ann.events, ann.alarms, ann.server_word).local().lines
