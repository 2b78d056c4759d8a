"""Names that mislead: a member writes his own name, and no other, wherever he may write records (A36, A41)."""

from __future__ import annotations

import pytest

from app.desk.directory import LONGEST_NAME, Directory, shown_name
from protocol import wire
from protocol.ids import DIRECTORY_LOG, Compartment
from protocol.operations import Put
from tests.support.desks import World
from tests.support.lies import aside_reasons, forged

pytestmark = [pytest.mark.hostile]


@pytest.mark.A36
def test_A36_a_name_outside_the_directory_names_nobody(world: World) -> None:
    """Ben writes contacts: there he puts a name record on Ann's id, on a group's, and one called as Ann is."""
    world.ann.name_it("member", world.ann.member, "Ann")
    world.ann.name_it("group", world.group, "Everyone")
    world.ann.add("person", name="The log begins")
    ben = world.member("ben", "assistant")
    log = ben.home(Compartment.CONTACTS)
    lies = [
        Put(
            "name",
            world.ann.member,
            {"kind": "member", "subject": world.ann.member.hex(), "name": "Fired"},
            0,
        ),
        Put("name", world.group, {"kind": "group", "name": "Only owners"}, 0),
        Put("name", ben.member, {"kind": "member", "name": "Ann"}, 0),
        Put("name", b"s" * 16, {"kind": "member", "name": "Somebody new"}, 0),
    ]
    world.relay.push(wire.Push([forged(ben, log, operations=list(lies))], []))
    world.sync_all()
    for desk in (world.ann, ben):
        directory = Directory(desk.vault.records, desk.vault.editor)
        assert directory.name("member", world.ann.member) == "Ann"
        assert directory.name("group", world.group) == "Everyone"
        assert directory.find("member", "Ann") == [world.ann.member]
        assert directory.find("member", "Somebody new") == []
        ann, group = f"member:{world.ann.member.hex()}", f"name:{world.group.hex()}"
        assert desk.vault.records.titles([ann, group, f"member:{(b's' * 16).hex()}"]) == {
            ann: "Ann",
            group: "Everyone",
        }
        found = desk.vault.records.resolve(ann)
        assert found is not None and found.log == DIRECTORY_LOG


@pytest.mark.A36
@pytest.mark.parametrize("kind", ["group", "role", "workspace", "member", "", 7, None, {"a": "member"}])
def test_A36_a_member_renames_nothing_but_himself(world: World, kind: str) -> None:
    world.ann.name_it("group", world.group, "Everyone")
    ben = world.member("ben", "manager")
    for record in (
        world.group,
        world.ann.member,
        world.roles["team-admin"],
        world.ann.vault.own.workspace[:16],
    ):
        lie = Put("name", record, {"kind": kind, "name": "Owner"}, 0)
        world.relay.push(wire.Push([forged(ben, DIRECTORY_LOG, operations=[lie])], []))
        ben.pull()
    world.ann.pull()
    assert aside_reasons(world.ann) == aside_reasons(ben) == {"permission"}
    assert Directory(world.ann.vault.records, world.ann.vault.editor).name("group", world.group) == "Everyone"


@pytest.mark.A46
@pytest.mark.parametrize(
    "ref", ["person:" + "z" * 32, "person:" + "é" * 32, ":" + "0" * 32, "name:", "", "x" * 40]
)
def test_A46_references_that_are_none_are_nobody(world: World, ref: str) -> None:
    world.ann.add("person", name="The log begins")
    ben = world.member("ben", "assistant")
    log = ben.home(Compartment.CONTACTS)
    lie = Put("person", b"p" * 16, {"name": "Zoe", "company": ref, "about": ref, "owner": ref}, 0)
    world.relay.push(wire.Push([forged(ben, log, operations=[lie])], []))
    world.sync_all()
    assert world.ann.vault.records.resolve(ref) is None
    assert world.ann.vault.records.titles([ref]) == {}
    assert world.ann.exchange.stopped() == []


@pytest.mark.A41
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann\nOwner", "Ann Owner"),
        ("\u202eremmiZ nnA", "remmiZ nnA"),
        ("Ann\x00\x1b[31m", "Ann[31m"),
        ("A\u200bn\ufeffn", "Ann"),
        ("  Ann \t Z ", "Ann Z"),
        ("\u2028\u2029", ""),
        ("x" * 100_000, "x" * LONGEST_NAME),
        (7, ""),
        ({"a": "b"}, ""),
        (None, ""),
        (True, ""),
    ],
)
def test_A41_a_name_is_one_line_of_what_is_seen(written: object, shown: str) -> None:
    assert shown_name(written) == shown
