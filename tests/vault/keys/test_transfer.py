"""The code that adds a computer, in its two forms, and the pins that go beside it."""

from __future__ import annotations

import dataclasses

import pytest

from protocol.ids import Compartment, LogId
from vault.keys import Account, Kit, OpenFailed, SecretKey
from vault.keys.errors import TransferUnreadable, UnknownKeyVersion, WordsUnreadable
from vault.keys.transfer import (
    SECONDS,
    CarriedPins,
    PinnedLog,
    TransferCode,
    TransferSecret,
    open_pins,
    parse_transfer_words,
    seal_pins,
)

WORKSPACE, HEAD = bytes(range(32)), bytes(range(32, 64))
LOG = LogId(b"g" * 16, Compartment.SALES)
NOW = 1_800_000_000


def code() -> TransferCode:
    account = Account("https://crm.example.org", "ann@example.org", SecretKey.generate())
    return TransferCode(Kit(account, WORKSPACE, 41, HEAD), TransferSecret.generate())


def pins() -> CarriedPins:
    return CarriedPins(WORKSPACE, 41, HEAD, [PinnedLog(LOG, 7, b"c" * 32)], NOW)


def test_the_code_is_read_back_pasted_among_other_words() -> None:
    shown = code()
    for text in (shown.text(), f" Code:\n{shown.text().lower()} \n"):
        read = TransferCode.parse(text)
        assert read == shown
        assert (read.kit.position, read.kit.head, read.kit.workspace) == (41, HEAD, WORKSPACE)
        assert read.kit.account == shown.kit.account
        assert read.secret == shown.secret


def test_the_words_are_the_two_secrets() -> None:
    shown = code()
    assert len(shown.words().split()) == 24
    assert parse_transfer_words("  " + shown.words().upper()) == (shown.kit.account.secret_key, shown.secret)
    with pytest.raises(WordsUnreadable):
        parse_transfer_words(" ".join(shown.words().split()[:23]))
    with pytest.raises(WordsUnreadable):
        parse_transfer_words(SecretKey.generate().words())


def test_a_slip_of_the_pen_is_noticed() -> None:
    text = code().text()
    for position in range(len("TACIT-ADD:"), len(text), 17):
        other = "A" if text[position] != "A" else "B"
        with pytest.raises((TransferUnreadable, UnknownKeyVersion)):
            TransferCode.parse(text[:position] + other + text[position + 1 :])
    for broken in ("", "TACIT-ADD:", text[:-1], text.replace("ADD", "KIT")):
        with pytest.raises(TransferUnreadable):
            TransferCode.parse(broken)


def test_nothing_shows_the_secrets() -> None:
    shown = code()
    assert repr(shown) == "TransferCode(…)"
    assert repr(shown.secret) == "TransferSecret(…)"


def test_pins_open_under_their_secret_for_their_account_and_workspace_only() -> None:
    secret = TransferSecret.generate()
    sealed = seal_pins(secret, "ann@example.org", pins())
    assert open_pins(secret, "ann@example.org", WORKSPACE, sealed) == pins()
    with pytest.raises(OpenFailed):
        open_pins(TransferSecret.generate(), "ann@example.org", WORKSPACE, sealed)
    with pytest.raises(OpenFailed):
        open_pins(secret, "ben@example.org", WORKSPACE, sealed)
    with pytest.raises(OpenFailed):
        open_pins(secret, "ann@example.org", bytes(32), sealed)
    with pytest.raises(OpenFailed):
        open_pins(secret, "ann@example.org", WORKSPACE, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_the_id_says_nothing_about_the_key() -> None:
    secret = TransferSecret.generate()
    assert len(secret.id) == 16
    assert secret.id not in secret.key
    assert secret.raw not in (secret.id, secret.key[:16])


def test_a_code_is_over_after_its_time() -> None:
    assert not pins().is_over(NOW + SECONDS)
    assert pins().is_over(NOW + SECONDS + 601)
    assert not pins().is_over(NOW - 600)  # the other computer's clock is ahead
    assert pins().is_over(NOW - 601)


def test_of_very_many_logs_those_with_the_longest_past_are_pinned() -> None:
    many = [
        PinnedLog(LogId(n.to_bytes(16, "big"), Compartment.SALES), n, b"c" * 32) for n in range(1, 10_100)
    ]
    secret = TransferSecret.generate()
    sealed = seal_pins(secret, "ann", dataclasses.replace(pins(), logs=many))
    opened = open_pins(secret, "ann", WORKSPACE, sealed)
    assert len(opened.logs) == 10_000
    assert min(pin.position for pin in opened.logs) == 100
