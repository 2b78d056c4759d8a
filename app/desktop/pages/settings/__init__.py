"""Settings: who and where you are, how it looks, when it locks, sessions, password, the Emergency Kit, about."""

from app.desktop.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
