from __future__ import annotations

from app.crm import is_reference, local_reference, new_reference, reference, split_local


def test_references() -> None:
    made = new_reference("deal")
    assert is_reference(made) and made != new_reference("deal")
    assert is_reference(reference("company", "0" * 32))
    assert not any(
        map(is_reference, ("", "deal:", "deal:@x", "deal:" + "G" * 32, "deal:" + "0" * 31, None, 5))
    )


def test_local_references() -> None:
    assert split_local(local_reference("company", "Acme: the first")) == ("company", "Acme: the first")
    assert split_local("company:" + "0" * 32) is None
    assert split_local("mail ann:@home") is None
    assert split_local(None) is None
