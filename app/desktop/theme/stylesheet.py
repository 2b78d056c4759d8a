"""The one stylesheet, built from the tokens.

Widgets choose a look by dynamic properties, never by inline styles:
``scale`` and ``tone`` on labels, ``kind`` and ``compact`` on buttons, ``fieldFrame``, ``focused`` and ``invalid`` on
fields, ``panel`` on frames. What needs more than boxes and colours paints itself.
"""

from __future__ import annotations

from app.desktop.theme.tokens import TYPE, Colors, Radius, Size


def build_stylesheet(c: Colors) -> str:
    """Qt style sheet for the whole application in the given colours."""
    return "\n".join((_labels(c), _buttons(c), _fields(c), _frames(c), _lists(c), _bars(c)))


def _labels(c: Colors) -> str:
    scales = "\n".join(
        f'QLabel[scale="{name}"] {{ font-size: {style.size}px; font-weight: {style.weight}; }}'
        for name, style in TYPE.items()
    )
    return f"""
QWidget {{ outline: 0; }}
QLabel {{ background: transparent; color: {c.text}; }}
QLabel:disabled {{ color: {c.text_disabled}; }}
{scales}
QLabel[tone="muted"] {{ color: {c.text_muted}; }}
QLabel[tone="faint"] {{ color: {c.text_faint}; }}
QLabel[tone="accent"] {{ color: {c.accent_text}; }}
QLabel[tone="danger"] {{ color: {c.danger_text}; }}
QLabel[tone="success"] {{ color: {c.success_text}; }}
QLabel[tone="warning"] {{ color: {c.warning_text}; }}
QToolTip {{
    background: {c.text if c.name == "light" else c.pressed}; color: {c.surface if c.name == "light" else c.text};
    border: 1px solid {c.text if c.name == "light" else c.border_strong};
    padding: 4px 6px; font-size: 12px;
}}
"""


def _button(c: Colors, kind: str, fg: str, bg: str, edge: str, hover: str, pressed: str) -> str:
    return f"""
QPushButton[kind="{kind}"] {{ color: {fg}; background: {bg}; border: 1px solid {edge}; }}
QPushButton[kind="{kind}"]:hover {{ background: {hover}; }}
QPushButton[kind="{kind}"]:pressed, QPushButton[kind="{kind}"]:checked {{ background: {pressed}; }}
"""


def _buttons(c: Colors) -> str:
    clear = "transparent"
    return f"""
QPushButton {{
    min-height: {Size.CONTROL - 2}px; max-height: {Size.CONTROL - 2}px; padding: 0 11px;
    border-radius: {Radius.M}px; font-size: 13px; font-weight: 500;
    color: {c.text}; background: {c.surface}; border: 1px solid {c.border_strong};
}}
QPushButton[compact="true"] {{
    min-height: {Size.CONTROL_SMALL - 2}px; max-height: {Size.CONTROL_SMALL - 2}px; padding: 0 9px; font-size: 12px;
}}
{_button(c, "primary", c.on_accent, c.accent, c.accent, c.accent_hover, c.accent_pressed)}
{_button(c, "secondary", c.text, c.surface, c.border_strong, c.hover, c.pressed)}
{_button(c, "quiet", c.text_muted, clear, clear, c.hover, c.pressed)}
{_button(c, "danger", c.on_accent, c.danger, c.danger, c.danger_hover, c.danger_hover)}
{_button(c, "danger-quiet", c.danger_text, clear, clear, c.danger_bg, c.danger_bg)}
{_button(c, "icon", c.text_muted, clear, clear, c.hover, c.pressed)}
{_button(c, "link", c.accent_text, clear, clear, clear, clear)}
QPushButton[kind="quiet"]:hover, QPushButton[kind="icon"]:hover {{ color: {c.text}; }}
QPushButton[kind="link"] {{ padding: 0; min-height: 20px; max-height: 20px; border: 0; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="icon"] {{
    padding: 0; min-width: {Size.CONTROL - 2}px; max-width: {Size.CONTROL - 2}px;
}}
QPushButton[kind="icon"][compact="true"] {{
    min-width: {Size.CONTROL_SMALL - 2}px; max-width: {Size.CONTROL_SMALL - 2}px;
}}
QPushButton[kind="icon"][tiny="true"] {{
    min-width: 22px; max-width: 22px; min-height: 22px; max-height: 22px; border-radius: {Radius.S}px;
}}
QPushButton:disabled, QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {{
    color: {c.text_disabled}; background: {c.sunken}; border: 1px solid {c.border};
}}
QPushButton[kind="quiet"]:disabled, QPushButton[kind="icon"]:disabled, QPushButton[kind="link"]:disabled {{
    background: transparent; border-color: transparent;
}}
QPushButton::menu-indicator {{ image: none; width: 0; }}
"""


