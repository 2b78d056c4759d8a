"""Where the Secret Key is kept: only in keychains that are named, or in a private file that the user names."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keyring.backends.fail
import keyring.backends.null
import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from vault.keys import SecretKey
from vault.profile import (
    FileKeychain,
    Keychain,
    KeychainFailed,
    KeychainLocked,
    KeychainMissing,
    MemoryKeychain,
    SecretKeyExposed,
    SecretKeyMissing,
    SystemKeychain,
    keychain,
)

PROFILE, OTHER = "ab" * 16, "cd" * 16
SECRET = SecretKey(bytes(range(16)))
POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
ROOT = Path(__file__).parents[3]


class Dictionary(KeyringBackend):
    """A keyring over a dictionary; `failing` is raised by every call."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.failing: Exception | None = None

    def _maybe_fail(self) -> None:
        if self.failing is not None:
            raise self.failing

    def get_password(self, service: str, username: str) -> str | None:
        self._maybe_fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._maybe_fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._maybe_fail()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Dictionary:
    monkeypatch.setattr(keychain, "ALLOWED", ((Dictionary.__module__, Dictionary.__qualname__),))
    return Dictionary()


def makers(tmp_path: Path, backend: Dictionary) -> dict[str, Callable[[], Keychain]]:
    memory = MemoryKeychain()
    return {
        "memory": lambda: memory,
        "file": lambda: FileKeychain(tmp_path / "secret"),
        "system": lambda: SystemKeychain(backend),
    }


@pytest.mark.parametrize("kind", ["memory", "file", "system"])
def test_contract(kind: str, tmp_path: Path, backend: Dictionary) -> None:
    make = makers(tmp_path, backend)[kind]
    with pytest.raises(SecretKeyMissing):
        make().load(PROFILE)
    make().remove(PROFILE)
    make().store(PROFILE, SECRET)
    assert make().load(PROFILE) == SECRET
    newer = SecretKey.generate()
    make().store(PROFILE, newer)
    assert make().load(PROFILE) == newer
    make().remove(PROFILE)
    with pytest.raises(SecretKeyMissing):
        make().load(PROFILE)


def test_each_profile_has_an_entry_of_its_own(backend: Dictionary) -> None:
    chain = SystemKeychain(backend)
    chain.store(PROFILE, SECRET)
    with pytest.raises(SecretKeyMissing):
        chain.load(OTHER)
    assert backend.kept == {("Tacit", PROFILE): SECRET.text()}


def test_small_enough_for_windows(backend: Dictionary) -> None:
    SystemKeychain(backend).store(PROFILE, SECRET)
    assert all(len(text.encode("utf-16-le")) < 2_560 for text in backend.kept.values())


@pytest.mark.A38
@pytest.mark.hostile
@pytest.mark.parametrize(
    "kind", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring, ChainerBackend, Dictionary]
)
def test_any_other_backend_is_refused(kind: type[KeyringBackend]) -> None:
    with pytest.raises(KeychainMissing):
        SystemKeychain(kind())


@pytest.mark.A38
@pytest.mark.hostile
def test_a_plaintext_backend_is_not_taken_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class PlaintextKeyring(Dictionary):
        pass

    PlaintextKeyring.__module__, PlaintextKeyring.__qualname__ = "keyrings.alt.file", "PlaintextKeyring"
    with pytest.raises(KeychainMissing):
        SystemKeychain(PlaintextKeyring())


