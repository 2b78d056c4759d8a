"""The finished invitation: link, QR code, the code to read out, how it goes on, and the one warning."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.desk import Invited
from app.desktop.theme import mono_font
from app.desktop.viewmodels.inviting import HOW_IT_WORKS, code_groups, open_until, qr_matrix
from app.desktop.widgets import Banner, Button, CopyField, Label, QrView, row

_PER_LINE = 7


class InvitedView(QWidget):
    """All three forms hold the same secret."""

    def __init__(self, name: str, invited: Invited, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        who = name.split()[0] if name.split() else name
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(
            Banner(
                "Hand it over by a way you trust: in person, or through a channel of which you know who reads it.",
                severity="warning",
                title=f"Whoever has this link can join as {name}.",
            )
        )
        self.link = CopyField(invited.link, name="invitation link", secret=True)
        self.copied = Label("Copied text leaves the clipboard after a minute.", scale="small", tone="faint")
        link_box = QVBoxLayout()
        link_box.setSpacing(4)
        link_box.addWidget(Label("Link", scale="small", tone="muted"))
        link_box.addWidget(self.link)
        link_box.addWidget(self.copied)
        link_box.addSpacing(8)
        link_box.addWidget(Label("How it goes on", scale="strong"))
        for number, words in enumerate(HOW_IT_WORKS, 1):
            digit = Label(f"{number}", tone="faint")
            line = row(digit, Label(words, wrap=True), gap=10)
            line.setStretch(1, 1)
            line.setAlignment(digit, Qt.AlignmentFlag.AlignTop)
            link_box.addLayout(line)
        link_box.addSpacing(4)
        link_box.addWidget(Label(open_until(invited), tone="muted"))
        link_box.addStretch(1)
        self.qr = QrView(qr_matrix(invited), size=208, name=f"Invitation of {name} as a QR code")
        scan = QVBoxLayout()
        scan.setSpacing(6)
        scan.addWidget(self.qr)
        hint = Label(f"{who} can scan this from your screen.", scale="small", tone="faint", wrap=True)
        hint.setFixedWidth(208)
        scan.addWidget(hint)
        scan.addStretch(1)
        both = row(link_box, scan, gap=20)
        both.setStretch(0, 1)
        layout.addLayout(both)
        self.code_button = Button(
            "Show the code to read out or type", kind="quiet", icon_name="text", on_click=self._show_code
        )
        layout.addLayout(row(self.code_button, None))
        self.code = self._build_code(invited.code)
        self.code.hide()
        layout.addWidget(self.code)

    def _build_code(self, code: str) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        wide = QFontMetrics(mono_font()).horizontalAdvance("00000") + 4
        for place, group in enumerate(code_groups(code)):
            label = Label(group, selectable=True)
            label.setFont(mono_font())
            label.setMinimumWidth(wide)
            grid.addWidget(label, place // _PER_LINE, place % _PER_LINE)
        box.setAccessibleName("Invitation code, in groups of five")
        return box

    def _show_code(self) -> None:
        shown = self.code.isHidden()
        self.code.setVisible(shown)
        self.code_button.set_text("Hide the code" if shown else "Show the code to read out or type")
