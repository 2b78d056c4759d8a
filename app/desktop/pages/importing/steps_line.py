"""The line of steps at the top of a wizard: where one is, what comes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desktop.widgets import Icon, Label


class StepsLine(QWidget):
    """Names of steps; those that are done have a tick, the present one is strong."""

    def __init__(self, names: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._labels: list[Label] = []
        self._ticks: list[Icon] = []
        for place, name in enumerate(names):
            if place:
                layout.addWidget(Icon("chevron-right", size=14, tone="faint"))
            tick = Icon("check", size=14, tone="success")
            tick.hide()
            label = Label(name, scale="small", tone="faint")
            layout.addWidget(tick)
            layout.addWidget(label)
            self._labels.append(label)
            self._ticks.append(tick)
        layout.addStretch(1)

    def show_step(self, step: int) -> None:
        """`step` from 0."""
        for place, (label, tick) in enumerate(zip(self._labels, self._ticks, strict=True)):
            label.set_tone("accent" if place == step else "muted" if place < step else "faint")
            tick.setVisible(place < step)
        self.setAccessibleName(f"Step {step + 1} of {len(self._labels)}: {self._labels[step].text()}")
