"""Lists of people, companies, deals, products and tasks: `ListPage(context, type_name)`."""

from app.desktop.pages.lists.list_page import Exporter, ListPage

__all__ = ["Exporter", "ListPage"]
