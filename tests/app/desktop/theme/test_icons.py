"""Icons: all of them draw, in the colour asked for, at every pixel ratio."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from app.desktop.theme import UnknownIcon, icon_names, icon_pixmap


def _colours(image: QImage) -> set[str]:
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            color = image.pixelColor(x, y)
            if color.alpha() == 255:
                found.add(color.name())
    return found


def test_there_are_enough() -> None:
    assert len(icon_names()) >= 60


@pytest.mark.parametrize("name", icon_names())
def test_draws_in_the_tint_alone(name: str) -> None:
    image = icon_pixmap(name, "#ff0000", 20, 4.0).toImage()
    assert _colours(image) == {"#ff0000"}


def test_is_sharp_on_dense_screens() -> None:
    pixmap = icon_pixmap("plus", "#123456", 16, 2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (32, 2.0)
    assert QColor("#123456").isValid()


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownIcon, match="no-such-icon"):
        icon_pixmap("no-such-icon", "#000000")
