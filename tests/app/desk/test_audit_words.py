"""Every roster operation in words, and the order of the lines."""

from __future__ import annotations

import pytest

from app.desk.audit_line import AuditKind
from app.desk.audit_words import RosterStory, device_name
from protocol.ids import NO_HASH, NO_ID, Compartment, Permission, Standing
from protocol.roster import (
    Adopt,
    Branch,
    Confirm,
    DeviceAdd,
    DeviceCertificate,
    DeviceRevoke,
    EntryBody,
    Expired,
    Genesis,
    Grant,
    GroupArchive,
    GroupCreate,
    IdentityKeys,
    Invite,
    Join,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Operation,
    Policy,
    RecoveryEnrol,
    RecoveryRelease,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RoleGrant,
    RosterOperation,
    SetStanding,
    SupportGrant,
    Trustee,
)
from protocol.signing import device_id

ANN, BEN, CY, VIC = (bytes([number]) * 16 for number in (1, 2, 3, 4))
WEST, EAST, REP = b"w" * 16, b"e" * 16, b"r" * 16
INVITATION, SUPPORT = b"i" * 16, b"s" * 16
KEYS = IdentityKeys(b"\x00" * 32, b"\x00" * 1216)
NAMES = {ANN: "Ann", BEN: "Ben", CY: "Cy", VIC: "Vic", WEST: "West", EAST: "East", REP: "Sales rep"}


def certificate(number: int) -> DeviceCertificate:
    return DeviceCertificate(bytes([number]) * 32, b"\x00" * 64)


ANNS, BENS, SECOND = (device_id(certificate(number).signing) for number in (1, 2, 3))

