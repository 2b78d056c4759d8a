"""Every day's first page: which profile, password, and the Secret Key where nothing keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.desk.trial import is_trial
from app.desktop.keeping import Keeping
from app.desktop.pages.start.step import StepPage
from app.desktop.theme import colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets import Button, Field, PasswordField, TextField, paint_avatar, row
from vault.keys import KeysError, SecretKey
from vault.profile import Listed


class ProfileRow(QAbstractButton):
    """A profile to choose: handle and server, or what is wrong with it."""

    def __init__(self, listed: Listed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder: Path = listed.folder
        if listed.manifest is not None:
            self.setText(listed.manifest.handle)
            trial = is_trial(listed.folder)
            self._detail = "Sample data on this computer" if trial else listed.manifest.server
        else:
            self.setText("A profile that cannot be opened")
            self._detail = listed.error.title if listed.error is not None else ""
            self.setEnabled(False)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(f"{self.text()}, {self._detail}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("ringRadius", 8)

    def sizeHint(self) -> QSize:
        return QSize(380, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        chosen = self.isChecked()
        back = c.selected if chosen else c.hover if self.underMouse() and self.isEnabled() else c.surface
        fill_round(painter, QRectF(self.rect()), 8, back, c.accent if chosen else c.border)
        paint_avatar(painter, QRectF(12, 12, 32, 32), self.text())
        right = self.width() - 56 - 40
        painter.setFont(ui_font("strong"))
        painter.setPen(c.text if self.isEnabled() else c.text_disabled)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            QRectF(56, 9, right, 20), flags, painter.fontMetrics().elidedText(self.text(), elide, right)
        )
        painter.setFont(ui_font("small"))
        painter.setPen(c.text_muted)
        painter.drawText(
            QRectF(56, 29, right, 18), flags, painter.fontMetrics().elidedText(self._detail, elide, right)
        )
        if chosen:
            tick = icon_pixmap("check", c.accent_text, 16, self.devicePixelRatioF())
            painter.drawPixmap(self.width() - 30, (self.height() - 16) // 2, tick)


class UnlockPage(StepPage):
    """`proceed` with `chosen`, `password` and, where it was asked for, `secret_key`; `other` for another way in."""

    other = Signal()

    def __init__(self, profiles: Sequence[Listed], keeping: Keeping, *, chosen: Path | None = None) -> None:
        super().__init__("Unlock", "", action="Unlock", can_go_back=False, width=400)
        self._keeping = keeping
        self._listed = list(profiles)
        self.rows = [ProfileRow(listed) for listed in self._listed]
        several = len(self.rows) > 1
        for profile_row in self.rows:
            self.add(profile_row)
            profile_row.toggled.connect(lambda on: self._choose() if on else None)
        self.body.setSpacing(8)
        self.password = PasswordField("Password")
        self.secret = TextField(
            "Secret Key or recovery words",
            placeholder="TACIT1-…",
            hint="It is not kept on this computer. It stands on your Emergency Kit.",
        )
        self.body.addSpacing(8)
        self.add_field(self.secret)
        self.body.addSpacing(6)
        self.add_field(self.password)
        self.secret.hide()
        self.other_way = Button("Another account, or a new workspace", kind="link", on_click=self.other.emit)
        self._outer_link()
        wanted = next((one for one in self.rows if one.folder == chosen and one.isEnabled()), None)
        usable = wanted or next((one for one in self.rows if one.isEnabled()), None)
        if usable is not None:
            usable.setChecked(True)
        self.words.setText(
            "Choose who you are, and type your password."
            if several
            else "Welcome back. Your records are sealed until you unlock them."
        )
        self.words.show()

    def _outer_link(self) -> None:
        layout = self.layout()
        if layout is not None:
            holder = QWidget()
            holder.setLayout(row(None, self.other_way, None, margins=(0, 16, 0, 0)))
            layout.addWidget(holder)

    @property
    def chosen(self) -> Path | None:
        return next((one.folder for one in self.rows if one.isChecked()), None)

    @property
    def profile_id(self) -> str:
        manifest = next((one.manifest for one in self._listed if one.folder == self.chosen), None)
        return manifest.id if manifest is not None else ""

    @property
    def secret_key(self) -> SecretKey | None:
        """What was typed, where it is asked for. Raises KeysError."""
        return SecretKey.parse_any(self.secret.text()) if self.secret.isVisibleTo(self) else None

    def ask_secret_key(self, words: str = "") -> None:
        """Nothing keeps the Secret Key (or its keeper is locked): it has to be typed."""
        self.secret.show()
        if words:
            self.blame(self.secret, words)

    def _choose(self) -> None:
        folder = self.chosen
        kept = folder is not None and (self._keeping.has_key(folder, self.profile_id))
        self.secret.setVisible(not kept)
        self.password.clear()
        self.clear_problem()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def problem(self) -> tuple[Field, str] | None:
        if self.chosen is None:
            return self.password, "There is no profile that can be opened."
        if not self.secret.isHidden():
            try:
                _ = self.secret_key
            except KeysError as error:
                return self.secret, error.message
        return None if self.password.text() else (self.password, "Type your password.")

    def wipe(self) -> None:
        super().wipe()
        self.secret.set_text("")

    def focus_first(self) -> None:
        target = self.secret if not self.secret.isHidden() and not self.secret.text() else self.password
        target.setFocus(Qt.FocusReason.OtherFocusReason)
