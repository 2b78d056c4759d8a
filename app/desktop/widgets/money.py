"""Money: an amount and its currency in one field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QWidget

from app.desktop.theme import ui_font
from app.desktop.widgets.fields import Field, FieldFrame
from app.desktop.widgets.moneyparse import Money, parse_money, show_money

CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "JPY",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "CAD",
    "AUD",
    "INR",
    "CNY",
    "BRL",
)


class MoneyEdit(FieldFrame):
    """The bare field; `MoneyField` puts a label to it. Takes "12.5k", "€ 1.234,50", "USD 900"."""

    changed = Signal(object)  # Money | None
    submitted = Signal()

    def __init__(
        self, money: Money | None = None, *, currency: str = "EUR", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._money: Money | None = None
        self.edit = QLineEdit()
        self.edit.setFont(ui_font(tabular=True))
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setPlaceholderText("0")
        self.currency = _Currency()
        self.box.addWidget(self.currency)
        self.box.addWidget(self.edit, 1)
        self.box.setContentsMargins(4, 0, 10, 0)
        self.watch(self.edit)
        self._set_currency(currency)
        self.set_money(money)
        self.edit.editingFinished.connect(self._read)
        self.edit.returnPressed.connect(self.submitted)
        self.currency.activated.connect(lambda _: self._read())

    def money(self) -> Money | None:
        """The amount, None if empty or unreadable (see `is_valid`)."""
        self._read()
        return self._money

    def is_valid(self) -> bool:
        """Whether the text is empty or an amount."""
        self._read()
        return self._money is not None or not self.edit.text().strip()

    def set_money(self, money: Money | None) -> None:
        """Shows an amount; no signal."""
        self._money = money
        if money is not None:
            self._set_currency(money.currency)
        self.edit.setText(self._shown(money))
        self.set_invalid(False)

    def _shown(self, money: Money | None) -> str:
        return "" if money is None else show_money(Money(money.amount, "")).strip()

    def _set_currency(self, code: str) -> None:
        if self.currency.findText(code) < 0:
            self.currency.addItem(code)
        self.currency.setCurrentText(code)

    def _read(self) -> None:
        text = self.edit.text().strip().replace("−", "-")
        money = parse_money(text, self.currency.currentText())
        self.set_invalid(bool(text) and money is None)
        if money is not None:
            self._set_currency(money.currency)
            self.edit.setText(self._shown(money))
        if money != self._money:
            self._money = money
            self.changed.emit(money)


class _Currency(QComboBox):
    """The codes, flat inside the frame."""

    def __init__(self) -> None:
        super().__init__()
        self.addItems(CURRENCIES)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setAccessibleName("Currency")
        self.setFixedWidth(52)
        self.view().setMinimumWidth(80)
        self.setStyleSheet(
            "QComboBox { border: 0; background: transparent; padding-left: 6px; font-size: 12px; font-weight: 500; }"
            "QComboBox::drop-down { border: 0; width: 0; }"
        )


class MoneyField(Field):
    """A labelled amount. ``changed(Money | None)``."""

    changed = Signal(object)

    def __init__(
        self,
        label: str = "",
        money: Money | None = None,
        *,
        currency: str = "EUR",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.control = MoneyEdit(money, currency=currency)
        super().__init__(label, self.control.edit, hint=hint, frame=self.control, parent=parent)
        self.control.changed.connect(self.changed)

    def money(self) -> Money | None:
        """The amount, or None."""
        return self.control.money()

    def set_money(self, money: Money | None) -> None:
        """Shows an amount."""
        self.control.set_money(money)
