"""tacit second-factor, sessions, team second-factor: as scripts use them."""

from __future__ import annotations

import time
from pathlib import Path

import pyotp
import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer


@pytest.fixture
def cy(server: RunningServer, tmp_path: Path) -> Person:
    made = Person(tmp_path / "cy", f"cy-{tmp_path.name}", "Cy Castellanos")
    made.init(server.origin)
    return made


def set_up(person: Person, patch: pytest.MonkeyPatch) -> tuple[pyotp.TOTP, list[str]]:
    secret = person.do("second-factor", "set-up")["secret"].replace(" ", "")
    phone = pyotp.TOTP(secret)
    patch.setenv("TACIT_CODE", phone.generate_otp(int(time.time()) // 30 - 1))
    return phone, person.do("second-factor", "confirm")["recovery_codes"]


def test_set_up_status_off(cy: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cy.do("second-factor", "status") == {"enabled": False, "recovery_codes": 0, "demanded": False}
    assert cy.fails(Exit.SECRET, "second-factor", "confirm")["title"] == "Not confirmed"
    _, codes = set_up(cy, monkeypatch)
    assert len(codes) == 10
    assert cy.do("second-factor", "status")["recovery_codes"] == 10
    cy.do("sync")  # the session has shown the code
    assert cy.fails(Exit.SECRET, "second-factor", "off")["title"] == "No code"
    monkeypatch.setenv("TACIT_CODE", "000000")
    assert cy.fails(Exit.SECRET, "second-factor", "off")["code"] == "second-factor"
    monkeypatch.setenv("TACIT_CODE", codes[0])
    fresh = cy.do("second-factor", "new-codes")["recovery_codes"]
    assert not set(fresh) & set(codes)
    monkeypatch.setenv("TACIT_CODE", fresh[1])
    cy.do("second-factor", "off")
    assert not cy.do("second-factor", "status")["enabled"]


def test_a_new_computer_takes_the_code_from_the_environment(
    cy: Person, server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _ = set_up(cy, monkeypatch)
    other = Person(tmp_path / "other", cy.handle, cy.name)
    other.key_file.write_bytes(cy.key_file.read_bytes())
    other.key_file.chmod(0o600)
    words = ("sign-in", "--server", server.origin, "--handle", cy.handle)
    assert other.fails(Exit.SECRET, *words)["code"] == "second-factor"
    monkeypatch.setenv("TACIT_CODE", phone.now())
    other.do(*words)
    found = other.do("sessions")["sessions"]
    assert [one["current"] for one in found] == [True, False]
    assert all(one["device"].startswith("Computer ") for one in found)
    assert cy.fails(Exit.USAGE, "sessions", "--end", "zz")["title"] == "Not found"
    left = other.do("sessions", "--end", found[1]["id"][:8])["sessions"]
    assert [one["id"] for one in left] == [found[0]["id"]]
    assert cy.ran("sync").code in (Exit.SECRET, Exit.OFFLINE)
    assert cy.fails(Exit.SECRET, "sync")["code"] == "second-factor"
    assert other.fails(Exit.USAGE, "sessions", "--end", "1", "--end-others")["title"]


def test_demanded_of_everybody(cy: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cy.fails(Exit.USAGE, "team", "second-factor", "everybody")["title"] == "You have none yourself"
    set_up(cy, monkeypatch)
    assert cy.do("team", "second-factor", "everybody") == {"second_factor": "everybody"}
    assert cy.do("second-factor", "status")["demanded"]
    assert cy.do("team", "second-factor", "nobody") == {"second_factor": "nobody"}
