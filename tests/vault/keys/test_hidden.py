"""No accident shows a secret: repr, str, format, %-formatting, pickle, tracebacks of every class that holds one."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import traceback
from collections.abc import Callable, Iterator

import pytest

import vault.keys
import vault.profile
from vault.keys import (
    Account,
    Bundle,
    BundleIdentity,
    Derived,
    DeviceKey,
    EncryptionKey,
    Identity,
    Kit,
    Link,
    LoginKey,
    SecretKey,
    Token,
)
from vault.keys.hidden import Hidden
from vault.keys.identity import SigningKey
from vault.keys.signer import Signer
from vault.keys.transfer import TransferCode, TransferSecret
from vault.profile import VaultKey

RAW = b"CANARY-of-thirty-two-bytes-12345"
SECRET = SecretKey(RAW[:16])
ACCOUNT = Account("https://crm.example.org", "ann", SECRET)
LONG = RAW * 4

HOLDERS: list[Hidden] = [
    SECRET,
    Signer(RAW),
    LoginKey(RAW),
    DeviceKey(RAW),
    SigningKey(RAW),
    EncryptionKey(LONG[:96]),
    Identity.from_bytes(LONG),
    Derived(RAW, LoginKey(RAW)),
    BundleIdentity(RAW, RAW[:16], LONG),
    Bundle([BundleIdentity(RAW, RAW[:16], LONG)]),
    Token(RAW[:16]),
    Link("https://crm.example.org", RAW, 1, RAW, RAW[:16], Token(RAW[:16])),
    ACCOUNT,
    Kit(ACCOUNT, RAW, 1, RAW),
    VaultKey(RAW),
    TransferSecret(RAW[:16]),
    TransferCode(Kit(ACCOUNT, RAW, 1, RAW), TransferSecret(RAW[:16])),
]


def subclasses(kind: type[Hidden]) -> Iterator[type[Hidden]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def shows_it(text: str) -> bool:
    forms = {
        "CANARY",
        RAW.hex()[:12],
        repr(RAW)[2:12],
        SECRET.text()[7:12],
        SECRET.words().split()[0],
        str(list(RAW[:4]))[1:-1],
    }
    return any(form.lower() in text.lower() for form in forms)


def test_every_class_that_holds_a_secret_is_tried() -> None:
    for package in (vault.keys, vault.profile):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    ours = {
        kind for kind in subclasses(Hidden) if kind.__module__.startswith(("vault.keys", "vault.profile"))
    }
    assert ours == {type(holder) for holder in HOLDERS}


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_nothing_shows_it(holder: Hidden) -> None:
    name = f"{type(holder).__name__}(…)"
    for text in (
        repr(holder),
        str(holder),
        f"{holder}",
        f"{holder!r}",
        repr([holder]),
    ):
        assert name in text
        assert not shows_it(text)
    assert f"{holder:>60}" == name.rjust(60)
    assert ascii({"key": holder}).count("CANARY") == 0


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_pickling_is_refused(holder: Hidden) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(holder, protocol)
        assert not shows_it(str(caught.value))
    assert copy.copy(holder) is holder
    assert copy.deepcopy([holder])[0] is holder


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_compared_by_content_and_type(holder: Hidden) -> None:
    assert holder == copy.copy(holder)
    assert hash(holder) == hash(copy.copy(holder))
    assert holder != RAW
    assert holder not in [other for other in HOLDERS if other is not holder]
    assert not hasattr(holder, "__dict__")


def test_tracebacks_of_refusals_do_not_repeat_what_was_given() -> None:
    text = SECRET.text()
    attempts: list[Callable[[], object]] = [
        lambda: SecretKey.parse(text[:-1]),
        lambda: SecretKey.parse_words(SECRET.words() + " zoo"),
        lambda: Link.parse("tacit:" + text),
        lambda: Kit.parse("TACIT-KIT:" + text.replace("-", "")),
        lambda: Identity.from_bytes(RAW),
        lambda: VaultKey(RAW + b"x"),
        lambda: Account.typed("crm.example.org", "ann", text[:-1]),
    ]
    for attempt in attempts:
        with pytest.raises(Exception) as caught:  # of any kind: the texts are what is tested
            attempt()
        lines = traceback.format_exception_only(caught.type, caught.value)
        assert not shows_it("".join(lines))
        assert caught.value.__cause__ is None
