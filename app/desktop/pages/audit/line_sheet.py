"""Everything about one line of the audit trail, at the right edge."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desk.audit import Trail, line_details
from app.desk.audit_line import KIND_WORDS, AuditLine
from app.desk.audit_roster import Verified
from app.desktop.viewmodels.audit_rows import BASIS_ICONS, shown_time
from app.desktop.widgets import Banner, Card, CopyField, Icon, Label, SideSheet, column, row

_LONG = 40  # signs: what is longer is a hash or a key, to copy


class LineSheet(SideSheet):
    def __init__(self, window: QWidget, trail: Trail, line: AuditLine, verified: Verified | None) -> None:
        super().__init__(window, "Audit entry", width=520)
        self.line = line
        icon, _ = BASIS_ICONS[line.basis]
        self.add(Label(line.sentence, scale="lead", wrap=True, selectable=True))
        self.add(Label(f"{shown_time(line.at)} · {KIND_WORDS[line.kind]}", scale="small", tone="muted"))
        details = dict(line_details(trail, line, verified))
        meaning = details.pop("What that means")
        remark = details.pop("Remark", "")
        if remark:
            self.add(Banner(remark, severity="warning"))
        basis = Card()
        words = column(
            Label(details.pop("Held by"), scale="strong"),
            Label(meaning, scale="small", tone="muted", wrap=True),
            gap=4,
        )
        inside = row(Icon(icon), words, gap=12)
        basis.body.addLayout(inside)
        self.add(basis)
        for name, value in details.items():
            if len(value) > _LONG and " " not in value:
                self.add(column_of(name, CopyField(value, name=name)))
            else:
                self.add(column_of(name, Label(value, wrap=True, selectable=True)))
        self.body.addStretch(1)
        self.add_button("Close")


def column_of(name: str, value: QWidget) -> QWidget:
    box = QWidget()
    box.setLayout(column(Label(name, scale="small", tone="muted"), value, gap=4))
    return box