@pytest.mark.A38
@pytest.mark.hostile
def test_what_the_users_environment_names_is_never_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`keyring` itself takes a backend from a variable, a file and whatever is installed; none of it counts here."""

    def never(*_: object) -> KeyringBackend:
        raise AssertionError("asked")

    if sys.platform != "linux":
        pytest.skip("macOS and Windows always have a keychain")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("get_keyring", "init_backend", "load_env", "load_config"):
        monkeypatch.setattr(keyring.core, name, never)
    with pytest.raises(KeychainMissing):
        SystemKeychain.find()


def test_the_allowed_are_the_systems_own() -> None:
    assert {module for module, _ in keychain.ALLOWED} == {
        "keyring.backends.macOS",
        "keyring.backends.Windows",
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
    }
    for module, name in keychain.ALLOWED:
        assert issubclass(getattr(importlib.import_module(module), name), KeyringBackend)


def test_none_on_a_bare_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("macOS and Windows always have a keychain")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(KeychainMissing) as caught:
        SystemKeychain.find()
    assert "file" in caught.value.message


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (KeyringLocked("canary"), KeychainLocked),
        (PasswordSetError("canary"), KeychainFailed),
        (RuntimeError("canary"), KeychainFailed),
        (OSError("canary"), KeychainFailed),
        (type("LockedException", (Exception,), {})("canary"), KeychainLocked),
        (type("DBusException", (Exception,), {})("canary"), KeychainFailed),
    ],
)
def test_failures_are_ours_and_repeat_nothing(
    backend: Dictionary, raised: Exception, expected: type[Exception]
) -> None:
    chain = SystemKeychain(backend)
    backend.failing = raised
    for act in (
        lambda: chain.load(PROFILE),
        lambda: chain.store(PROFILE, SECRET),
        lambda: chain.remove(PROFILE),
    ):
        with pytest.raises(expected) as caught:
            act()
        assert "canary" not in str(caught.value)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("entry", ["", "canary", SECRET.text()[:-1]])
def test_an_entry_that_is_no_secret_key(backend: Dictionary, entry: str) -> None:
    backend.kept["Tacit", PROFILE] = entry
    with pytest.raises(KeychainFailed) as caught:
        SystemKeychain(backend).load(PROFILE)
    assert "canary" not in str(caught.value)


@POSIX
def test_the_file_is_private_from_its_first_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        FileKeychain(tmp_path / "secret").store(PROFILE, SECRET)
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@POSIX
@pytest.mark.A38
@pytest.mark.hostile
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660, 0o666])
def test_a_file_that_others_may_read_is_refused_and_left_as_it_is(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    FileKeychain(path).store(PROFILE, SECRET)
    path.chmod(mode)
    with pytest.raises(SecretKeyExposed):
        FileKeychain(path).load(PROFILE)
    assert path.stat().st_mode & 0o777 == mode
    path.chmod(0o600)
    assert FileKeychain(path).load(PROFILE) == SECRET


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="giving a file away needs root")
def test_a_file_of_somebody_elses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    FileKeychain(path).store(PROFILE, SECRET)
    os.chown(path, 12_345, 12_345)
    with pytest.raises(SecretKeyExposed):
        FileKeychain(path).load(PROFILE)


@POSIX
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    FileKeychain(tmp_path / "real").store(PROFILE, SECRET)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises((KeychainFailed, SecretKeyExposed)):
        FileKeychain(tmp_path / "link").load(PROFILE)


@pytest.mark.parametrize("content", [b"", b"canary", b"\xff\xfe", b"x" * 5_000])
def test_a_file_that_holds_no_secret_key(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeychainFailed) as caught:
        FileKeychain(path).load(PROFILE)
    assert "canary" not in str(caught.value)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(KeychainFailed):
        FileKeychain(tmp_path / "no" / "such" / "folder").store(PROFILE, SECRET)


REAL = """
from vault.keys import SecretKey
from vault.profile import SecretKeyMissing, SystemKeychain
chain = SystemKeychain.find()
for number in (1, 2):
    chain.store("ab" * 16, SecretKey(bytes(15) + bytes((number,))))
    assert SystemKeychain.find().load("ab" * 16) == SecretKey(bytes(15) + bytes((number,)))
chain.remove("ab" * 16)
chain.remove("ab" * 16)
try:
    chain.load("ab" * 16)
except SecretKeyMissing:
    print("done", type(chain._backend).__module__)
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus-run-session and gnome-keyring-daemon are not installed",
)
def test_with_a_real_secret_service(tmp_path: Path) -> None:
    script = (
        'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -c "$1"'
    )
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, REAL],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "done keyring.backends.SecretService", done.stderr
