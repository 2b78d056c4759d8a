"""PySide6 6.12.0 on Python 3.11 loses a reference to None in every void call, until the interpreter dies."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel


def test_void_calls_of_qt_keep_their_references_to_none(qapp: QApplication) -> None:
    label = QLabel()
    texts = [str(number) for number in range(1000)]
    before = sys.getrefcount(None)
    for text in texts:
        label.setText(text)
    lost = before - sys.getrefcount(None)
    assert lost < 50, f"{lost} references to None lost in 1,000 calls; see docs/decisions/0002"
