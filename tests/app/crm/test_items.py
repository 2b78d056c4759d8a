from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.items import is_item_key, item_field, key_after, key_at, key_between, split_item, tag_key


def test_keys_of_a_file_are_the_same_every_time() -> None:
    assert key_at(0, "ann@ash.example") == key_at(0, "ann@ash.example")
    assert key_at(0, "a") != key_at(0, "b")
    keys = [key_at(n, "x") for n in range(1000)]
    assert keys == sorted(keys)
    assert all(map(is_item_key, keys))


def test_a_tag_is_one_whatever_its_case() -> None:
    assert tag_key("Key  Account") == tag_key("key account")
    assert tag_key("ＶＩＰ") == tag_key("vip")
    assert is_item_key(tag_key("vip"))


def test_after_and_between() -> None:
    first = key_after([])
    second = key_after([first])
    assert first < second
    for _ in range(200):
        middle = key_between(first, second)
        assert first < middle < second and is_item_key(middle)
        second = middle
    assert key_between("", first) < first < key_between(first, "")
    with pytest.raises(ValueError, match="before"):
        key_between(second, first)


@given(st.lists(st.integers(0, 30), max_size=60))
def test_any_order_of_dragging(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        index = place % (len(keys) + 1)
        before = keys[index - 1] if index else ""
        after = keys[index] if index < len(keys) else ""
        keys.insert(index, key_between(before, after))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "key", ["", "x", "000100", "000100-xyz", "../../etc", "000100-1f3a9c20/x", "1F3A9C20"]
)
def test_other_keys_are_not_ours(key: str) -> None:
    assert not is_item_key(key)


def test_names_of_items() -> None:
    assert split_item(item_field("phones", "a")) == ("phones", "a")
    assert split_item("name") == ("name", "")