STORY: list[tuple[bytes, RosterOperation, AuditKind, str]] = [
    (ANNS, Genesis(b"n" * 32, ANN, KEYS, certificate(1)), AuditKind.PEOPLE, "made the workspace"),
    (ANNS, RoleDefine(REP, [], Permission(0), []), AuditKind.ACCESS, "defined the role Sales rep"),
    (ANNS, RoleDefine(REP, [], Permission(1), []), AuditKind.ACCESS, "changed the role Sales rep"),
    (ANNS, GroupCreate(WEST, [MemberGrant(ANN, REP)]), AuditKind.ACCESS, "created the group West with Ann"),
    (
        ANNS,
        Invite(INVITATION, BEN, b"k" * 32, Standing.ADMIN, [RoleGrant(WEST, REP)], 0),
        AuditKind.PEOPLE,
        "invited Ben as an admin as Sales rep of West, until ",
    ),
    (
        BENS,
        Join(INVITATION, KEYS, certificate(2), b"\x00" * 64),
        AuditKind.PEOPLE,
        "joined with the invitation, and waits to be let in",
    ),
    (ANNS, Confirm(INVITATION), AuditKind.PEOPLE, "let Ben in"),
    (ANNS, Expired(INVITATION), AuditKind.PEOPLE, "closed the invitation of Ben, which had run out"),
    (ANNS, MemberSuspend(BEN, True, []), AuditKind.PEOPLE, "suspended Ben"),
    (ANNS, MemberSuspend(BEN, False, []), AuditKind.PEOPLE, "let Ben back in"),
    (ANNS, SetStanding(BEN, Standing.OWNER, []), AuditKind.PEOPLE, "made Ben an owner (was an admin)"),
    (ANNS, SetStanding(BEN, Standing.MEMBER, []), AuditKind.PEOPLE, "made Ben a member (was an owner)"),
    (BENS, DeviceAdd(BEN, certificate(3)), AuditKind.DEVICES, f"added the {device_name(SECOND)}"),
    (ANNS, DeviceRevoke(SECOND, []), AuditKind.DEVICES, f"revoked the {device_name(SECOND)} of Ben"),
    (BENS, Rekey(BEN, KEYS, b"", b"", b""), AuditKind.DEVICES, "got new keys"),
    (
        BENS,
        Rekey(BEN, KEYS, b"", b"c" * 16, b""),
        AuditKind.DEVICES,
        "got new keys, countersigned by an admin",
    ),
    (ANNS, GroupArchive(WEST, True, []), AuditKind.ACCESS, "archived the group West"),
    (ANNS, GroupArchive(WEST, False, []), AuditKind.ACCESS, "opened again the group West"),
    (ANNS, Grant(BEN, WEST, REP, b"", b""), AuditKind.ACCESS, "made Ben Sales rep of West"),
    (
        ANNS,
        Grant(ANN, WEST, REP, b"c" * 16, b"c" * 64),
        AuditKind.ACCESS,
        "made Ann Sales rep of West, with an owner’s signature",
    ),
    (ANNS, Revoke(BEN, WEST, REP, []), AuditKind.ACCESS, "took the role Sales rep of West from Ben"),
    (ANNS, ReportsTo(BEN, ANN, []), AuditKind.ACCESS, "let Ben report to Ann"),
    (ANNS, ReportsTo(BEN, NO_ID, []), AuditKind.ACCESS, "let Ben report to nobody"),
    (
        ANNS,
        GroupCreate(EAST, [MemberGrant(ANN, REP)], True),
        AuditKind.ACCESS,
        "made a small group alone, for",
    ),
    (
        ANNS,
        GroupCreate(EAST, [MemberGrant(ANN, REP), MemberGrant(BEN, REP)], True),
        AuditKind.ACCESS,
        "made a small group of Ann and Ben, for",
    ),
    (
        BENS,
        RecoveryEnrol(BEN, 2, [Trustee(ANN, b"d" * 32), Trustee(CY, b"d" * 32)], b"\x00" * 64),
        AuditKind.RECOVERY,
        "enrolled recovery: 2 of 2 (Ann and Cy) together can give the keys back",
    ),
    (
        ANNS,
        RecoveryRelease(BEN, b"q" * 32),
        AuditKind.RECOVERY,
        "gave a share of the recovery of Ben to a request",
    ),
    (
        BENS,
        RecoveryEnrol(BEN, 0, [], b"\x00" * 64),
        AuditKind.RECOVERY,
        "withdrew the recovery by colleagues",
    ),
    (ANNS, Policy("support-allowed", 1, b"", b""), AuditKind.SUPPORT, "allowed letting support in"),
    (
        ANNS,
        SupportGrant(SUPPORT, VIC, b"k" * 32, 0, WEST, [Compartment.CONTACTS, Compartment.SALES], 0),
        AuditKind.SUPPORT,
        "let support (Vic) read people, companies, tasks and notes and deals and quotes of West until ",
    ),
    (ANNS, Confirm(SUPPORT), AuditKind.SUPPORT, "let support (Vic) in"),
    (BENS, Expired(SUPPORT), AuditKind.SUPPORT, "ended the access of support (Vic)"),
    (ANNS, Policy("support-allowed", 0, b"", b""), AuditKind.SUPPORT, "forbade letting support in"),
    (
        ANNS,
        Policy("second-factor", 2, b"", b""),
        AuditKind.POLICIES,
        "decided that everybody must have a second",
    ),
    (
        ANNS,
        Policy("managers-read-reports", 1, b"", b""),
        AuditKind.POLICIES,
        "let managers read the own records",
    ),
    (ANNS, Policy("catalogue-of", 0, EAST, WEST), AuditKind.POLICIES, "let East use the catalogue of West"),
    (ANNS, Policy("format-version", 2, b"", b""), AuditKind.POLICIES, "raised the format to version 2"),
    (
        ANNS,
        Policy("of-tomorrow", 2, b"", b""),
        AuditKind.POLICIES,
        "set a policy that this version does not know",
    ),
    (
        ANNS,
        Adopt([Branch(b"", 3, b"a" * 32, b"b" * 32)]),
        AuditKind.POLICIES,
        "decided between two pasts, which",
    ),
    (BENS, MemberLeave([]), AuditKind.PEOPLE, "left the workspace"),
    (ANNS, MemberRemove(BEN, []), AuditKind.PEOPLE, "removed Ben"),
]


@pytest.fixture(scope="module")
def told() -> list[tuple[bytes | None, AuditKind, str]]:
    story = RosterStory(lambda kind, subject: NAMES[subject])
    found = []
    for position, (author, operation, _, _) in enumerate(STORY, 1):
        one = story.tell(EntryBody(1, NO_HASH, position, NO_HASH, author, 1_800_000_000, operation))
        found.append((one.author, one.kind, one.words))
    return found


@pytest.mark.parametrize(
    "at", range(len(STORY)), ids=[f"{n}-{type(s[1]).__name__}" for n, s in enumerate(STORY)]
)
def test_an_operation_is_told(told: list[tuple[bytes | None, AuditKind, str]], at: int) -> None:
    author, operation, kind, words = STORY[at]
    assert told[at][0] == (BEN if author == BENS else ANN)
    assert told[at][1] is kind
    assert told[at][2].startswith(words), type(operation)


def test_no_operation_is_left_without_words() -> None:
    known = set(Operation.__subclasses__())
    assert {type(step[1]) for step in STORY} == known
