from __future__ import annotations

from app.crm import is_reference, new_reference, reference


def test_references() -> None:
    made = new_reference("deal")
    assert is_reference(made) and made != new_reference("deal")
    assert is_reference(reference("company", "0" * 32))
    assert not any(
        map(is_reference, ("", "deal:", "deal:@x", "deal:" + "G" * 32, "deal:" + "0" * 31, None, 5))
    )
