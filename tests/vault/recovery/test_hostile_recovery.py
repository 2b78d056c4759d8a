"""Recovery against a server that lies: other keys, other boxes, old enrolments, mixed shares, false worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocol.roster import RecoveryEnrol, Trustee
from protocol.state import Recovery
from protocol.wire import AppendRoster
from protocol.wire_recovery import (
    HeldShare,
    OpenRequest,
    RecoveryAsked,
    RecoveryShares,
    RecoveryUpload,
    ReleaseShare,
    WrappedShare,
)
from tests.support.desks import Desk, World
from tests.support.desks import world as make_world
from vault.keys import EncryptionKey, Identity
from vault.keys.sharing import Enrolment, answer_request, combine, seal_box, split, wrap_share
from vault.recovery import (
    Collected,
    NotEnough,
    NotEnrolled,
    NotReleased,
    RecoveryRequest,
    RecoveryUntrue,
    ShareUnusable,
    recover,
)
from vault.roster import Refused

pytestmark = pytest.mark.hostile


class Scene:
    """Ann has named three trustees, of whom two are needed. The server is played here, honestly, to be bent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ann = world.ann
        self.trustees = [world.member(name) for name in ("ben", "cy", "dot")]
        self.upload = self.enrol()
        self.request = RecoveryRequest()
        self.request.asked(RecoveryAsked(self.ann.vault.own.workspace, self.ann.member))
        self.answers: list[ReleaseShare] = []

    @property
    def identity(self) -> Identity:
        return self.ann.vault.open_account(self.ann.account.bundle, self.ann.account.derived)[1]

    def enrol(self) -> RecoveryUpload:
        members = [desk.member for desk in self.trustees]
        append = self.ann.vault.enrolling.enrol(self.identity, 2, members)
        self.append(self.ann, append)
        self.world.sync_all(1)
        upload = self.ann.vault.enrolling.upload_due()
        assert upload is not None
        return upload

    def append(self, desk: Desk, append: AppendRoster) -> None:
        self.world.relay.append_roster(append)
        desk.exchange.roster_appended(append)

    def shares_for(self, desk: Desk, upload: RecoveryUpload | None = None) -> RecoveryShares:
        of = upload or self.upload
        held = [
            HeldShare(self.ann.member, of.enrolment, share.sealed)
            for share in of.shares
            if share.trustee == desk.member
        ]
        return RecoveryShares(held, [OpenRequest(self.ann.member, self.request.public, 1)])

    def release(self, desk: Desk) -> ReleaseShare:
        desk.sync()
        shares = self.shares_for(desk)
        [asked] = desk.vault.trusting.judge(shares)[1]
        assert asked.code == self.request.code
        append = desk.vault.trusting.release(asked, shares)
        if append is not None:
            self.append(desk, append)
        return desk.vault.trusting.answer(asked, shares)

    def collected(self, *answers: ReleaseShare, box: bytes | None = None) -> Collected:
        sealed = [
            WrappedShare(desk.member, answer.sealed)
            for desk, answer in zip(self.trustees, answers, strict=False)
        ]
        entries = self.world.relay.roster().entries
        return Collected(self.upload.box if box is None else box, sealed, entries, 1)


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_two_of_three_recover_the_very_identity(scene: Scene) -> None:
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    recovered = recover(scene.request, scene.collected(*answers))
    assert recovered.identity == scene.identity
    assert recovered.member == scene.ann.member


@pytest.mark.A01
def test_one_trustee_and_the_server_learn_nothing(scene: Scene) -> None:
    """The server has the box, every wrap, and all that one trustee knows; it may even answer in others' names."""
    answer = scene.release(scene.trustees[0])
    with pytest.raises(NotEnough):
        recover(scene.request, scene.collected(answer))
    guess = answer_request(b"g" * 32, _of(scene), scene.trustees[1].member, scene.request.public)
    guesses = replace_sealed(answer, guess)
    with pytest.raises(NotEnough):
        recover(scene.request, scene.collected(answer, guesses))


