"""A desk and its second factor, on a real server: set up, signed in again, demanded by the workspace."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from app.desk import Desk, SignIn, emergency_kit, sign_in_with_kit
from app.desk.second_factor import (
    begin_factor,
    confirm_factor,
    disable_factor,
    enter_code,
    factor_state,
    is_demanded,
    new_recovery_codes,
    recovery_sheet,
)
from app.desk.sessions import end_all_others, own_sessions
from protocol.ids import Standing
from sync_client import CodeNeeded, FactorMissing, Phase
from tests.support.real_desks import PASSWORD, Office, wait_until

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


class Phone:
    """An authenticator app that has read the QR code. Each code is of the next step, so that none is used twice."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
        self._generator = pyotp.TOTP(parse_qs(parts.query)["secret"][0])
        self._step = 0

    def code(self) -> str:
        """The server takes the step before the present one, the present one, and the one after it: three codes."""
        present = int(time.time()) // 30
        self._step = max(self._step + 1, present - 1)
        assert self._step <= present + 1, "no more codes for now"
        return str(self._generator.generate_otp(self._step))


def set_up(desk: Desk) -> tuple[Phone, list[str]]:
    phone = Phone(begin_factor(desk).uri)
    return phone, confirm_factor(desk, phone.code())


def forget_session(desk: Desk) -> None:
    desk.account.door.ended(desk.account.door._kept.load())


def test_the_secret_to_scan_and_to_type_is_one(office: Office) -> None:
    ann = office.found()
    new = begin_factor(ann)
    secret = parse_qs(urlsplit(new.uri).query)["secret"][0]
    assert new.text.replace(" ", "") == secret
    assert len(base64.b32decode(secret)) == 20


def test_set_up_then_the_same_desk_goes_on(office: Office) -> None:
    """The desk's own connections share the session that has shown the code: nothing asks again."""
    ann = office.found()
    _, codes = set_up(ann)
    assert len(codes) == 10
    assert factor_state(ann).enabled
    assert ann.sync_now(20)
    ann = office.reopen("ann")
    assert ann.sync_now(20)


def test_an_ended_session_asks_for_a_code_and_work_goes_on(office: Office) -> None:
    ann = office.found()
    phone, codes = set_up(ann)
    end = own_sessions(ann)
    assert [one.current for one in end] == [True]
    ann.stop_sync()
    forget_session(ann)
    ann = office.reopen("ann")
    ann.start_sync()
    wait_until(lambda: ann.sync_state.phase is Phase.HALTED)
    assert isinstance(ann.sync_state.error, CodeNeeded)
    with ann.editor.action() as action:  # offline work is not held up
        action.create(
            "company", ann.home_for("company", ann.group_choices("company")[0].id), {"name": "Acme"}
        )
    assert ann.pending()
    with pytest.raises(CodeNeeded) as wrong:
        enter_code(ann, "000 000")
    assert wrong.value.wrong
    enter_code(ann, phone.code())
    wait_until(lambda: ann.sync_state.phase is Phase.IDLE and not ann.pending())
    forget_session(ann)
    ann.stop_sync()
    enter_code(ann, codes[0].lower())
    ann.sync_once()


def test_a_program_that_can_ask_asks(office: Office) -> None:
    ann = office.found()
    phone, _ = set_up(ann)
    ann.stop_sync()
    forget_session(ann)
    ann = office.reopen("ann")
    asked: list[bool] = []

    def ask(wrong: bool) -> str:
        asked.append(wrong)
        return "123" if len(asked) == 1 else phone.code()

    ann.account.door.ask = ask
    ann.sync_once()
    assert asked == [False, True]
    forget_session(ann)
    ann.account.door.ask = lambda wrong: ""
    ann = office.reopen("ann")
    with pytest.raises(CodeNeeded):
        ann.sync_once()


def test_a_new_computer_needs_a_code_once(office: Office) -> None:
    ann = office.found()
    phone, _ = set_up(ann)
    kit = emergency_kit(ann, office.keychain.load(ann.profile.id))
    wanted = SignIn(office.origin, "ann", kit.account.secret_key, PASSWORD, kit)
    with pytest.raises(CodeNeeded):
        sign_in_with_kit(wanted, office.place("second"))
    assert not (office.folder / "second").exists()
    asked: list[bool] = []

    def ask(wrong: bool) -> str:
        asked.append(wrong)
        return phone.code()

    wanted = SignIn(office.origin, "ann", kit.account.secret_key, PASSWORD, kit, ask_code=ask)
    second = sign_in_with_kit(wanted, office.place("second")).desk
    office.desks["second"] = second
    assert second.sync_now(20)
    assert asked == [False]
    assert len(own_sessions(ann)) == 2


def test_disable_and_new_codes(office: Office) -> None:
    ann = office.found()
    phone, codes = set_up(ann)
    with pytest.raises(CodeNeeded):
        disable_factor(ann, codes[0] + "x")
    fresh = new_recovery_codes(ann, codes[0])
    assert not set(fresh) & set(codes)
    sheet = recovery_sheet(fresh, "ann", office.origin)
    assert all(code in sheet for code in fresh)
    disable_factor(ann, phone.code())
    assert not factor_state(ann).enabled
    ann.stop_sync()
    forget_session(ann)
    office.reopen("ann").sync_once()


@pytest.mark.hostile
def test_policy_holds_sessions_that_were_there_before(office: Office) -> None:
    """The owner sets it up and demands it of everybody; a rep who is signed in can only set it up."""
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brandt")
    assert not is_demanded(ben)
    set_up(ann)
    ann.actions.second_factor_policy(2)
    assert ann.sync_now(20)
    wait_until(lambda: not ben.sync_now(5) and isinstance(ben.sync_state.error, FactorMissing))
    with pytest.raises(FactorMissing):
        ben.sync_once()
    ben.stop_sync()
    set_up(ben)
    ben.sync_once()
    assert is_demanded(ben)
    assert ann.vault.roster.members[ann.me].standing is Standing.OWNER
    ann.actions.second_factor_policy(0)
    ann.actions.second_factor_policy(0)  # nothing to do


def test_sessions_of_computers_by_name_and_all_others_end(office: Office) -> None:
    ann = office.found()
    second = office.second_computer(ann, "second")
    listed = own_sessions(ann)
    mine = ann.team().member(ann.me).devices
    assert listed[0].current
    assert listed[0].device in {device.name for device in mine if device.is_this}
    end_all_others(ann)
    assert [one.current for one in own_sessions(ann)] == [True]
    second.sync_once()  # without a second factor it signs in again by itself
    assert len(own_sessions(ann)) == 2
