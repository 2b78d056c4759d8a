"""Second factor: codes that work once (at once too), recovery codes, tries, the policy, on both storages."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pyotp
import pytest

from protocol import wire
from protocol import wire_security as security
from protocol.codec import encode
from protocol.signing import Namespace
from server.accounts import Sessions, challenge_for, log_in
from server.accounts.second_factor import (
    RECOVERY_CODES,
    STEP_SECONDS,
    Verdict,
    change_factor,
    check_code,
    factor_view,
    step_of,
)
from server.accounts.sessions import Caller
from server.errors import CodeNeeded, Conflict, NotFound, RateLimited
from server.settings import Settings
from server.storage import AccountRow, SignInRow, SqliteFolder, Storage, open_database
from server.storage.migrate import Kind
from tests.protocol.world import Key
from tests.server.old_database import make_old_database
from tests.support.postgres import RunningPostgres

NOW = 1_800_000_000
ORIGIN = "https://crm.example.org"


def sqlite(request: pytest.FixtureRequest) -> Storage:
    folder: Path = request.getfixturevalue("tmp_path")
    return SqliteFolder(folder / "data")


def postgres(request: pytest.FixtureRequest) -> Storage:
    running: RunningPostgres = request.getfixturevalue("postgres")
    return open_database(running.database())


KINDS: dict[str, Callable[[pytest.FixtureRequest], Storage]] = {"sqlite": sqlite, "postgres": postgres}


class Bench:
    """One account on a storage, with a clock that stands still unless it is moved."""

    def __init__(self, storage: Storage, account: int = 0) -> None:
        self.storage = storage
        self.now = float(NOW)
        self.settings = Settings(None, frozenset({ORIGIN}), clock=lambda: self.now)
        self.sessions = Sessions(storage, self.settings, lambda session: None)
        self.key = Key("login", "ann")
        self.account = account
        if not account:
            with storage.write_accounts() as tx:
                row = AccountRow(0, "ann", self.key.public, 1, b"x")
                self.account = tx.add_account("ann", row, NOW, None)
        self.caller = Caller(self.account, b"s" * 16, NOW + 10_000)

    def change(self, change: object) -> security.SecondFactorReply:
        wanted = security.SecondFactorChange(change)  # type: ignore[arg-type]
        return change_factor(self.storage, self.settings, self.sessions, self.caller, wanted)

    def set_up(self) -> tuple[bytes, list[str]]:
        secret = self.change(security.SecondFactorBegin()).secret
        return secret, self.change(security.SecondFactorConfirm(self.code(secret))).recovery_codes

    def code(self, secret: bytes, steps: int = 0) -> str:
        return code_of(secret, self.now + steps * STEP_SECONDS)

    def later(self, steps: int = 1) -> None:
        self.now += steps * STEP_SECONDS

    def log_in(self, code: str = "", device: str = "") -> wire.Session:
        challenge = challenge_for(self.storage, self.settings, "ann").challenge
        statement = wire.LoginStatement(challenge, ORIGIN, "ann", int(self.now))
        login = wire.Login(statement, self.key.sign(Namespace.LOGIN, encode(statement)), device, code)
        return log_in(self.storage, self.settings, self.sessions, self.settings.origins, "127.0.0.1", login)

    def verdict(self, code: str) -> Verdict:
        with self.storage.write_accounts() as tx:
            return check_code(tx, self.settings, self.account, code)


def code_of(secret: bytes, at: float) -> str:
    return str(pyotp.TOTP(base64.b32encode(secret).decode()).at(int(at)))


@pytest.fixture(params=sorted(KINDS))
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    storage = KINDS[request.param](request)
    yield Bench(storage)
    storage.close()


def test_codes_are_those_of_the_rfc() -> None:
    """RFC 6238, appendix B, the last six digits of each."""
    secret = b"12345678901234567890"
    for at, code in (
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_234_567_890, "005924"),
        (20_000_000_000, "353130"),
    ):
        assert step_of(secret, code, at) == at // 30


def test_set_up_and_log_in(bench: Bench) -> None:
    assert factor_view(bench.storage, bench.caller) == security.SecondFactor(False, 0)
    secret = bench.change(security.SecondFactorBegin()).secret
    assert len(secret) == 20
    assert bench.log_in().token  # what was begun and not confirmed asks for nothing
    with pytest.raises(CodeNeeded):
        bench.change(security.SecondFactorConfirm("000000"))
    codes = bench.change(security.SecondFactorConfirm(bench.code(secret))).recovery_codes
    assert len(set(codes)) == RECOVERY_CODES
    assert factor_view(bench.storage, bench.caller) == security.SecondFactor(True, RECOVERY_CODES)
    with pytest.raises(CodeNeeded):
        bench.log_in()
    bench.later()
    assert bench.log_in(bench.code(secret)).token


def test_confirming_ends_sessions_that_have_shown_no_code(bench: Bench) -> None:
    other = bench.log_in()
    bench.set_up()
    with bench.storage.read_accounts() as tx:
        assert tx.sessions(bench.account) == []
    assert bench.sessions.remembered(other.token) is None


@pytest.mark.hostile
@pytest.mark.A37
def test_A37_a_code_works_once(bench: Bench) -> None:
    secret, _ = bench.set_up()
    assert bench.verdict(bench.code(secret)) is Verdict.WRONG  # it has confirmed the secret
    bench.later()
    assert bench.verdict(bench.code(secret)) is Verdict.RIGHT
    assert bench.verdict(bench.code(secret)) is Verdict.WRONG
    assert (
        bench.verdict(bench.code(secret, -1)) is Verdict.WRONG
    )  # an older one than the newest that was taken
    assert bench.verdict(bench.code(secret, 1)) is Verdict.RIGHT  # a clock that is ahead
    bench.later()
    assert bench.verdict(bench.code(secret)) is Verdict.WRONG


@pytest.mark.hostile
@pytest.mark.A37
def test_A37_of_logins_at_once_with_one_code_one_wins(bench: Bench) -> None:
    bench.settings = replace(bench.settings, bounds=replace(bench.settings.bounds, code_tries=1_000))
    secret, _ = bench.set_up()
    at_once = 8
    for _ in range(3):
        bench.later(3)
        code = bench.code(secret)
        barrier = Barrier(at_once)

        def attempt(_: int, code: str = code, barrier: Barrier = barrier) -> bool:
            barrier.wait()
            try:
                return bool(bench.log_in(code).token)
            except CodeNeeded:
                return False

        with ThreadPoolExecutor(at_once) as pool:
            assert sorted(pool.map(attempt, range(at_once))) == [False] * (at_once - 1) + [True]


@pytest.mark.hostile
@pytest.mark.A37
def test_A37_a_recovery_code_works_once_at_once_too(bench: Bench) -> None:
    _, codes = bench.set_up()
    barrier = Barrier(6)

    def attempt(_: int) -> Verdict:
        barrier.wait()
        return bench.verdict(codes[0].lower().replace("-", " "))

    with ThreadPoolExecutor(6) as pool:
        verdicts = list(pool.map(attempt, range(6)))
    assert verdicts.count(Verdict.RIGHT) == 1
    assert factor_view(bench.storage, bench.caller).codes_left == RECOVERY_CODES - 1


def test_only_near_steps_are_taken(bench: Bench) -> None:
    secret, _ = bench.set_up()
    bench.later(10)
    for steps in (-2, 2, 5):
        assert bench.verdict(bench.code(secret, steps)) is Verdict.WRONG
    assert bench.verdict(bench.code(secret, -1)) is Verdict.RIGHT


@pytest.mark.hostile
def test_tries_are_few_and_recovery_codes_are_taken_all_the_same(bench: Bench) -> None:
    secret, codes = bench.set_up()
    bench.later(2)
    right = bench.code(secret)
    wrong = [f"{n:06d}" for n in range(40) if step_of(secret, f"{n:06d}", int(bench.now)) is None]
    for n in range(bench.settings.bounds.code_tries):
        with pytest.raises(CodeNeeded):
            bench.log_in(wrong[n])
    with pytest.raises(RateLimited) as refused:
        bench.log_in(right)
    assert refused.value.retry_after == bench.settings.bounds.refused_window
    assert bench.log_in(codes[0]).token
    bench.now += bench.settings.bounds.refused_window + STEP_SECONDS
    assert bench.log_in(bench.code(secret)).token


@pytest.mark.hostile
def test_tries_of_a_day_are_bounded(bench: Bench) -> None:
    secret, _ = bench.set_up()
    taken = 0
    for _ in range(90):
        bench.now += bench.settings.bounds.refused_window / 2
        code = next(c for c in ("000000", "000001") if step_of(secret, c, int(bench.now)) is None)
        taken += bench.verdict(code) is Verdict.WRONG
    assert taken <= bench.settings.bounds.code_tries_a_day + 1


@pytest.mark.hostile
def test_nobody_without_the_login_key_uses_up_tries(bench: Bench) -> None:
    secret, _ = bench.set_up()
    bench.later(2)
    own, bench.key = bench.key, Key("mallory")
    for _ in range(bench.settings.bounds.code_tries + 3):
        with pytest.raises(Exception, match="unknown handle, wrong key"):
            bench.log_in("000000")
    bench.key = own
    assert bench.log_in(bench.code(secret)).token


def test_disable_and_new_codes_need_a_code(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.change(security.SecondFactorDisable("123456"))
    secret, codes = bench.set_up()
    for change in (security.SecondFactorDisable, security.SecondFactorCodes):
        for code in ("", "nothing", "x" * 100):
            with pytest.raises(CodeNeeded):
                bench.change(change(code))
    with pytest.raises(Conflict):
        bench.change(security.SecondFactorBegin())
    fresh = bench.change(security.SecondFactorCodes(codes[3])).recovery_codes
    assert not set(fresh) & set(codes)
    assert bench.verdict(codes[4]) is Verdict.WRONG
    bench.later()
    bench.change(security.SecondFactorDisable(bench.code(secret)))
    assert factor_view(bench.storage, bench.caller) == security.SecondFactor(False, 0)
    assert bench.log_in().token


def test_recovery_codes_are_not_stored(tmp_path: Path) -> None:
    storage = SqliteFolder(tmp_path / "data")
    _, codes = Bench(storage).set_up()
    storage.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for code in codes:
        assert code.encode() not in stored
        assert code.replace("-", "").encode() not in stored


def test_an_older_accounts_file_is_brought_forward(tmp_path: Path) -> None:
    """A file as the first version left it: the account logs in as before, and can set up a second factor."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    make_old_database(folder / "server.db", Kind.ACCOUNTS, "0001")
    key = Key("login", "ann")
    with closing(sqlite3.connect(folder / "server.db")) as old, old:
        old.execute("INSERT INTO accounts VALUES (7, 'ann', 'ann', ?, 1, x'00', ?, NULL)", (key.public, NOW))
    storage = SqliteFolder(folder)
    assert list(folder.glob("server.db.before-*"))
    bench = Bench(storage, account=7)
    assert bench.log_in().token
    secret, _ = bench.set_up()
    bench.later()
    assert bench.log_in(bench.code(secret)).token
    storage.close()


