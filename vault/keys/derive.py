"""From password and Secret Key to unlock key and login key.

    salt      = HKDF(Secret Key, "password-salt")
    stretched = Argon2id(NFKD(password) as UTF-8, salt, cost of the version, 32 bytes)       RFC 9106
    unlock    = HKDF(stretched || Secret Key, "unlock-key")
    login     = Ed25519 key from HKDF(stretched || Secret Key, "login-seed")

Without the Secret Key no guess of a password can be tried; without the password the Secret Key opens nothing.
The cost belongs to the version byte: no parameter comes from a server, a file or the environment.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from argon2.low_level import Type, hash_secret_raw

from protocol.ids import KEY_SIZE
from protocol.limits import VERSION
from vault.keys.errors import PasswordUnusable, UnknownKeyVersion
from vault.keys.hidden import Hidden
from vault.keys.labels import Label, subkey
from vault.keys.secret_key import SecretKey
from vault.keys.signer import Signer

MAX_PASSWORD = 1_000  # characters, as typed


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int


COSTS: Mapping[int, Cost] = MappingProxyType({VERSION: Cost(memory=256 * 1024, passes=3, lanes=4)})
"""Cost by version byte. A version that is not in it is refused before anything is derived."""


class LoginKey(Signer):
    """Signs in to the server, and does nothing else."""

    __slots__ = ()


class Derived(Hidden):
    """What password and Secret Key give: the unlock key (32 bytes) and the login key."""

    __slots__ = ("login", "unlock_key")

    def __init__(self, unlock_key: bytes, login: LoginKey) -> None:
        self.unlock_key = unlock_key
        self.login = login

    def _secret(self) -> bytes:
        return self.unlock_key + self.login.to_bytes()


def normalised_password(password: str) -> bytes:
    """NFKD, then UTF-8, so that the same password typed on another system gives the same bytes.

    Raises PasswordUnusable, without the password in it.
    """
    try:
        data = unicodedata.normalize("NFKD", password).encode("utf-8")
    except UnicodeEncodeError:
        data = b""
    if not data or len(password) > MAX_PASSWORD:
        raise PasswordUnusable("empty, too long, or not encodable")
    return data


def derive(password: str, secret_key: SecretKey, version: int = VERSION) -> Derived:
    """Takes about a second and 256 MiB, on purpose: not on a thread that paints.

    Raises UnknownKeyVersion before anything is derived, PasswordUnusable.
    """
    cost = COSTS.get(version)
    if cost is None:
        raise UnknownKeyVersion(f"no cost is known for version {version}")
    stretched = hash_secret_raw(
        secret=normalised_password(password),
        salt=subkey(secret_key.raw, Label.PASSWORD_SALT),
        time_cost=cost.passes,
        memory_cost=cost.memory,
        parallelism=cost.lanes,
        hash_len=KEY_SIZE,
        type=Type.ID,
        version=0x13,
    )
    both = stretched + secret_key.raw
    return Derived(subkey(both, Label.UNLOCK_KEY), LoginKey(subkey(both, Label.LOGIN_SEED)))