def _of(scene: Scene) -> Enrolment:
    return Enrolment(scene.ann.vault.own.workspace, scene.ann.member, scene.upload.enrolment)


@pytest.mark.A01
def test_answers_without_releases_in_the_roster_count_for_nothing(scene: Scene) -> None:
    """Every use stands in the roster: even two trustees who answer past it, with other programs, bring nobody in."""
    answers = []
    for desk in scene.trustees[:2]:
        share, of = desk.vault.trusting._share(scene.ann.member, scene.shares_for(desk).held)
        sealed = answer_request(share, of, desk.member, scene.request.public)
        answers.append(ReleaseShare(scene.ann.member, scene.request.digest, sealed))
    with pytest.raises(NotEnough):
        recover(scene.request, scene.collected(*answers))


@pytest.mark.A02
def test_a_request_whose_key_the_server_swapped_shows_another_code(scene: Scene) -> None:
    """The trustee would seal his share to the server's key: the codes that they compare by voice differ."""
    ben = scene.trustees[0]
    swapped = OpenRequest(scene.ann.member, EncryptionKey.generate().public, 1)
    [asked] = ben.vault.trusting.judge(RecoveryShares(scene.shares_for(ben).held, [swapped]))[1]
    assert asked.code != scene.request.code
    other_member = OpenRequest(ben.member, scene.request.public, 1)
    assert ben.vault.trusting.judge(RecoveryShares([], [other_member]))[1] == []  # Ben is not enrolled


@pytest.mark.A02
def test_a_server_cannot_change_its_mind_after_the_code_was_compared(scene: Scene) -> None:
    with pytest.raises(RecoveryUntrue):
        scene.request.asked(RecoveryAsked(b"x" * 32, scene.ann.member))
    with pytest.raises(RecoveryUntrue):
        scene.request.asked(RecoveryAsked(scene.request.workspace, b"x" * 16))


@pytest.mark.A01
def test_a_false_world_is_not_the_one_of_the_code(scene: Scene, tmp_path: Path) -> None:
    """A whole workspace of the server's own, with trustees of its own and everything in order in it."""
    with make_world(tmp_path / "false") as false:
        lies = Scene(false)
        lies.request = scene.request
        answers = []
        for desk in lies.trustees[:2]:
            asked_of = RecoveryRequest()
            asked_of.key = scene.request.key
            assert asked_of.asked(RecoveryAsked(lies.ann.vault.own.workspace, lies.ann.member)) != (
                scene.request.code
            )
            lies.request = asked_of
            answers.append(lies.release(desk))
        lies.request = scene.request
        with pytest.raises(RecoveryUntrue):
            recover(scene.request, lies.collected(*answers))


@pytest.mark.A04
def test_an_older_roster_does_not_have_the_releases(scene: Scene) -> None:
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    collected = scene.collected(*answers)
    with pytest.raises(NotEnough):
        recover(scene.request, replace(collected, entries=collected.entries[:-1]))
    head = (len(collected.entries) + 1, bytes(32))
    with pytest.raises(RecoveryUntrue):
        recover(scene.request, collected, head)  # an Emergency Kit knows of more


@pytest.mark.A04
def test_an_old_enrolments_box_and_shares_are_refused(scene: Scene) -> None:
    """Replayed after a new enrolment: shares do not open for it, the box does not either, and trustees say so."""
    old = scene.upload
    scene.upload = scene.enrol()
    ben = scene.trustees[0]
    stale = scene.shares_for(ben, replace_enrolment(old, scene.upload.enrolment))
    held, _ = ben.vault.trusting.judge(stale)
    assert [one.sound for one in held] == [False]
    [asked] = ben.vault.trusting.judge(scene.shares_for(ben))[1]
    with pytest.raises(ShareUnusable):
        ben.vault.trusting.release(asked, stale)
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    with pytest.raises(RecoveryUntrue):
        recover(scene.request, scene.collected(*answers, box=old.box))
    assert recover(scene.request, scene.collected(*answers)).identity == scene.identity


