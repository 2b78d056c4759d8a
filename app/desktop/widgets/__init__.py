"""The shared widgets of the desktop."""

from app.desktop.widgets.base import ElidedLabel, Icon, Label, Line, Scale, Tone, column, restyle, row, tone_color
from app.desktop.widgets.buttons import Button, IconButton
from app.desktop.widgets.cells import Cell, CellRole, ChipCell, ChipsCell, IconCell, LoadingRole, PersonCell
from app.desktop.widgets.choices import CheckBox, Option, Radio, Select, SelectBox, Switch
from app.desktop.widgets.codes import CopyField, HexRow, HexView, QrView, copy_for_a_while
from app.desktop.widgets.commands import Command, CommandPalette
from app.desktop.widgets.containers import Card, ScrollPage, SplitView, Tabs
from app.desktop.widgets.dateparse import parse_date
from app.desktop.widgets.dates import DateEdit, DateField, MonthGrid, show_date
from app.desktop.widgets.editors import (
    ChoiceEditor,
    DateEditor,
    Editor,
    Item,
    ListEditor,
    LongTextEditor,
    MoneyEditor,
    ReferenceEditor,
    TextEditor,
)
from app.desktop.widgets.feedback import Banner, EmptyState, ProgressPanel, Severity
from app.desktop.widgets.fields import (
    Field,
    FieldFrame,
    KeyHint,
    LongTextField,
    PasswordField,
    SearchField,
    TextField,
)
from app.desktop.widgets.focus import install_focus_ring
from app.desktop.widgets.marks import Avatar, Badge, Chip, ChipRow, initials, paint_avatar, paint_chip
from app.desktop.widgets.money import MoneyEdit, MoneyField
from app.desktop.widgets.moneyparse import Money, parse_amount, parse_money, show_money
from app.desktop.widgets.overlay import ConfirmDialog, Modal, Overlay, SideSheet
from app.desktop.widgets.property_row import PropertyRow
from app.desktop.widgets.sidebar import NavItem, Sidebar
from app.desktop.widgets.table import DataTable
from app.desktop.widgets.timeline import DiffView, TimelineItem
from app.desktop.widgets.toast import Toast, ToastHost

__all__ = [
    "Avatar",
    "Badge",
    "Banner",
    "Button",
    "Card",
    "Cell",
    "CellRole",
    "CheckBox",
    "Chip",
    "ChipCell",
    "ChipRow",
    "ChipsCell",
    "ChoiceEditor",
    "Command",
    "CommandPalette",
    "ConfirmDialog",
    "CopyField",
    "DataTable",
    "DateEdit",
    "DateEditor",
    "DateField",
    "DiffView",
    "Editor",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "FieldFrame",
    "HexRow",
    "HexView",
    "Icon",
    "IconButton",
    "IconCell",
    "Item",
    "KeyHint",
    "Label",
    "Line",
    "ListEditor",
    "LoadingRole",
    "LongTextEditor",
    "LongTextField",
    "Modal",
    "Money",
    "MoneyEdit",
    "MoneyEditor",
    "MoneyField",
    "MonthGrid",
    "NavItem",
    "Option",
    "Overlay",
    "PasswordField",
    "PersonCell",
    "ProgressPanel",
    "PropertyRow",
    "QrView",
    "Radio",
    "ReferenceEditor",
    "Scale",
    "ScrollPage",
    "SearchField",
    "Select",
    "SelectBox",
    "Severity",
    "SideSheet",
    "Sidebar",
    "SplitView",
    "Switch",
    "Tabs",
    "TextEditor",
    "TextField",
    "TimelineItem",
    "Toast",
    "ToastHost",
    "Tone",
    "column",
    "copy_for_a_while",
    "initials",
    "install_focus_ring",
    "paint_avatar",
    "paint_chip",
    "parse_amount",
    "parse_date",
    "parse_money",
    "restyle",
    "row",
    "show_date",
    "show_money",
    "tone_color",
]
