"""The line above the list that says what was verified: still at it, it holds, it does not."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.crm.words import count
from app.desk.audit_roster import Verified
from app.desktop.widgets import Banner, Icon, Label, ProgressBar


class VerdictLine(QWidget):
    """`verifying(done, total)`, then `show_verdict`; `show_problem` for what the server's word breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = Icon("wait", tone="muted")
        self.words = Label("", scale="small", tone="muted", selectable=True)
        self.bar = ProgressBar("Verifying")
        self.bar.setFixedWidth(160)
        self.bar.hide()
        self.broken = Banner("", severity="error")
        self.broken.hide()
        self.journal = Banner("", severity="warning")
        self.journal.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.sign)
        line.addWidget(self.words)
        line.addWidget(self.bar)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 0, 16, 10)
        layout.setSpacing(8)
        layout.addWidget(self.broken)
        layout.addWidget(self.journal)
        layout.addLayout(line)

    def verifying(self, done: int, total: int) -> None:
        """`done` of `total` entries are judged."""
        self.sign.set_icon("wait", "muted")
        self.words.setText(f"Verifying every signature from the first entry on: {done:,} of {total:,}")
        self.bar.set_fraction(done / total if total else None)
        self.bar.show()

    def show_verdict(self, verified: Verified) -> None:
        self.bar.hide()
        entries = count(verified.entries, "signed entry", "signed entries")
        head = verified.head.hex()[:16]
        if verified.holds:
            self.sign.set_icon("shield-check", "success")
            self.words.setText(f"Verified from the first entry on: {entries}, every signature.")
            self.broken.hide()
            return
        self.sign.set_icon("error", "danger")
        self.words.setText(f"{entries} hold, up to {head}…")
        self.broken.set_text(
            f"{verified.problem} What comes after it proves nothing. Somebody changed what this computer keeps: tell "
            "your admin, and sign in on this computer again with the Emergency Kit.",
            "The list of members on this computer does not hold",
        )
        self.broken.show()

    def show_journal(self, problem: str) -> None:
        """What is wrong with the operator's journal; "" where nothing is."""
        self.journal.set_text(problem, "The operator’s journal is not the one that was seen before")
        self.journal.setVisible(bool(problem))