def replace_enrolment(upload: RecoveryUpload, enrolment: bytes) -> RecoveryUpload:
    return RecoveryUpload(enrolment, upload.box, upload.shares)


@pytest.mark.A04
def test_an_enrolment_cannot_be_signed_by_another_nor_put_in_again(scene: Scene) -> None:
    """The member's identity signs over the entry before: a device alone, or an old signature, makes none."""
    ann = scene.ann
    before = scene.world.relay.roster().entries
    forged = RecoveryEnrol(
        ann.member, 2, [Trustee(desk.member, b"d" * 32) for desk in _ascending(scene)], b"s" * 64
    )
    with pytest.raises(Refused):
        ann.exchange.sign_roster([forged])
    assert scene.world.relay.roster().entries == before


def _ascending(scene: Scene) -> list[Desk]:
    return sorted(scene.trustees, key=lambda desk: desk.member)


@pytest.mark.A05
def test_shares_swapped_between_trustees_do_not_open(scene: Scene) -> None:
    ben, cy = scene.trustees[:2]
    swapped = RecoveryShares(scene.shares_for(cy).held, scene.shares_for(ben).requests)
    assert [one.sound for one in ben.vault.trusting.judge(swapped)[0]] == [False]
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    with pytest.raises(NotEnough):
        recover(scene.request, scene.collected(*reversed(answers)))


@pytest.mark.A05
def test_a_share_that_the_server_made_is_not_the_rosters(scene: Scene) -> None:
    """It knows the trustee's public key and can wrap to him whatever it likes; the digest is signed."""
    ben = scene.trustees[0]
    keys = ben.vault.me.identity
    assert keys is not None
    made = wrap_share(b"s" * 32, _of(scene), ben.member, keys.encryption)
    shares = RecoveryShares(
        [HeldShare(scene.ann.member, scene.upload.enrolment, made)], scene.shares_for(ben).requests
    )
    assert [one.sound for one in ben.vault.trusting.judge(shares)[0]] == [False]


@pytest.mark.A05
def test_garbage_beside_good_answers_blocks_nobody(scene: Scene) -> None:
    answers = [scene.release(desk) for desk in scene.trustees]
    bent = replace_sealed(answers[0], b"\x00" * 1_168)
    recovered = recover(scene.request, scene.collected(bent, answers[1], answers[2]))
    assert recovered.identity == scene.identity


def replace_sealed(answer: ReleaseShare, sealed: bytes) -> ReleaseShare:
    return ReleaseShare(answer.member, answer.request, sealed)


@pytest.mark.A05
def test_a_box_with_another_identity_is_refused(scene: Scene) -> None:
    """Even k trustees who give everything away can only ever open what the roster's identity is."""
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    key, _ = split(2, 2)
    with pytest.raises(RecoveryUntrue):
        recover(scene.request, scene.collected(*answers, box=seal_box(key, _of(scene), Identity.generate())))


@pytest.mark.A05
def test_a_trustee_who_answers_with_another_share_blocks_nobody(scene: Scene) -> None:
    """It opens, and it is not the share whose digest Ann's identity signed: the others' are enough."""
    answers = [scene.release(desk) for desk in scene.trustees]
    other = answer_request(b"w" * 32, _of(scene), scene.trustees[0].member, scene.request.public)
    collected = scene.collected(replace_sealed(answers[0], other), answers[1], answers[2])
    assert recover(scene.request, collected).identity == scene.identity


