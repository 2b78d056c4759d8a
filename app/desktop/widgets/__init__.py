"""The shared widgets of the desktop: what every page is built of.

Start: ``theme().install(app, Mode.SYSTEM)`` and ``install_focus_ring(app)`` once (`Shell` does the second). Colours by
``app.desktop.theme.colors()`` at paint time, icons by name (``resources/icons``). Every widget follows a theme switch
by itself and has an accessible name; give yours where there are no words. Never ``setStyleSheet`` in a page, never
``setVisible(True)`` on a widget without a parent (it would open as a window): ``hide()`` what is not wanted yet.
Slow work goes through ``app.desktop.background.run``.

Words      ``Label(text, scale="caption|small|body|strong|lead|title|heading|display", tone="text|muted|faint|accent|
           danger|success|warning", wrap=, selectable=)`` plain text only, ``.set_tone``; ``ElidedLabel``;
           ``Icon(name, size=16, tone=)``, ``.set_icon``; ``Line()``; ``KeyHint("Ctrl K")``
Layout     ``row(*widgets|layouts|int|None, gap=8, margins=)``, ``column(...)`` (int: space, None: stretch);
           ``Card(title, subtitle=, actions=[...], divided=)`` ``.add(w)``, ``.body``, ``.set_flush()``;
           ``ScrollPage(width=0, margins=24, gap=16)`` ``.body``; ``SplitView(a, b, sizes=(2, 1))`` ``.state()``,
           ``.restore()``; ``Tabs`` ``.add(key, title, page)``, ``.show_tab``, ``.set_title``, ``changed(key)``
Buttons    ``Button(text, kind="primary|secondary|quiet|danger|danger-quiet|link", icon_name=, compact=, on_click=,
           shortcut=, tooltip=)`` ``.set_text``, ``.set_kind``, ``.set_icon``;
           ``IconButton(icon_name, name, size="normal|compact|tiny", on_click=)``
Fields     ``TextField(label, text=, hint=, placeholder=, icon_name=)`` ``.text()``, ``.set_text``,
           ``.set_error(words)`` ("" clears), ``.error()``, ``.edit`` (QLineEdit), ``changed(str)``, ``submitted()``;
           ``PasswordField(label, meter=)`` ``.set_strength(score 0..4 | None, words)``, ``.clear()``;
           ``SearchField(placeholder, shortcut=)`` + ``escaped()``, ``moved_down()``; ``LongTextField(lines=4)``;
           ``Field(label, any_editor, hint=)`` wraps other editors; ``FieldFrame()`` ``.box``, ``.watch(editor)``
Choices    ``Select(label, [Option(value, text, icon_name, detail)])`` ``.value()``, ``.set_value``, ``.set_options``,
           ``chosen(value)``; ``SelectBox`` the same bare; ``CheckBox(text, checked=, detail=)`` ``.set_partial``;
           ``Radio``; ``Switch`` (all: ``toggled(bool)``, ``isChecked()``)
Values     ``DateField(label, day)`` ``.day()``, ``.set_day``, ``changed(date|None)``; ``DateEdit`` the same bare;
           ``parse_date``, ``show_date``; ``MoneyField(label, Money, currency=)``
           ``.money()``, ``.set_money``, ``changed(Money|None)``; ``Money(Decimal, "EUR")``, ``parse_money``,
           ``show_money``
Marks      ``Chip(text, hue=0..7, icon_name=, closable=, clickable=)`` ``removed()``, ``clicked()``; ``ChipRow``;
           ``Badge(text, tone=)``; ``Avatar(name, size=24, square=)``; ``initials``, ``paint_avatar``, ``paint_chip``
Feedback   ``Banner(text, severity="info|warning|error|success", title=, action=, on_action=, closable=)``
           ``dismissed()``; ``EmptyState(icon, title, text, action=, on_action=, second=, on_second=)``;
           ``ProgressPanel(title, cancellable=)`` ``.update_step(done, total, text)``, ``cancelled()``; ``ProgressBar``;
           ``ToastHost(window).show_toast(text, severity=, action=, on_action=, seconds=5)`` (``shell.toasts``)
Overlays   ``Modal(window, title, text=, width=480)`` ``.add(w)``, ``.body``, ``.add_button(text, primary=, danger=,
           on_click=)``, ``.open_overlay()``, ``accepted()``, ``rejected()``, ``closed()``; override ``accept``
           to check first;
           ``SideSheet`` the same at the right; ``ConfirmDialog(window, title, [sentences], confirm=, danger=)``;
           ``CommandPalette(window, [Command(title, run, icon_name, group, detail, keys)], search=)``
           ``query_changed(str)``, ``.show_results(query, commands)``;
           ``Menu(parent)`` ``.add(text, on_click, icon_name=, danger=, ticked=, keys=)``, ``.show_below(button)``
Properties ``PropertyRow(label, value, show=value->str, widget=value->QWidget|None, editor=value->Editor,
           placeholder=, label_width=132, icon_name=)`` ``.set_value``, ``.set_mark("conflict"|"lock", tooltip)``,
           ``.edit()``, ``edited(value)``, ``mark_clicked()``. Editors: ``TextEditor``, ``LongTextEditor``,
           ``ChoiceEditor(value, options)``, ``DateEditor``, ``MoneyEditor``, ``ReferenceEditor(Option|None,
           search: text->[Option])``, ``ListEditor([Item(id, label, text)], labels, noun=)``; own ones subclass
           ``Editor`` (``value``, ``is_valid``, ``watch(widget)``)
Lists      ``DataTable(name, checkable=True)`` ``.setModel``, ``.sort_by(column, descending=)``, ``.set_column_widths``,
           ``.column_state()``, ``.restore_columns(bytes)``, ``.header.column_menu()``, ``.current_row()``,
           ``.set_current_row``, ``.selected_count()``, ``.selected_rows()`` (iterator), ``.toggle_row``,
           ``.toggle_all``, ``.select_none``; ``row_opened(row)``, ``current_row_changed(row)``,
           ``selected_count_changed(n)``, ``columns_changed()``, ``menu_requested(row, QPoint)``, ``typed(str)``.
           Models may answer ``CellRole`` with
           ``PersonCell(name, square, strong)``, ``ChipCell(text, hue)``, ``ChipsCell``, ``IconCell(icon, text, tone)``
           and ``LoadingRole`` with True for a row on its way
Navigation ``Sidebar`` ``.add(key, text, icon, keys=)``, ``.add_group``, ``.set_current``, ``.set_count``,
           ``chosen(key)``
Records    ``TimelineItem(icon, title, when, text=, who=, last=)`` ``.body``; ``DiffView([(field, old, new)])``
Codes      ``QrView(segno_matrix, size=200)``; ``CopyField(text, name=, secret=, seconds=60)`` ``copied()``,
           ``wiped()``;
           ``copy_for_a_while(text)``; ``HexView(bytes)`` ``.set_data``; ``HexRow(bytes, name=)``
"""

from app.desktop.widgets.base import (
    ElidedLabel,
    Icon,
    Label,
    Line,
    Scale,
    Tone,
    column,
    restyle,
    row,
    tone_color,
)
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
from app.desktop.widgets.feedback import Banner, EmptyState, ProgressBar, ProgressPanel, Severity
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
from app.desktop.widgets.menus import Menu
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
    "Menu",
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
    "ProgressBar",
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
