"""The Tacit server: stores and orders sealed bytes, and can open none of them.

`python -m server serve` runs it; `create_app` makes the same application for a test. It imports `protocol` only.
"""

from server.http import create_app
from server.settings import Settings

__all__ = ["Settings", "create_app"]
