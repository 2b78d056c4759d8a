"""Small painting helpers shared by widgets that draw themselves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.desktop.theme.tokens import Colors


def antialiased(painter: QPainter) -> None:
    """Smooth edges and pixmaps."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)


def with_alpha(color: str, alpha: int) -> QColor:
    """``#rrggbb`` with an alpha of 0 to 255."""
    result = QColor(color)
    result.setAlpha(alpha)
    return result


def fill_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | str,
    border: QColor | str | None = None,
    width: float = 1.0,
) -> None:
    """A filled rounded rectangle; the border lies inside `rect` on whole pixels."""
    painter.setBrush(QColor(fill))
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        return
    painter.setPen(QPen(QColor(border), width))
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def paint_shadow(painter: QPainter, rect: QRectF, radius: float, colors: Colors, reach: int = 24) -> None:
    """A soft shadow around `rect`, `reach` px wide, a little lower than the thing itself.

    Layers of rounded rectangles: no graphics effect, which would render the whole panel through a pixmap.
    """
    painter.save()
    antialiased(painter)
    painter.setPen(Qt.PenStyle.NoPen)
    outside = QPainterPath()
    outside.addRect(rect.adjusted(-2 * reach, -2 * reach, 2 * reach, 2 * reach))
    inside = QPainterPath()
    inside.addRoundedRect(rect, radius, radius)
    painter.setClipPath(outside.subtracted(inside))
    steps = 12
    for step in range(steps, 0, -1):
        spread = reach * step / steps
        alpha = colors.shadow_alpha * (1 - step / (steps + 1)) ** 2 / 3
        painter.setBrush(with_alpha("#000000", max(1, round(alpha))))
        layer = rect.adjusted(-spread, -spread + reach / 4, spread, spread + reach / 6)
        painter.drawRoundedRect(layer, radius + spread, radius + spread)
    painter.restore()


def paint_check(
    painter: QPainter,
    box: QRectF,
    colors: Colors,
    *,
    checked: bool,
    partial: bool = False,
    enabled: bool = True,
    hovered: bool = False,
) -> None:
    """The check box of forms and lists, 16 px square."""
    painter.save()
    antialiased(painter)
    if checked or partial:
        fill_round(painter, box, 4, colors.accent if enabled else colors.text_disabled)
        painter.setPen(
            QPen(
                QColor(colors.on_accent),
                1.75,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        x, y = box.x(), box.y()
        if partial:
            painter.drawLine(QPointF(x + 4.5, y + 8), QPointF(x + 11.5, y + 8))
        else:
            painter.drawPolyline(
                [QPointF(x + 4, y + 8.4), QPointF(x + 6.8, y + 11.1), QPointF(x + 12, y + 5.3)]
            )
    else:
        fill = colors.surface if enabled else colors.sunken
        edge = colors.border if not enabled else colors.text_faint if hovered else colors.border_strong
        fill_round(painter, box, 4, fill, edge, 1.25)
    painter.restore()
