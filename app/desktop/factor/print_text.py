"""A page of text on paper, through the system's print dialog: drawn here, so no file of it is made."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from app.desktop.theme import mono_font

POINTS = 11


def print_text(text: str, title: str, parent: QWidget) -> bool:
    """Ask for a printer and print one page; False where the user changed their mind or the printer refused."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print: {title}")
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    return paint_text(text, printer)


def paint_text(text: str, printer: QPrinter) -> bool:
    """False where the printer does not begin."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        page = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        painter.setPen(QColor("#000000"))
        painter.setFont(mono_font(round(POINTS * printer.resolution() / 72)))
        painter.drawText(
            QRectF(0, 0, page.width(), page.height()),
            int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop),
            text,
        )
    finally:
        painter.end()
    return True
