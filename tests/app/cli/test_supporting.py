"""diagnostics and support on the command line."""

from __future__ import annotations

from pathlib import Path

from app.cli import Exit
from tests.app.cli.conftest import Team
from tests.app.cli.person import Person


def test_diagnostics_are_printed_or_saved(ann: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Harbour Works Quillon")
    printed = ann.says("diagnostics")
    assert "== Technical journal" in printed
    assert "Quillon" not in printed
    assert ann.handle not in printed
    assert "Achterberg" not in printed
    file = tmp_path / "diagnostics.txt"
    answer = ann.do("diagnostics", "--out", str(file))
    assert answer["lines"] == len(file.read_text(encoding="utf-8").splitlines())
    ann.fails(Exit.FILE, "diagnostics", "--out", str(file))


def test_support_is_let_in_reads_and_is_ended(team: Team, tmp_path: Path) -> None:
    ann, ben = team.ann, team.ben
    assert ann.do("support", "list") == {"allowed": False, "support": []}
    vic = Person(tmp_path / "vic", f"vic-{tmp_path.name}", "Vic of Tacit")
    words = (
        "support",
        "let-in",
        "--name",
        vic.name,
        "--group",
        "Everyone",
        "--read",
        "contacts",
        "--for",
        "4h",
    )
    ann.fails(Exit.REFUSED, *words)
    assert ann.do("support", "allow", "on") == {"allowed": True}
    ben.do("sync")
    ben.fails(Exit.REFUSED, *words)
    told = ann.do(*words, "--dry-run")
    assert told["sentences"][0].startswith(
        "Support will read all people, companies, tasks and notes of Everyone"
    )
    ann.fails(Exit.USAGE, *words[:-1], "31d")
    ann.fails(Exit.USAGE, *words[:-1], "tomorrow")
    ann.fails(Exit.USAGE, *words[:-3], "weather")
    ann.do("add", "person", "--group", "Everyone", "--set", "name=Kari Kort")
    invited = ann.do(*words)
    vic.join_with(str(invited["link"]), ann)
    assert [one["name"] for one in vic.do("list", "people")["records"]] == ["Kari Kort"]
    vic.fails(Exit.USAGE, "add", "person", "--group", "Everyone", "--set", "name=Nobody")
    ben.do("sync")
    (running,) = ben.do("support", "list")["support"]
    assert (running["name"], running["reads"], running["inside"]) == (vic.name, ["contacts"], True)
    assert f"Support ({vic.name}) can read" in ben.says("support", "list")
    ben.fails(Exit.USAGE, "support", "end", "Nobody")
    ben.do("support", "end", vic.name)
    vic.ran("sync")
    assert vic.fails(Exit.REFUSED, "list", "people")["title"] == "Your time as support is over"
    assert ann.do("audit", "--kind", "support", "--offline")["found"] >= 3
    assert ann.do("support", "allow", "off") == {"allowed": False}
