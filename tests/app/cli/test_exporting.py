"""export, and reading it back."""

from __future__ import annotations

import csv
from pathlib import Path

from app.cli import Exit
from tests.app.cli.person import Person


def test_csv_there_and_back(ann: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Äther & Söhne", "--set", "revenue=1200.5", "--set", "tags=a;b")
    file = tmp_path / "companies.csv"
    answer = ann.do("export", "companies", str(file))
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert answer["written"] == len(rows) == 1
    assert rows[0]["Name"] == "Äther & Söhne"
    assert rows[0]["Group"] == "Everyone"
    file.write_text(file.read_text(encoding="utf-8-sig").replace("1200.50", "77.25"), encoding="utf-8")
    again = ann.do("import", str(file))
    assert (again["created"], again["updated"]) == (0, 1)
    (found,) = ann.do("list", "companies")["records"]
    assert found["revenue"] == "77.25"
    assert sorted(tag["value"] for tag in found["tags"]) == ["a", "b"]


def test_names_stand_for_references_and_owners(ann: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Referred")
    ann.do("add", "deal", "--set", "name=Refers", "--set", "company=Referred")
    file = tmp_path / "deals.csv"
    ann.do(
        "export", "deals", str(file), "--fields", "name,company,owner", "--plain", "--filter", "name=refers"
    )
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "Name,Company,Owner",
        "Refers,Referred,Ann Achterberg",
    ]


def test_people_as_cards(ann: Person, tmp_path: Path) -> None:
    ann.do("add", "person", "--set", "name=Kari Kort", "--set", "phones[work]=+47 22 00 00 00")
    file = tmp_path / "people.vcf"
    assert ann.do("export", "people", str(file))["written"] == 1
    assert "FN:Kari Kort" in file.read_text(encoding="utf-8")


def test_a_file_is_not_written_over_unless_told(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("precious")
    assert ann.fails(Exit.FILE, "export", "deals", str(file))["code"] == "file-problem"
    assert file.read_text() == "precious"
    ann.do("export", "deals", str(file), "--force")
    assert file.read_text() != "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["deals.csv"]


def test_what_cannot_be_exported(ann: Person, tmp_path: Path) -> None:
    ann.fails(Exit.USAGE, "export", "deals", str(tmp_path / "deals.vcf"))
    ann.fails(Exit.USAGE, "export", "deals", str(tmp_path / "deals.xlsx"))
    ann.fails(Exit.USAGE, "export", "deals", str(tmp_path / "deals.csv"), "--fields", "name,colour")
    ann.fails(Exit.FILE, "export", "deals", str(tmp_path / "nowhere" / "deals.csv"))


def test_a_role_that_may_not_export_exports_nothing(ann: Person, ben: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Not for export")
    ben.do("sync")
    answer = ben.do("export", "companies", str(tmp_path / "c.csv"))
    assert answer["written"] == 0
    assert answer["not_allowed"] >= 1
