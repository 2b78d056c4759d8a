from __future__ import annotations

import pytest

from app.crm.items import is_item_key, item_field, key_after, key_at, split_item, tag_key


def test_keys_of_a_file_are_the_same_every_time() -> None:
    assert key_at(0, "ann@ash.example") == key_at(0, "ann@ash.example")
    assert key_at(0, "a") != key_at(0, "b")
    keys = [key_at(n, "x") for n in range(1000)]
    assert keys == sorted(keys)
    assert all(map(is_item_key, keys))


def test_a_key_after_all_others() -> None:
    first = key_after([])
    second = key_after([first, tag_key("vip")])
    assert first < second and is_item_key(first) and is_item_key(second)
    last = "f" * 6 + "-00000000"
    assert last < key_after([last]) and is_item_key(key_after([last]))


def test_a_tag_is_one_whatever_its_case() -> None:
    assert tag_key("Key  Account") == tag_key("key account")
    assert tag_key("ＶＩＰ") == tag_key("vip")
    assert is_item_key(tag_key("vip"))


@pytest.mark.parametrize(
    "key", ["", "x", "000100", "000100-xyz", "../../etc", "000100-1f3a9c20/x", "1F3A9C20"]
)
def test_other_keys_are_not_ours(key: str) -> None:
    assert not is_item_key(key)


def test_names_of_items() -> None:
    assert split_item(item_field("phones", "a")) == ("phones", "a")
    assert split_item("name") == ("name", "")
