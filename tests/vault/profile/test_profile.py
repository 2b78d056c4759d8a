"""A profile's life: made, opened, unlocked, resealed; and what a thief has without the Secret Key."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from vault.keys import Derived, SecretKey
from vault.keys.derive import derive
from vault.keys.errors import AddressUnusable, HandleUnusable, PasswordUnusable
from vault.profile import (
    Profile,
    ProfileBusy,
    ProfileDamaged,
    ProfileExists,
    ProfileMissing,
    ProfileTooNew,
    VaultKey,
    WrongPassword,
)

PASSWORD = "correct horse battery staple"
SECRET = SecretKey(bytes(range(16)))
CREATED = 1_700_000_000
FROZEN_JSON = (
    '{"format": 1, "id": "0123456789abcdef0123456789abcdef", "handle": "ann@example.org", '
    '"server": "https://crm.example.org", "created": 1700000000}'
)
FROZEN_KEY = bytes.fromhex(
    "01cac88f86d485cd1f7943020e46dff203304bc2be2f3be0d2d7169f5569b6f340d92ddc91262329d005995d1e3e9039"
    "e9092aece13e64d439e258a9bf6a8586455952f9047be8edfa0f6b7c85f7f5f1ff07893efd5cb522c4aa8be8e2a78813"
    "8b9b41e3d9a540fb83109cfa825ff31383"
)
POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def test_made_opened_and_unlocked(folder: Path, made: VaultKey) -> None:
    with Profile.open(folder) as profile:
        assert profile.unlock(PASSWORD, SECRET) == made
        assert profile.unlock_with(profile.derive(PASSWORD, SECRET)) == made
        assert (profile.handle, profile.server) == ("ann@example.org", "https://crm.example.org")
        assert (profile.folder, profile.created) == (folder, CREATED)
        assert len(bytes.fromhex(profile.id)) == 16
        assert profile.database == folder / "vault.db"


def test_every_profile_has_a_key_and_an_id_of_its_own(tmp_path: Path, derived: Derived) -> None:
    made = [
        Profile.create(tmp_path / str(number), "ann", "crm.example.org", derived, CREATED)
        for number in range(5)
    ]
    assert len({key.raw for _, key in made}) == len({profile.id for profile, _ in made}) == 5
    for profile, _ in made:
        profile.close()


@POSIX
def test_modes(folder: Path, made: VaultKey) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "profile.json": 0o600,
        "key.sealed": 0o600,
        "lock": 0o600,
    }


@POSIX
def test_a_folder_that_became_wider_is_tightened(folder: Path, made: VaultKey) -> None:
    folder.chmod(0o755)
    Profile.open(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.usefixtures("made")
def test_a_second_opener_is_turned_away(folder: Path) -> None:
    first = Profile.open(folder)
    with pytest.raises(ProfileBusy):
        Profile.open(folder)
    first.close()
    Profile.open(folder).close()


def test_nothing_is_written_over(folder: Path, made: VaultKey, derived: Derived) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ProfileExists):
        Profile.create(folder, "ben", "crm.example.org", derived, CREATED)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with Profile.open(folder) as profile:
        assert profile.unlock(PASSWORD, SECRET) == made


def test_a_database_without_a_profile_is_not_written_over(folder: Path, derived: Derived) -> None:
    folder.mkdir(parents=True)
    (folder / "vault.db").write_bytes(b"somebody's records")
    with pytest.raises(ProfileExists):
        Profile.create(folder, "ann", "crm.example.org", derived, CREATED)


def test_a_making_that_was_interrupted_is_no_profile_and_can_be_repeated(
    folder: Path, derived: Derived, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("vault.profile.manifest.write_atomically", full)
        with pytest.raises(OSError, match="space"):
            Profile.create(folder, "ann", "crm.example.org", derived, CREATED)
    with pytest.raises(ProfileMissing):
        Profile.open(folder)
    profile, key = Profile.create(folder, "ann", "crm.example.org", derived, CREATED)
    assert profile.unlock_with(derived) == key
    profile.close()


def test_unusable_names_make_no_folder(folder: Path, derived: Derived) -> None:
    with pytest.raises(HandleUnusable):
        Profile.create(folder, "", "crm.example.org", derived, CREATED)
    with pytest.raises(AddressUnusable):
        Profile.create(folder, "ann", "http://crm.example.org", derived, CREATED)
    assert not folder.exists()


@pytest.mark.usefixtures("made", "fast_kdf")
@pytest.mark.parametrize(
    ("password", "secret"),
    [
        ("wrong", SECRET),
        (PASSWORD + " ", SECRET),
        (PASSWORD, SecretKey(bytes(16))),
        ("wrong", SecretKey(bytes(16))),
    ],
)
def test_wrong_password_or_secret_key(folder: Path, password: str, secret: SecretKey) -> None:
    with Profile.open(folder) as profile, pytest.raises(WrongPassword) as caught:
        profile.unlock(password, secret)
    assert password not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.usefixtures("made")
def test_an_empty_password_is_refused(folder: Path) -> None:
    with Profile.open(folder) as profile, pytest.raises(PasswordUnusable):
        profile.unlock("", SECRET)


@pytest.mark.A38
@pytest.mark.hostile
def test_a_stolen_profile_gives_no_way_to_guess_passwords(
    folder: Path, made: VaultKey, derived: Derived
) -> None:
    """All files of the profile, and the right password: without the Secret Key nothing opens, and no file has any
    form of Secret Key, unlock key, login key or database key."""
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (SECRET.raw, derived.unlock_key, derived.login.to_bytes(), made.raw):
        for form in (secret, secret.hex().encode(), secret[::-1]):
            assert form not in stored
    for text in (SECRET.text(), SECRET.words(), PASSWORD):
        assert text.encode() not in stored
    with Profile.open(folder) as profile:
        for guess in range(50):
            with pytest.raises(WrongPassword):
                profile.unlock(PASSWORD, SecretKey(guess.to_bytes(16, "big")))


def test_change_of_password_leaves_no_earlier_seal(folder: Path, made: VaultKey, derived: Derived) -> None:
    with Profile.open(folder) as profile:
        profile.change_unlock_key(made, derive("another", SECRET))
        with pytest.raises(WrongPassword):
            profile.unlock_with(derived)
        assert profile.unlock("another", SECRET) == made
    assert sorted(path.name for path in folder.iterdir()) == ["key.sealed", "lock", "profile.json"]


def test_a_change_of_password_that_fails_changes_nothing(
    folder: Path, made: VaultKey, derived: Derived, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with Profile.open(folder) as profile:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fails)
            with pytest.raises(OSError, match="Input"):
                profile.change_unlock_key(made, derive("another", SECRET))
        assert profile.unlock_with(derived) == made
    assert sorted(path.name for path in folder.iterdir()) == ["key.sealed", "lock", "profile.json"]


@pytest.mark.usefixtures("made")
def test_the_servers_address_may_change(folder: Path, made: VaultKey, derived: Derived) -> None:
    with Profile.open(folder) as profile:
        profile.change_server("https://NEW.example.org/")
        assert profile.server == "https://new.example.org"
    with Profile.open(folder) as profile:
        assert profile.server == "https://new.example.org"
        assert profile.unlock_with(derived) == made


@pytest.mark.A10
def test_every_byte_of_the_sealed_key_flipped_is_refused(
    folder: Path, made: VaultKey, derived: Derived
) -> None:
    path = folder / "key.sealed"
    genuine = path.read_bytes()
    with Profile.open(folder) as profile:
        for index in range(len(genuine)):
            path.write_bytes(genuine[:index] + bytes((genuine[index] ^ 1,)) + genuine[index + 1 :])
            with pytest.raises(WrongPassword if index else ProfileTooNew):
                profile.unlock_with(derived)


@pytest.mark.A09
@pytest.mark.A16
def test_files_that_are_not_what_they_should_be(
    folder: Path, made: VaultKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> bytes:
        raise AssertionError("derived")

    monkeypatch.setattr("vault.profile.profile.derive", never)
    path = folder / "key.sealed"
    genuine = path.read_bytes()
    with Profile.open(folder) as profile:
        for wrong in (b"", genuine[:-1], genuine + b"\0"):
            path.write_bytes(wrong)
            with pytest.raises(ProfileDamaged):
                profile.unlock(PASSWORD, SECRET)
        path.write_bytes(b"\x02" + genuine[1:])
        with pytest.raises(ProfileTooNew):
            profile.unlock(PASSWORD, SECRET)
        path.unlink()
        with pytest.raises(ProfileDamaged):
            profile.unlock(PASSWORD, SECRET)


@pytest.mark.hostile
def test_a_sealed_key_of_another_profile_is_refused(tmp_path: Path, derived: Derived) -> None:
    made = [
        Profile.create(tmp_path / name, name, "crm.example.org", derived, CREATED)[0]
        for name in ("ann", "ben")
    ]
    stolen = (tmp_path / "ben" / "key.sealed").read_bytes()
    (tmp_path / "ann" / "key.sealed").write_bytes(stolen)
    with pytest.raises(WrongPassword):
        made[0].unlock_with(derived)
    for profile in made:
        profile.close()


@pytest.mark.hostile
@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("field", "value"), [("handle", "ben@example.org"), ("id", "ab" * 16)])
def test_the_sealed_key_is_bound_to_handle_and_id(
    folder: Path, derived: Derived, field: str, value: str
) -> None:
    path = folder / "profile.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with Profile.open(folder) as profile, pytest.raises(WrongPassword):
        profile.unlock_with(derived)


@pytest.mark.usefixtures("fast_kdf")
def test_format_is_stable(tmp_path: Path) -> None:
    """A profile that was written when the format was made still opens (at the tests' cost of derivation)."""
    (tmp_path / "profile.json").write_text(FROZEN_JSON)
    (tmp_path / "key.sealed").write_bytes(FROZEN_KEY)
    with Profile.open(tmp_path) as profile:
        assert profile.unlock(PASSWORD, SECRET).raw == b"\x0c" * 32


def test_no_profile_there(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(ProfileMissing):
            Profile.open(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("made")
def test_errors_have_words_for_people(folder: Path) -> None:
    with Profile.open(folder), pytest.raises(ProfileBusy) as caught:
        Profile.open(folder)
    assert caught.value.title == "This profile is open already"
    assert caught.value.message.endswith(".")
