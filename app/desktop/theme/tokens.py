"""The numbers and colours of the desktop: one place, two sets of colours, plain data.

Colours are ``#rrggbb``. Every pair named in `CONTRAST_PAIRS` is held to WCAG 2.2 AA (4.5:1 for text, 3:1 for the
focus ring) by a test. Lengths are device-independent pixels on a grid of four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Hue:
    """A tinted pair, for tags and avatars: text and icon colour on its own background."""

    fg: str
    bg: str


@dataclass(frozen=True, slots=True)
class Colors:
    """One theme's colours, named after their use."""

    name: str
    canvas: str  # the window behind everything: sidebar, page margins
    surface: str  # cards, lists, fields
    raised: str  # menus, dialogs, toasts
    sunken: str  # wells: header rows, code, disabled fields
    hover: str
    raised_hover: str  # the same in menus and palettes
    pressed: str
    selected: str
    border: str
    border_strong: str  # around fields and buttons
    text: str
    text_muted: str
    text_faint: str  # hints and placeholders; still 4.5:1
    text_disabled: str
    accent: str  # fills of primary buttons, checked boxes
    accent_hover: str
    accent_pressed: str
    accent_text: str  # accent used as text, icon, link
    on_accent: str
    focus: str
    danger: str
    danger_hover: str
    danger_text: str
    danger_bg: str
    warning_text: str
    warning_bg: str
    success: str
    success_text: str
    success_bg: str
    info_bg: str
    scrim: str
    scrim_alpha: int
    shadow_alpha: int
    scrollbar: str
    hues: tuple[Hue, ...]


LIGHT: Final = Colors(
    name="light",
    canvas="#f7f7f8",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f3f3f5",
    hover="#f2f2f5",
    raised_hover="#f0f0f4",
    pressed="#e9e9ee",
    selected="#eef0fd",
    border="#e6e6ea",
    border_strong="#d3d3da",
    text="#1b1b20",
    text_muted="#57575f",
    text_faint="#6a6a74",
    text_disabled="#a5a5ae",
    accent="#4753d1",
    accent_hover="#3c47bd",
    accent_pressed="#333da6",
    accent_text="#4049c4",
    on_accent="#ffffff",
    focus="#6b76ea",
    danger="#c62a3b",
    danger_hover="#ad2232",
    danger_text="#b52434",
    danger_bg="#fdeeef",
    warning_text="#8a5300",
    warning_bg="#fdf4e2",
    success="#1d8a55",
    success_text="#136b40",
    success_bg="#e9f7ef",
    info_bg="#eef0fd",
    scrim="#14141a",
    scrim_alpha=64,
    shadow_alpha=26,
    scrollbar="#c9c9d1",
    hues=(
        Hue("#3f48b8", "#e8eafc"),
        Hue("#0b6a75", "#dff3f5"),
        Hue("#1b6b3c", "#e0f4e7"),
        Hue("#7a5200", "#fbf0d4"),
        Hue("#9a4212", "#fdeadd"),
        Hue("#a3284f", "#fce6ee"),
        Hue("#7a2f9c", "#f5e8fa"),
        Hue("#4d5363", "#eceef2"),
    ),
)

DARK: Final = Colors(
    name="dark",
    canvas="#101114",
    surface="#17181c",
    raised="#1f2025",
    sunken="#131418",
    hover="#24252c",
    raised_hover="#2d2e37",
    pressed="#2a2b33",
    selected="#25284a",
    border="#2a2b32",
    border_strong="#3c3d47",
    text="#ededf0",
    text_muted="#adaeb8",
    text_faint="#9697a3",
    text_disabled="#5d5e69",
    accent="#5a66e4",
    accent_hover="#515cd6",
    accent_pressed="#4753c4",
    accent_text="#a3abff",
    on_accent="#ffffff",
    focus="#8790ff",
    danger="#cf3a4b",
    danger_hover="#bd3142",
    danger_text="#ff929c",
    danger_bg="#3a1c22",
    warning_text="#f0b858",
    warning_bg="#362a14",
    success="#3fae78",
    success_text="#6fd3a0",
    success_bg="#14301f",
    info_bg="#22264a",
    scrim="#000000",
    scrim_alpha=140,
    shadow_alpha=90,
    scrollbar="#44454f",
    hues=(
        Hue("#b3baff", "#2a2e58"),
        Hue("#7fd5de", "#153940"),
        Hue("#84d8a4", "#183a26"),
        Hue("#eac26b", "#3d3014"),
        Hue("#f5aa7d", "#45281a"),
        Hue("#f79bb8", "#451e2d"),
        Hue("#d9a4f0", "#3a2247"),
        Hue("#c0c4d0", "#2d2f38"),
    ),
)

CONTRAST_PAIRS: Final[tuple[tuple[str, str, float], ...]] = tuple(
    [
        (fg, bg, 4.5)
        for fg in ("text", "text_muted")
        for bg in (
            "canvas",
            "surface",
            "raised",
            "sunken",
            "hover",
            "raised_hover",
            "pressed",
            "selected",
            "info_bg",
            "warning_bg",
            "danger_bg",
            "success_bg",
        )
    ]
    + [("text_faint", bg, 4.5) for bg in ("canvas", "surface", "raised", "sunken", "hover", "raised_hover")]
    + [
        ("accent_text", bg, 4.5)
        for bg in ("canvas", "surface", "raised", "sunken", "hover", "selected", "info_bg")
    ]
    + [
        ("on_accent", bg, 4.5)
        for bg in ("accent", "accent_hover", "accent_pressed", "danger", "danger_hover")
    ]
    + [
        (f"{kind}_text", bg, 4.5)
        for kind in ("danger", "warning", "success")
        for bg in (f"{kind}_bg", "surface", "canvas", "raised")
    ]
    + [("focus", bg, 3.0) for bg in ("canvas", "surface", "raised")]
)
"""(foreground, background, least ratio) for both themes; the hues are checked beside it."""


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` in [0, 1] (WCAG 2.2)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours in [1, 21] (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


class Space:
    """Distances, px."""

    XXS: Final = 2
    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32
    HUGE: Final = 48


class Radius:
    """Corner radii, px."""

    S: Final = 4
    M: Final = 6
    L: Final = 8
    XL: Final = 12


class Size:
    """Heights and widths of recurring parts, px."""

    CONTROL: Final = 32
    CONTROL_SMALL: Final = 28
    ROW: Final = 36
    HEADER: Final = 32
    TOPBAR: Final = 52
    SIDEBAR: Final = 224
    ICON: Final = 16
    ICON_SMALL: Final = 14
    AVATAR: Final = 24


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """Size and line height in px; weight as in CSS."""

    size: int
    line: int
    weight: int


TYPE: Final[dict[str, TypeStyle]] = {
    "caption": TypeStyle(11, 16, 500),
    "small": TypeStyle(12, 16, 400),
    "body": TypeStyle(13, 20, 400),
    "strong": TypeStyle(13, 20, 600),
    "lead": TypeStyle(15, 24, 400),
    "title": TypeStyle(16, 24, 600),
    "heading": TypeStyle(20, 28, 600),
    "display": TypeStyle(28, 36, 600),
}
"""The type scale; `Label(text, scale=…)` and the stylesheet's ``[scale="…"]`` use these names."""


def hue_index(key: str, count: int = len(LIGHT.hues)) -> int:
    """A colour for a key (a name, an id), the same on every desk and in every run (FNV-1a, 32 bit)."""
    value = 0x811C9DC5
    for byte in key.casefold().encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % count
