from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crm import Existing, ExportFailed, sample
from app.crm.exporting import export_workspace

EVERYTHING = [(one.type, Existing(one.record, one.fields)) for one in sample()]


def records(type: str) -> Iterator[Existing]:
    return (record for kind, record in EVERYTHING if kind == type)


def test_all_of_it(tmp_path: Path) -> None:
    report = export_workspace(tmp_path / "out", records)
    written = {name: one.written for name, one in report.files.items()}
    assert written == {
        "company.csv": 60, "person.csv": 140, "deal.csv": 220, "product.csv": 8, "pipeline.csv": 1, "note.csv": 160,
        "task.csv": 70, "file.csv": 0, "people.vcf": 140,
    }  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(written)
    text = (tmp_path / "out" / "pipeline.csv").read_text("utf-8-sig")
    assert all(
        word in text for word in ("Prospecting", "Negotiation", "Lost")
    )  # what has no column is in the last


def test_never_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "deal.csv").write_text("mine")
    with pytest.raises(ExportFailed, match=r"deal\.csv"):
        export_workspace(tmp_path, records)
    assert (tmp_path / "deal.csv").read_text() == "mine"


def test_stopped(tmp_path: Path) -> None:
    report = export_workspace(tmp_path, records, cancelled=lambda: True)
    assert report.cancelled and list(report.files) == ["company.csv"]
