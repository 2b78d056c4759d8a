"""Shares, box, wraps and answers of recovery: what goes together opens, and nothing else does."""

from __future__ import annotations

import itertools
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vault.keys import EncryptionKey, Identity, OpenFailed
from vault.keys.sharing import (
    Enrolment,
    answer_request,
    combine,
    open_answer,
    open_box,
    request_code,
    seal_box,
    split,
    unwrap_share,
    wrap_share,
)

OF = Enrolment(b"w" * 32, b"m" * 16, b"e" * 32)
BEN = b"b" * 16


@given(st.integers(2, 16).flatmap(lambda count: st.tuples(st.integers(2, count), st.just(count))))
@settings(max_examples=20, deadline=None)
def test_any_threshold_of_them_give_the_key_back(numbers: tuple[int, int]) -> None:
    threshold, count = numbers
    key, shares = split(threshold, count)
    points = secrets.SystemRandom().sample(range(1, count + 1), threshold)
    assert combine({point: shares[point - 1] for point in points}) == key


@pytest.mark.hostile
@pytest.mark.A01
def test_fewer_give_another_key_and_every_mixture_too() -> None:
    key, shares = split(3, 5)
    for points in itertools.combinations(range(1, 6), 2):
        assert combine({point: shares[point - 1] for point in points}) != key
    _, others = split(3, 5)
    mixed = {1: shares[0], 2: shares[1], 3: others[2]}
    assert combine(mixed) != key
    key, shares = split(2, 3)
    assert combine({1: shares[1], 2: shares[0]}) != key  # at one another's points


@pytest.mark.parametrize(("threshold", "count"), [(1, 3), (0, 0), (4, 3), (2, 17), (2, 1)])
def test_numbers_that_cannot_be(threshold: int, count: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        split(threshold, count)


def test_what_can_be_no_shares() -> None:
    _, shares = split(2, 3)
    for broken in ({}, {1: shares[0], 2: b"short"}, {0: shares[0], 1: shares[1]}):
        with pytest.raises(OpenFailed):
            combine(broken)


@pytest.mark.hostile
@pytest.mark.A04
def test_a_box_opens_for_its_own_enrolment_only() -> None:
    identity = Identity.generate()
    key, _ = split(2, 2)
    box = seal_box(key, OF, identity)
    assert open_box(key, OF, box) == identity
    for other in (
        Enrolment(b"x" * 32, OF.member, OF.entry),
        Enrolment(OF.workspace, b"x" * 16, OF.entry),
        Enrolment(OF.workspace, OF.member, b"x" * 32),
    ):
        with pytest.raises(OpenFailed):
            open_box(key, other, box)
    with pytest.raises(OpenFailed):
        open_box(bytes(32), OF, box)


@pytest.mark.hostile
@pytest.mark.A05
def test_shares_open_for_whom_and_for_what_they_were_sealed() -> None:
    ben, request = EncryptionKey.generate(), EncryptionKey.generate()
    share = secrets.token_bytes(32)
    wrapped = wrap_share(share, OF, BEN, ben.public)
    answer = answer_request(share, OF, BEN, request.public)
    assert unwrap_share(ben, OF, BEN, wrapped) == share
    assert open_answer(request, OF, BEN, answer) == share
    later = Enrolment(OF.workspace, OF.member, b"l" * 32)
    with pytest.raises(OpenFailed):
        unwrap_share(ben, later, BEN, wrapped)
    with pytest.raises(OpenFailed):
        unwrap_share(ben, OF, b"c" * 16, wrapped)
    with pytest.raises(OpenFailed):
        unwrap_share(request, OF, BEN, wrapped)
    with pytest.raises(OpenFailed):
        open_answer(request, OF, BEN, wrap_share(share, OF, BEN, request.public))  # a wrap is no answer
    with pytest.raises(OpenFailed):
        open_answer(request, later, BEN, answer)


def test_a_key_that_is_none_blocks_nobody() -> None:
    garbage = wrap_share(secrets.token_bytes(32), OF, BEN, b"\x00" * 1_216)
    with pytest.raises(OpenFailed):
        unwrap_share(EncryptionKey.generate(), OF, BEN, garbage)


def test_the_code_changes_with_workspace_member_and_key() -> None:
    key, other = EncryptionKey.generate().public, EncryptionKey.generate().public
    codes = {
        request_code(OF.workspace, OF.member, key),
        request_code(b"x" * 32, OF.member, key),
        request_code(OF.workspace, b"x" * 16, key),
        request_code(OF.workspace, OF.member, other),
    }
    assert len(codes) == 4
    assert all(len(code.split()) == 6 for code in codes)