@pytest.mark.A05
@pytest.mark.A18
def test_a_box_under_the_right_key_with_another_identity_is_refused(scene: Scene) -> None:
    """Trustees who give their shares to the server let it make such a box: the roster's identity is another."""
    answers = [scene.release(desk) for desk in scene.trustees[:2]]
    person = scene.ann.vault.roster.members[scene.ann.member]
    assert person.recovery is not None
    points = {member: point for point, (member, _) in enumerate(person.recovery.trustees, start=1)}
    shares = {
        points[desk.member]: desk.vault.trusting._share(scene.ann.member, scene.shares_for(desk).held)[0]
        for desk in scene.trustees[:2]
    }
    false = seal_box(combine(shares), _of(scene), Identity.generate())
    with pytest.raises(RecoveryUntrue):
        recover(scene.request, scene.collected(*answers, box=false))


@pytest.mark.A01
def test_a_share_is_not_given_before_everybody_can_see_it(scene: Scene) -> None:
    desk = scene.trustees[0]
    desk.sync()
    shares = scene.shares_for(desk)
    [asked] = desk.vault.trusting.judge(shares)[1]
    with pytest.raises(NotReleased):
        desk.vault.trusting.answer(asked, shares)
    scene.release(desk)
    other = RecoveryRequest()  # of the server's, in the place of the one that was released to
    with pytest.raises(NotReleased):
        desk.vault.trusting.answer(replace(asked, request_key=other.public), shares)


def _show(scene: Scene, monkeypatch: pytest.MonkeyPatch, recovery: Recovery | None) -> None:
    """Ann's desk as if an owner's `adopt` had brought her to a past with this enrolment of hers."""
    ann = scene.ann.vault
    me = replace(ann.enrolling._me(), recovery=recovery)
    monkeypatch.setattr(ann.enrolling, "_me", lambda: me)


@pytest.mark.A50
def test_A50_an_ended_enrolment_that_stands_again_is_noticed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann no longer trusts them; the server forks the past before that, and an owner drops hers."""
    enrolling = scene.ann.vault.enrolling
    first = enrolling.present()
    assert not enrolling.remember()
    scene.append(scene.ann, enrolling.withdraw(scene.identity))
    assert not enrolling.remember()
    _show(scene, monkeypatch, first)
    assert enrolling.remember()
    assert not enrolling.remember(), "once"
    assert enrolling.lapsed() is None
    _show(scene, monkeypatch, None)
    assert not enrolling.remember()
    assert enrolling.lapsed() is None, "nobody whom she no longer trusts is named anew by herself"


@pytest.mark.A50
def test_A50_a_use_in_another_past_at_an_earlier_place_is_told_of(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.release(scene.trustees[0])
    scene.ann.sync()
    enrolling = scene.ann.vault.enrolling
    [told] = enrolling.new_uses()
    assert enrolling.new_uses() == []
    present = enrolling.present()
    assert present is not None
    other = replace(told, trustee=scene.trustees[1].member, position=told.position - 1)
    _show(scene, monkeypatch, replace(present, releases=(other,)))
    assert enrolling.new_uses() == [other]


def test_who_is_no_trustee_is_not_asked(scene: Scene) -> None:
    """The server shows Eve a request about Ann, who did not name her: nothing is shown, and nothing could be given."""
    eve = scene.world.member("eve")
    shares = RecoveryShares([], [OpenRequest(scene.ann.member, scene.request.public, 1)])
    assert eve.vault.trusting.judge(shares) == ([], [])
    scene.trustees[0].sync()
    assert len(scene.trustees[0].vault.trusting.judge(shares)[1]) == 1


def test_new_keys_end_the_enrolment_and_a_withdrawal_does(scene: Scene) -> None:
    ann = scene.ann
    scene.append(ann, ann.vault.enrolling.withdraw(scene.identity))
    assert ann.vault.enrolling.present() is None
    assert ann.vault.enrolling.lapsed() is None
    assert ann.vault.enrolling.upload_due() is None
    with pytest.raises(NotEnrolled):
        ann.vault.enrolling.withdraw(scene.identity)
    for desk in scene.trustees:
        desk.sync()
        assert desk.vault.trusting.trusted_by() == []
