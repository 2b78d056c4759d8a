"""A `QPalette` from the tokens: what Fusion draws by itself then fits the rest."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.desktop.theme.tokens import Colors


def build_palette(c: Colors) -> QPalette:
    """The application palette of one theme, all three colour groups."""
    role = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        role.Window: c.canvas,
        role.WindowText: c.text,
        role.Base: c.surface,
        role.AlternateBase: c.sunken,
        role.Text: c.text,
        role.PlaceholderText: c.text_faint,
        role.Button: c.surface,
        role.ButtonText: c.text,
        role.BrightText: c.on_accent,
        role.ToolTipBase: c.text if c.name == "light" else c.pressed,
        role.ToolTipText: c.surface if c.name == "light" else c.text,
        role.Highlight: c.accent,
        role.HighlightedText: c.on_accent,
        role.Accent: c.accent,
        role.Link: c.accent_text,
        role.LinkVisited: c.accent_text,
        role.Light: c.surface,
        role.Midlight: c.hover,
        role.Mid: c.border_strong,
        role.Dark: c.border_strong,
        role.Shadow: c.border_strong,
    }
    for key, value in pairs.items():
        palette.setColor(key, QColor(value))
    disabled = QPalette.ColorGroup.Disabled
    for key in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(disabled, key, QColor(c.text_disabled))
    palette.setColor(disabled, role.Highlight, QColor(c.pressed))
    palette.setColor(disabled, role.HighlightedText, QColor(c.text_disabled))
    return palette
