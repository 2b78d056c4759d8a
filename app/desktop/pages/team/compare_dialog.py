"""Check codes side by side, to be compared by voice: the same, or not; and what to do then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.context import Context
from app.desktop.pages.team.code_view import CodeView
from app.desktop.widgets import Banner, Label, Modal
from protocol.ids import MemberId

_HOW = (
    "Call {who} on a line where you know the voice, and read these numbers to each other; {who} finds them in "
    "Settings, beside “Your check code”. They have to be the same, all thirty."
)
_DIFFERENT = (
    "Keep {who} out for now: suspend the membership, or withdraw the invitation, and send a new one by another way. "
    "Somebody may have joined in the place of {who}, or the keys were changed since. Share nothing with this person "
    "before the codes are the same."
)


class CompareDialog(Modal):
    """``changed()`` when they were found to be the same."""

    changed = Signal()

    def __init__(self, window: QWidget, context: Context, member: MemberId) -> None:
        team = context.desk.team()
        self.person = team.member(member)
        super().__init__(window, f"Compare check codes with {self.person.name}", width=560)
        self._context = context
        self._who = self.person.name.split()[0]
        self.add(Label(_HOW.format(who=self._who), tone="muted", wrap=True))
        self.add(Label(f"The code of {self.person.name}", scale="strong"))
        self.add(CodeView(self.person.check_code))
        mine = next((one for one in team.members if one.is_me), None)
        if mine is not None and mine.check_code:
            self.add(Label("Your own code, to be read back", scale="strong"))
            self.add(CodeView(mine.check_code))
        self.warning = Banner("", severity="error")
        self.warning.hide()
        self.add(self.warning)
        self.differ_button = self.add_button("They differ", on_click=self.differ)
        self.same_button = self.add_button("They are the same", primary=True)

    def accept(self) -> None:
        """Remember it on this computer, for exactly these keys."""
        self._context.desk.compared.remember(self.person.id, self.person.check_code)
        self._context.say(f"Compared with {self.person.name}: nobody sits between the two of you.", "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def differ(self) -> None:
        """Say what to do; nothing is remembered."""
        self.warning.set_text(_DIFFERENT.format(who=self._who), "This may not be the person you think")
        self.warning.show()
        self.same_button.setEnabled(False)
