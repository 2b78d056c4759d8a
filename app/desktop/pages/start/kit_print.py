"""The Emergency Kit on paper, through the system's print dialog: drawn here, so no file of it is made."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from app.desktop.theme import mono_font, ui_font
from vault.keys import Kit, qr


def print_kit(kit: Kit, parent: QWidget) -> bool:
    """Ask for a printer and print one page; False where the user changed their mind or the printer refused."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("Emergency Kit")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Print the Emergency Kit")
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    return paint_kit(kit, printer)


def paint_kit(kit: Kit, printer: QPrinter) -> bool:
    """One page: the Kit's text, and its code below."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        page = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        unit = printer.resolution() / 72  # points
        width, top = page.width(), 0.0
        painter.setPen(QColor("#000000"))
        text, _, _ = kit.text().rpartition("All of the above in one code:")
        title, _, body = text.partition("\n")
        top = _draw(painter, title, _sized(ui_font("display"), 20 * unit), width, top) + 14 * unit
        top = _draw(painter, body.strip(), _sized(mono_font(), 7.2 * unit), width, top) + 18 * unit
        side = 190 * unit
        modules = qr.modules(kit.code())
        step = side / len(modules)
        for y, line in enumerate(modules):
            for x, dark in enumerate(line):
                if dark:
                    cell = QRectF(x * step, top + y * step, step * 1.02, step * 1.02)
                    painter.fillRect(cell, QColor("#000000"))
    finally:
        painter.end()
    return True


def _sized(font: QFont, pixels: float) -> QFont:
    font.setPixelSize(round(pixels))
    return font


def _draw(painter: QPainter, text: str, font: QFont, width: float, top: float) -> float:
    """Draw a paragraph; gives where it ends."""
    painter.setFont(font)
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    room = QRectF(0, top, width, 100_000)
    needed = painter.boundingRect(room, flags, text)
    painter.drawText(QRectF(0, top, width, needed.height()), flags, text)
    return top + needed.height()
