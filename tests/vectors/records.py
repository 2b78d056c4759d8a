"""Vectors of the fold of records: what a second implementation has to make of commits, written down by hand."""

from __future__ import annotations

from typing import Any

from tests.protocol.world import NORTH, seeded
from tests.vectors.second import Packed, message

Vector = dict[str, Any]
RECORD = seeded("record", size=16)
SALES = b"\x03" + NORTH + bytes(16)
MARGINS = b"\x04" + NORTH + bytes(16)
ANN, BEN, CY = "ann's", "ben's", "cy's"

Commit = tuple[int, str, list[Packed]]
"""(position, device, operations)"""


def put(seen: int, **fields: Packed) -> Packed:
    return [1, "deal", RECORD, fields, seen]


def delete(seen: int) -> Packed:
    return [2, "deal", RECORD, seen]


def restore(seen: int) -> Packed:
    return [3, "deal", RECORD, seen]


def moved(target: bytes, seen: int) -> Packed:
    return [4, "deal", RECORD, target, seen]


def _vector(
    name: str,
    about: str,
    commits: list[Commit],
    fields: dict[str, Packed],
    kept: list[list[Packed]] | None = None,
    deleted: bool = False,
    moved_to: bytes = b"",
    marked: bool = False,
) -> Vector:
    action = seeded("action", size=16)
    return {
        "name": name,
        "about": about,
        "expect": "ok",
        "commits": [
            {"position": at, "device": device, "body": message([action, 1, 1, 0, operations]).hex()}
            for at, device, operations in commits
        ],
        "fields": fields,
        "kept": kept or [],
        "deleted": deleted,
        "moved_to": moved_to.hex(),
        "marked": marked,
    }


