"""Vectors of the roster: recovery by trustees, and branches. What an identity signs for an enrolment is written by
`second.py`."""

from __future__ import annotations

from protocol import (
    Adopt,
    Branch,
    Compartment,
    LogId,
    RecoveryEnrol,
    RecoveryRelease,
    Trustee,
)
from tests.protocol.world import (
    NORTH,
    SOUTH,
    World,
    seeded,
)
from tests.vectors import second
from tests.vectors.refusals import Case

REQUEST = seeded("request")
SALES = LogId(NORTH, Compartment.SALES).encode()


def enrol(world: World, name: str, threshold: int, *trustees: str) -> RecoveryEnrol:
    """As SPEC, section 2, has it: made without the code."""
    person = world.people[name]
    ids = sorted(world.people[trustee].id for trustee in trustees)
    named = [
        (each, second.digest("recovery-share", world.workspace, person.id, each, b"share")) for each in ids
    ]
    message = second.message([world.workspace, world.state.head, person.id, threshold, named])
    signature = person.identity.sign_bytes(second.signed("recovery-enrol", message))
    return RecoveryEnrol(person.id, threshold, [Trustee(*row) for row in named], signature)


def recovery() -> list[Case]:
    def release(name: str, about: str, expect: str, by: str, member: str) -> Case:
        return (
            name,
            about,
            expect,
            lambda w: w.entry(RecoveryRelease(w.people[member].id, REQUEST), w.people[by]),
        )

    return [
        ("recovery-enrol", "a member names three", "ok", lambda w: w.entry(_enrol_cy(w), w.people["cy"])),
        (
            "recovery-replaced",
            "another enrolment than there is",
            "ok",
            lambda w: w.entry(enrol(w, "ben", 2, "ann", "dee"), w.people["ben"]),
        ),
        (
            "recovery-withdrawn",
            "an enrolment withdrawn",
            "ok",
            lambda w: w.entry(enrol(w, "ben", 0), w.people["ben"]),
        ),
        (
            "recovery-nothing",
            "none to withdraw",
            "no-change",
            lambda w: w.entry(enrol(w, "cy", 0), w.people["cy"]),
        ),
        (
            "recovery-replayed",
            "an enrolment for another place in the roster",
            "signature",
            lambda w: w.entry(_replayed(w), w.people["ben"]),
        ),
        (
            "recovery-of-another",
            "enrolled by another member",
            "author-other",
            lambda w: w.entry(_enrol_cy(w), w.people["ben"]),
        ),
        (
            "recovery-one",
            "a threshold of one",
            "recovery",
            lambda w: w.entry(enrol(w, "cy", 1, "ann", "ben"), w.people["cy"]),
        ),
        (
            "recovery-beyond",
            "a threshold above the number of trustees",
            "recovery",
            lambda w: w.entry(enrol(w, "cy", 3, "ann", "ben"), w.people["cy"]),
        ),
        (
            "recovery-oneself",
            "a trustee of oneself",
            "recovery",
            lambda w: w.entry(enrol(w, "cy", 2, "ann", "cy"), w.people["cy"]),
        ),
        (
            "recovery-invited",
            "a trustee who has not joined",
            "member-status",
            lambda w: w.entry(enrol(w, "cy", 2, "ann", "eve"), w.people["cy"]),
        ),
        release("release", "a trustee gives his share", "ok", "cy", "ben"),
        release("release-no-trustee", "by somebody who has no share", "recovery-trustee", "dee", "ben"),
        release("release-himself", "by the member himself", "recovery-trustee", "ben", "ben"),
        release("release-none", "where nobody is enrolled", "recovery-trustee", "cy", "dee"),
        (
            "release-short",
            "a request's digest of 31 bytes",
            "format",
            lambda w: w.entry(RecoveryRelease(w.people["ben"].id, REQUEST[1:]), w.people["cy"]),
        ),
    ]


def _enrol_cy(world: World) -> RecoveryEnrol:
    return enrol(world, "cy", 2, "ann", "ben", "olga")


def _replayed(world: World) -> RecoveryEnrol:
    """Ben's enrolment as it stands in the roster, once more."""
    recovery = world.state.members[world.people["ben"].id].recovery
    assert recovery is not None
    operation = world.operation_at(recovery.enrolled_at)
    assert isinstance(operation, RecoveryEnrol)
    return operation


def branches() -> list[Case]:
    dropped = seeded("dropped")

    def own(world: World, position: int) -> Branch:
        return Branch(b"", position, world.history.hash_at(position), dropped)

    sales = Branch(SALES, 7, seeded("kept"), dropped)
    return [
        ("adopt", "an owner keeps this roster and a log", "ok", lambda w: w.entry(Adopt([own(w, 3), sales]))),
        ("adopt-by-admin", "by an admin", "not-owner", lambda w: w.entry(Adopt([sales]), w.people["olga"])),
        ("adopt-nothing", "no branch", "adopt", lambda w: w.entry(Adopt([]))),
        (
            "adopt-other-roster",
            "another roster than this one is kept",
            "adopt",
            lambda w: w.entry(Adopt([Branch(b"", 3, dropped, w.history.hash_at(3))])),
        ),
        (
            "adopt-same",
            "kept and dropped are the same",
            "adopt",
            lambda w: w.entry(Adopt([Branch(SALES, 7, dropped, dropped)])),
        ),
        ("adopt-twice", "a log twice", "adopt", lambda w: w.entry(Adopt([sales, sales]))),
        (
            "adopt-unknown-log",
            "a log that is not there",
            "adopt",
            lambda w: w.entry(
                Adopt([Branch(LogId(SOUTH, Compartment.SALES).encode(), 7, seeded("kept"), dropped)])
            ),
        ),
        (
            "adopt-position-zero",
            "position 0",
            "format",
            lambda w: w.entry(Adopt([Branch(SALES, 0, seeded("kept"), dropped)])),
        ),
    ]
