"""Import: the wizard, and files dropped on the window."""

from app.desktop.pages.importing.drop import FileDrop
from app.desktop.pages.importing.wizard import ImportWizard, open_import

__all__ = ["FileDrop", "ImportWizard", "open_import"]
