"""Our own line icons, tinted by the theme and sharp at any pixel ratio.

`resources/icons/<name>.svg`, 20 by 20 units, drawn with ``currentColor``; names are the file names.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.desktop.theme.resources import resource_path


class UnknownIcon(LookupError):
    """No such file among the icons; the message holds the name."""


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    try:
        return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnknownIcon(name) from None


def icon_names() -> tuple[str, ...]:
    """All names, sorted."""
    return tuple(sorted(path.stem for path in resource_path("icons").glob("*.svg")))


def device_ratio() -> float:
    """Device pixels per logical pixel of the densest screen, at least 1."""
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)


@lru_cache(maxsize=1024)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
    side = round(size * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon_pixmap(name: str, color: str, size: int = 16, ratio: float | None = None) -> QPixmap:
    """The icon as a pixmap of `size` logical px in ``#rrggbb``; raises `UnknownIcon`."""
    return _pixmap(name, color, size, ratio if ratio is not None else device_ratio())


def icon(name: str, color: str, size: int = 16, *, disabled: str | None = None, gap: int = 0) -> QIcon:
    """The icon as a `QIcon`, with `gap` px of air at its right.

    It keeps its colour: ask again after `Theme.changed` (our buttons do).
    """
    result = QIcon(_with_gap(icon_pixmap(name, color, size), gap))
    if disabled is not None:
        result.addPixmap(_with_gap(icon_pixmap(name, disabled, size), gap), QIcon.Mode.Disabled)
    return result


def _with_gap(pixmap: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wider = QPixmap(QSize(pixmap.width() + round(gap * ratio), pixmap.height()))
    wider.fill(Qt.GlobalColor.transparent)
    wider.setDevicePixelRatio(ratio)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wider