def _fields(c: Colors) -> str:
    return f"""
QFrame[fieldFrame="true"] {{
    background: {c.surface}; border: 1px solid {c.border_strong}; border-radius: {Radius.M}px;
}}
QFrame[fieldFrame="true"]:hover {{ border-color: {c.text_faint}; }}
QFrame[fieldFrame="true"][quiet="true"] {{ background: {c.sunken}; border-color: {c.border}; }}
QFrame[fieldFrame="true"][focused="true"] {{ border-color: {c.focus}; background: {c.surface}; }}
QFrame[fieldFrame="true"][invalid="true"] {{ border-color: {c.danger_text}; }}
QFrame[fieldFrame="true"]:disabled {{ background: {c.sunken}; border-color: {c.border}; }}
QLineEdit {{
    lineedit-password-character: 8226;
    background: transparent; border: 0; padding: 0; color: {c.text};
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:disabled {{ color: {c.text_disabled}; }}
QPlainTextEdit, QTextEdit {{
    background: transparent; border: 0; color: {c.text};
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView, QListView[popup="true"] {{
    background: {c.raised}; color: {c.text}; border: 1px solid {c.border_strong}; padding: 4px; outline: 0;
}}
QComboBox QAbstractItemView::item, QListView[popup="true"]::item {{
    min-height: 28px; padding: 0 8px; border-radius: {Radius.S}px; color: {c.text};
}}
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover,
QListView[popup="true"]::item:selected, QListView[popup="true"]::item:hover {{
    background: {c.raised_hover}; color: {c.text};
}}
QMenu {{
    background: {c.raised}; border: 1px solid {c.border_strong}; border-radius: {Radius.L}px; padding: 4px;
    font-size: 13px;
}}
QMenu::item {{ padding: 6px 24px 6px 10px; border-radius: {Radius.S}px; color: {c.text}; }}
QMenu::item:selected {{ background: {c.raised_hover}; }}
QMenu::item:disabled {{ color: {c.text_disabled}; }}
QMenu::icon {{ left: 8px; }}
QMenu::separator {{ height: 1px; background: {c.border}; margin: 4px 6px; }}
QMenu::indicator {{ width: 0; height: 0; }}
"""


def _frames(c: Colors) -> str:
    return f"""
QMainWindow, QDialog {{ background: {c.canvas}; }}
QFrame[panel="card"] {{
    background: {c.surface}; border: 1px solid {c.border}; border-radius: {Radius.L}px;
}}
QFrame[panel="raised"] {{ background: transparent; border: 0; }}
QFrame[panel="sunken"] {{ background: {c.sunken}; border: 1px solid {c.border}; border-radius: {Radius.M}px; }}
QFrame[panel="page"], QWidget[panel="page"] {{ background: {c.surface}; border: 0; }}
QFrame[panel="canvas"], QWidget[panel="canvas"] {{ background: {c.canvas}; border: 0; }}
QFrame[panel="sidebar"] {{ background: {c.canvas}; border: 0; border-right: 1px solid {c.border}; }}
QFrame[panel="topbar"] {{ background: {c.surface}; border: 0; border-bottom: 1px solid {c.border}; }}
QFrame[panel="line"] {{ background: {c.border}; border: 0; min-height: 1px; max-height: 1px; }}
QFrame[banner="info"] {{ background: {c.info_bg}; border: 0; border-radius: {Radius.M}px; }}
QFrame[banner="warning"] {{ background: {c.warning_bg}; border: 0; border-radius: {Radius.M}px; }}
QFrame[banner="error"] {{ background: {c.danger_bg}; border: 0; border-radius: {Radius.M}px; }}
QFrame[banner="success"] {{ background: {c.success_bg}; border: 0; border-radius: {Radius.M}px; }}
QScrollArea, QScrollArea > QWidget > QWidget[panel="scroll"] {{ background: transparent; border: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QSplitter::handle {{ background: {c.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QSplitter::handle:hover {{ background: {c.focus}; }}
"""


def _lists(c: Colors) -> str:
    return f"""
QTableView, QListView, QTreeView {{
    background: {c.surface}; border: 0; outline: 0; color: {c.text};
    selection-background-color: {c.selected}; selection-color: {c.text};
}}
QHeaderView {{ background: {c.surface}; border: 0; }}
QTabBar {{ background: transparent; border: 0; qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; border: 0; border-bottom: 2px solid transparent; color: {c.text_muted};
    padding: 8px 2px; margin: 0 20px 0 0; font-weight: 500;
}}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:disabled {{ color: {c.text_disabled}; }}
"""


def _bars(c: Colors) -> str:
    return f"""
QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {c.scrollbar}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.text_faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
