"""Colours that can be read, and colours that stay the same."""

from __future__ import annotations

import pytest

from app.desktop.theme import CONTRAST_PAIRS, DARK, LIGHT, Colors, contrast, hue_index


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("foreground", "background", "least"), CONTRAST_PAIRS)
def test_contrast(theme: Colors, foreground: str, background: str, least: float) -> None:
    assert contrast(getattr(theme, foreground), getattr(theme, background)) >= least


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_hues_are_readable(theme: Colors) -> None:
    assert all(contrast(hue.fg, hue.bg) >= 4.5 for hue in theme.hues)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_hue_of_a_name_never_changes() -> None:
    assert [hue_index(name) for name in ("Ada Brandt", "ADA BRANDT", "Ben Okafor")] == [
        2,
        2,
        hue_index("ben okafor"),
    ]
    assert {hue_index(f"name {n}") for n in range(200)} == set(range(8))
