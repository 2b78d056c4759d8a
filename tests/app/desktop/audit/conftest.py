"""A real office on a real server, and contexts of its desks."""

from __future__ import annotations

from tests.support.office_fixtures import context_of, office, window

__all__ = ["context_of", "office", "window"]
