"""What the server sees of the record in front: `ServerViewPage(context)`."""

from app.desktop.pages.server_view.page import ServerViewPage

__all__ = ["ServerViewPage"]
