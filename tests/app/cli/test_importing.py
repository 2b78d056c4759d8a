"""import: CSV, vCards, bundle folders, one import of several files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tools.demo.generated import write_data

PEOPLE = "First name,Last name,Email,Company\nIda,Ib,ida@example.org,Umber GmbH\nOle,Ost,ole@example.org,Umber GmbH\n"
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera Card\r\nN:Card;Vera;;;\r\nTEL;TYPE=cell:+43 660 1\r\n"
    "X-UNHEARD-OF:something\r\nEND:VCARD\r\n"
)


def test_people_from_csv_twice(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    first = ann.do("import", str(file), "--type", "people")
    assert (first["created"], first["failed"]) == (2 + 1, 0)
    assert first["tables"][0]["also_created"] == {"company": 1}
    assert first["synchronised"] is True
    again = ann.do("import", str(file), "--type", "people", "--on-match", "skip")
    assert (again["created"], again["skipped"]) == (0, 2)
    (found,) = ann.do("search", "ida@example.org")["records"]
    assert found["name"] == "Ida Ib"


def test_a_dry_run_writes_nothing(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "companies.csv"
    file.write_text("Company,Sector\nNever Written Ltd,softwre\n")
    answer = ann.do("import", str(file), "--type", "company", "--dry-run")
    assert (answer["dry_run"], answer["created"]) == (True, 1)
    assert answer["tables"][0]["corrections"][0]["after"] == "software"
    assert ann.do("search", "never written")["records"] == []
    assert "what would happen" in ann.says("import", str(file), "--type", "company", "--dry-run")


def test_rows_that_fail_are_listed_and_saved(ann: Person, tmp_path: Path) -> None:
    file, failures = tmp_path / "deals.csv", tmp_path / "failed.csv"
    file.write_text("Deal name,Amount,Close date\nGood one,10,2026-01-31\nBad one,much,2026-02-30\n")
    answer = ann.do("import", str(file), "--type", "deal", "--failures", str(failures))
    assert (answer["created"], answer["failed"]) == (1, 1)
    assert answer["failure_files"] == [str(failures)]
    with failures.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["Deal name"] == "Bad one"
    assert row["Line"] == "3"
    assert row["Reason"]
    assert ann.fails(Exit.FILE, "import", str(file), "--failures", str(failures))["code"] == "file-problem"


def test_columns_are_mapped_by_hand(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Alpha,Beta,Gamma\nMapped Inc,retail,gone\n")
    ann.do(
        "import",
        str(file),
        "--type",
        "company",
        "--map",
        "Alpha=name",
        "--map",
        "beta=Sector",
        "--map",
        "Gamma=-",
    )
    (found,) = ann.do("list", "companies", "--filter", "name=mapped inc")["records"]
    assert found["sector"] == "retail"
    assert "gone" not in str(found)
    for wrong in ("Delta=name", "Alpha=colour", "Alpha"):
        assert (
            ann.fails(Exit.USAGE, "import", str(file), "--type", "company", "--map", wrong)["code"]
            == "usage-error"
        )


def test_dates_that_could_be_either_are_asked_about(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "dates.csv"
    file.write_text("Deal name,Close date\nEither way,01/02/2026\n")
    error = ann.fails(Exit.USAGE, "import", str(file), "--type", "deal")
    assert "--dates" in error["message"]
    ann.do("import", str(file), "--type", "deal", "--dates", "dmy")
    (found,) = ann.do("list", "deals", "--filter", "name=either way")["records"]
    assert "2026-02-01" in (found.get("closed"), found.get("expected_close"))


def test_a_card_and_what_is_not_kept_of_it(ann: Person, tmp_path: Path) -> None:
    file = tmp_path / "vera.vcf"
    file.write_bytes(CARD.encode())
    answer = ann.do("import", str(file))
    assert answer["created"] == 1
    assert [one["property"] for one in answer["tables"][0]["dropped"]] == ["X-UNHEARD-OF"]
    (found,) = ann.do("list", "people", "--filter", "family=Card")["records"]
    assert found["phones"][0]["value"] == "+43 660 1"


def test_files_that_belong_together_in_any_order(ann: Person, tmp_path: Path) -> None:
    deals, companies = tmp_path / "d.csv", tmp_path / "c.csv"
    deals.write_text("Deal name,Account,Amount\nTogether,Ochre Works,5\n")
    companies.write_text("Account name,Industry,Website\nOchre Works,mining,ochre.example.org\n")
    answer = ann.do("import", str(deals), str(companies))
    assert [one["type"] for one in answer["tables"]] == ["company", "deal"]
    assert answer["types"] == {"company": 1, "deal": 1}
    (deal,) = ann.do("list", "deals", "--filter", "name=together")["records"]
    assert deal["company"] == "Ochre Works"


def test_a_bundle_asks_for_its_groups_and_makes_them(ann: Person, tmp_path: Path) -> None:
    folder = write_data(tmp_path / "data", deals=40)
    error = ann.fails(Exit.USAGE, "import", str(folder))
    assert "--make-groups" in error["message"]
    answer = ann.do("import", str(folder), "--make-groups")
    assert answer["types"]["deal"] == 40
    assert {"Central", "East", "West"} <= {one["name"] for one in ann.do("team", "groups")["groups"]}
    assert sum(answer["tables"][-1]["groups"].values()) == 40
    mine = ann.do("team", "list")["members"][0]["groups"]["Central"]
    assert mine == ["Team Admin"]


def test_a_bundle_into_one_group(ann: Person, tmp_path: Path) -> None:
    folder = write_data(tmp_path / "data", seed=8, deals=10)
    ann.do("import", str(folder), "--group", "everyone", "--on-match", "create")
    assert {
        one["group"]
        for one in ann.do("list", "deals", "--filter", "external_id^=G", "--limit", "0")["records"]
    }


@pytest.mark.parametrize("content", [b"PK\x03\x04zip", b"", b"BEGIN:VCARD\r\nno end", b"\xff\xfe\x00\xd8"])
@pytest.mark.parametrize("name", ["bad.csv", "bad.vcf"])
def test_files_that_cannot_be_imported(ann: Person, tmp_path: Path, content: bytes, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    ran = ann.ran("import", str(file), "--group", "Everyone", "--json")
    assert ran.code in (Exit.FILE, Exit.OK)
    assert "Traceback" not in ran.err


def test_files_that_are_not_there(ann: Person, tmp_path: Path) -> None:
    assert ann.fails(Exit.FILE, "import", str(tmp_path / "none.csv"))["code"] == "file-problem"
    assert ann.fails(Exit.FILE, "import", str(tmp_path))["code"] == "file-problem"


def test_a_sales_rep_may_not_import(ben: Person, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    assert ben.fails(Exit.REFUSED, "import", str(file), "--type", "person")["code"] == "not-allowed"


def test_cards_of_five_programs(ann: Person, data_dir: Path) -> None:
    files = sorted((data_dir / "vcards").rglob("*.vcf"))
    assert files
    answer = ann.do("import", *map(str, files), "--on-match", "create", "--group", "Everyone", "--no-sync")
    assert answer["created"] >= len(files)
    assert answer["failed"] == 0