def test_sign_ins_are_bounded(bench: Bench) -> None:
    bench.settings = replace(bench.settings, bounds=replace(bench.settings.bounds, sign_ins_kept=3))
    with bench.storage.write_accounts() as tx:
        tx.link(bench.account, b"w" * 32)
    for n in range(6):
        bench.log_in(device=f"desk {n}")
    with bench.storage.read_accounts() as tx:
        rows = tx.sign_ins(b"w" * 32, 100, 100)
    assert [row.device_name for row in rows] == ["desk 5", "desk 4", "desk 3"]


@pytest.mark.hostile
def test_what_others_do_hides_no_sign_in(bench: Bench) -> None:
    """A thief's friend needs no account to fail at a hundred handles, and one member may log in a hundred times."""
    workspace = b"w" * 32
    with bench.storage.write_accounts() as tx:
        tx.link(bench.account, workspace)
        tx.add_sign_in(SignInRow(bench.account, 1, "thief's", True), 100)
        others = [
            tx.add_account(f"o{n}", AccountRow(0, f"o{n}", bytes(32), 1, b"b"), 1, None) for n in range(5)
        ]
        for other in (*others, bench.account):
            tx.link(other, workspace)
            for _ in range(30):
                tx.add_sign_in(SignInRow(other, 2, "", False), 100)
        for _ in range(30):
            tx.add_sign_in(SignInRow(others[0], 3, "eager", True), 100)
    with bench.storage.read_accounts() as tx:
        rows = tx.sign_ins(workspace, 5, 20)
    assert rows[0].device_name == "eager"
    assert [row.device_name for row in rows if row.ok] == ["eager"] * 5 + ["thief's"]
    assert sum(not row.ok for row in rows) == 20