def records() -> dict[str, Any]:
    """Section 14. `kept` is (field, value, position of the commit that wrote it)."""
    made: Commit = (1, ANN, [put(0, name="a", stage="new")])
    rows = [
        _vector("made", "a record", [made], {"name": "a", "stage": "new"}),
        _vector(
            "later",
            "F1: the later position wins, field by field",
            [made, (2, BEN, [put(1, stage="won")])],
            {"name": "a", "stage": "won"},
        ),
        _vector(
            "within",
            "operations of one commit in their order",
            [(1, ANN, [put(0, name="a"), put(0, name="b")])],
            {"name": "b"},
        ),
        _vector(
            "conflict",
            "F2: a value that the author had not seen is kept",
            [made, (2, BEN, [put(1, stage="won")]), (3, CY, [put(1, stage="lost")])],
            {"name": "a", "stage": "lost"},
            [["stage", "won", 2]],
        ),
        _vector(
            "own",
            "his own device's earlier value is seen, whatever `seen` says",
            [made, (2, ANN, [put(0, stage="won")])],
            {"name": "a", "stage": "won"},
        ),
        _vector(
            "equal",
            "F2: equal values are no conflict",
            [made, (2, BEN, [put(1, stage="won")]), (3, CY, [put(1, stage="won")])],
            {"name": "a", "stage": "won"},
        ),
        _vector(
            "types",
            "F2: 1 and true are different values",
            [(1, ANN, [put(0, x=1)]), (2, BEN, [put(0, x=True)])],
            {"x": True},
            [["x", 1, 1]],
        ),
        _vector(
            "cleared",
            "F1, F2: nil against a value that was not seen",
            [(1, ANN, [put(0, x="y")]), (2, BEN, [put(0, x=None)])],
            {"x": None},
            [["x", "y", 1]],
        ),
        _vector(
            "two-kept",
            "F2: a put that has seen neither adds to the conflict, in order",
            [
                made,
                (2, BEN, [put(1, stage="won")]),
                (3, CY, [put(1, stage="lost")]),
                (4, ANN, [put(1, stage="open")]),
            ],
            {"name": "a", "stage": "open"},
            [["stage", "won", 2], ["stage", "lost", 3]],
        ),
        _vector(
            "order-in-a-put",
            "F2: fields of one put in the order of their names",
            [(1, ANN, [put(0, b=1, a=1)]), (2, BEN, [put(0, b=2, a=2)])],
            {"a": 2, "b": 2},
            [["a", 1, 1], ["b", 1, 1]],
        ),
        _vector(
            "settled",
            "F3: a put that has seen both settles",
            [
                made,
                (2, BEN, [put(1, stage="won")]),
                (3, CY, [put(1, stage="lost")]),
                (4, ANN, [put(3, stage="won")]),
            ],
            {"name": "a", "stage": "won"},
        ),
        _vector(
            "settled-by-equal",
            "F3: a kept value that is set again is settled, the one that stood is kept",
            [
                made,
                (2, BEN, [put(1, stage="won")]),
                (3, CY, [put(1, stage="lost")]),
                (4, ANN, [put(1, stage="won")]),
            ],
            {"name": "a", "stage": "won"},
            [["stage", "lost", 3]],
        ),
        _vector(
            "deleted",
            "F4: deleted, and seen",
            [made, (2, BEN, [delete(1)])],
            {"name": "a", "stage": "new"},
            deleted=True,
        ),
        _vector(
            "put-after-delete",
            "F4: a later put is kept and marks, and revives nothing",
            [made, (2, BEN, [delete(1)]), (3, ANN, [put(1, stage="won")])],
            {"name": "a", "stage": "won"},
            deleted=True,
            marked=True,
        ),
        _vector(
            "delete-unseen",
            "F4: a delete whose author had not seen a put marks",
            [made, (2, ANN, [put(1, stage="won")]), (3, BEN, [delete(1)])],
            {"name": "a", "stage": "won"},
            deleted=True,
            marked=True,
        ),
        _vector(
            "restored",
            "F4: restore revives and clears the mark",
            [made, (2, BEN, [delete(1)]), (3, ANN, [put(1, stage="won")]), (4, CY, [restore(3)])],
            {"name": "a", "stage": "won"},
        ),
        _vector(
            "deleted-again",
            "F4: the later of delete and restore wins",
            [made, (2, BEN, [delete(1)]), (3, ANN, [restore(2)]), (4, BEN, [delete(3)])],
            {"name": "a", "stage": "new"},
            deleted=True,
        ),
        _vector(
            "moved",
            "F5: the first mark wins",
            [made, (2, BEN, [moved(MARGINS, 1)]), (3, CY, [moved(SALES, 1)])],
            {"name": "a", "stage": "new"},
            moved_to=MARGINS,
        ),
        _vector(
            "put-after-move",
            "F5: a later put in the old home is kept and marks",
            [made, (2, BEN, [moved(MARGINS, 1)]), (3, CY, [put(1, stage="won")])],
            {"name": "a", "stage": "won"},
            moved_to=MARGINS,
            marked=True,
        ),
        _vector(
            "restore-of-moved",
            "F4: restore does not clear the mark of a moved record",
            [
                made,
                (2, BEN, [moved(MARGINS, 1)]),
                (3, CY, [put(1, stage="won")]),
                (4, ANN, [restore(3)]),
            ],
            {"name": "a", "stage": "won"},
            moved_to=MARGINS,
            marked=True,
        ),
        _vector(
            "delete-first",
            "a delete before any put makes an empty record",
            [(1, ANN, [delete(0)])],
            {},
            deleted=True,
        ),
        _vector(
            "unknown",
            "fields of any name, values of every kind",
            [(1, ANN, [put(0, colour={"a": None, "b": -33, "c": True}, n=2**64 - 1, m=-(2**63))])],
            {"colour": {"a": None, "b": -33, "c": True}, "n": 2**64 - 1, "m": -(2**63)},
        ),
    ]
    return {
        "about": "`commits` of one log, of which none is set aside, fold to one record: `fields`, `kept` values "
        "(field, value, position that wrote it), whether it is `deleted`, where it has `moved_to`, whether it is "
        "`marked` as changed behind or unseen by a deletion or a move.",
        "vectors": rows,
    }
